package session

import (
	"strings"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// FormatOptions say how Format prints; the zero value prints what is loaded, and names other entities by type and key.
type FormatOptions struct {
	// Filter says which attributes are printed; nil is those that are loaded. value is nil and loaded false for those that are not.
	Filter func(e *Entity, name string, value any, loaded bool) bool
	// Recursive prints entities that are named too, each once.
	Recursive bool
	// Indent is how many spaces a level has; 0 means 2.
	Indent int
}

// Format is an entity as text, one attribute a line. It asks the server for nothing.
func Format(e *Entity, options FormatOptions) string {
	if options.Indent == 0 {
		options.Indent = 2
	}
	f := &formatter{options: options, seen: map[*Entity]bool{}}
	f.block(e, 0)
	return f.out.String()
}

type formatter struct {
	options FormatOptions
	seen    map[*Entity]bool
	out     strings.Builder
}

func (f *formatter) line(level int) {
	f.out.WriteString("\n" + strings.Repeat(" ", f.options.Indent*level))
}

func (f *formatter) block(e *Entity, level int) {
	f.out.WriteString(e.Type().Name + "(" + strings.Join(e.PrimaryKey(), ", ") + ")")
	if f.seen[e] || level > 0 && !f.options.Recursive {
		return
	}
	f.seen[e] = true
	for _, a := range e.Type().Attributes {
		value, loaded := e.Value(a.Name)
		shown := loaded
		if f.options.Filter != nil {
			shown = f.options.Filter(e, a.Name, value, loaded)
		}
		if !shown {
			continue
		}
		f.line(level + 1)
		f.out.WriteString(a.Name + ": ")
		f.value(value, loaded, level+1)
	}
}

func (f *formatter) value(value any, loaded bool, level int) {
	switch v := value.(type) {
	case *Entity:
		f.block(v, level)
	case []*Entity:
		if len(v) == 0 {
			f.out.WriteString("none")
		}
		for _, e := range v {
			f.line(level + 1)
			f.out.WriteString("- ")
			f.block(e, level+1)
		}
	case string:
		f.out.WriteString(v)
	case time.Time:
		f.out.WriteString(string(wire.AppendDateTime(nil, v)))
	case Date:
		f.out.WriteString(string(v))
	case JSON:
		f.out.Write(v)
	case nil:
		if !loaded {
			f.out.WriteString("not loaded")
			return
		}
		f.out.WriteString("null")
	default:
		b, _ := wire.AppendValue(nil, v)
		f.out.Write(b)
	}
}
