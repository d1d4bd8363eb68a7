// Package location knows where the files of components are: locations, the accessors that reach their storage, and the
// structures that say under which identifier a component stands there. It knows no session: components come as values,
// which the session fills from its entities.
//
// One component on its way into a location: the location's Structure makes the identifier, such as
// "my_project/seq010/sh010/plate/v003/main.exr", from a Component; its Transformer, where it has one, makes of it what the
// server registers; its Accessor writes the bytes below its root. An identifier is checked before each access (see Split):
// no name leaves the accessor's root, whatever file system is below.
package location
