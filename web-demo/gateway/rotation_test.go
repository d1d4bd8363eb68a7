package gateway_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/gateway"
)

// withKeys starts a gateway whose secret file has a text.
func withKeys(t *testing.T, target, file string) string {
	keys, err := gateway.ParseKeys([]byte(file))
	require.NoError(t, err)
	g, err := gateway.New(gateway.Options{Target: target, APIKey: apiKey, Keys: keys, Origins: []string{page}})
	require.NoError(t, err)
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	return server.URL
}

func TestTicketsOutliveKeysThatComeAndGoBesideTheirs(t *testing.T) {
	server := newFtrack(t, media)
	octet := func(kid string, secret []byte) string {
		return fmt.Sprintf(`{"kty":"oct","kid":%q,"k":%q}`, kid, base64.RawURLEncoding.EncodeToString(secret))
	}
	set := func(keys string) string { return `{"keys":[` + keys + `]}` }
	older, newer := octet("old", oldSecret), octet("new", newSecret)
	files := map[string]string{
		"the secret as text":      string(oldSecret) + "\n",
		"the old one":             set(older),
		"the old one, spaced":     " {\n \"keys\": [" + older + "] }",
		"a new one behind":        set(older + "," + newer),
		"the new one in front":    set(newer + "," + older),
		"the new one, old is out": set(newer),
	}
	addresses := map[string]string{}
	for name, file := range files {
		addresses[name] = withKeys(t, server.URL, file)
	}
	ticketOf := func(name, kid string, secret []byte) string {
		signed := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": "ada", "scope": "read", "aud": gateway.DefaultAudience, "exp": time.Now().Add(time.Hour).Unix()})
		if name != "the secret as text" {
			signed.Header["kid"] = kid
		}
		text, err := signed.SignedString(secret)
		require.NoError(t, err)
		got := ask(t, "POST", addresses[name]+"/ticket", `["component/get?id=c1"]`, bearer(text)...)
		require.Equal(t, 200, got.status, got.body)
		var made struct{ URLs []string }
		require.NoError(t, json.Unmarshal([]byte(got.body), &made))
		u, err := url.Parse(made.URLs[0])
		require.NoError(t, err)
		return u.RequestURI()
	}
	for _, each := range []struct {
		made   string
		kid    string
		secret []byte
		opens  []string
		not    []string
	}{
		{"the secret as text", "", oldSecret, []string{"the old one", "the old one, spaced", "a new one behind", "the new one in front"}, []string{"the new one, old is out"}},
		{"the old one", "old", oldSecret, []string{"the secret as text", "the old one, spaced", "a new one behind", "the new one in front"}, []string{"the new one, old is out"}},
		{"a new one behind", "new", newSecret, []string{"the old one", "the new one in front"}, []string{"the new one, old is out"}},
		{"the new one, old is out", "new", newSecret, []string{"a new one behind", "the new one in front"}, []string{"the old one"}},
	} {
		path := ticketOf(each.made, each.kid, each.secret)
		for _, name := range append(each.opens, each.made) {
			assert.Equal(t, 200, ask(t, "GET", addresses[name]+path, "").status, "made with %s, used with %s", each.made, name)
		}
		for _, name := range each.not {
			assert.Equal(t, 401, ask(t, "GET", addresses[name]+path, "").status, "made with %s, used with %s", each.made, name)
		}
	}
}
