package gateway_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// media is a server with components, which takes credentials for them in the address only, and uploads.
func media(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	own := "http://" + r.Host
	switch {
	case r.Method == http.MethodPut:
		w.Header().Set("Etag", `"part-1"`)
	case r.URL.Path == "/api":
		w.Header().Set("Content-Type", "application/json")
		link := func(kind string) string {
			return own + "/component/" + kind + "?id=c1&username=ada&apiKey=" + url.QueryEscape(r.Header.Get("Ftrack-Api-Key"))
		}
		if r.Header.Get("Ftrack-Clienttoken") == "upload" {
			_ = json.NewEncoder(w).Encode([]any{
				map[string]any{"action": "query", "data": []any{map[string]any{"url": own + "/anything"}}},
				map[string]any{"url": own + "/upload/c1?signature=s&expires=9", "headers": map[string]any{"Content-Type": "image/png"}, "component_id": "c1",
					"urls": []any{map[string]any{"part_number": 1, "signed_url": own + "/upload/c1?part=1"}, map[string]any{"part_number": 2, "signed_url": "https://storage.example/c1?sig=2"}}},
			})
			return
		}
		_ = json.NewEncoder(w).Encode([]any{map[string]any{"data": []any{
			map[string]any{"thumbnail_url": map[string]any{"value": link("thumbnail") + "&size=300"}, "url": map[string]any{"value": link("get")},
				"name": "see " + link("get"), "other": "https://elsewhere.example/?k=" + apiKey, "home": own + "/", "site": own},
		}}})
	case q.Get("username") == "" || q.Get("apiKey") != apiKey:
		http.Error(w, "not allowed: "+r.URL.String(), http.StatusForbidden)
	case q.Get("id") == "echo":
		w.WriteHeader(404)
		fmt.Fprint(w, "no "+r.URL.String())
	case q.Get("id") == "away":
		http.Redirect(w, r, "https://storage.example/c1?sig=1", http.StatusFound)
	case q.Get("id") == "home":
		http.Redirect(w, r, "/component/get?id=c1&username=ada&apiKey="+url.QueryEscape(apiKey), http.StatusFound)
	case q.Get("id") == "leak":
		http.Redirect(w, r, "https://storage.example/c1?from="+url.QueryEscape(url.QueryEscape(apiKey)), http.StatusFound)
	case q.Get("id") == "inside":
		http.Redirect(w, r, "/api", http.StatusFound)
	default:
		w.Header().Set("Cache-Control", "public, max-age=600")
		w.Header().Set("Content-Type", "image/png")
		w.Header().Set("Etag", `"e1"`)
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader("0123456789"))
	}
}

func TestComponents(t *testing.T) {
	server := newFtrack(t, media)
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		server.requests()
		got := ask(t, "GET", address+"/component/get?id=c1&username=root&apiKey=mine", "", bearer(scoped("read"))...)
		assert.Equal(t, 200, got.status)
		assert.Equal(t, "0123456789", got.body)
		assert.Equal(t, "image/png", got.header.Get("Content-Type"))
		assert.Equal(t, "private, max-age=600", got.header.Get("Cache-Control"), "no shared cache keeps what one user may see")
		requests := server.requests()
		require.Len(t, requests, 1)
		passed, _ := url.ParseQuery(requests[0].Query)
		assert.Equal(t, url.Values{"id": {"c1"}, "username": {"ada"}, "apiKey": {apiKey}}, passed)

		got = ask(t, "GET", address+"/component/get?id=c1", "", append(bearer(scoped("read")), "Range", "bytes=2-4")...)
		assert.Equal(t, 206, got.status)
		assert.Equal(t, "234", got.body)
		assert.Equal(t, "bytes 2-4/10", got.header.Get("Content-Range"))
		assert.Equal(t, "3", got.header.Get("Content-Length"))
		got = ask(t, "HEAD", address+"/component/get?id=c1", "", bearer(scoped("read"))...)
		assert.Equal(t, 200, got.status)
		assert.Equal(t, "10", got.header.Get("Content-Length"))
		got = ask(t, "GET", address+"/component/get?id=c1", "", append(bearer(scoped("read")), "If-None-Match", `"e1"`)...)
		assert.Equal(t, 304, got.status)

		got = ask(t, "GET", address+"/component/get?id=echo", "", bearer(scoped("read"))...)
		assert.Equal(t, 404, got.status)
		assert.Contains(t, got.body, "id=echo")
		clean(t, got)
		server.requests()
	})
}

func TestOnlyWhoMayWriteRemovesData(t *testing.T) {
	server := newFtrack(t, media)
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		server.requests()
		got := ask(t, "GET", address+"/component/remove?id=c1", "", bearer(scoped("read"))...)
		assert.Equal(t, 403, got.status)
		assert.Equal(t, 401, ask(t, "GET", address+"/component/remove?id=c1&ticket="+componentTicket(t, address), "").status)
		assert.Empty(t, server.requests())
		assert.Equal(t, 200, ask(t, "GET", address+"/component/remove?id=c1", "", bearer(scoped("write"))...).status)
		requests := server.requests()
		require.Len(t, requests, 1)
		assert.Equal(t, "/component/remove", requests[0].Path)
	})
}

func TestRedirectsOfComponents(t *testing.T) {
	server := newFtrack(t, media)
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		got := ask(t, "GET", address+"/component/get?id=away", "", bearer(scoped("read"))...)
		assert.Equal(t, 302, got.status)
		assert.Equal(t, "https://storage.example/c1?sig=1", got.header.Get("Location"))
		clean(t, got)
		got = ask(t, "GET", address+"/component/get?id=home", "", bearer(scoped("read"))...)
		assert.Equal(t, 302, got.status)
		clean(t, got)
		assert.True(t, strings.HasPrefix(got.header.Get("Location"), address+"/component/get?"), got.header.Get("Location"))
		assert.Equal(t, "0123456789", ask(t, "GET", got.header.Get("Location"), "").body)
		for _, id := range []string{"leak", "inside"} {
			got = ask(t, "GET", address+"/component/get?id="+id, "", bearer(scoped("read"))...)
			assert.Equal(t, 502, got.status, id)
			clean(t, got)
		}
		server.requests()
	})
}

func TestTickets(t *testing.T) {
	server := newFtrack(t, media)
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		got := ask(t, "POST", address+"/ticket", `["component/thumbnail?size=300&id=c1","/component/get?id=c1"]`, bearer(scoped("read"))...)
		require.Equal(t, 200, got.status, got.body)
		var made struct{ URLs []string }
		require.NoError(t, json.Unmarshal([]byte(got.body), &made))
		require.Len(t, made.URLs, 2)
		server.requests()
		for i, url := range made.URLs {
			got := ask(t, "GET", url, "")
			assert.Equal(t, 200, got.status, "no token and no cookie goes with it")
			assert.Equal(t, "0123456789", got.body)
			assert.NotContains(t, server.requests()[0].Query, "ticket")
			assert.Equal(t, 200, ask(t, "HEAD", url, "").status)
			for name, other := range map[string]string{
				"another component": strings.Replace(url, "id=c1", "id=c2", 1), "another parameter": url + "&more=1", "the other kind": made.URLs[1-i][:strings.Index(made.URLs[1-i], "ticket=")] + url[strings.Index(url, "ticket="):],
				"a changed ticket": url[:len(url)-4] + "AAAA", "a cut one": url[:len(url)-1], "an empty one": url[:strings.Index(url, "ticket=")+7],
			} {
				got := ask(t, "GET", other, "")
				assert.Equal(t, 401, got.status, name)
				_, code := got.refusal(t)
				assert.Equal(t, "ticket_invalid", code)
			}
			assert.Equal(t, 401, ask(t, "POST", address+"/api?"+url[strings.Index(url, "ticket="):], query).status, "it is no token")
			server.requests()
		}
		for _, body := range []string{`["api"]`, `["component/remove?id=1"]`, `["//evil.example/component/get"]`, `["component/../api"]`, `{}`, `[1]`, `x`} {
			assert.Equal(t, 400, ask(t, "POST", address+"/ticket", body, bearer(scoped("write"))...).status, body)
		}
		other := ask(t, "POST", address+"/ticket", `["component/get?id=c1"]`, bearer(token("new", func(c jwt.MapClaims) { c["sub"] = "grace" }))...)
		require.NoError(t, json.Unmarshal([]byte(other.body), &made))
		ask(t, "GET", made.URLs[0], "")
		requests := server.requests()
		assert.Contains(t, requests[len(requests)-1].Query, "username=grace", "it is one user's")
	})
}

func TestAddressesInReplies(t *testing.T) {
	server := newFtrack(t, media)
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		got := ask(t, "POST", address+"/api", query, bearer(scoped("read"))...)
		clean(t, got)
		var replies []struct {
			Data []struct {
				Thumbnail               struct{ Value string } `json:"thumbnail_url"`
				URL                     struct{ Value string }
				Name, Other, Home, Site string
			}
		}
		require.NoError(t, json.Unmarshal([]byte(got.body), &replies), got.body)
		row := replies[0].Data[0]
		assert.Contains(t, row.Name, "see ")
		assert.Equal(t, "https://elsewhere.example/?k=[redacted]", row.Other)
		assert.Equal(t, server.URL+"/", row.Home)
		assert.Equal(t, server.URL, row.Site)
		for _, link := range []string{row.Thumbnail.Value, row.URL.Value} {
			assert.True(t, strings.HasPrefix(link, address+"/component/"), link)
			assert.Equal(t, "0123456789", ask(t, "GET", link, "").body, "they are good for <img>")
		}
		assert.Contains(t, row.Thumbnail.Value, "size=300")
		server.requests()
	})
}

func TestUploads(t *testing.T) {
	server := newFtrack(t, media)
	everywhere(t, config{target: server.URL, maxUpload: 1000}, func(t *testing.T, address string) {
		got := ask(t, "POST", address+"/api", `[{"action":"query"},{"action":"get_upload_metadata","component_id":"c1"}]`,
			append(bearer(scoped("write")), "Ftrack-Clienttoken", "upload")...)
		var replies []struct {
			URL  string
			URLs []struct {
				URL string `json:"signed_url"`
			}
			Headers map[string]string
			Data    []struct{ URL string }
		}
		require.NoError(t, json.Unmarshal([]byte(got.body), &replies), got.body)
		assert.Equal(t, server.URL+"/anything", replies[0].Data[0].URL, "only an upload's own address is one")
		meta := replies[1]
		assert.Equal(t, "image/png", meta.Headers["Content-Type"])
		assert.Equal(t, "https://storage.example/c1?sig=2", meta.URLs[1].URL)
		for link, want := range map[string]string{meta.URL: "expires=9&signature=s", meta.URLs[0].URL: "part=1"} {
			require.True(t, strings.HasPrefix(link, address+"/upload/c1?"), link)
			server.requests()
			got = ask(t, "PUT", link, "the file", "Origin", page, "Content-Type", "image/png", "X-Amz-Meta-A", "1", "Cookie", "a=b", "Ftrack-Api-Key", "mine", "Authorization", "Bearer x")
			assert.Equal(t, 200, got.status, got.body)
			assert.Equal(t, `"part-1"`, got.header.Get("Etag"))
			assert.Contains(t, got.header.Get("Access-Control-Expose-Headers"), "etag")
			requests := server.requests()
			require.Len(t, requests, 1)
			assert.Equal(t, "PUT", requests[0].Method)
			assert.Equal(t, "/upload/c1", requests[0].Path)
			assert.Equal(t, want, requests[0].Query)
			assert.Equal(t, "image/png", requests[0].Header.Get("Content-Type"))
			assert.Equal(t, "1", requests[0].Header.Get("X-Amz-Meta-A"))
			for _, name := range []string{"Cookie", "Ftrack-Api-Key", "Ftrack-User", "Authorization", "Origin"} {
				assert.Empty(t, requests[0].Header.Get(name), name)
			}
			for _, other := range []string{strings.Replace(link, "/c1", "/c2", 1), link + "&more=1"} {
				assert.Equal(t, 401, ask(t, "PUT", other, "the file").status)
			}
			assert.NotEqual(t, 200, ask(t, "GET", link, "").status)
			assert.NotEqual(t, 200, ask(t, "DELETE", link, "").status)
			assert.Equal(t, 413, ask(t, "PUT", link, strings.Repeat("x", 1001)).status)
			assert.Empty(t, server.requests())
		}
	})
}
