package store

import "strconv"

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
			if r = f.byUUID.get(id); r == 0 && typ >= 0 {
				r, created = s.newRecord(familyIndex, typ), true
				f.byUUID.put(id, r)
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
			f.byUUID.remove(id)
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
