package schemas

import (
	"bytes"
	_ "embed" // the schemas of a real server
	"encoding/json"
	"fmt"
	"sync"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

//go:embed query_schemas.json
var realSchemas []byte

// The studio's own type: an object type below TypedContext that no fresh server has.
const (
	StudioType         = "Cutscene"
	StudioObjectTypeID = "c7ad3ce4-4f4e-5b0c-9d58-2f6d1c1c8a11"
)

// Set is what a server says about its types.
type Set struct {
	Schemas *schema.Schemas
	Hash    string // the schema_hash of query_server_information
}

var load = sync.OnceValues(func() (*Set, error) {
	raw, err := withStudioType(realSchemas)
	if err != nil {
		return nil, err
	}
	hash, err := Hash(raw)
	if err != nil {
		return nil, err
	}
	parsed, err := schema.Parse(raw)
	if err != nil {
		return nil, err
	}
	return &Set{Schemas: parsed, Hash: hash}, nil
})

// Load gives the sandbox's types. They are read once; treat them as read-only.
func Load() (*Set, error) { return load() }

// Real is the reply of the real server, without the studio's type.
func Real() []byte { return bytes.Clone(realSchemas) }

// withStudioType appends the studio's type: a copy of Task under another name and object type.
func withStudioType(raw []byte) ([]byte, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, err
	}
	for _, item := range list {
		var head struct{ ID string }
		if err := json.Unmarshal(item, &head); err != nil {
			return nil, err
		}
		if head.ID != "Task" {
			continue
		}
		copied := map[string]any{}
		if err := json.Unmarshal(item, &copied); err != nil {
			return nil, err
		}
		copied["id"] = StudioType
		copied["alias_for"] = map[string]any{"id": "Task", "classifiers": map[string]any{"object_typeid": StudioObjectTypeID}}
		properties, _ := copied["properties"].(map[string]any)
		objectType, _ := properties["object_type_id"].(map[string]any)
		if objectType == nil {
			return nil, fmt.Errorf("schemas: Task has no object_type_id")
		}
		objectType["default"] = StudioObjectTypeID
		own, err := json.Marshal(copied)
		if err != nil {
			return nil, err
		}
		return json.Marshal(append(list, own))
	}
	return nil, fmt.Errorf("schemas: there is no Task to make %s of", StudioType)
}
