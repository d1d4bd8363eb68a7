package wire

import (
	"errors"
	"io"
	"strconv"
	"strings"
)

// CheckStatus gives the error of an answer that is not 2xx, nil for one that is. Strict mode sends the error form with
// an HTTP status; proxies send pages.
func CheckStatus(op string, r *Response) error {
	if r.Status >= 200 && r.Status <= 299 {
		return nil
	}
	e := &ServerError{Op: op, Status: r.Status, RetryAfter: r.HeaderValue("retry-after")}
	if root, err := Parse(r.Body); err == nil && fillEnvelope(e, root) {
		return e
	}
	e.Content = "HTTP status " + strconv.Itoa(r.Status)
	if r.StatusText != "" {
		e.Content += " " + Excerpt([]byte(r.StatusText))
	}
	if r.Status >= 300 && r.Status <= 399 {
		to, _, _ := strings.Cut(r.HeaderValue("location"), "?")
		e.Content += ", a redirect, which is not followed: the key would go along. Write the address that it leads to as the server's"
		if to != "" {
			e.Content += " (it is " + Excerpt([]byte(to)) + ")"
		}
		return e
	}
	e.Reply = excerptOf(r.Body)
	return e
}

// fillEnvelope reads the server's error form, {"exception", "content", "error_code"}, and reports whether it is one.
func fillEnvelope(e *ServerError, root Node) bool {
	exception := root.Get("exception")
	if exception.Kind() != String {
		return false
	}
	e.Exception = exception.Text()
	e.Content = root.Get("content").Text()
	if code := root.Get("error_code"); code.Kind() == String {
		e.ErrorCode = code.Text()
	} else if code.Kind() == Number {
		e.ErrorCode = string(code.Raw())
	}
	return true
}

func excerptOf(body []byte) string {
	if len(body) == 0 {
		return ""
	}
	return Excerpt(body)
}

// Replies scans an answer and gives the reply of each operation.
func Replies(op string, r *Response, operations int) ([]Node, error) {
	tape := new(Tape)
	tape.Scan(r.Body) // RepliesFrom tells a document that is no JSON
	return RepliesFrom(op, r, tape, operations)
}

// RepliesFrom gives the reply of each operation from a tape that has scanned the answer, or tried to. Every failure is
// a *ServerError, or a *NetworkError for an answer that was cut off.
func RepliesFrom(op string, r *Response, tape *Tape, operations int) ([]Node, error) {
	if err := CheckStatus(op, r); err != nil {
		return nil, err
	}
	root := tape.Root()
	malformed := func(text string) error {
		return &ServerError{Op: op, Exception: MalformedReply, Content: text, Status: r.Status, Reply: excerptOf(r.Body)}
	}
	switch root.Kind() {
	case Missing:
		syntax := &SyntaxError{Reason: "it was not read to its end"}
		_, err := Parse(r.Body)
		errors.As(err, &syntax)
		switch {
		case len(trimSpace(r.Body)) == 0:
			return nil, malformed("the answer is empty")
		case syntax.Offset == len(r.Body) && syntax.Reason == unexpectedEnd && looksLikeJSON(r.Body):
			return nil, &NetworkError{Op: op, URL: "the server", Err: &cutOff{len(r.Body)}}
		case trimSpace(r.Body)[0] == '<':
			return nil, malformed("the answer is an HTML page and no API reply: is the server's address right, or does a proxy ask for a login?")
		}
		return nil, malformed("the answer is no JSON (byte " + strconv.Itoa(syntax.Offset) + ": " + syntax.Reason + ")")
	case Object:
		e := &ServerError{Op: op, Status: r.Status}
		if fillEnvelope(e, root) {
			return nil, e
		}
	case Array:
		if n := root.Len(); n != operations {
			return nil, malformed("the answer has " + strconv.Itoa(n) + " replies to " + strconv.Itoa(operations) + " operations")
		}
		replies := make([]Node, 0, operations)
		for _, reply := range root.List() {
			e := &ServerError{Op: op, Status: r.Status}
			if reply.Get("action").Kind() == Missing && fillEnvelope(e, reply) {
				return nil, e
			}
			replies = append(replies, reply)
		}
		return replies, nil
	}
	return nil, malformed("the answer is no list of replies")
}

// cutOff is an answer that ended before its JSON did.
type cutOff struct{ bytes int }

// Error says how much came.
func (e *cutOff) Error() string {
	return "the answer was cut off after " + strconv.Itoa(e.bytes) + " bytes"
}

// Unwrap makes it an unexpected end of input.
func (e *cutOff) Unwrap() error { return io.ErrUnexpectedEOF }

func looksLikeJSON(body []byte) bool {
	body = trimSpace(body)
	return len(body) > 0 && (body[0] == '[' || body[0] == '{')
}

func trimSpace(b []byte) []byte {
	for len(b) > 0 && isSpace(b[0]) {
		b = b[1:]
	}
	return b
}
