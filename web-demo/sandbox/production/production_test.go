package production_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/production"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/schemas"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/store"
)

func build(t *testing.T, plan production.Plan) *store.Store {
	set, err := schemas.Load()
	require.NoError(t, err)
	s := store.New(set.Schemas, store.Options{})
	require.NoError(t, production.Build(s, plan))
	return s
}

func TestSizes(t *testing.T) {
	for _, c := range []struct {
		plan            production.Plan
		projects, tasks int
	}{
		{production.Plan{Name: "demo", User: "demo"}, 1, 10_000},
		{production.Plan{Name: "demo", User: "demo", Tasks: 7}, 1, 7},
		{production.Plan{Name: "large", User: "demo", Tasks: 1003}, 8, 1003},
		{production.Plan{Name: "empty", User: "demo", Tasks: 5}, 0, 0},
	} {
		s := build(t, c.plan)
		require.Equal(t, c.projects, s.Len("Project"))
		require.Equal(t, c.tasks, s.Len("Task"))
	}
}

func TestEveryReferenceOfTheProductionLeadsSomewhere(t *testing.T) {
	s := build(t, production.Plan{Name: "demo", User: "demo", Tasks: 400})
	for _, typ := range []string{"TypedContext", "Appointment", "AssetVersion", "Component", "ComponentLocation", "Note", "Timelog", "List", "Membership", "Status", "StatusChange",
		"CustomAttributeConfiguration", "Recipient", "Manager"} {
		entities := s.Entities(s.Schemas().Type(typ))
		require.NotEmpty(t, entities, typ)
		for _, e := range entities {
			for _, a := range s.TypeOf(e).Attributes {
				if a.ForeignKey != "" && !s.Named(e, a.ForeignKey).IsNull() {
					require.NotZero(t, s.Value(e, a).Entity(), "%s.%s is %s", s.TypeOf(e).Name, a.Name, s.Named(e, a.ForeignKey).Text())
				}
			}
		}
	}
}

func TestAnUnknownProductionIsNamed(t *testing.T) {
	set, err := schemas.Load()
	require.NoError(t, err)
	require.ErrorContains(t, production.Build(store.New(set.Schemas, store.Options{}), production.Plan{Name: "huge"}), `"huge"`)
}

func TestUserNamesKeepTheLettersOfTheFirstName(t *testing.T) {
	s := build(t, production.Plan{Name: "demo", Tasks: 10, User: "demo"})
	users := s.Schemas().Type("User")
	for _, e := range s.Entities(users) {
		username, first := s.Named(e, "username").Text(), s.Named(e, "first_name").Text()
		if name, _, numbered := strings.Cut(username, "."); numbered {
			require.Equal(t, len([]rune(first)), len(name), "%s is %s", first, username)
			require.Regexp(t, `^[a-z]+$`, name)
		}
	}
}
