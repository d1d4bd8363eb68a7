package hub

import (
	"strings"
	"testing"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

func FuzzFrame(f *testing.F) {
	for _, text := range []string{"1::", "2::", "5:1+::{\"name\":\"ftrack.event\",\"args\":[{}]}", "6:::1+[]", "7:::1+0", "5:::a:b:c", ":::", "5:99999999999999999999::{}"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parsed, ok := parseFrame(text)
		if !ok {
			return
		}
		if text[0] != parsed.kind || !strings.HasSuffix(text, parsed.text) {
			t.Fatalf("%q became %+v", text, parsed)
		}
		if event, ok := parsed.event(); ok {
			again, ok := parseFrame(carry(event.Raw(), 1))
			if found, isEvent := again.event(); !ok || !isEvent || string(found.Raw()) != string(event.Raw()) {
				t.Fatalf("%q does not survive", event.Raw())
			}
		}
	})
}

func FuzzExpression(f *testing.F) {
	for _, text := range []string{"topic=x", `not a.b!="x\"y" and (c>=1 or d<'2')`, "topic=*", "((((", "a=b or", "not not not a=b"} {
		f.Add(text)
	}
	event, _ := wire.Parse([]byte(`{"topic":"x","a":{"b":"y"},"c":1}`))
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := parseExpression(text)
		if (parsed == nil) == (err == nil) {
			t.Fatalf("%q: %v and %v", text, parsed, err)
		}
		if err != nil {
			return
		}
		fits := parsed.fits(fieldsOf(event))
		negated, err := parseExpression("not (" + text + ")")
		if err == nil && negated.fits(fieldsOf(event)) == fits {
			t.Fatalf("%q and its opposite agree", text)
		}
	})
}
