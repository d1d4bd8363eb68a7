package location_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/location"
)

type vectors struct {
	Structures []struct {
		What      string
		Structure struct {
			Kind, Prefix, VersionsPrefix, Substitute string
			KeepNames                                bool
		}
		Component  location.Component
		Source     string
		Identifier string
		Error      bool
	}
	Patterns []struct {
		Text    string
		Head    *string
		Padding int
		Tail    string
		Indexes []int
		Files   []string
		Shown   string
	}
	Sequences []struct {
		Names []string
		Shown string
	}
	FileTypes       [][2]string
	BadIdentifiers  map[string]string
	GoodIdentifiers []string
}

// load reads the table that the JavaScript side is held to as well.
func load(t *testing.T) (v vectors) {
	data, err := os.ReadFile(filepath.Join("..", "..", "npm", "test", "location-vectors.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &v))
	return v
}

func TestStructuresGiveTheIdentifiersOfTheTable(t *testing.T) {
	rows := load(t).Structures
	require.NotEmpty(t, rows)
	for _, row := range rows {
		var structure location.Structure
		switch s := row.Structure; s.Kind {
		case "standard":
			structure = location.Standard{VersionsPrefix: s.VersionsPrefix, Substitute: s.Substitute, KeepNames: s.KeepNames}
		case "id":
			structure = location.ID{Prefix: s.Prefix}
		case "entityId":
			structure = location.EntityID{}
		case "origin":
			structure = location.Origin{}
		}
		require.NotNil(t, structure, row.What)
		identifier, err := structure.Identifier(&row.Component, row.Source)
		if row.Error {
			var fault *location.StructureError
			require.ErrorAs(t, err, &fault, row.What)
			assert.Equal(t, "STRUCTURE", fault.Code())
			continue
		}
		require.NoError(t, err, row.What)
		assert.Equal(t, row.Identifier, identifier, row.What)
	}
}

func TestPatternsAreReadAndWritten(t *testing.T) {
	table := load(t)
	require.NotEmpty(t, table.Patterns)
	for _, row := range table.Patterns {
		p, ok := location.ParsePattern(row.Text)
		require.Equal(t, row.Head != nil, ok, row.Text)
		if !ok {
			continue
		}
		assert.Equal(t, location.Pattern{Head: *row.Head, Tail: row.Tail, Padding: row.Padding, Indexes: row.Indexes}, p)
		var files []string
		for _, i := range p.Indexes {
			files = append(files, p.File(i))
		}
		assert.Equal(t, row.Files, files)
		assert.Equal(t, row.Shown, p.String())
	}
	for _, row := range table.Sequences {
		p, ok := location.PatternOf(row.Names)
		require.Equal(t, row.Shown != "", ok, row.Names)
		if ok {
			assert.Equal(t, row.Shown, p.String())
		}
	}
	for _, row := range table.FileTypes {
		assert.Equal(t, row[1], location.FileType(row[0]), row[0])
	}
}

func TestIdentifiersThatLeaveTheirPlaceAreRefused(t *testing.T) {
	table := load(t)
	require.NotEmpty(t, table.BadIdentifiers)
	for what, identifier := range table.BadIdentifiers {
		_, err := location.Split("read", identifier)
		assert.ErrorIs(t, err, location.ErrIdentifier, what)
	}
	for _, identifier := range table.GoodIdentifiers {
		_, err := location.Split("read", identifier)
		assert.NoError(t, err)
	}
}

func TestIdentifiersTellSequencesAndContainers(t *testing.T) {
	assert.True(t, location.IsSequence("a/b.%04d.exr"))
	assert.True(t, location.IsSequence("b.%d.exr"))
	assert.False(t, location.IsSequence("a.%04d/b.exr"))
	assert.Equal(t, "a/b", location.ContainerOf("a/b/c"))
	assert.Equal(t, "", location.ContainerOf("c"))
}
