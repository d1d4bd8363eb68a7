package eval

import (
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
)

// doubts are what the outcome of criteria may depend on that is not known of the server.
type doubts struct {
	letterCase, emptiness, noneWord, underscore bool
	never                                       bool
}

func doubtsOf(criteria []query.Criterion) doubts {
	var d doubts
	for _, criterion := range criteria {
		d.add(criterion)
	}
	return d
}

func (d *doubts) add(criterion query.Criterion) {
	switch criterion := criterion.(type) {
	case *query.And:
		for _, term := range criterion.Terms {
			d.add(term)
		}
	case *query.Or:
		for _, term := range criterion.Terms {
			d.add(term)
		}
	case *query.Not:
		d.emptiness = true
		d.add(criterion.Term)
	case *query.Comparison:
		switch criterion.Operator.Meaning() {
		case query.IsNot, query.NotLike:
			d.emptiness = true
		}
		switch criterion.Operator.Meaning() {
		case query.Like, query.NotLike:
			d.underscore = d.underscore || strings.Contains(criterion.Value.Text, "_")
		}
		d.value(criterion.Value)
	case *query.Membership:
		d.never = d.never || criterion.Query != nil || len(criterion.Values) == 0
		d.emptiness = d.emptiness || criterion.Negated
		for _, value := range criterion.Values {
			d.never = d.never || value.Kind == query.None
			d.value(value)
		}
	case *query.Relation:
		if criterion.Body != nil {
			d.add(criterion.Body)
		}
	}
}

func (d *doubts) value(v query.Value) {
	switch {
	case v.Kind == query.None:
		d.noneWord = d.noneWord || v.Text != "none" && v.Text != "None"
	case v.Kind == query.Number || v.Kind == query.Boolean:
	case strings.Contains(v.Text, `\`):
		d.never = true // what a backslash stands for is not known
	default:
		d.letterCase = d.letterCase || hasLetters(v.Text) && !isUUID(v.Text)
	}
}

func hasLetters(text string) bool {
	for i := range len(text) {
		if alphanumeric(text[i]) && text[i] > '9' {
			return true
		}
	}
	return false
}

// isUUID recognises an id in its usual form: case is no question for it.
func isUUID(text string) bool {
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return false
	}
	for i := range len(text) {
		if c := text[i]; c != '-' && !('0' <= c && c <= '9' || 'a' <= c && c <= 'f') {
			return false
		}
	}
	return true
}

// variants are the ways in which the server may read the criteria; the first one is the likeliest.
func (d doubts) variants() []Options {
	variants := []Options{{}}
	double := func(doubted bool, change func(*Options)) {
		if !doubted {
			return
		}
		for _, v := range variants[:len(variants):len(variants)] {
			change(&v)
			variants = append(variants, v)
		}
	}
	double(d.letterCase, func(o *Options) { o.CaseSensitive = true })
	double(d.emptiness, func(o *Options) { o.TwoValued = true })
	double(d.underscore, func(o *Options) { o.UnderscoreLiteral = true })
	if d.noneWord {
		n := len(variants)
		for _, words := range []NoneWords{NoneNone, NoneVerbatim} {
			for _, v := range variants[:n:n] {
				v.NoneWords = words
				variants = append(variants, v)
			}
		}
	}
	return variants
}
