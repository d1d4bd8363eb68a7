package survey

import (
	"math/bits"
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Place is where an entity stands in a body: an object of JSON.
type Place struct {
	Hash           uint64 // of its identity
	Content        uint32 // a checksum of the object's bytes
	Offset, Length uint32
}

// Hash tells an entity from others: by the name of the type at the top of its own, and the parts of its key.
func Hash(root string, key []string) uint64 {
	return hashKey(wire.Sum([]byte(root)), key)
}

func hashKey[text string | []byte](hash uint64, key []text) uint64 {
	for _, part := range key {
		hash = hash*0x9e3779b97f4a7c15 + wire.Sum([]byte(part))
	}
	return hash ^ hash>>32
}

// Checksum is one of 32 bits.
func Checksum(b []byte) uint32 {
	sum := wire.Sum(b)
	return uint32(sum ^ sum>>32)
}

// sorted gives places by hash, then by what is said, each of them once. Hashes are spread evenly: when they stand in as many buckets as
// there are places, by their upper bits, hardly any is far from its own place.
func sorted(places []Place) []Place {
	shift := 64 - min(bits.Len(uint(len(places))), 16)
	ends := make([]int32, 1<<(64-shift)+1)
	for i := range places {
		ends[places[i].Hash>>shift+1]++
	}
	for i := range len(ends) - 1 {
		ends[i+1] += ends[i]
	}
	out := make([]Place, len(places))
	for i := range places {
		bucket := places[i].Hash >> shift
		out[ends[bucket]] = places[i]
		ends[bucket]++
	}
	from := int32(0)
	for _, end := range ends[:len(ends)-1] {
		sortFew(out[from:end])
		from = end
	}
	return slices.CompactFunc(out, func(a, b Place) bool { return a.Hash == b.Hash && a.Content == b.Content && a.Length == b.Length })
}

// few is how many places are sorted one by one.
const few = 16

func sortFew(places []Place) {
	if len(places) > few {
		slices.SortFunc(places, func(a, b Place) int {
			switch {
			case before(&a, &b):
				return -1
			case before(&b, &a):
				return 1
			}
			return 0
		})
		return
	}
	for i := 1; i < len(places); i++ {
		p, j := places[i], i
		for ; j > 0 && before(&p, &places[j-1]); j-- {
			places[j] = places[j-1]
		}
		places[j] = p
	}
}

func before(a, b *Place) bool {
	return a.Hash < b.Hash || a.Hash == b.Hash && a.Content < b.Content
}
