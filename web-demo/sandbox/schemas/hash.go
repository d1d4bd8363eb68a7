package schemas

import (
	"bytes"
	"crypto/md5" //nolint:gosec // the protocol's choice; nothing secret is hashed
	"encoding/hex"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// Hash is the schema_hash of a schema array: the MD5 of its JSON as Python's json.dumps writes it with sorted keys.
func Hash(raw []byte) (string, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return "", err
	}
	sum := md5.Sum(appendPython(nil, value)) //nolint:gosec // see above
	return hex.EncodeToString(sum[:]), nil
}

func appendPython(out []byte, value any) []byte {
	switch v := value.(type) {
	case nil:
		return append(out, "null"...)
	case bool:
		return strconv.AppendBool(out, v)
	case json.Number:
		return appendNumber(out, v.String())
	case string:
		return appendText(out, v)
	case []any:
		out = append(out, '[')
		for i, item := range v {
			if i > 0 {
				out = append(out, ", "...)
			}
			out = appendPython(out, item)
		}
		return append(out, ']')
	case map[string]any:
		keys := make([]string, 0, len(v))
		for key := range v {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		out = append(out, '{')
		for i, key := range keys {
			if i > 0 {
				out = append(out, ", "...)
			}
			out = append(appendText(out, key), ": "...)
			out = appendPython(out, v[key])
		}
		return append(out, '}')
	}
	return out
}

// appendNumber leaves integers as they are and writes floats as Python's repr.
func appendNumber(out []byte, text string) []byte {
	if !strings.ContainsAny(text, ".eE") {
		return append(out, text...)
	}
	f, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil && f > 0:
		return append(out, "Infinity"...)
	case err != nil:
		return append(out, "-Infinity"...)
	case f != 0 && (math.Abs(f) < 1e-4 || math.Abs(f) >= 1e16):
		return strconv.AppendFloat(out, f, 'e', -1, 64)
	}
	start := len(out)
	out = strconv.AppendFloat(out, f, 'f', -1, 64)
	if !bytes.ContainsRune(out[start:], '.') {
		out = append(out, ".0"...)
	}
	return out
}

func appendText(out []byte, text string) []byte {
	const digits = "0123456789abcdef"
	short := map[rune]byte{'"': '"', '\\': '\\', '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f'}
	out = append(out, '"')
	for _, r := range text {
		if letter, ok := short[r]; ok {
			out = append(out, '\\', letter)
			continue
		}
		if r >= 0x20 && r <= 0x7e {
			out = append(out, byte(r))
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			out = append(out, '\\', 'u', digits[unit>>12], digits[unit>>8&15], digits[unit>>4&15], digits[unit&15])
		}
	}
	return append(out, '"')
}
