package sandbox

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// search answers a search operation: the rows of an expression in whose names every term occurs, below a context and of
// the object types that are given.
func (r *request) search(operation wire.Node, out []byte) ([]byte, error) {
	options := r.assumed.eval()
	asked, err := options.Dialect.Parse(member(operation, "expression"))
	if err != nil {
		return out, err
	}
	if named := member(operation, "entity_type"); named != "" && named != asked.EntityType {
		return out, invalid(fmt.Sprintf("The expression asks for %s, the search for %s.", asked.EntityType, named))
	}
	if asked.IsAggregate() {
		return out, invalid("A search cannot be grouped.")
	}
	options.Shuffle = r.shuffles.of(asked)
	plan, err := eval.Compile(r.store, asked.WithPage(-1, -1), options)
	if err != nil {
		return out, err
	}
	result, err := plan.Run(r.ctx)
	if err != nil {
		return out, err
	}
	terms, objectTypes := folded(operation.Get("terms")), folded(operation.Get("object_type_ids"))
	var below []eval.Entity
	context := member(operation, "context_id")
	if context != "" {
		below = r.store.Descendants(r.store.Find(r.store.Schemas().Type("Context"), context))
		slices.Sort(below)
	}
	result.Entities = slices.DeleteFunc(result.Entities, func(e eval.Entity) bool {
		if _, found := slices.BinarySearch(below, e); context != "" && !found {
			return true
		}
		if len(objectTypes) > 0 && !slices.Contains(objectTypes, eval.Fold(r.store.Named(e, "object_type_id").Text())) {
			return true
		}
		names := r.names(e)
		return slices.ContainsFunc(terms, func(term string) bool { return !strings.Contains(names, term) })
	})
	offset, _ := asked.Offset()
	result.Entities = result.Entities[min(offset, len(result.Entities)):]
	if limit, ok := asked.Limit(); ok {
		result.Entities = result.Entities[:min(limit, len(result.Entities))]
	}
	w := r.newWriter(r.denormalize, out)
	r.shuffles.served(asked, w.answer("search", plan, result, asked))
	return w.out, nil
}

func folded(list wire.Node) []string {
	var texts []string
	for item := range list.Elements() {
		if text := eval.Fold(item.Text()); text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

// names are the texts that a search looks through: of a context, the names on the way to it too.
func (r *request) names(e eval.Entity) string {
	var names []string
	for _, attribute := range []string{"name", "full_name", "username", "first_name", "last_name", "email", "content", "comment"} {
		if text := r.store.Named(e, attribute).Text(); text != "" {
			names = append(names, text)
		}
	}
	for at := e; r.store.TypeOf(at) != nil && r.store.TypeOf(at).IsA("Context") && len(names) < 64; {
		if at = r.store.Named(at, "parent").Entity(); at == 0 {
			break
		}
		names = append(names, r.store.Named(at, "name").Text())
	}
	return eval.Fold(strings.Join(names, "\n"))
}
