package store

import "strconv"

type uuid [16]byte

// uuidLength is that of a UUID's text.
const uuidLength = 36

// hexValues maps a lower-case hexadecimal digit to its value, everything else to 0xff. Upper case is another text and
// so another identity: only the form that a UUID prints as is packed.
var hexValues = func() (table [256]byte) {
	for i := range table {
		table[i] = 0xff
	}
	for i, c := range "0123456789abcdef" {
		table[c] = byte(i)
	}
	return
}()

// parseUUID packs the 36 characters of a UUID; false for every other text.
func parseUUID(b []byte) (id uuid, ok bool) {
	if len(b) != uuidLength || b[8] != '-' || b[13] != '-' || b[18] != '-' || b[23] != '-' {
		return id, false
	}
	bad := byte(0)
	i := 0
	for k := 0; k < 36; k += 2 {
		if k == 8 || k == 13 || k == 18 || k == 23 {
			k++
		}
		high, low := hexValues[b[k]], hexValues[b[k+1]]
		bad |= high | low
		id[i] = high<<4 | low&15
		i++
	}
	return id, bad < 16
}

// keyParts are the raw bytes of a primary key, in the schema's order.
type keyParts [][]byte

// find looks an identity up in a family, and makes a record of the type when there is none and typ >= 0.
func (s *Store) find(f *family, familyIndex int16, typ int32, parts keyParts) (r Record, created bool) {
	if r, created = s.lookUp(f, familyIndex, typ, parts); !created && s.doomed(r) {
		s.evict(r) // what it refers to may be gone already
		return s.lookUp(f, familyIndex, typ, parts)
	}
	return r, created
}

func (s *Store) lookUp(f *family, familyIndex int16, typ int32, parts keyParts) (r Record, created bool) {
	switch len(parts) {
	case 1:
		if id, ok := parseUUID(parts[0]); ok {
			if r = f.byUUID[id]; r == 0 && typ >= 0 {
				r, created = s.newRecord(familyIndex, typ), true
				f.byUUID[id] = r
			}
			return r, created
		}
	case 2:
		a, ok := parseUUID(parts[0])
		b, both := parseUUID(parts[1])
		if ok && both {
			if r = f.byPair[[2]uuid{a, b}]; r == 0 && typ >= 0 {
				r, created = s.newRecord(familyIndex, typ), true
				f.byPair[[2]uuid{a, b}] = r
			}
			return r, created
		}
	}
	text := joinKey(parts)
	if r = f.byText[text]; r == 0 && typ >= 0 {
		r, created = s.newRecord(familyIndex, typ), true
		f.byText[text] = r
	}
	return r, created
}

// forget takes an identity out of its family.
func (f *family) forget(parts keyParts) {
	switch len(parts) {
	case 1:
		if id, ok := parseUUID(parts[0]); ok {
			delete(f.byUUID, id)
			return
		}
	case 2:
		a, ok := parseUUID(parts[0])
		b, both := parseUUID(parts[1])
		if ok && both {
			delete(f.byPair, [2]uuid{a, b})
			return
		}
	}
	delete(f.byText, joinKey(parts))
}

// joinKey makes one text of several parts; lengths keep ("a", "bc") and ("ab", "c") apart.
func joinKey(parts keyParts) string {
	if len(parts) == 1 {
		return string(parts[0])
	}
	var b []byte
	for _, p := range parts {
		b = strconv.AppendInt(b, int64(len(p)), 10)
		b = append(b, ':')
		b = append(b, p...)
	}
	return string(b)
}
