package query

import "strconv"

// MaxDepth is how deep parentheses, not, has, any and queries within queries may nest.
const MaxDepth = 1000

// Parse reads a query as the public clients' server does. Every failure is a *SyntaxError.
func Parse(text string) (*Query, error) { return Dialect{}.Parse(text) }

// Parse reads a query. Every failure is a *SyntaxError.
func (d Dialect) Parse(text string) (*Query, error) {
	p := parser{scanner: scanner{text: text, dialect: d}}
	q, err := p.query()
	if err != nil {
		return nil, err
	}
	if err := p.end("expected where, group by, order by, offset, limit or the end of the query"); err != nil {
		return nil, err
	}
	return q, nil
}

// ParsePath reads a path, as in a list of projections: parent[Shot].status.name. Every failure is a *SyntaxError.
func ParsePath(text string) (Path, error) {
	p := parser{scanner: scanner{text: text}}
	path, err := p.path("expected an attribute")
	if err != nil {
		return nil, err
	}
	if err := p.end("expected the end of the attribute path"); err != nil {
		return nil, err
	}
	return path, nil
}

type parser struct {
	scanner
	depth int
}

func (p *parser) end(message string) error {
	p.space()
	if p.pos < len(p.text) {
		return p.fail(message)
	}
	return nil
}

// query reads up to what cannot be part of it.
func (p *parser) query() (*Query, error) {
	q := &Query{}
	if p.keyword("select") {
		if err := p.projections(q); err != nil {
			return nil, err
		}
		if !p.keyword("from") {
			return nil, p.fail("expected , or from")
		}
	}
	if q.EntityType = p.name(); q.EntityType == "" {
		return nil, p.fail("expected an entity type")
	}
	if p.keyword("where") {
		where, err := p.or()
		if err != nil {
			return nil, err
		}
		q.Where = where
	}
	return q, p.tail(q)
}

func (p *parser) projections(q *Query) error {
	for {
		function, path, err := p.key("expected an attribute to select")
		if err != nil {
			return err
		}
		q.Projections = append(q.Projections, Projection{Function: function, Path: path})
		if !p.take(',') {
			return nil
		}
	}
}

// tail reads group by, order by, offset and limit, each once, in any order.
func (p *parser) tail(q *Query) error {
	for {
		p.space()
		start := p.pos
		var twice bool
		var err error
		switch {
		case p.keywords("group", "by"):
			twice = q.GroupBy != nil
			err = p.groupBy(q)
		case p.keywords("order", "by"):
			twice = q.OrderBy != nil
			err = p.orderBy(q)
		case p.keyword("offset"):
			twice = q.offset > 0
			q.offset, err = p.number("expected a whole number after offset")
		case p.keyword("limit"):
			twice = q.limit > 0
			q.limit, err = p.number("expected a whole number after limit")
		default:
			return nil
		}
		if twice {
			return p.failAt(start, "this clause stands twice")
		}
		if err != nil {
			return err
		}
	}
}

func (p *parser) groupBy(q *Query) error {
	for {
		path, err := p.path("expected an attribute to group by")
		if err != nil {
			return err
		}
		q.GroupBy = append(q.GroupBy, path)
		if !p.take(',') {
			return nil
		}
	}
}

func (p *parser) orderBy(q *Query) error {
	for {
		function, path, err := p.key("expected an attribute to order by")
		if err != nil {
			return err
		}
		order := Order{Function: function, Path: path}
		for _, direction := range [...]string{"asc", "ascending", "desc", "descending"} {
			if p.keyword(direction) {
				order.Direction = direction
				break
			}
		}
		q.OrderBy = append(q.OrderBy, order)
		if !p.take(',') {
			return nil
		}
	}
}

func (p *parser) number(message string) (count, error) {
	p.space()
	start := p.pos
	for p.pos < len(p.text) && p.text[p.pos] >= '0' && p.text[p.pos] <= '9' {
		p.pos++
	}
	n, err := strconv.ParseInt(p.text[start:p.pos], 10, 53)
	if err != nil || nameSize(p.text[p.pos:]) > 0 || p.pos < len(p.text) && p.text[p.pos] == '.' {
		return 0, p.failAt(start, message)
	}
	return count(n) + 1, nil
}

// key reads a path or a function of a path. Function names come out in lower case.
func (p *parser) key(message string) (function string, path Path, err error) {
	p.space()
	start := p.pos
	if word := p.name(); word != "" && p.take('(') {
		if path, err = p.path("expected an attribute in the function"); err != nil {
			return "", nil, err
		}
		return lower(word), path, p.expect(')', "expected )")
	}
	p.pos = start
	path, err = p.path(message)
	return "", path, err
}

// path reads attribute names with dots between and types in brackets. White space ends it.
func (p *parser) path(message string) (Path, error) {
	p.space()
	path := make(Path, 0, p.segments())
	for {
		name := p.name()
		if name == "" {
			return nil, p.fail(message)
		}
		segment := Segment{Name: name}
		if p.next('[') {
			if segment.Cast = p.name(); segment.Cast == "" {
				return nil, p.fail("expected an entity type in the brackets")
			}
			if err := p.expect(']', "expected ]"); err != nil {
				return nil, err
			}
		}
		if len(path) == MaxDepth {
			return nil, p.fail("the path has more than 1000 steps")
		}
		path = append(path, segment)
		if !p.next('.') {
			return path, nil
		}
		if p.pos < len(p.text) && nameSize(p.text[p.pos:]) == 0 {
			return nil, p.fail("expected an attribute after the dot")
		}
		message = "expected an attribute after the dot"
	}
}

// segments guesses how long the path is, so that it is allocated once.
func (p *parser) segments() int {
	n := 1
	for i := p.pos; i < len(p.text) && n < 16; i++ {
		if c := p.text[i]; c == '.' {
			n++
		} else if c != '[' && c != ']' && nameSize(p.text[i:]) == 0 {
			break
		}
	}
	return n
}

// next takes the byte if it follows without white space.
func (p *parser) next(c byte) bool {
	if p.pos < len(p.text) && p.text[p.pos] == c {
		p.pos++
		return true
	}
	return false
}

// lower gives one of the known function names without allocating, others in lower-case ASCII.
func lower(word string) string {
	for _, known := range [...]string{"count", "sum", "avg", "min", "max"} {
		if equalFold(word, known) {
			return known
		}
	}
	b := []byte(word)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
