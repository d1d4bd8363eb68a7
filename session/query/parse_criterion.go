package query

// deeper counts a level of nesting; every true is matched by p.depth-- on the way back.
func (p *parser) deeper() error {
	if p.depth == MaxDepth {
		return p.fail("the query is nested more than 1000 levels deep")
	}
	p.depth++
	return nil
}

func (p *parser) or() (Criterion, error) {
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	first, err := p.and()
	if err != nil || !p.keyword("or") {
		return first, err
	}
	terms := []Criterion{first}
	for more := true; more; more = p.keyword("or") {
		term, err := p.and()
		if err != nil {
			return nil, err
		}
		terms = append(terms, term)
	}
	return &Or{Terms: terms}, nil
}

func (p *parser) and() (Criterion, error) {
	first, err := p.term()
	if err != nil || !p.keyword("and") {
		return first, err
	}
	terms := []Criterion{first}
	for more := true; more; more = p.keyword("and") {
		term, err := p.term()
		if err != nil {
			return nil, err
		}
		terms = append(terms, term)
	}
	return &And{Terms: terms}, nil
}

// term reads a condition, a condition in parentheses, or not with one of them.
func (p *parser) term() (Criterion, error) {
	if p.take('(') {
		criterion, err := p.or()
		if err != nil {
			return nil, err
		}
		return criterion, p.expect(')', "expected and, or or )")
	}
	if !p.negation() {
		return p.condition()
	}
	if err := p.deeper(); err != nil {
		return nil, err
	}
	term, err := p.term()
	p.depth--
	if err != nil {
		return nil, err
	}
	return &Not{Term: term}, nil
}

// negation takes the word not, unless it is the name of an attribute: followed by a sign, a dot, a bracket, or by an
// operator that has a value and not an operator behind it (`not is 3`, but `not in is 3`: the attribute in).
func (p *parser) negation() bool {
	if !p.keyword("not") {
		return false
	}
	after := p.pos
	if p.pos < len(p.text) && (p.text[p.pos] == '.' || p.text[p.pos] == '[') || p.sign() {
		p.pos = after - len("not")
		return false
	}
	if p.operatorWord() {
		p.keyword("not") // as in `is not`
		if !p.operator() && p.peek() != '.' && p.peek() != '[' {
			p.pos = after - len("not")
			return false
		}
	}
	p.pos = after
	return true
}

// operator takes any operator.
func (p *parser) operator() bool { return p.sign() || p.operatorWord() }

// sign takes an operator that is no word.
func (p *parser) sign() bool {
	switch p.peek() {
	case '=', '<', '>', '!':
		p.pos++
		return true
	}
	return false
}

// operatorWord takes an operator that is a word.
func (p *parser) operatorWord() bool {
	for _, word := range operatorWords {
		if p.keyword(word) {
			return true
		}
	}
	return false
}

var operatorWords = [...]string{
	"is", "is_not", "in", "not_in", "has", "any", "like", "not_like",
	"after", "before", "greater_than", "less_than",
}

func (p *parser) condition() (Criterion, error) {
	path, err := p.path("expected a condition")
	if err != nil {
		return nil, err
	}
	switch {
	case p.keyword("has"):
		return p.relation(path, false)
	case p.keyword("any"):
		return p.relation(path, true)
	case p.keyword("in"):
		return p.membership(path, false)
	case p.keyword("not_in"), p.keywords("not", "in"):
		return p.membership(path, true)
	}
	operator, err := p.comparison()
	if err != nil {
		return nil, err
	}
	value, err := p.value()
	if err != nil {
		return nil, err
	}
	return &Comparison{Path: path, Operator: operator, Value: value}, nil
}

// signs has longer signs before their beginnings.
var signs = [...]Operator{AtLeast, AtMost, NotEqual, Equal, Greater, Less}

func (p *parser) comparison() (Operator, error) {
	p.space()
	rest := p.text[p.pos:]
	for _, operator := range signs {
		if sign := operator.String(); len(rest) >= len(sign) && rest[:len(sign)] == sign {
			p.pos += len(sign)
			return operator, nil
		}
	}
	if p.keywords("not", "like") {
		return NotLike, nil
	}
	for _, operator := range [...]Operator{IsNot, Like, NotLike, After, Before, GreaterThan, LessThan} {
		if p.keyword(operator.String()) {
			return operator, nil
		}
	}
	if !p.keyword("is") {
		return 0, p.fail("expected an operator: is, is_not, in, not_in, like, has, any, =, !=, >, <, >=, <=, after, before")
	}
	if p.keyword("not") {
		return IsNot, nil
	}
	return Is, nil
}

func (p *parser) relation(path Path, any bool) (Criterion, error) {
	relation := &Relation{Path: path, Any: any}
	word := "has"
	if any {
		word = "any"
	}
	if err := p.expect('(', "expected ( after "+word); err != nil {
		return nil, err
	}
	if p.take(')') {
		return relation, nil
	}
	body, err := p.or()
	if err != nil {
		return nil, err
	}
	relation.Body = body
	return relation, p.expect(')', "expected and, or or )")
}

func (p *parser) membership(path Path, negated bool) (Criterion, error) {
	membership := &Membership{Path: path, Negated: negated}
	if err := p.expect('(', "expected ( after in"); err != nil {
		return nil, err
	}
	var err error
	if p.subquery() {
		if err := p.deeper(); err != nil {
			return nil, err
		}
		membership.Query, err = p.query()
		p.depth--
		if err == nil {
			err = p.expect(')', "expected where, group by, order by, offset, limit or )")
		}
	} else {
		membership.Values, err = p.list()
	}
	if err != nil {
		return nil, err
	}
	return membership, nil
}

// subquery tells whether a query stands in the parentheses: two words in a row, which no list has.
func (p *parser) subquery() bool {
	start := p.pos
	defer func() { p.pos = start }()
	return p.name() != "" && p.name() != ""
}

func (p *parser) list() ([]Value, error) {
	values := []Value{}
	if p.take(')') {
		return values, nil
	}
	for {
		value, err := p.value()
		if err != nil {
			return nil, err
		}
		values = append(values, value)
		if p.take(',') {
			continue
		}
		return values, p.expect(')', "expected , or )")
	}
}
