package location

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// longestName is what the common file systems bear, in bytes.
const longestName = 255

// Split checks an identifier and gives its names, composed (NFC), so that the normal forms of one name are one resource on
// every storage. "" is the root and has no names. An identifier whose names some file system would refuse, take for another
// name, or leave the root by, is an *AccessorError of ErrIdentifier: empty names, "." and "..", control characters, what Windows
// reserves (characters, device names, a dot or space at the end), names of more than 255 bytes.
func Split(op, identifier string) ([]string, error) {
	if identifier == "" {
		return nil, nil
	}
	if !utf8.ValidString(identifier) {
		return nil, identifierError(op, identifier, "it is no UTF-8")
	}
	names := strings.Split(norm.NFC.String(identifier), "/")
	for _, name := range names {
		if reason := nameFault(name); reason != "" {
			return nil, identifierError(op, identifier, reason)
		}
	}
	return names, nil
}

// nameFault is what is wrong with a name, "" when it can stand anywhere.
func nameFault(name string) string {
	switch {
	case name == "":
		return "a name in it is empty"
	case name == "." || name == "..":
		return "it leaves its place"
	case len(name) > longestName:
		return "a name has more than " + strconv.Itoa(longestName) + " bytes"
	case strings.HasSuffix(name, ".") || strings.HasSuffix(name, " "):
		return "a name ends with a dot or a space"
	}
	for _, r := range name {
		if r < 0x20 || r == 0x7f {
			return "a name has a control character"
		}
		if strings.ContainsRune(`\:*?"<>|`, r) {
			return "a name has the character " + string(r)
		}
	}
	stem, _, _ := strings.Cut(name, ".")
	if isDevice(strings.ToUpper(strings.TrimRight(stem, " "))) {
		return "a name is that of a device on Windows"
	}
	return ""
}

func isDevice(stem string) bool {
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	if len(stem) < 4 || stem[:3] != "COM" && stem[:3] != "LPT" {
		return false
	}
	switch stem[3:] {
	case "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³":
		return true
	}
	return false
}

// ContainerOf is the identifier of what a resource stands in, "" for the root.
func ContainerOf(identifier string) string {
	return strings.TrimSuffix(folderOf(identifier), "/")
}

// IsSequence reports whether an identifier is that of a sequence: its last name has an index in it, such as %04d.
func IsSequence(identifier string) bool {
	_, _, _, ok := cutIndex(identifier[len(folderOf(identifier)):])
	return ok
}

func identifierError(op, identifier, reason string) error {
	return &AccessorError{Kind: ErrIdentifier, Op: op, Identifier: identifier, Err: reasonError(reason)}
}

type reasonError string

func (e reasonError) Error() string { return string(e) }

func quoted(text string) string {
	if len(text) > 200 {
		text = text[:200]
	}
	return strconv.Quote(text)
}
