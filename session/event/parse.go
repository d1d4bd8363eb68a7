package event

import (
	"strings"
	"unicode/utf8"
)

// MaxDepth is how deep parentheses and not may nest.
const MaxDepth = 1000

// Parse reads an expression:
//
//	expression = and { "or" and }
//	and        = term { "and" term }
//	term       = "not" term | "(" expression ")" | field operator value
//	field      = name { "." name }        a name has letters, digits and underscores
//	operator   = "=" | "!=" | ">=" | "<=" | ">" | "<"
//	value      = letters, digits and any of - _ , . / * @ +, or a text in single or double quotes
//
// Words count in any case. In quotes a backslash takes the meaning from a quote, a backslash or a star behind it, and is itself
// elsewhere. A star at the end of a value, in quotes too, makes it the beginning of a text. Every failure is a *ParseError.
func Parse(text string) (*Expression, error) {
	p := parser{text: text}
	if p.space(); p.pos == len(text) {
		return nil, p.fail("the expression is empty: write topic=* for every event")
	}
	root, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.space(); p.pos < len(text) {
		return nil, p.fail("expected and, or or the end of the expression")
	}
	return &Expression{root: root, text: text}, nil
}

type parser struct {
	text  string
	pos   int
	depth int
}

func (p *parser) fail(message string) error { return newParseError(p.text, p.pos, message) }

func (p *parser) space() {
	for p.pos < len(p.text) && strings.IndexByte(" \t\r\n\v\f", p.text[p.pos]) >= 0 {
		p.pos++
	}
}

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

// word is the run of bytes of fields that stands next.
func (p *parser) word() string {
	p.space()
	end := p.pos
	for end < len(p.text) && (isNameByte(p.text[end]) || p.text[end] == '.') {
		end++
	}
	return p.text[p.pos:end]
}

func (p *parser) keyword(lower string) bool {
	word := p.word()
	if len(word) != len(lower) || !strings.EqualFold(word, lower) {
		return false
	}
	p.pos += len(word)
	return true
}

func (p *parser) or() (Term, error) {
	if p.depth++; p.depth > MaxDepth {
		return nil, p.fail("the expression is nested more than 1000 levels deep")
	}
	defer func() { p.depth-- }()
	terms, err := p.terms("or", p.and)
	if err != nil || len(terms) == 1 {
		return first(terms), err
	}
	return &Or{terms}, nil
}

func (p *parser) and() (Term, error) {
	terms, err := p.terms("and", p.term)
	if err != nil || len(terms) == 1 {
		return first(terms), err
	}
	return &And{terms}, nil
}

func first(terms []Term) Term {
	if len(terms) == 0 {
		return nil
	}
	return terms[0]
}

func (p *parser) terms(word string, next func() (Term, error)) ([]Term, error) {
	var terms []Term
	for {
		term, err := next()
		if err != nil {
			return nil, err
		}
		if terms = append(terms, term); !p.keyword(word) {
			return terms, nil
		}
	}
}

func (p *parser) term() (Term, error) {
	if p.space(); p.pos < len(p.text) && p.text[p.pos] == '(' {
		p.pos++
		term, err := p.or()
		if err != nil {
			return nil, err
		}
		if p.space(); p.pos == len(p.text) || p.text[p.pos] != ')' {
			return nil, p.fail("expected and, or or )")
		}
		p.pos++
		return term, nil
	}
	start := p.pos
	if p.keyword("not") {
		if _, ok := p.operator(); !ok {
			if p.depth++; p.depth > MaxDepth {
				return nil, p.fail("the expression is nested more than 1000 levels deep")
			}
			term, err := p.term()
			p.depth--
			if err != nil {
				return nil, err
			}
			return &Not{term}, nil
		}
		p.pos = start // a field of that name
	}
	return p.condition()
}

func (p *parser) condition() (Term, error) {
	word := p.word()
	if word == "" {
		return nil, p.fail("expected a field, such as topic or source.user.username")
	}
	field := strings.Split(word, ".")
	for offset, i := p.pos, 0; i < len(field); i++ {
		if field[i] == "" {
			return nil, newParseError(p.text, offset, "expected a name beside the dot")
		}
		offset += len(field[i]) + 1
	}
	p.pos += len(word)
	operator, ok := p.operator()
	if !ok {
		return nil, p.fail("expected one of = != >= <= > <")
	}
	value, err := p.value()
	if err != nil {
		return nil, err
	}
	return &Condition{Field: field, Operator: operator, Value: value}, nil
}

func (p *parser) operator() (Operator, bool) {
	p.space()
	for _, known := range operatorSigns {
		if strings.HasPrefix(p.text[p.pos:], known.sign) {
			p.pos += len(known.sign)
			return known.operator, true
		}
	}
	return 0, false
}

const bareMarks = "-_,./*@+"

func isBareByte(c byte) bool { return isNameByte(c) || strings.IndexByte(bareMarks, c) >= 0 }

func (p *parser) value() (Value, error) {
	p.space()
	start := p.pos
	if start < len(p.text) && (p.text[start] == '"' || p.text[start] == '\'') {
		return p.quoted(p.text[start])
	}
	for p.pos < len(p.text) && isBareByte(p.text[p.pos]) {
		p.pos++
	}
	word := p.text[start:p.pos]
	switch {
	case p.pos < len(p.text) && p.text[p.pos] >= utf8.RuneSelf, word != "" && p.pos < len(p.text) && strings.IndexByte(" \t\r\n\v\f)", p.text[p.pos]) < 0:
		return Value{}, p.fail("a value with this character stands in quotes")
	case word == "":
		return Value{}, p.fail("expected a value")
	}
	text, prefix := strings.CutSuffix(word, "*")
	return Value{Text: text, Prefix: prefix, Written: word}, nil
}

func (p *parser) quoted(quote byte) (Value, error) {
	start := p.pos
	text := make([]byte, 0, 16)
	star := false // the last character is a star that means a prefix
	for i := start + 1; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == quote:
			p.pos = i + 1
			if star {
				text = text[:len(text)-1]
			}
			return Value{Text: string(text), Prefix: star, Quoted: true, Written: p.text[start:p.pos]}, nil
		case c == '\\' && i+1 < len(p.text) && strings.IndexByte(`"'\*`, p.text[i+1]) >= 0:
			i++
			text, star = append(text, p.text[i]), false
		default:
			text, star = append(text, c), c == '*'
		}
	}
	return Value{}, newParseError(p.text, start, "the quotes opened here are not closed")
}
