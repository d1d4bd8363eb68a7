package sandbox

import (
	"fmt"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// role is what the actions of security roles name: a user, a role, and the row that gives it, 0 for none.
type role struct {
	user, role, given eval.Entity
}

func (r *request) roleOf(operation wire.Node) (role, error) {
	user, err := r.namedEntity(operation, "user_id", "User")
	if err != nil {
		return role{}, err
	}
	of, err := r.namedEntity(operation, "role_id", "SecurityRole")
	if err != nil {
		return role{}, err
	}
	return role{user, of, r.givenRole(user, of)}, nil
}

// givenRole is the row that gives a user a role, 0 for none.
func (r *request) givenRole(user, of eval.Entity) eval.Entity {
	for _, row := range r.found("UserSecurityRole", "user_id", eval.Text(r.store.ID(user))) {
		if r.store.Named(row, "security_role_id").Text() == r.store.ID(of) {
			return row
		}
	}
	return 0
}

// mustHave refuses a role that the user does not have.
func (r *request) mustHave(operation wire.Node) (role, error) {
	of, err := r.roleOf(operation)
	if err == nil && of.given == 0 {
		err = invalid(fmt.Sprintf("The user %q does not have the role %q.", r.store.ID(of.user), r.store.ID(of.role)))
	}
	return of, err
}

func done(out []byte, operation wire.Node) []byte {
	return append(answered(out, operation), `,"success":true}`...)
}

func (r *request) addRole(operation wire.Node, out []byte) ([]byte, error) {
	of, err := r.roleOf(operation)
	if err != nil {
		return out, err
	}
	if of.given != 0 {
		return out, invalid(fmt.Sprintf("The user %q has the role %q already.", r.store.ID(of.user), r.store.ID(of.role)))
	}
	_, err = r.giveRole(of.user, of.role)
	return done(out, operation), err
}

func (r *request) giveRole(user, of eval.Entity) (eval.Entity, error) {
	fields := textFields("id", newID(), "user_id", r.store.ID(user), "security_role_id", r.store.ID(of))
	fields = append(fields, field("is_all_projects", eval.Bool(false)), field("is_all_open_projects", eval.Bool(false)))
	return r.store.Insert(r.store.Schemas().Type("UserSecurityRole"), fields...)
}

func (r *request) removeRole(operation wire.Node, out []byte) ([]byte, error) {
	of, err := r.mustHave(operation)
	if err != nil {
		return out, err
	}
	r.remove(of.given)
	return done(out, operation), nil
}

// updateRole gives a user another role instead.
func (r *request) updateRole(operation wire.Node, out []byte) ([]byte, error) {
	of, err := r.mustHave(operation)
	if err != nil {
		return out, err
	}
	instead, err := r.namedEntity(operation, "new_role_id", "SecurityRole")
	if err != nil {
		return out, err
	}
	if other := r.givenRole(of.user, instead); other != 0 && other != of.given {
		return out, invalid(fmt.Sprintf("The user %q has the role %q already.", r.store.ID(of.user), r.store.ID(instead)))
	}
	t := r.store.TypeOf(of.given)
	return done(out, operation), r.store.Set(of.given, t.Attribute("security_role_id"), r.identity(instead))
}

func (r *request) grantProject(operation wire.Node, out []byte) ([]byte, error) {
	of, project, row, err := r.projectRole(operation)
	if err != nil || row != 0 {
		return done(out, operation), err
	}
	fields := textFields("id", newID(), "user_security_role_id", r.store.ID(of.given), "project_id", r.store.ID(project))
	_, err = r.store.Insert(r.store.Schemas().Type("UserSecurityRoleProject"), fields...)
	return done(out, operation), err
}

func (r *request) revokeProject(operation wire.Node, out []byte) ([]byte, error) {
	_, project, row, err := r.projectRole(operation)
	if err != nil {
		return out, err
	}
	if row == 0 {
		return out, invalid(fmt.Sprintf("The role is not given on the project %q.", r.store.ID(project)))
	}
	r.remove(row)
	return done(out, operation), nil
}

// projectRole is a role that a user has, a project, and the row that gives the role on it, 0 for none.
func (r *request) projectRole(operation wire.Node) (of role, project, row eval.Entity, err error) {
	if of, err = r.mustHave(operation); err != nil {
		return of, 0, 0, err
	}
	if project, err = r.namedEntity(operation, "project_id", "Project"); err != nil {
		return of, 0, 0, err
	}
	for _, candidate := range r.found("UserSecurityRoleProject", "user_security_role_id", eval.Text(r.store.ID(of.given))) {
		if r.store.Named(candidate, "project_id").Text() == r.store.ID(project) {
			return of, project, candidate, nil
		}
	}
	return of, project, 0, nil
}
