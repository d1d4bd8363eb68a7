package gateway

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Refusal is an answer of the gateway's own, in ftrack's error form.
type Refusal struct {
	Status    int
	Exception string
	Content   string
	Code      string // error_code, null when empty
}

// Error shows exception and content.
func (e *Refusal) Error() string { return e.Exception + ": " + e.Content }

// errBroken says that an answer ended before its end.
var errBroken = errors.New("the answer broke off")

func unauthorized(code, content string) *Refusal {
	return &Refusal{http.StatusUnauthorized, "InvalidCredentialsError", content, code}
}

func forbidden(code, content string) *Refusal {
	return &Refusal{http.StatusForbidden, "PermissionError", content, code}
}

func malformed(content string) *Refusal {
	return &Refusal{http.StatusBadRequest, "MalformedRequestError", content, "request_malformed"}
}

func tooLarge(limit int64) *Refusal {
	return &Refusal{http.StatusRequestEntityTooLarge, "RequestTooLargeError", "The request is larger than " + strconv.FormatInt(limit, 10) + " bytes.", "request_too_large"}
}

// because gives a refusal with its cause, which stands in the log and not in the answer: it tells of the studio's network.
func because(refusal error, cause error) error { return fmt.Errorf("%w (%w)", refusal, cause) }

// refuse answers with an error, unless an answer has begun.
func (g *Gateway) refuse(w *statusWriter, r *http.Request, err error) {
	if w.begun {
		return
	}
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		refusal = &Refusal{http.StatusInternalServerError, "GatewayError", "The gateway failed.", "gateway_failed"}
	}
	h := w.Header()
	if refusal.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer error="invalid_token"`)
	}
	body := wire.AppendText([]byte(`{"exception":`), refusal.Exception)
	body = wire.AppendText(append(body, `,"content":`...), g.hider.text(refusal.Content))
	body = append(body, `,"error_code":`...)
	if refusal.Code == "" {
		body = append(body, "null}"...)
	} else {
		body = append(wire.AppendText(body, refusal.Code), '}')
	}
	ownAnswer(h)
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(refusal.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// ownAnswer sets what every answer says to those who keep it.
func ownAnswer(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
}

// reason is the text of an error for the log, "" for none.
func reason(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// method is a request's method for the log: a client may send any text.
func method(r *http.Request) string {
	if len(r.Method) > 16 {
		return "other"
	}
	return r.Method
}

// logged is a path without what is secret in it: a socket's address ends with a ticket.
func logged(path string) string {
	if strings.HasPrefix(path, socketPath) {
		return socketPath
	}
	if len(path) > 200 {
		return path[:200]
	}
	return path
}

// visible reports whether a text is one that every HTTP header carries: printable ASCII, and not empty.
func visible(text string) bool {
	for _, c := range []byte(text) {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return text != ""
}
