package hub

import (
	"fmt"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// maxDepth is how deep parentheses and nots may nest.
const maxDepth = 200

// expression is a subscription or a target, as far as the server understands it: all values are text.
type expression interface {
	fits(fields func(path string) wire.Node) bool
}

type (
	both     struct{ left, right expression }
	either   struct{ left, right expression }
	opposite struct{ of expression }
	// comparison tells a field from a value. A field that is missing, or holds no text, fits nothing.
	comparison struct{ field, operator, value string }
	anything   struct{}
)

func (e both) fits(f func(string) wire.Node) bool     { return e.left.fits(f) && e.right.fits(f) }
func (e either) fits(f func(string) wire.Node) bool   { return e.left.fits(f) || e.right.fits(f) }
func (e opposite) fits(f func(string) wire.Node) bool { return !e.of.fits(f) }
func (anything) fits(func(string) wire.Node) bool     { return true }

func (e comparison) fits(fields func(string) wire.Node) bool {
	found := fields(e.field)
	if found.Kind() != wire.String {
		return false
	}
	text := found.Text()
	switch e.operator {
	case "=":
		return same(text, e.value)
	case "!=":
		return !same(text, e.value)
	case "<":
		return text < e.value
	case "<=":
		return text <= e.value
	case ">":
		return text > e.value
	}
	return text >= e.value
}

// same compares text; a value that ends in * is the beginning of it.
func same(text, value string) bool {
	if prefix, ok := strings.CutSuffix(value, "*"); ok {
		return strings.HasPrefix(text, prefix)
	}
	return text == value
}

// fieldsOf reads fields of an object by their dotted path.
func fieldsOf(root wire.Node) func(string) wire.Node {
	return func(path string) wire.Node {
		at := root
		for part := range strings.SplitSeq(path, ".") {
			at = at.Get(part)
		}
		return at
	}
}

// parseExpression reads an expression: `field operator value`, not, and, or, parentheses.
func parseExpression(text string) (expression, error) {
	p := &parser{text: text}
	e, err := p.either(0)
	if err != nil {
		return nil, err
	}
	if p.skip(); p.at < len(p.text) {
		return nil, p.fail("the end")
	}
	return e, nil
}

// parseTarget reads the target of an event; an empty one is everybody.
func parseTarget(text string) (expression, error) {
	if strings.TrimSpace(text) == "" {
		return anything{}, nil
	}
	return parseExpression(text)
}

type parser struct {
	text string
	at   int
}

func (p *parser) fail(wanted string) error {
	return fmt.Errorf("expected %s at %d of %q", wanted, p.at, p.text)
}

func (p *parser) skip() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

// word takes a keyword, whatever its case.
func (p *parser) word(word string) bool {
	p.skip()
	end := p.at + len(word)
	if end > len(p.text) || !strings.EqualFold(p.text[p.at:end], word) || end < len(p.text) && isField(p.text[end]) {
		return false
	}
	p.at = end
	return true
}

func (p *parser) sign(sign string) bool {
	p.skip()
	if !strings.HasPrefix(p.text[p.at:], sign) {
		return false
	}
	p.at += len(sign)
	return true
}

func (p *parser) either(depth int) (expression, error) {
	left, err := p.both(depth)
	for err == nil && p.word("or") {
		var right expression
		right, err = p.both(depth)
		left = either{left, right}
	}
	return left, err
}

func (p *parser) both(depth int) (expression, error) {
	left, err := p.single(depth)
	for err == nil && p.word("and") {
		var right expression
		right, err = p.single(depth)
		left = both{left, right}
	}
	return left, err
}

func (p *parser) single(depth int) (expression, error) {
	switch {
	case depth > maxDepth:
		return nil, p.fail("an end of the nesting")
	case p.word("not"):
		of, err := p.single(depth + 1)
		return opposite{of}, err
	case p.sign("("):
		of, err := p.either(depth + 1)
		if err == nil && !p.sign(")") {
			err = p.fail(")")
		}
		return of, err
	}
	return p.comparison()
}

func (p *parser) comparison() (expression, error) {
	p.skip()
	start := p.at
	for p.at < len(p.text) && isField(p.text[p.at]) {
		p.at++
	}
	field := p.text[start:p.at]
	if field == "" {
		return nil, p.fail("a field")
	}
	for _, operator := range []string{"!=", ">=", "<=", "=", ">", "<"} {
		if p.sign(operator) {
			value, err := p.value()
			return comparison{field, operator, value}, err
		}
	}
	return nil, p.fail("an operator")
}

// value reads a bare word or a quoted text. A backslash in quotes is itself: what a client escapes does not fit anything.
func (p *parser) value() (string, error) {
	p.skip()
	if p.at < len(p.text) && (p.text[p.at] == '"' || p.text[p.at] == '\'') {
		return p.quoted(p.text[p.at])
	}
	start := p.at
	for p.at < len(p.text) && (isField(p.text[p.at]) || strings.IndexByte("-,/*@+", p.text[p.at]) >= 0) {
		p.at++
	}
	if p.at == start {
		return "", p.fail("a value")
	}
	return p.text[start:p.at], nil
}

func (p *parser) quoted(quote byte) (string, error) {
	for end := p.at + 1; end < len(p.text); end++ {
		switch p.text[end] {
		case '\\':
			end++
		case quote:
			value := p.text[p.at+1 : end]
			p.at = end + 1
			return value, nil
		}
	}
	return "", p.fail("a closing quote")
}

func isField(b byte) bool {
	return b == '_' || b == '.' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}
