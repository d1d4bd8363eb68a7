package production

import (
	"fmt"
	"strings"
)

// plainLetters writes first names as studios write them in user names.
var plainLetters = strings.NewReplacer("á", "a", "ã", "a", "é", "e", "è", "e", "ễ", "e", "ï", "i", "ó", "o", "ö", "o", "ō", "o", "ø", "o")

// people makes users, groups and roles; the user that requests come from is the first.
func (b *builder) people(caller string) {
	kind := b.add("UserType", "id", "ac9fa5aa-4361-11e0-b7cc-0019bb4983d8", "name", "User")
	first := []string{"Ada", "Björn", "Chloé", "Dmitri", "Eïla", "Fatima", "Grace", "Hélène", "Ingrid", "João", "Katarzyna", "Linus", "Mei", "Nguyễn", "Óscar", "Priya", "Quentin", "Ryōko", "Søren", "Tomás"}
	last := []string{"Lovelace", "Ångström", "Dubois", "O'Neil", "Nakamura", "Okafor", "Hopper", "Müller", "Çelik", "Silva"}
	add := func(username, firstName, lastName string) string {
		id := b.add("User", "id", ID("User/"+username), "username", username, "first_name", firstName, "last_name", lastName, "email", username+"@example.com",
			"is_active", len(b.users)%17 != 16, "is_otp_enabled", false, "is_totp_enabled", false, "require_details_update", false, "resource_type", "user", "user_type_id", kind)
		b.users = append(b.users, id)
		return id
	}
	b.caller = add(caller, "Demo", `"The" User`)
	for i := range 60 {
		f, l := first[i%len(first)], last[(i*7+i/20)%len(last)]
		if username := fmt.Sprintf("%s.%02d", plainLetters.Replace(strings.ToLower(f)), i); username != caller {
			add(username, f, l)
		}
	}
	for i, name := range []string{"Animation", "Lighting & Comp", "Modelling", `R&D "skunk works"`, "Produktion – Köln"} {
		parent := ""
		if i > 0 && i < 3 {
			parent = b.groups[0]
		}
		group := b.add("Group", "id", ID("Group/"+name), "name", name, "local", true, "resource_type", "group", "parent_id", parent)
		b.groups = append(b.groups, group)
		for k := i; k < len(b.users); k += 5 {
			b.add("Membership", "id", ID(name+b.users[k]), "group_id", group, "user_id", b.users[k])
		}
	}
	role := b.add("SecurityRole", "id", ID("SecurityRole/Administrator"), "name", "Administrator", "type", "PROJECT")
	b.add("SecurityRole", "id", ID("SecurityRole/User"), "name", "User", "type", "PROJECT")
	b.add("UserSecurityRole", "id", ID("UserSecurityRole/0"), "user_id", b.caller, "security_role_id", role, "is_all_projects", true, "is_all_open_projects", true)
}
