package gateway_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/gateway"
)

func TestTokensThatArePassed(t *testing.T) {
	server := newFtrack(t, nil)
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		for name, token := range map[string]string{
			"a key":             token("new", nil),
			"the key before":    token("old", nil),
			"EdDSA":             token("ed", nil),
			"several audiences": token("new", func(c jwt.MapClaims) { c["aud"] = []string{"other", gateway.DefaultAudience} }),
		} {
			server.requests()
			got := ask(t, "POST", address+"/api", query, bearer(token)...)
			assert.Equal(t, 200, got.status, "%s: %s", name, got.body)
			requests := server.requests()
			require.Len(t, requests, 1, name)
			assert.Equal(t, []string{"ada"}, requests[0].Header.Values("Ftrack-User"))
			assert.Equal(t, []string{apiKey}, requests[0].Header.Values("Ftrack-Api-Key"))
			assert.Equal(t, query, string(requests[0].Body))
		}
	})
}

func TestTokensThatAreRefused(t *testing.T) {
	part := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	payload := strings.Split(token("new", nil), ".")[1]
	good := token("new", nil)
	none := part(`{"alg":"none","typ":"JWT"}`) + "." + payload + "."
	confused := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": "ada", "scope": "write", "aud": gateway.DefaultAudience, "exp": time.Now().Add(time.Hour).Unix()})
	confused.Header["kid"] = "ed"
	publicAsSecret, err := confused.SignedString([]byte(edPrivate.Public().(ed25519.PublicKey)))
	require.NoError(t, err)
	claim := func(name string, value any) string {
		return token("new", func(c jwt.MapClaims) {
			if c[name] = value; value == nil {
				delete(c, name)
			}
		})
	}
	cases := []struct{ name, authorization, code string }{
		{"none at all", "", "token_missing"},
		{"expired", "Bearer " + claim("exp", time.Now().Add(-time.Minute).Unix()), "token_expired"},
		{"without exp", "Bearer " + claim("exp", nil), "token_invalid"},
		{"exp is no number", "Bearer " + claim("exp", "tomorrow"), "token_invalid"},
		{"not yet", "Bearer " + claim("nbf", time.Now().Add(time.Hour).Unix()), "token_invalid"},
		{"forged signature", "Bearer " + good[:len(good)-6] + "AAAAAA", "token_invalid"},
		{"forged payload", "Bearer " + strings.Split(good, ".")[0] + "." + part(`{"sub":"root","scope":"write","aud":"ftrack-gateway","exp":99999999999}`) + "." + strings.Split(good, ".")[2], "token_invalid"},
		{"alg none", "Bearer " + none, "token_invalid"},
		{"alg none with its kid", "Bearer " + part(`{"alg":"none","typ":"JWT","kid":"new"}`) + "." + payload + ".", "token_invalid"},
		{"alg NONE", "Bearer " + part(`{"alg":"NONE","kid":"new"}`) + "." + payload + ".", "token_invalid"},
		{"signed with the public key", "Bearer " + publicAsSecret, "token_invalid"},
		{"unknown kid", "Bearer " + token("lost", nil), "token_invalid"},
		{"kid of another key", "Bearer " + func() string {
			made := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": "ada", "scope": "write", "aud": gateway.DefaultAudience, "exp": time.Now().Add(time.Hour).Unix()})
			made.Header["kid"] = "old"
			signed, _ := made.SignedString(newSecret)
			return signed
		}(), "token_invalid"},
		{"no kid among several", "Bearer " + token("", nil), "token_invalid"},
		{"wrong audience", "Bearer " + claim("aud", "another"), "token_invalid"},
		{"no audience", "Bearer " + claim("aud", nil), "token_invalid"},
		{"no user", "Bearer " + claim("sub", nil), "token_invalid"},
		{"user with a line break", "Bearer " + claim("sub", "ada\r\nftrack-user: root"), "token_invalid"},
		{"no scope", "Bearer " + claim("scope", nil), "token_invalid"},
		{"unknown scope", "Bearer " + claim("scope", "admin"), "token_invalid"},
		{"two scopes", "Bearer " + claim("scope", "read write"), "token_invalid"},
		{"another scheme", "Basic YWRhOmtleQ==", "token_invalid"},
		{"no token", "Bearer ", "token_invalid"},
		{"endless", "Bearer " + strings.Repeat("a", 9000), "token_invalid"},
	}
	server := newFtrack(t, nil)
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		for _, c := range cases {
			for _, way := range []string{"POST /api", "POST /ticket", "GET /socket.io/1/", "GET /component/get?id=1"} {
				method, path, _ := strings.Cut(way, " ")
				header := []string{"Origin", page}
				if c.authorization != "" {
					header = append(header, "Authorization", c.authorization)
				}
				got := ask(t, method, address+path, map[string]string{"POST": query}[method], header...)
				assert.Equal(t, 401, got.status, "%s: %s", c.name, way)
				exception, code := got.refusal(t)
				assert.Equal(t, "InvalidCredentialsError", exception, c.name)
				assert.Equal(t, c.code, code, c.name)
				assert.Equal(t, page, got.header.Get("Access-Control-Allow-Origin"), "a page must be able to read why")
				assert.Contains(t, got.header.Get("WWW-Authenticate"), "Bearer")
			}
		}
		assert.Empty(t, server.requests(), "nothing reaches the server")
	})
}

func TestKeysThatAreNone(t *testing.T) {
	for name, text := range map[string]string{
		"empty":        "",
		"short":        "secret",
		"no set":       `{"keys":`,
		"empty set":    `{"keys":[]}`,
		"short key":    `{"keys":[{"kty":"oct","kid":"a","k":"c2hvcnQ"}]}`,
		"RSA":          `{"keys":[{"kty":"RSA","kid":"a","n":"x","e":"AQAB"}]}`,
		"another alg":  `{"keys":[{"kty":"oct","kid":"a","alg":"HS512","k":"` + strings.Repeat("QUFB", 20) + `"}]}`,
		"same kid":     `{"keys":[{"kty":"oct","kid":"a","k":"` + strings.Repeat("QUFB", 20) + `"},{"kty":"oct","kid":"a","k":"` + strings.Repeat("QUFC", 20) + `"}]}`,
		"two, one kid": `{"keys":[{"kty":"oct","kid":"a","k":"` + strings.Repeat("QUFB", 20) + `"},{"kty":"oct","k":"` + strings.Repeat("QUFC", 20) + `"}]}`,
		"short point":  `{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"QUFB"}]}`,
	} {
		_, err := gateway.ParseKeys([]byte(text))
		assert.Error(t, err, name)
	}
}
