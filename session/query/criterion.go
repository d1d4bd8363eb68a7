package query

// Criterion is a condition: *And, *Or, *Not, *Comparison, *Membership or *Relation.
type Criterion interface{ criterion() }

// And holds when all terms do. It has two terms or more.
type And struct{ Terms []Criterion }

// Or holds when one of its terms does. It has two terms or more.
type Or struct{ Terms []Criterion }

// Not holds when its term does not.
type Not struct{ Term Criterion }

// Comparison compares an attribute with a value.
type Comparison struct {
	Path     Path
	Operator Operator
	Value    Value
}

// Membership is `path in (...)` and `path not_in (...)`, with a list or with a query.
type Membership struct {
	Path    Path
	Negated bool
	// Values is the list, which may be empty; nil when Query is set.
	Values []Value
	Query  *Query
}

// Relation is `path has (...)` and `path any (...)`.
type Relation struct {
	Path Path
	// Any tells `any` from `has`.
	Any bool
	// Body is nil for empty parentheses.
	Body Criterion
}

func (*And) criterion()        {}
func (*Or) criterion()         {}
func (*Not) criterion()        {}
func (*Comparison) criterion() {}
func (*Membership) criterion() {}
func (*Relation) criterion()   {}

// Operator is a comparison as it was written: different words for the same comparison are different operators
// with the same Meaning.
type Operator uint8

const (
	Is          Operator = iota // is
	Equal                       // =
	IsNot                       // is_not
	NotEqual                    // !=
	Greater                     // >
	After                       // after
	GreaterThan                 // greater_than
	Less                        // <
	Before                      // before
	LessThan                    // less_than
	AtLeast                     // >=
	AtMost                      // <=
	Like                        // like
	NotLike                     // not_like
)

var operatorText = [...]string{
	Is: "is", Equal: "=", IsNot: "is_not", NotEqual: "!=",
	Greater: ">", After: "after", GreaterThan: "greater_than",
	Less: "<", Before: "before", LessThan: "less_than",
	AtLeast: ">=", AtMost: "<=", Like: "like", NotLike: "not_like",
}

// String is the operator as it stands in a query.
func (o Operator) String() string { return operatorText[o] }

// Meaning is the first operator that means the same: Is, IsNot, Greater, Less, AtLeast, AtMost, Like or NotLike.
func (o Operator) Meaning() Operator {
	switch o {
	case Equal:
		return Is
	case NotEqual:
		return IsNot
	case After, GreaterThan:
		return Greater
	case Before, LessThan:
		return Less
	}
	return o
}

// ValueKind says how a value was written.
type ValueKind uint8

const (
	Quoted  ValueKind = iota // "text" or 'text'
	Word                     // a bare word: active, an id, a date
	Number                   // 14400, -3, 1.5e3
	Boolean                  // true or false in any case
	None                     // none or null in any case
)

// Value is the value of a comparison or a member of a list.
type Value struct {
	Kind ValueKind
	// Text is what was quoted, without quotes and escapes; else the word as written.
	Text string
	// written is the token as it stood in the query; "" for a value that was not parsed.
	written string
}

// QuotedValue is a text as a value.
func QuotedValue(text string) Value { return Value{Kind: Quoted, Text: text} }

// ReadsBoolean tells whether a bare word is a truth value, and which.
func ReadsBoolean(word string) (value, ok bool) {
	switch {
	case equalFold(word, "true"):
		return true, true
	case equalFold(word, "false"):
		return false, true
	}
	return false, false
}

// Compare is the criterion that the attribute at path compares so with a text.
func Compare(path Path, operator Operator, text string) *Comparison {
	return &Comparison{Path: path, Operator: operator, Value: QuotedValue(text)}
}

// OneOf is the criterion that the attribute at path is one of the texts.
func OneOf(path Path, texts []string) *Membership {
	values := make([]Value, len(texts))
	for i, text := range texts {
		values[i] = QuotedValue(text)
	}
	return &Membership{Path: path, Values: values}
}

// AllOf is the criterion that all terms hold; nil without terms.
func AllOf(terms ...Criterion) Criterion {
	switch len(terms) {
	case 0:
		return nil
	case 1:
		return terms[0]
	}
	return &And{Terms: terms}
}
