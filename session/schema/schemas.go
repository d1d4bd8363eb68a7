package schema

import "strings"

// Type is the type of a name, nil when the server has none.
func (s *Schemas) Type(name string) *EntityType { return s.byName[name] }

// Types are all types, sorted by name.
func (s *Schemas) Types() []*EntityType { return s.types }

// Raw is the JSON that the schemas were read from.
func (s *Schemas) Raw() []byte { return s.raw }

// FamilySlots are the attribute names of a family by slot; nil for a family that does not exist.
func (s *Schemas) FamilySlots(family int32) []string {
	if family < 0 || int(family) >= len(s.slots) {
		return nil
	}
	return s.slots[family]
}

// bases are the parts of the inheritance that do not follow from names (reference, section 9).
var bases = [...]struct{ entityType, base string }{
	{"Project", "Context"}, {"TypedContext", "Context"}, {"User", "Resource"}, {"Group", "Resource"},
	{"FileComponent", "Component"}, {"SequenceComponent", "Component"}, {"ContainerComponent", "Component"},
	{"TypedContextList", "List"}, {"AssetVersionList", "List"},
	{"TypedContextStatusChange", "StatusChange"}, {"AssetVersionStatusChange", "StatusChange"},
	{"CustomAttributeConfiguration", "CustomConfigurationBase"}, {"CustomAttributeLinkConfiguration", "CustomConfigurationBase"},
}

// inherit sets bases and roots. A type below TypedContext is told by its table and classifiers, so that a studio's own
// object types are found too.
func (s *Schemas) inherit() {
	for _, t := range s.types {
		base := ""
		for _, known := range bases {
			if known.entityType == t.Name {
				base = known.base
			}
		}
		if base == "" && t.Name != "TypedContext" && t.Alias.Table == "Task" && len(t.Alias.Classifiers) > 0 {
			base = "TypedContext"
		}
		for _, suffix := range [...]string{"CustomAttributeValue", "CustomAttributeLinkFrom", "CustomAttributeLink"} {
			if base == "" && t.Name != suffix && strings.HasSuffix(t.Name, suffix) {
				base = suffix
			}
		}
		if b := s.byName[base]; b != nil {
			t.Base = b
			b.Derived = append(b.Derived, t)
		}
	}
	family := int32(0)
	for _, t := range s.types {
		t.Root = t
		for t.Root.Base != nil {
			t.Root = t.Root.Base
		}
		if t.Root == t {
			t.Family = family
			family++
		}
	}
	for _, t := range s.types {
		t.Family = t.Root.Family
	}
	s.slots = make([][]string, family)
}

// assignSlots gives every name of a family one place.
func (s *Schemas) assignSlots() {
	places := make([]map[string]int32, len(s.slots))
	for _, t := range s.types {
		if places[t.Family] == nil {
			places[t.Family] = map[string]int32{}
		}
		for _, a := range t.Attributes {
			places[t.Family][a.Name] = 0
		}
	}
	for family, names := range places {
		s.slots[family] = sortedNames(names)
		for slot, name := range s.slots[family] {
			names[name] = int32(slot)
		}
	}
	for _, t := range s.types {
		for _, a := range t.Attributes {
			a.Slot = places[t.Family][a.Name]
		}
	}
}

// Nearest is the known type whose name is most alike, "" when none is near.
func (s *Schemas) Nearest(name string) string {
	names := make([]string, len(s.types))
	for i, t := range s.types {
		names[i] = t.Name
	}
	return Nearest(name, names)
}

// Nearest is the candidate with the fewest edits from a name, letter case aside; "" when it would take more than a
// third of the letters.
func Nearest(name string, candidates []string) string {
	lower := strings.ToLower(name)
	best, least := "", len(name)/3+1
	for _, candidate := range candidates {
		if d := distance(lower, strings.ToLower(candidate), least); d < least {
			best, least = candidate, d
		}
	}
	return best
}

// distance counts insertions, deletions, changes and swaps of neighbours, up to a bound.
func distance(a, b string, bound int) int {
	if len(a)-len(b) >= bound || len(b)-len(a) >= bound {
		return bound
	}
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for k := range row {
		row[k] = k
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		for k := 1; k <= len(b); k++ {
			cost := 1
			if a[i-1] == b[k-1] {
				cost = 0
			}
			next[k] = min(row[k]+1, next[k-1]+1, row[k-1]+cost)
			if i > 1 && k > 1 && a[i-1] == b[k-2] && a[i-2] == b[k-1] {
				next[k] = min(next[k], before[k-2]+1)
			}
		}
		before, row, next = row, next, before
	}
	return row[len(b)]
}
