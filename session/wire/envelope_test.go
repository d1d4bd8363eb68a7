package wire

import (
	"cmp"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func reply(status int, body string) *Response { return &Response{Status: status, Body: []byte(body)} }

const queryReply = `[{"action":"query","data":[{"__entity_type__":"Task","id":"é","name":"a \"b\"","bid":-1.5}],"metadata":{"next":{"offset":null}}}]`

func TestRepliesOfEachKind(t *testing.T) {
	nodes, err := Replies("query", reply(200, queryReply), 1)
	require.NoError(t, err)
	assert.Equal(t, "é", first(nodes[0].Get("data")).Get("id").Text())

	for name, test := range map[string]struct {
		response  *Response
		exception string
		text      string
	}{
		"error form with status 200": {reply(200, `{"exception":"PermissionError","content":"no","error_code":"e7"}`), "PermissionError", "query: PermissionError: no"},
		"error form in strict mode":  {reply(403, `{"exception":"PermissionError","content":"no","error_code":"e7"}`), "PermissionError", "query: PermissionError: no (HTTP status 403)"},
		"error form as a reply":      {reply(200, `[{"exception":"ValidationError","content":"bad","error_code":"e7"}]`), "ValidationError", "query: ValidationError: bad"},
		"a wrong key":                {reply(401, `{"exception":"InvalidCredentialsError","content":"no","error_code":"e7"}`), "InvalidCredentialsError", "InvalidCredentialsError: no"},
		"status without JSON":        {reply(502, "<html>Bad Gateway</html>"), "", `query: HTTP status 502: "<html>Bad Gateway</html>"`},
		"status without a body":      {&Response{Status: 500, StatusText: "Oh"}, "", `query: HTTP status 500 "Oh"`},
		"a page":                     {reply(200, "<!doctype html><title>Login</title>"), MalformedReply, "HTML page"},
		"an empty body":              {reply(200, " \n"), MalformedReply, "the answer is empty"},
		"plain text":                 {reply(200, "hello"), MalformedReply, "no JSON (byte 0"},
		"broken JSON":                {reply(200, `[{"a":}]`), MalformedReply, "no JSON (byte 6"},
		"an object":                  {reply(200, `{"hello":1}`), MalformedReply, "no list of replies"},
		"a number":                   {reply(200, `7`), MalformedReply, "no list of replies"},
		"too few":                    {reply(200, `[]`), MalformedReply, "0 replies to 1 operations"},
		"too many":                   {reply(200, `[{},{}]`), MalformedReply, "2 replies to 1 operations"},
	} {
		_, err := Replies("query", test.response, 1)
		var refused *ServerError
		if assert.ErrorAs(t, err, &refused, name) {
			assert.Equal(t, test.exception, refused.Exception, name)
			assert.Contains(t, err.Error(), test.text, name)
			assert.Equal(t, test.response.Status, refused.Status, name)
			code := map[string]string{"PermissionError": "PERMISSION_DENIED", "InvalidCredentialsError": "AUTHENTICATION"}[test.exception]
			assert.Equal(t, cmp.Or(code, "SERVER_ERROR"), refused.Code(), name)
			assert.Equal(t, code == "PERMISSION_DENIED", errors.Is(err, ErrPermissionDenied), name)
			assert.Equal(t, code == "AUTHENTICATION", errors.Is(err, ErrAuthentication), name)
		}
	}
	_, err = Replies("query", reply(200, `{"exception":"X","content":"c","error_code":12}`), 1)
	var refused *ServerError
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, "12", refused.ErrorCode)
}

func TestAReplyCutAtEveryByteIsANetworkError(t *testing.T) {
	for cut := 1; cut < len(queryReply); cut++ {
		_, err := Replies("query", reply(200, queryReply[:cut]), 1)
		var network *NetworkError
		if assert.ErrorAs(t, err, &network, "cut at %d", cut) {
			assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
			assert.True(t, Retryable(err))
		}
	}
}

func TestErrorsShowAtMost200BytesOnOneLine(t *testing.T) {
	for _, body := range []string{strings.Repeat("é", 5000), strings.Repeat("x\n", 5000), strings.Repeat("\xff", 300), strings.Repeat("😀", 60)} {
		for status := range map[int]bool{200: true, 500: true} {
			_, err := Replies("query", reply(status, body), 1)
			var refused *ServerError
			require.ErrorAs(t, err, &refused)
			assert.NotContains(t, err.Error(), "\n")
			assert.True(t, utf8.ValidString(err.Error()))
			assert.LessOrEqual(t, len(strings.ReplaceAll(refused.Reply, `\n`, "\n")), 200*3+8)
		}
	}
	assert.Equal(t, `"short"`, Excerpt([]byte("short")))
	assert.Equal(t, 198, strings.Count(Excerpt([]byte(strings.Repeat("x", 198)+"😀")), "x"))
}

func TestErrorsUnwrap(t *testing.T) {
	cause := errors.New("refused")
	err := error(&NetworkError{Op: "get", URL: "https://a/api", Err: cause})
	assert.ErrorIs(t, err, cause)
	assert.Equal(t, "get: no answer from https://a/api: refused", err.Error())
}

func TestRealRepliesAreTaken(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "fixtures")
	files, _ := filepath.Glob(filepath.Join(folder, "*.json"))
	for _, file := range files {
		name := filepath.Base(file)
		if name == "python-wire.json" {
			continue // requests
		}
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		root, err := Parse(data)
		require.NoError(t, err, name)
		if name == "query_server_information_query_schemas.json" {
			continue // already a list of two
		}
		nodes, err := Replies("fixture", &Response{Status: 200, Body: append(append([]byte("["), data...), ']')}, 1)
		require.NoError(t, err, name)
		assert.Equal(t, root.Kind(), nodes[0].Kind(), name)
	}
}

func FuzzReplies(f *testing.F) {
	f.Add([]byte(queryReply), 200)
	f.Add([]byte(`{"exception":"X","content":"c","error_code":null}`), 403)
	f.Add([]byte("<html>"), 200)
	f.Fuzz(func(t *testing.T, body []byte, status int) {
		nodes, err := Replies("query", &Response{Status: status, Body: body}, 1)
		if err == nil {
			require.Len(t, nodes, 1)
			return
		}
		var refused *ServerError
		var network *NetworkError
		if !errors.As(err, &refused) && !errors.As(err, &network) {
			t.Fatalf("%T: %v", err, err)
		}
		if !utf8.ValidString(err.Error()) && utf8.Valid(body) {
			t.Fatalf("not UTF-8: %q", err.Error())
		}
	})
}

func first(list Node) Node {
	for element := range list.Elements() {
		return element
	}
	return Node{}
}

func TestARedirectIsAnErrorThatSaysWhereItLeadsWithoutWhatStandsBehindTheQuestionMark(t *testing.T) {
	err := CheckStatus("query", &Response{Status: 302, Header: []Header{{"location", "https://login.example.com/sso?token=secret"}}, Body: []byte("<html>moved</html>")})
	require.Error(t, err)
	assert.Equal(t, `query: HTTP status 302, a redirect, which is not followed: the key would go along. Write the address that it leads to as the server's (it is "https://login.example.com/sso")`, err.Error())
}
