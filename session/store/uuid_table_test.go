package store

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestATableOfIdentitiesIsAMap(t *testing.T) {
	const c = 0x9e3779b97f4a7c15
	kinds := map[string]func(n uint64) uuid{
		"spread":          func(n uint64) uuid { return uuid{n * 0xd1342543de82ef95, n * 0xaf251af3b0f025b5} },
		"counted":         func(n uint64) uuid { return uuid{0x4000, n} },
		"one hash of all": func(n uint64) uuid { return uuid{n * c, n} }, // a server that wants to do harm
	}
	for name, id := range kinds {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			var table uuidTable
			known := map[uuid]Record{}
			for step := range 60_000 {
				at := id(random.Uint64N(3000))
				switch {
				case random.IntN(3) > 0 || step < 3000:
					r := Record(step + 1)
					table.put(at, r)
					known[at] = r
				default:
					table.remove(at)
					delete(known, at)
				}
				require.Equal(t, known[at], table.get(at))
			}
			for n := range uint64(3000) {
				require.Equal(t, known[id(n)], table.get(id(n)), n)
			}
		})
	}
}

func TestOnlyTheUsualFormOfAUUIDIsPacked(t *testing.T) {
	text := "0123abcd-4567-89ef-8f0e-1d2c3b4a5968"
	id, ok := parseUUID([]byte(text))
	require.True(t, ok)
	assert.Equal(t, text, fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", id.high>>32, id.high>>16&0xffff, id.high&0xffff, id.low>>48, id.low&0xffffffffffff))
	for at := range text {
		for c := range 256 {
			if strings.ContainsRune("0123456789abcdef", rune(c)) || text[at] == '-' && c == '-' {
				if text[at] != '-' && c != '-' {
					continue
				}
			}
			other := []byte(text)
			other[at] = byte(c)
			_, ok := parseUUID(other)
			assert.Equal(t, text[at] == byte(c), ok, "byte %d is %#x", at, c)
		}
	}
	_, ok = parseUUID([]byte(text[1:]))
	assert.False(t, ok)
}
