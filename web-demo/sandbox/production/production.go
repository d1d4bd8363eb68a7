package production

import (
	"crypto/sha1" //nolint:gosec // ids of version 5, nothing secret
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/store"
)

// Plan says how much to make.
type Plan struct {
	// Name is demo (one project), large (several) or empty (no project).
	Name string
	// Tasks is the number of tasks in all; 0 is the usual number: 10,000 for demo, 100,000 for large.
	Tasks int
	// User is the name of the user that requests come from.
	User string
}

// now is the day on which the production stands still.
var now = time.Date(2024, 10, 28, 9, 0, 0, 0, time.UTC)

// Build fills an empty store. Whoever shares the store locks it.
func Build(s *store.Store, plan Plan) error {
	b := &builder{store: s, rand: rand.New(rand.NewPCG(7, 11))}
	projects := 0
	switch plan.Name {
	case "demo":
		projects = 1
		if plan.Tasks <= 0 {
			plan.Tasks = 10_000
		}
	case "large":
		projects = 8
		if plan.Tasks <= 0 {
			plan.Tasks = 100_000
		}
	case "empty":
	default:
		return fmt.Errorf("production %q is not known: demo, large or empty", plan.Name)
	}
	b.workflow()
	b.people(plan.User)
	b.customAttributes()
	for i := range projects {
		share := plan.Tasks / projects
		if i == 0 {
			share += plan.Tasks % projects
		}
		b.project(i, share)
	}
	return b.err
}

// builder adds entities; it keeps the first error and goes on.
type builder struct {
	store *store.Store
	rand  *rand.Rand
	err   error

	users, statuses, types, priorities, groups []string
	caller                                     string
	supervisor                                 string            // the configuration of links from shots to users
	buildTypes                                 []string          // the types of asset builds
	objectTypes                                map[string]string // by type name
	attributes                                 map[string]string // configurations by name
}

// ID is the id that a name has in every production: a UUID of version 5.
func ID(name string) string {
	h := sha1.Sum([]byte("ftrack-wasm sandbox/" + name)) //nolint:gosec // see above
	h[6], h[8] = h[6]&0x0f|0x50, h[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16])
}

// add makes an entity of pairs of names and values. An id that is not given is made of the pairs' place in the production.
func (b *builder) add(typ string, pairs ...any) string {
	t := b.store.Schemas().Type(typ)
	if t == nil {
		b.fail(fmt.Errorf("the schemas have no %s", typ))
		return ""
	}
	fields := make([]store.Field, 0, len(pairs)/2+1)
	id := ""
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		if name == "id" {
			id, _ = pairs[i+1].(string)
		}
		fields = append(fields, store.Field{Name: name, Value: value(pairs[i+1])})
	}
	if id == "" && len(t.PrimaryKey) == 1 {
		id = ID(fmt.Sprint(typ, "/", b.store.Len(typ)))
		fields = append(fields, store.Field{Name: "id", Value: eval.Text(id)})
	}
	if _, err := b.store.Insert(t, fields...); err != nil {
		b.fail(err)
	}
	return id
}

func (b *builder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

func value(v any) eval.Value {
	switch v := v.(type) {
	case bool:
		return eval.Bool(v)
	case int:
		return eval.Int(int64(v))
	case float64:
		return eval.Float(v)
	case string:
		if v != "" {
			return eval.Text(v)
		}
	case time.Time:
		return eval.Time(v)
	case eval.Value:
		return v
	}
	return eval.Value{}
}

// pick takes one at random.
func pick[T any](b *builder, from []T) T { return from[b.rand.IntN(len(from))] }

// chance is true so many times in a hundred.
func (b *builder) chance(percent int) bool { return b.rand.IntN(100) < percent }
