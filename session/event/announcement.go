package event

import "strings"

// everything is the expression that lets every event through.
const everything = "topic=*"

// Announcement is the text to announce a subscription to a server with. The server is relied on for finding texts with =, for a
// star at the end (as a beginning or anywhere in the text, clients disagree), for and, or, and for not and != over the topic,
// which is always there and always a text. It compares everything as text, and does not know escapes. What cannot be said so is
// left out, and with it whatever depends on it: the server sends more, never less.
func (x *Expression) Announcement() string {
	if x.root == nil {
		return everything
	}
	term, _ := x.root.widest()
	if term == nil {
		return everything
	}
	return string(term.append(nil))
}

func (c *Condition) widest() (Term, bool) {
	value := c.Value
	number := isTyped(value.Text) && !value.Prefix
	exact := len(c.Field) == 1 && c.Field[0] == "topic" && !number && !value.Prefix
	switch {
	case c.Operator != Equal && (c.Operator != NotEqual || !exact), number && !value.Quoted:
		return nil, false
	}
	var ok bool
	if value.Written, ok = value.plain(); !ok {
		return nil, false
	}
	return &Condition{Field: c.Field, Operator: c.Operator, Value: value}, exact
}

// isTyped tells whether a bare value of this text is more than a text.
func isTyped(text string) bool {
	for _, word := range [...]string{"true", "false", "null", "none"} {
		if strings.EqualFold(text, word) {
			return true
		}
	}
	_, number := parseNumber(text)
	return number
}

// plain writes the value so that every server reads it as the same text, where there is a way.
func (v *Value) plain() (written string, ok bool) {
	if !v.Quoted {
		return v.Written, true
	}
	if strings.ContainsAny(v.Text, "\\\n\r") || !v.Prefix && strings.HasSuffix(v.Text, "*") {
		return "", false
	}
	text := v.Text
	if v.Prefix {
		text += "*"
	}
	for _, quote := range [...]string{`"`, `'`} {
		if !strings.Contains(text, quote) {
			return quote + text + quote, true
		}
	}
	return "", false
}

func (n *Not) widest() (Term, bool) {
	term, exact := n.Term.widest()
	if !exact {
		return nil, false
	}
	return &Not{term}, true
}

func (a *And) widest() (Term, bool) {
	terms, exact := widestTerms(a.Terms)
	switch len(terms) {
	case 0:
		return nil, false
	case 1:
		return terms[0], exact
	}
	return &And{terms}, exact
}

func (o *Or) widest() (Term, bool) {
	terms, exact := widestTerms(o.Terms)
	if len(terms) < len(o.Terms) {
		return nil, false
	}
	return &Or{terms}, exact
}

func widestTerms(all []Term) (terms []Term, exact bool) {
	exact = true
	for _, term := range all {
		wide, same := term.widest()
		exact = exact && same
		if wide != nil {
			terms = append(terms, wide)
		}
	}
	return terms, exact
}
