package sandbox

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// sourced are the lines of a table: the first cell, and the last one.
func sourced(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("FACTS.md")
	require.NoError(t, err)
	lines := map[string]string{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		name := strings.TrimSpace(cells[0])
		if len(cells) < 3 || name == "rule" || name == "switch" || strings.HasPrefix(name, "---") {
			continue
		}
		require.NotContains(t, lines, name, "it stands twice")
		lines[name] = strings.TrimSpace(cells[len(cells)-1])
	}
	return lines
}

func TestEveryRuleHasASource(t *testing.T) {
	source := regexp.MustCompile(`reference \d|fixtures? [a-z]`)
	lines := sourced(t)
	known := map[string]bool{}
	for _, rule := range rules {
		require.Regexp(t, source, lines[rule], rule)
		require.False(t, known[rule], "%s stands twice", rule)
		known[rule] = true
	}
	for _, s := range switches {
		require.Regexp(t, source, lines[s.name], s.name)
		known[s.name] = true
	}
	for name := range lines {
		require.True(t, known[name], "FACTS.md tells of %q, which no rule is", name)
	}
}

func TestEveryValueOfASwitchIsListed(t *testing.T) {
	text, err := os.ReadFile("FACTS.md")
	require.NoError(t, err)
	for _, s := range switches {
		require.Contains(t, string(text), "| "+s.name+" | "+strings.Join(s.values, ", ")+" |")
	}
}
