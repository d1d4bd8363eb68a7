package wire

import "time"

// DateTimeError is a text that is no date-time.
type DateTimeError struct{ Text string }

// Error shows the text.
func (e *DateTimeError) Error() string { return Excerpt([]byte(e.Text)) + " is no date and time" }

// ParseDateTime reads an ISO date, with or without a time, fractions of a second and a zone. One without a zone is UTC,
// as both ftrack clients have it; the result is in UTC.
func ParseDateTime(text string) (time.Time, error) {
	r := dateReader{rest: text}
	year, month, day := r.digits(4), r.after('-', 2), r.after('-', 2)
	var hour, minute, second, nanosecond, offset int
	if r.rest != "" && r.oneOf("Tt ") {
		hour, minute = r.digits(2), r.after(':', 2)
		if r.next(':') {
			second = r.after(':', 2)
		}
		if second >= 0 && (r.next('.') || r.next(',')) {
			nanosecond = r.fraction()
		}
		offset = r.zone()
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, nanosecond, time.UTC)
	if r.bad || r.rest != "" || hour > 23 || minute > 59 || second > 59 || t.Month() != time.Month(month) || t.Day() != day {
		return time.Time{}, &DateTimeError{text}
	}
	return t.Add(-time.Duration(offset) * time.Minute), nil
}

// dateReader takes a text apart from its front; bad is set by the first thing that is not as it should be. It stands in
// for time.Parse, whose layouts are a tenth of what this module weighs beyond Go's runtime.
type dateReader struct {
	rest string
	bad  bool
}

func (r *dateReader) next(c byte) bool { return r.rest != "" && r.rest[0] == c }

// oneOf takes one of some characters.
func (r *dateReader) oneOf(set string) bool {
	for i := range len(set) {
		if r.next(set[i]) {
			r.rest = r.rest[1:]
			return true
		}
	}
	r.bad = true
	return false
}

// digits takes exactly n digits.
func (r *dateReader) digits(n int) int {
	v := 0
	for range n {
		if r.rest == "" || r.rest[0]-'0' > 9 {
			r.bad = true
			return 0
		}
		v = v*10 + int(r.rest[0]-'0')
		r.rest = r.rest[1:]
	}
	return v
}

func (r *dateReader) after(c byte, n int) int {
	if !r.next(c) {
		r.bad = true
		return 0
	}
	r.rest = r.rest[1:]
	return r.digits(n)
}

// fraction takes the mark and the digits of a fraction of a second, in nanoseconds.
func (r *dateReader) fraction() int {
	r.rest = r.rest[1:]
	v, scale := r.digits(1), 100_000_000
	v *= scale
	for r.rest != "" && r.rest[0]-'0' <= 9 {
		scale /= 10
		v += scale * r.digits(1)
	}
	return v
}

// zone takes Z, an offset, or nothing, in minutes east of UTC.
func (r *dateReader) zone() int {
	if r.bad || r.rest == "" || r.next('Z') || r.next('z') {
		r.rest = r.rest[min(1, len(r.rest)):]
		return 0
	}
	sign := 1
	if r.next('-') {
		sign = -1
	}
	if !r.oneOf("+-") {
		return 0
	}
	hours := r.digits(2)
	if r.next(':') {
		r.rest = r.rest[1:]
	}
	minutes := r.digits(2)
	if hours > 23 || minutes > 59 {
		r.bad = true
	}
	return sign * (hours*60 + minutes)
}

// AppendDateTime writes a time as the server takes it: UTC to the second, since it drops what is below.
func AppendDateTime(out []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	out = appendPadded(out, year, 4)
	for _, part := range [...]struct {
		mark  byte
		value int
	}{{'-', int(month)}, {'-', day}, {'T', hour}, {':', minute}, {':', second}} {
		out = appendPadded(append(out, part.mark), part.value, 2)
	}
	return append(out, "+00:00"...)
}

func appendPadded(out []byte, v, width int) []byte {
	digits := itoa(v)
	for range width - len(digits) {
		out = append(out, '0')
	}
	return append(out, digits...)
}

const monthNames = "JanFebMarAprMayJunJulAugSepOctNovDec"

// parseHTTPDate reads the date of an HTTP header: Sun, 06 Nov 1994 08:49:37 GMT.
func parseHTTPDate(text string) (time.Time, bool) {
	if len(text) != len("Sun, 06 Nov 1994 08:49:37 GMT") {
		return time.Time{}, false
	}
	month := 0
	for i := 0; i < len(monthNames); i += 3 {
		if text[8:11] == monthNames[i:i+3] {
			month = i/3 + 1
		}
	}
	if month == 0 || text[25:] != " GMT" {
		return time.Time{}, false
	}
	t, err := ParseDateTime(text[12:16] + "-" + string(appendPadded(nil, month, 2)) + "-" + text[5:7] + "T" + text[17:25])
	return t, err == nil
}
