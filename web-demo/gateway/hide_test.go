package gateway

import (
	"bytes"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const hiddenKey = "secret/key+&1"

func testHider() *hider {
	target, _ := url.Parse("https://studio.example:8443")
	return newHider(hiddenKey, target)
}

// through writes a text in pieces of the given sizes, over and over.
func through(t *testing.T, text string, json bool, sizes ...int) string {
	var out bytes.Buffer
	h := testHider()
	w := h.mask(&out)
	if json {
		w = h.stream(&out, func(text string) (string, bool) {
			rest, ok := strings.CutPrefix(text, "https://studio.example:8443/component/")
			return "HERE/" + strings.Split(rest, "?")[0], ok
		})
	}
	for i := 0; len(text) > 0; i++ {
		n := min(sizes[i%len(sizes)], len(text))
		_, err := w.Write([]byte(text[:n]))
		require.NoError(t, err)
		text = text[n:]
	}
	require.NoError(t, w.Close())
	return out.String()
}

func TestKeyIsHiddenInJSON(t *testing.T) {
	for text, want := range map[string]string{
		`["secret/key+&1"]`:                 `["[redacted]"]`,
		`["secret\/key+&1"]`:                `["[redacted]"]`,
		`["secret/key+\u00261"]`:            `["[redacted]"]`,
		`["x=secret%2Fkey%2B%261&y"]`:       `["x=[redacted]&y"]`,
		`["x=secret%2fkey%2b%261&y"]`:       `["x=[redacted]&y"]`,
		`["say \"secret/key+&1\" ok"]`:      `["say \"[redacted]\" ok"]`,
		`["a\\","secret/key+&1","b\\"]`:     `["a\\","[redacted]","b\\"]`,
		`{"secret/key+&1":"secret/key+&1"}`: `{"[redacted]":"[redacted]"}`,
		`secret/key+&1`:                     `[redacted]`,
		`"secret/key+&1`:                    `"[redacted]`,
		`["https://studio.example:8443/component/get?id=1&apiKey=secret%2Fkey%2B%261", 1]`:       `["HERE/get", 1]`,
		`["https:\/\/studio.example:8443\/component\/get?id=1\u0026apiKey=secret%2Fkey%2B%261"]`: `["HERE/get"]`,
		`["https://studio.example:8443/component/get?id=1"]`:                                     `["HERE/get"]`,
		`["https://studio.example:8443/other?apiKey=secret%2Fkey%2B%261"]`:                       `["https://studio.example:8443/other?apiKey=[redacted]"]`,
		`["https://studio.example:8443/", "plain", "Größe 🎬"]`:                                   `["https://studio.example:8443/", "plain", "Größe 🎬"]`,
		`["` + strings.Repeat("long ", 3000) + `secret/key+&1"]`:                                 `["` + strings.Repeat("long ", 3000) + `[redacted]"]`,
		`["secret/key+&` + `2", "secret/key+&"]`:                                                 `["secret/key+&2", "secret/key+&"]`,
		``:                                                                                       ``,
	} {
		for _, sizes := range [][]int{{1 << 20}, {1}, {3, 7}, {4096}, {4097, 1}} {
			assert.Equal(t, want, through(t, text, true, sizes...), "%v", sizes)
		}
	}
}

func TestKeyIsMaskedInBytes(t *testing.T) {
	text := "\x00\xff" + hiddenKey + "\"" + url.QueryEscape(hiddenKey) + "\n" + hiddenKey[:5]
	want := "\x00\xff" + strings.Repeat("*", len(hiddenKey)) + "\"" + strings.Repeat("*", len(url.QueryEscape(hiddenKey))) + "\n" + hiddenKey[:5]
	for _, sizes := range [][]int{{1 << 20}, {1}, {3, 7}} {
		assert.Equal(t, want, through(t, text, false, sizes...))
	}
}

// However a text is cut on its way, what comes out is the same, and the key is not in it.
func TestHidingDoesNotDependOnPieces(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pieces := []string{hiddenKey, `"`, `\"`, `\\`, "https://studio.example:8443/component/get?id=1&apiKey=" + url.QueryEscape(hiddenKey), `","`, "https://studio.example:8443/",
		"x", strings.Repeat("y", 700), strings.Repeat("z", 5000), "secret", "/key+&1", "\n", "ü"}
	for range 300 {
		var b strings.Builder
		for range random.IntN(40) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		whole := through(t, b.String(), true, 1<<20)
		require.False(t, testHider().found(whole), whole)
		sizes := []int{1 + random.IntN(50), 1 + random.IntN(9000), 1 + random.IntN(3)}
		cut := through(t, b.String(), true, sizes...)
		require.False(t, testHider().found(cut), cut)
	}
}

func TestLogHoldsNoSecret(t *testing.T) {
	h := testHider()
	assert.Equal(t, "a [redacted] b", h.text("a "+hiddenKey+" b"))
	assert.True(t, h.found("https://x/?a="+url.QueryEscape(url.QueryEscape(hiddenKey))))
	assert.False(t, h.found("https://x/?a=1"))
}
