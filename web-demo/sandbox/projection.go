package sandbox

import (
	"slices"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

// projection is what to write of the entities at one place of a reply.
type projection struct {
	columns   []column
	relations []relation
}

type column struct {
	attribute *schema.Attribute
	cast      *schema.EntityType // only of entities of this type
}

type relation struct {
	column
	of *projection
}

// project makes the tree of a plan's columns; without select it holds the type's default projections.
func project(schemas *schema.Schemas, plan *eval.Plan) *projection {
	root := &projection{}
	if len(plan.Columns) == 0 {
		root.addDefaults(schemas, plan.Type)
	}
	for _, c := range plan.Columns {
		at := root
		var cast *schema.EntityType
		for i, step := range c.Path {
			if !step.Attribute.IsRelation() {
				at.addColumn(step.Attribute, cast)
				break
			}
			at = at.addRelation(step.Attribute, cast)
			cast = step.Cast
			if i == len(c.Path)-1 {
				at.addDefaults(schemas, schemas.Type(step.Attribute.Target))
			}
		}
	}
	return root
}

func (p *projection) addDefaults(schemas *schema.Schemas, t *schema.EntityType) {
	if t == nil {
		return
	}
	for _, name := range t.DefaultProjections {
		if a := t.Attribute(name); a != nil && !a.IsRelation() {
			p.addColumn(a, nil)
		}
	}
}

func (p *projection) addColumn(a *schema.Attribute, cast *schema.EntityType) {
	if c := (column{a, cast}); !slices.Contains(p.columns, c) {
		p.columns = append(p.columns, c)
	}
}

func (p *projection) addRelation(a *schema.Attribute, cast *schema.EntityType) *projection {
	for i := range p.relations {
		if p.relations[i].attribute.Name == a.Name && p.relations[i].cast == cast {
			return p.relations[i].of
		}
	}
	of := &projection{}
	p.relations = append(p.relations, relation{column{a, cast}, of})
	return of
}

// systemColumns are the attributes that replies carry without being asked, by type index. The schemas have some
// under their legacy names; names without an attribute are dropped. The column that tells types of one table apart is one too.
func systemColumns(schemas *schema.Schemas) [][]*schema.Attribute {
	all := make([][]*schema.Attribute, len(schemas.Types()))
	for i, t := range schemas.Types() {
		names := slices.Clone(t.SystemProjections)
		for name := range t.Alias.Classifiers {
			names = append(names, name)
		}
		for _, name := range names {
			if a := attributeOf(t, name); a != nil && !slices.Contains(all[i], a) {
				all[i] = append(all[i], a)
			}
		}
		slices.SortFunc(all[i], func(a, b *schema.Attribute) int { return strings.Compare(a.Name, b.Name) })
	}
	return all
}

// attributeOf is the attribute that a name or legacy name stands for.
func attributeOf(t *schema.EntityType, name string) *schema.Attribute {
	if a := t.Attribute(name); a != nil && !a.IsRelation() {
		return a
	}
	for _, legacy := range []string{name, strings.TrimPrefix(name, "_")} {
		for _, a := range t.Legacy(legacy) {
			if !a.IsRelation() {
				return a
			}
		}
	}
	return nil
}
