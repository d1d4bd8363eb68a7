package location

import (
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Standard orders components as the studio's tree has them: project, what stands between project and version, asset,
// version, file: "my_project/seq010/sh010/plate/v003/main.exr". A sequence is "name.%04d.exr", its member "name.0004.exr" beside it; a container is a
// folder with its members in it.
type Standard struct {
	// VersionsPrefix is a folder for versions that stand directly below their project; "" is none.
	VersionsPrefix string
	// Substitute stands for what no file name should have; "" is an underscore.
	Substitute string
	// KeepNames leaves names as they are. A name with a slash in it makes folders then.
	KeepNames bool
}

// Identifier is made of names, cleaned of what file systems do not bear. The source does not matter.
func (s Standard) Identifier(c *Component, _ string) (string, error) {
	if in := c.In; in != nil && c.Kind == File {
		above, err := s.Identifier(in, "")
		switch {
		case err != nil:
			return "", err
		case in.Kind == Sequence:
			return folderOf(above) + s.Sanitise(in.Name+"."+c.Name+c.FileType), nil
		}
		return above + "/" + s.Sanitise(c.Name+c.FileType), nil
	}
	v := c.Version
	if v == nil || v.Asset == "" || v.Project == "" {
		return "", structureError(c, "it must be of a committed version of a committed asset in a project")
	}
	parts := append([]string{v.Project}, v.Link...)
	if len(v.Link) == 0 && s.VersionsPrefix != "" {
		parts = append(parts, s.VersionsPrefix)
	}
	parts = append(parts, v.Asset, versionText(v.Number))
	for i, part := range parts {
		parts[i] = s.Sanitise(part)
	}
	switch c.Kind {
	case File:
		parts = append(parts, s.Sanitise(c.Name+c.FileType))
	case Sequence:
		parts = append(parts, s.Sanitise(c.Name)+"."+c.expression()+s.Sanitise(c.FileType))
	case Container:
		parts = append(parts, s.Sanitise(c.Name))
	default:
		return "", structureError(c, "there is no identifier for a "+string(c.Kind))
	}
	return strings.Join(parts, "/"), nil
}

func versionText(number int) string {
	text := strconv.Itoa(number)
	return "v" + strings.Repeat("0", max(0, 3-len(text))) + text
}

// Sanitise is a name as it may stand in an identifier: decomposed, without what is not ASCII then, with the substitute for what
// is no letter, digit, "_", "." or "-", in lower case.
func (s Standard) Sanitise(name string) string {
	if s.KeepNames {
		return name
	}
	substitute := s.Substitute
	if substitute == "" {
		substitute = "_"
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(name) {
		switch {
		case r >= 0x80:
		case r == '_', r == '.', r == '-', '0' <= r && r <= '9', 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z':
			b.WriteByte(byte(r))
		default:
			b.WriteString(substitute)
		}
	}
	return strings.ToLower(strings.TrimSpace(b.String()))
}
