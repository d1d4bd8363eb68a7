//go:build !js

package jsbridge

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// beyondTable is the code of an error that has no name: JavaScript makes a plain FtrackError of it.
const beyondTable = "INTERNAL"

// goCodes are the codes that the sources in some folders can give an error, and the places that do.
func goCodes(t *testing.T, folders ...string) map[string][]string {
	codes := map[string][]string{}
	for _, folder := range folders {
		paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
		require.NoError(t, err)
		require.NotEmpty(t, paths, folder)
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			files := token.NewFileSet()
			source, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
			require.NoError(t, err)
			note := func(e ast.Expr) {
				literal, ok := e.(*ast.BasicLit)
				if !ok || literal.Kind != token.STRING {
					return
				}
				code, err := strconv.Unquote(literal.Value)
				require.NoError(t, err)
				codes[code] = append(codes[code], files.Position(literal.Pos()).String())
			}
			ast.Inspect(source, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FuncDecl:
					if n.Name.Name == "Code" && n.Body != nil {
						ast.Inspect(n.Body, func(n ast.Node) bool {
							if r, ok := n.(*ast.ReturnStmt); ok && len(r.Results) == 1 {
								note(r.Results[0])
							}
							return true
						})
					}
				case *ast.CompositeLit:
					if name, ok := n.Type.(*ast.Ident); ok && name.Name == "codedError" && len(n.Elts) > 0 {
						note(n.Elts[0])
					}
				}
				return true
			})
		}
	}
	return codes
}

func section(t *testing.T, text, from, to string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, from)
	require.True(t, ok, "errors.ts has %q", from)
	part, _, ok := strings.Cut(rest, to)
	require.True(t, ok, "errors.ts has %q after %q", to, from)
	return part
}

func TestErrorsHaveTheSameCodesInGoAndInJavaScript(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "npm", "src", "errors.ts"))
	require.NoError(t, err)
	source := strings.ReplaceAll(string(data), "\r\n", "\n")
	var union []string
	for _, m := range regexp.MustCompile(`\| "([A-Z_]+)"`).FindAllStringSubmatch(section(t, source, "export type ErrorCode =", ";"), -1) {
		union = append(union, m[1])
	}
	table := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^ +([A-Z_]+): (\w+),$`).FindAllStringSubmatch(section(t, source, "export const CORE_ERRORS = {", "\n}"), -1) {
		table[m[1]] = m[2]
	}
	codes := goCodes(t, filepath.Join("..", "session"), filepath.Join("..", "session", "wire"), ".", "fetch", "socket")
	require.Contains(t, codes, beyondTable)
	delete(codes, beyondTable)

	assert.Greater(t, len(table), 10, "the table was found")
	assert.Equal(t, slices.Sorted(maps.Keys(table)), slices.Sorted(maps.Keys(codes)), "JavaScript's table, and what Go returns: %v", codes)
	for code, class := range table {
		assert.Contains(t, union, code)
		assert.Contains(t, section(t, source, "export class "+class+" ", "\n}"), strconv.Quote(code), "the class of the code bears it")
	}
	for _, code := range union {
		if _, ofCore := table[code]; !ofCore {
			assert.NotContains(t, codes, code, "only JavaScript makes it")
		}
	}
	assert.NotContains(t, union, beyondTable)
}

func TestErrorsOfLocationsHaveTheSameCodesInGoAndInJavaScript(t *testing.T) {
	compareTable(t, "location-errors.ts", "LOCATION_ERRORS", 10, filepath.Join("..", "session", "location"))
}

func TestErrorsOfEventsHaveTheSameCodesInGoAndInJavaScript(t *testing.T) {
	compareTable(t, "event-errors.ts", "EVENT_ERRORS", 5, filepath.Join("..", "session", "event"), filepath.Join("..", "session", "event", "socketio"))
}

// compareTable compares a table of error classes with what Go returns in some folders.
func compareTable(t *testing.T, file, name string, least int, folders ...string) {
	t.Helper()
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join("..", "npm", "src", name))
		require.NoError(t, err)
		return strings.ReplaceAll(string(data), "\r\n", "\n")
	}
	source := read(file)
	table := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^ +([A-Z_]+): (\w+),$`).FindAllStringSubmatch(section(t, source, "export const "+name+" = {", "\n}"), -1) {
		table[m[1]] = m[2]
	}
	codes := goCodes(t, folders...)
	assert.Greater(t, len(table), least, "the table was found")
	assert.Equal(t, slices.Sorted(maps.Keys(table)), slices.Sorted(maps.Keys(codes)), "JavaScript's table, and what Go returns: %v", codes)
	for code, class := range table {
		assert.Contains(t, section(t, read("errors.ts"), "export type ErrorCode =", ";"), strconv.Quote(code))
		assert.Contains(t, section(t, source+read("errors.ts"), "export class "+class+" ", "\n}"), strconv.Quote(code), "the class of the code bears it")
	}
}

func TestTheSearchForCodesReadsReturnsAndLiterals(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "a_js.go"), []byte(`package a
var e = &codedError{"PLANTED_LITERAL", "text"}
func (e *x) Code() string { if e == nil { return "PLANTED_FIRST" }; return "PLANTED_SECOND" }
func (e *x) Error() string { return "OTHER" }
`), 0o600))
	assert.Equal(t, []string{"PLANTED_FIRST", "PLANTED_LITERAL", "PLANTED_SECOND"}, slices.Sorted(maps.Keys(goCodes(t, folder))))
}
