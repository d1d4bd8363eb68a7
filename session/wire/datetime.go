package wire

import (
	"strings"
	"time"
)

// dateTimeLayouts are the forms in which servers and clients write a date-time, fractions of a second included.
var dateTimeLayouts = []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04",
	"2006-01-02T15:04:05Z0700", "2006-01-02"}

// DateTimeError is a text that is no date-time.
type DateTimeError struct{ Text string }

// Error shows the text.
func (e *DateTimeError) Error() string { return Excerpt([]byte(e.Text)) + " is no date and time" }

// ParseDateTime reads an ISO date-time. One without a zone is UTC, as both ftrack clients have it; the result is in UTC.
func ParseDateTime(text string) (time.Time, error) {
	normal := text
	if len(text) > 10 && text[10] == ' ' {
		normal = text[:10] + "T" + text[11:]
	}
	for _, layout := range dateTimeLayouts {
		if t, err := time.ParseInLocation(layout, strings.ToUpper(normal), time.UTC); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, &DateTimeError{text}
}

// AppendDateTime writes a time as the server takes it: UTC to the second, since it drops what is below.
func AppendDateTime(out []byte, t time.Time) []byte {
	return t.UTC().AppendFormat(out, "2006-01-02T15:04:05+00:00")
}
