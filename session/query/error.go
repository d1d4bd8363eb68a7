package query

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// SyntaxError is a text that is no query.
type SyntaxError struct {
	// Offset is the place in the text, in bytes.
	Offset int
	// Line and Column count from 1; Column counts characters.
	Line, Column int
	// Message says what was expected.
	Message string

	text string
}

// shown is how many characters of a long line stand on either side of the place.
const shown = 60

func newSyntaxError(text string, offset int, message string) *SyntaxError {
	offset = min(offset, len(text))
	start := strings.LastIndexByte(text[:offset], '\n') + 1
	return &SyntaxError{
		Offset:  offset,
		Line:    strings.Count(text[:offset], "\n") + 1,
		Column:  utf8.RuneCountInString(text[start:offset]) + 1,
		Message: message,
		text:    text,
	}
}

// Error is the message, the place, and below it the line with a caret under the place:
//
//	query syntax: line 1, column 22: expected a value
//	    Task where name is
//	                      ^
func (e *SyntaxError) Error() string {
	before, after := e.line()
	b := make([]byte, 0, 160)
	b = append(b, "query syntax: line "...)
	b = strconv.AppendInt(b, int64(e.Line), 10)
	b = append(b, ", column "...)
	b = strconv.AppendInt(b, int64(e.Column), 10)
	b = append(b, ": "...)
	b = append(b, e.Message...)
	b = append(b, "\n    "...)
	b = append(b, before...)
	b = append(b, after...)
	b = append(b, "\n    "...)
	for _, r := range before {
		if r == '\t' {
			b = append(b, '\t') // keeps the caret in its place whatever the tab width
		} else {
			b = append(b, ' ')
		}
	}
	return string(append(b, '^'))
}

// line is the line of the place, cut there and shortened at its far ends.
func (e *SyntaxError) line() (before, after string) {
	before, after = e.text[:e.Offset], e.text[e.Offset:]
	before = before[strings.LastIndexByte(before, '\n')+1:]
	if end := strings.IndexByte(after, '\n'); end >= 0 {
		after = after[:end]
	}
	after = strings.TrimSuffix(after, "\r")
	cut := len(before)
	for n := 0; n < shown && cut > 0; n++ {
		_, size := utf8.DecodeLastRuneInString(before[:cut])
		cut -= size
	}
	if cut > 0 {
		before = "…" + before[cut:]
	}
	cut = 0
	for n := 0; n < shown && cut < len(after); n++ {
		_, size := utf8.DecodeRuneInString(after[cut:])
		cut += size
	}
	if cut < len(after) {
		after = after[:cut] + "…"
	}
	return before, after
}
