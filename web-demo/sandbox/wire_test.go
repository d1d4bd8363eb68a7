package sandbox_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
)

// python-wire.json holds what ftrack-python sent: `server` are the entities that exist, each case starts anew.
type pythonWire struct {
	IDs    map[string]string `json:"ids"`
	Server map[string]object `json:"server"`
	Cases  []struct {
		Name  string `json:"name"`
		Steps []struct {
			Requests []json.RawMessage `json:"requests"`
		} `json:"steps"`
	} `json:"cases"`
}

// entities are those of the file in the form of replies.
func (p *pythonWire) entities() []object {
	stub := func(alias string) object {
		return object{"__entity_type__": p.Server[alias]["__entity_type__"], "id": p.IDs[alias]}
	}
	var all []object
	for alias, values := range p.Server {
		entity := object{"id": p.IDs[alias]}
		for name, value := range values {
			switch value := value.(type) {
			case object:
				entity[name] = stub(value["ref"].(string))
			case []any:
				var list []object
				for _, item := range value {
					list = append(list, stub(item.(string)))
				}
				entity[name] = list
			default:
				entity[name] = value
			}
		}
		all = append(all, entity)
	}
	return all
}

func TestEveryRequestOfThePythonClientIsAccepted(t *testing.T) {
	var file pythonWire
	require.NoError(t, json.Unmarshal(fixture(t, "python-wire.json"), &file))
	require.NotEmpty(t, file.Cases)
	entities, err := json.Marshal(file.entities())
	require.NoError(t, err)
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			s := newServer(t, sandbox.Options{})
			require.NoError(t, s.handler.Seed(entities))
			for _, step := range c.Steps {
				for _, request := range step.Requests {
					status, answer := s.post(request)
					require.Equal(t, http.StatusOK, status)
					var replies []object
					require.NoError(t, json.Unmarshal(answer, &replies), "%s\n%s", request, answer)
				}
			}
		})
	}
}
