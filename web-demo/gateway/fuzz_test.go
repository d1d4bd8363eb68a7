package gateway_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/gateway"
)

// upstream is the ftrack server of the fuzz target: it notes what reaches it and answers with the key.
type upstream struct{ seen []seen }

func (u *upstream) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	u.seen = append(u.seen, seen{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, r.Header.Clone(), body})
	text := `[{"echo":"` + apiKey + `","url":"https://studio.example/component/get?id=1&apiKey=` + url.QueryEscape(apiKey) + `"}]`
	return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}, "Etag": {apiKey}, "Set-Cookie": {"a=b"}},
		Body: io.NopCloser(strings.NewReader(text)), Request: r}, nil
}

// everyValue collects what all members of a name say in a JSON text, repeated and nested ones too, as any reader could take them.
func everyValue(text []byte, name string) (values []string, ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	type level struct{ object, key bool }
	var levels []level
	last := ""
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return values, true
		}
		if err != nil {
			return nil, false
		}
		top := len(levels) - 1
		if delim, is := token.(json.Delim); is {
			if delim == '{' || delim == '[' {
				if top >= 0 && levels[top].object {
					levels[top].key = true
				}
				levels = append(levels, level{object: delim == '{', key: true})
			} else {
				levels = levels[:top]
			}
			continue
		}
		if top < 0 || !levels[top].object {
			continue
		}
		if levels[top].key {
			last, _ = token.(string)
		} else if text, is := token.(string); is && len(levels) == 2 && strings.EqualFold(last, name) {
			values = append(values, text)
		}
		levels[top].key = !levels[top].key
	}
}

// Whatever is sent, nothing reaches the server that the policy forbids, and the key does not come back.
func FuzzGateway(f *testing.F) {
	keys, err := gateway.ParseKeys([]byte(keySet()))
	if err != nil {
		f.Fatal(err)
	}
	to := &upstream{}
	g, err := gateway.New(gateway.Options{Target: "https://studio.example", APIKey: apiKey, Keys: keys, Origins: []string{page}, Upstream: to, MaxBody: 4096, MaxUpload: 4096,
		Cache: gateway.NewMemory(1<<16, nil)})
	if err != nil {
		f.Fatal(err)
	}
	tokens := []string{"", scoped("read"), scoped("write"), token("new", func(c jwt.MapClaims) { c["exp"] = 1 }), token("lost", nil)}
	f.Add("POST", "/api", uint8(1), "", "", query)
	f.Add("POST", "/api", uint8(1), page, "", `[{"action":"query"},{"action":"delete"}]`)
	f.Add("POST", "/api", uint8(2), page, "X-A: b", `[{"action":"create","entity_data":{"action":"reset_remote"}}]`)
	f.Add("POST", "/api", uint8(2), "", "Cookie: a=b", `[{"action":"reset_remote"}]`)
	f.Add("POST", "/ticket", uint8(1), "", "", `["component/get?id=1"]`)
	f.Add("GET", "/component/get?id=1&username=x", uint8(1), "", "Range: bytes=0-1", "")
	f.Add("GET", "/component/thumbnail?id=1&ticket=x", uint8(0), "", "", "")
	f.Add("GET", "/component/remove?id=1", uint8(1), "", "", "")
	f.Add("GET", "/component/remove?id=1", uint8(2), "", "", "")
	f.Add("GET", "/socket.io/1/", uint8(1), "", "", "")
	f.Add("GET", "/socket.io/1/websocket/x", uint8(2), "", "Upgrade: websocket", "")
	f.Add("PUT", "/upload?ticket=x", uint8(2), "", "", "file")
	f.Add("OPTIONS", "/api", uint8(0), page, "Access-Control-Request-Method: POST", "")
	f.Fuzz(func(t *testing.T, method, target string, who uint8, origin, header, body string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || method == "" || u.Host != "" {
			return
		}
		r := &http.Request{Method: method, URL: u, Host: "gateway.example", Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
		given := tokens[int(who)%len(tokens)]
		if given != "" {
			r.Header.Set("Authorization", "Bearer "+given)
		}
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		if name, value, ok := strings.Cut(header, ": "); ok && !strings.EqualFold(name, "authorization") && !strings.EqualFold(name, "origin") {
			r.Header.Add(name, value)
		}
		to.seen = nil
		w := httptest.NewRecorder()
		g.ServeHTTP(w, r)
		answer := w.Body.String()
		for name, values := range w.Result().Header {
			answer += name + strings.Join(values, " ")
		}
		if strings.Contains(answer, apiKey) || strings.Contains(answer, url.QueryEscape(apiKey)) || strings.Contains(answer, "a=b") && w.Result().Header.Get("Set-Cookie") != "" {
			t.Fatalf("the answer holds a secret: %q", answer)
		}
		if len(to.seen) == 0 {
			return
		}
		if len(to.seen) > 1 {
			t.Fatalf("%d requests for one", len(to.seen))
		}
		sent := to.seen[0]
		if who%5 != 1 && who%5 != 2 {
			t.Fatalf("sent for a user without a good token: %+v", sent)
		}
		if origin != "" && origin != page {
			t.Fatalf("sent for the origin %q", origin)
		}
		if strings.Join(sent.Header.Values("Ftrack-User"), ",") != "ada" || strings.Join(sent.Header.Values("Ftrack-Api-Key"), ",") != apiKey {
			t.Fatalf("sent with other credentials: %v", sent.Header)
		}
		for _, name := range []string{"Authorization", "Cookie", "Proxy-Authorization", "Connection", "Upgrade", "Te", "Origin", "Referer", "X-Forwarded-For"} {
			if sent.Header.Get(name) != "" {
				t.Fatalf("%s passed", name)
			}
		}
		switch sent.Method + " " + sent.Path {
		case "POST /api":
			if sent.Query != "" {
				t.Fatalf("a query passed: %q", sent.Query)
			}
			actions, ok := everyValue(sent.Body, "action")
			if !ok || !strings.HasPrefix(strings.TrimSpace(string(sent.Body)), "[") {
				t.Fatalf("sent what is no batch: %q", sent.Body)
			}
			for _, action := range actions {
				known := map[string]bool{"query": true, "query_schemas": true, "query_server_information": true, "search": true, "permissions": true, "compute_rollups": true}
				if who%5 == 1 && !known[action] || action == "reset_remote" || action == "configure_totp" {
					t.Fatalf("the action %q passed: %q", action, sent.Body)
				}
			}
		case "GET /component/remove":
			if who%5 != 2 {
				t.Fatal("who may read removed data")
			}
			fallthrough
		case "GET /component/get", "HEAD /component/get", "GET /component/thumbnail", "HEAD /component/thumbnail":
			q, _ := url.ParseQuery(sent.Query)
			if strings.Join(q["username"], ",") != "ada" || strings.Join(q["apiKey"], ",") != apiKey {
				t.Fatalf("a component was asked for as another: %q", sent.Query)
			}
		case "GET /socket.io/1/":
		default:
			t.Fatalf("%s %s passed", sent.Method, sent.Path)
		}
	})
}
