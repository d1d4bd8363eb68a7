package event

import (
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Expression chooses among events, or among the metadata of subscribers. Parse makes one; it does not change.
type Expression struct {
	root Term
	text string
}

// Root is the tree, nil for the zero Expression, which matches everything.
func (x *Expression) Root() Term { return x.root }

// Source is the text that was parsed.
func (x *Expression) Source() string { return x.text }

// String prints the expression: keywords in lower case, single spaces, no more parentheses than are needed, values as they
// were written. Parsing it again gives the same tree.
func (x *Expression) String() string {
	if x.root == nil {
		return ""
	}
	return string(x.root.append(nil))
}

// Match reports whether an event is wanted. Most are told by their topic, which needs no look into the document.
func (x *Expression) Match(e *Event) bool {
	terms := []Term{x.root}
	if and, ok := x.root.(*And); ok {
		terms = and.Terms
	}
	for _, term := range terms {
		if c, ok := term.(*Condition); ok && c.Operator == Equal && len(c.Field) == 1 && c.Field[0] == "topic" {
			if !c.Value.equalsText(e.Topic) {
				return false
			}
			if len(terms) == 1 {
				return true
			}
		}
	}
	return x.root == nil || x.root.match(e.Lookup)
}

// MatchNode reports whether an object is wanted: the metadata of a subscriber, for a target.
func (x *Expression) MatchNode(object wire.Node) bool {
	return x.root == nil || x.root.match(func(path []string) wire.Node { return Walk(object, path) })
}

// Term is a *Condition, *Not, *And or *Or.
type Term interface {
	append(out []byte) []byte
	match(lookup func(path []string) wire.Node) bool
	// widest is what the server is asked for in the place of the term: nil for everything. exact says that it is the term
	// itself, nothing more.
	widest() (term Term, exact bool)
}

// Condition compares one field with a value.
type Condition struct {
	Field    []string // names of members, outermost first
	Operator Operator
	Value    Value
}

// Not wants what its term does not.
type Not struct{ Term Term }

// And wants what all of its two or more terms want.
type And struct{ Terms []Term }

// Or wants what one of its two or more terms wants.
type Or struct{ Terms []Term }

// Operator is that of a condition.
type Operator uint8

// The operators.
const (
	Equal Operator = iota
	NotEqual
	AtLeast
	AtMost
	Greater
	Less
)

// operatorSigns has longer signs before their beginnings.
var operatorSigns = [...]struct {
	sign     string
	operator Operator
}{{"!=", NotEqual}, {">=", AtLeast}, {"<=", AtMost}, {"=", Equal}, {">", Greater}, {"<", Less}}

// String is the operator's sign.
func (o Operator) String() string {
	for _, known := range operatorSigns {
		if known.operator == o {
			return known.sign
		}
	}
	return "?"
}

// Value is what a condition compares with.
type Value struct {
	// Text is the value without quotes and escapes, and without the star of a prefix.
	Text string
	// Prefix says that a star stood at the end: the value is how texts begin.
	Prefix bool
	// Quoted values are texts and nothing else; a bare 5 is the number as well, true the boolean, null and none nothing.
	Quoted bool
	// Written is the value as it stood in the expression.
	Written string
}

func (c *Condition) append(out []byte) []byte {
	out = append(out, strings.Join(c.Field, ".")...)
	out = append(out, c.Operator.String()...)
	return append(out, c.Value.Written...)
}

func (n *Not) append(out []byte) []byte {
	switch n.Term.(type) {
	case *And, *Or:
		return append(n.Term.append(append(out, "not ("...)), ')')
	}
	return n.Term.append(append(out, "not "...))
}

func (a *And) append(out []byte) []byte { return appendTerms(out, a.Terms, " and ") }

func (o *Or) append(out []byte) []byte { return appendTerms(out, o.Terms, " or ") }

// appendTerms puts terms that bind as weakly as the one they stand in, or weaker, into parentheses: the tree keeps its shape.
func appendTerms(out []byte, terms []Term, word string) []byte {
	for i, term := range terms {
		if i > 0 {
			out = append(out, word...)
		}
		_, and := term.(*And)
		_, or := term.(*Or)
		if or || and && word == " and " {
			out = append(term.append(append(out, '(')), ')')
			continue
		}
		out = term.append(out)
	}
	return out
}
