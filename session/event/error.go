package event

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// ParseError is a text that is no expression.
type ParseError struct {
	// Offset is the place in the text, in bytes; Column is the same in characters, from 1.
	Offset, Column int
	// Message says what was expected.
	Message string

	text string
}

func newParseError(text string, offset int, message string) *ParseError {
	offset = min(offset, len(text))
	return &ParseError{Offset: offset, Column: utf8.RuneCountInString(text[:offset]) + 1, Message: message, text: text}
}

// shown is how many characters of a long expression stand on either side of the place.
const shown = 60

// Error is the message, the place, and below it the expression with a caret under the place:
//
//	event expression: character 7: expected a value
//	    topic=
//	          ^
func (e *ParseError) Error() string {
	before, after := []rune(flat(e.text[:e.Offset])), []rune(flat(e.text[e.Offset:]))
	if len(before) > shown {
		before = append([]rune{'…'}, before[len(before)-shown:]...)
	}
	if len(after) > shown {
		after = append(after[:shown:shown], '…')
	}
	return "event expression: character " + strconv.Itoa(e.Column) + ": " + e.Message +
		"\n    " + string(before) + string(after) + "\n    " + strings.Repeat(" ", len(before)) + "^"
}

// flat is a text on one line.
func flat(text string) string {
	b := []byte(text)
	for i, c := range b {
		if c < ' ' {
			b[i] = ' '
		}
	}
	return string(b)
}

// Code is the error's name on the JavaScript side.
func (e *ParseError) Code() string { return "PARSE" }
