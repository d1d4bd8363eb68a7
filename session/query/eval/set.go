package eval

import "github.com/ftrack-wasm/ftrack-wasm/session/schema"

// valueSet is a set of values for quick tests of membership.
type valueSet struct {
	fold   bool
	texts  map[string]struct{}
	whole  map[int64]struct{}
	broken map[float64]struct{}
	times  map[int64]struct{}
	truths [2]bool
	null   bool
	empty  bool
	plain  bool // texts are ASCII only
}

func newValueSet(fold bool) *valueSet {
	return &valueSet{
		fold: fold, empty: true, plain: true,
		texts: make(map[string]struct{}), whole: make(map[int64]struct{}),
		broken: make(map[float64]struct{}), times: make(map[int64]struct{}),
	}
}

func (s *valueSet) text(text string) string {
	if s.fold {
		return Fold(text)
	}
	return text
}

// addLiteral adds a literal under all of its readings.
func (s *valueSet) addLiteral(l literal) {
	s.empty = false
	s.texts[s.text(l.text)] = struct{}{}
	s.plain = s.plain && isASCII(l.text)
	switch {
	case l.isInteger:
		s.whole[l.integer] = struct{}{}
		if l.integer == 0 || l.integer == 1 {
			s.truths[l.integer] = true
		}
	case l.isNumber:
		s.broken[l.number] = struct{}{}
	case l.isTruth:
		s.truths[truthNumber(l.truth)] = true
		s.whole[truthNumber(l.truth)] = struct{}{}
	}
	if l.isTime {
		s.times[l.micro] = struct{}{}
	}
}

// add adds a value that an entity has.
func (s *valueSet) add(v Value) {
	s.empty = false
	switch v.kind {
	case KindNull:
		s.null = true
	case KindText, KindJSON:
		s.texts[s.text(v.text)] = struct{}{}
		s.plain = s.plain && isASCII(v.text)
	case KindInt:
		s.whole[v.num] = struct{}{}
	case KindBool:
		s.truths[v.num] = true
	case KindFloat:
		if i, ok := wholeNumber(v.Float()); ok {
			s.whole[i] = struct{}{}
		} else {
			s.broken[v.Float()] = struct{}{}
		}
	case KindTime:
		s.times[v.num] = struct{}{}
	}
}

// contains is unknown for an empty value, and for a value that is not there while an empty one is.
func (s *valueSet) contains(v Value) truth {
	found := false
	switch v.kind {
	case KindNull:
		if s.empty && !s.null {
			return no
		}
		return unknown
	case KindText, KindJSON:
		found = s.hasText(v.text)
	case KindInt:
		_, found = s.whole[v.num]
	case KindBool:
		found = s.truths[v.num]
	case KindFloat:
		if i, ok := wholeNumber(v.Float()); ok {
			_, found = s.whole[i]
		} else {
			_, found = s.broken[v.Float()]
		}
	case KindTime:
		_, found = s.times[v.num]
	}
	if !found && s.null {
		return unknown
	}
	return truthOf(found)
}

func (s *valueSet) hasText(text string) (found bool) {
	if !s.fold {
		_, found = s.texts[text]
		return found
	}
	var buffer [64]byte // on the stack: a set is asked for every row
	_, found = s.texts[string(appendFold(buffer[:0], text))]
	return found
}

// list is the members as an index of the attribute has them.
func (s *valueSet) list(a *schema.Attribute) ([]Value, bool) {
	switch a.Kind {
	case schema.String:
		values := make([]Value, 0, len(s.texts))
		for text := range s.texts {
			values = append(values, Text(text))
		}
		return values, true
	case schema.Integer:
		values := make([]Value, 0, len(s.whole))
		for i := range s.whole {
			values = append(values, Int(i))
		}
		return values, true
	}
	return nil, false
}
