package location

import (
	"slices"
	"strconv"
	"strings"
)

// Pattern is a sequence of files as one text: "head.%04d.exr [1-5, 7]".
type Pattern struct {
	Head, Tail string
	Padding    int // 0 is none
	Indexes    []int
}

// mostIndexes bounds the members of one sequence, so that a mistyped range does not fill the memory.
const mostIndexes = 1_000_000

// ParsePattern reads a pattern; ok is false for a text that is none: a single file.
func ParsePattern(text string) (p Pattern, ok bool) {
	open := strings.LastIndex(text, " [")
	if open < 0 || !strings.HasSuffix(text, "]") {
		return Pattern{}, false
	}
	if p.Head, p.Padding, p.Tail, ok = cutIndex(text[:open]); !ok {
		return Pattern{}, false
	}
	for _, each := range strings.Split(text[open+2:len(text)-1], ",") {
		from, to, isRange := strings.Cut(strings.TrimSpace(each), "-")
		first, ok := index(from)
		last := first
		if isRange && ok {
			last, ok = index(to)
		}
		if !ok || last < first || len(p.Indexes)+last-first >= mostIndexes {
			return Pattern{}, false
		}
		for i := first; i <= last; i++ {
			p.Indexes = append(p.Indexes, i)
		}
	}
	slices.Sort(p.Indexes)
	p.Indexes = slices.Compact(p.Indexes)
	return p, true
}

func index(text string) (int, bool) {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > 9 || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

// cutIndex parts a name at its last index expression: %d or %04d.
func cutIndex(text string) (head string, padding int, tail string, ok bool) {
	at := strings.LastIndexByte(text, '%')
	if at < 0 {
		return "", 0, "", false
	}
	rest := text[at+1:]
	digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
	if len(digits) > 3 || !strings.HasPrefix(rest[len(digits):], "d") {
		return "", 0, "", false
	}
	if digits != "" {
		if digits[0] != '0' {
			return "", 0, "", false
		}
		padding, _ = strconv.Atoi(digits)
	}
	return text[:at], padding, rest[len(digits)+1:], true
}

// Index is a member's number as its file name has it.
func (p Pattern) Index(i int) string {
	text := strconv.Itoa(i)
	return strings.Repeat("0", max(0, p.Padding-len(text))) + text
}

// File is the name of a member's file.
func (p Pattern) File(i int) string { return p.Head + p.Index(i) + p.Tail }

// Expression is the name that stands for all members: "head.%04d.exr".
func (p Pattern) Expression() string {
	return p.Head + (&Component{Padding: p.Padding}).expression() + p.Tail
}

// String is the whole pattern.
func (p Pattern) String() string {
	var b strings.Builder
	b.WriteString(p.Expression() + " [")
	for i := 0; i < len(p.Indexes); {
		end := i
		for end+1 < len(p.Indexes) && p.Indexes[end+1] == p.Indexes[end]+1 {
			end++
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.Itoa(p.Indexes[i]))
		if end > i {
			b.WriteString("-" + strconv.Itoa(p.Indexes[end]))
		}
		i = end + 1
	}
	return b.String() + "]"
}

// PatternOf finds the sequence that a list of file names is: they differ in one number only, wherever it stands ("a.0001.jp2",
// "a_0001_v2.exr"). ok is false when they are no sequence. One file alone is none.
func PatternOf(names []string) (p Pattern, ok bool) {
	if len(names) < 2 {
		return Pattern{}, false
	}
	first, place := numbered(names[0]), -1
	parts := make([][]string, len(names))
	for i, name := range names {
		if parts[i] = numbered(name); len(parts[i]) != len(first) {
			return Pattern{}, false
		}
		for at, part := range parts[i] {
			if part == first[at] || at == place {
				continue
			}
			if place >= 0 || at%2 == 0 {
				return Pattern{}, false
			}
			place = at
		}
	}
	if place < 0 {
		return Pattern{}, false
	}
	p = Pattern{Head: strings.Join(first[:place], ""), Tail: strings.Join(first[place+1:], "")}
	for _, part := range parts {
		text := part[place]
		number, numeric := index(text)
		if !numeric {
			return Pattern{}, false
		}
		if text[0] == '0' && len(text) > 1 {
			p.Padding = max(p.Padding, len(text))
		}
		p.Indexes = append(p.Indexes, number)
	}
	for i, name := range names {
		if p.File(p.Indexes[i]) != name {
			return Pattern{}, false
		}
	}
	slices.Sort(p.Indexes)
	if len(slices.Compact(slices.Clone(p.Indexes))) != len(names) {
		return Pattern{}, false
	}
	return p, true
}

// numbered parts a name at its numbers, which are at odd places.
func numbered(name string) (parts []string) {
	isDigit := func(c byte) bool { return c >= '0' && c <= '9' }
	start := 0
	for at := range len(name) {
		if isDigit(name[at]) != (len(parts)%2 == 1) {
			parts, start = append(parts, name[start:at]), at
		}
	}
	return append(parts, name[start:])
}

// FileType is the extension of a name, with its dot; "" when it has none.
func FileType(name string) string {
	name = name[max(strings.LastIndexByte(name, '/'), strings.LastIndexByte(name, '\\'))+1:]
	if at := strings.LastIndexByte(name, '.'); at > 0 {
		return name[at:]
	}
	return ""
}
