//go:build !js

package session

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/location"
)

// ComponentFile is what a component is made of: a name, by which its type is found, and its bytes.
type ComponentFile struct {
	Name string // of the file, with or without folders
	Size int64  // in bytes; -1 where it is not known
	// Open gives the bytes; it is called once, and what it gives is closed. An *os.File goes up in several parts at once.
	Open func() (io.ReadCloser, error)
}

// FilesOf are the files that a path names in a file system, such as os.DirFS("/renders"): one, or those of a pattern like
// "head.%04d.exr [1-5, 7]".
func FilesOf(fsys fs.FS, path string) ([]ComponentFile, error) {
	names := []string{path}
	if p, ok := location.ParsePattern(path); ok {
		names = names[:0]
		for _, i := range p.Indexes {
			names = append(names, p.File(i))
		}
	}
	files := make([]ComponentFile, len(names))
	for i, name := range names {
		info, err := fs.Stat(fsys, name)
		if err != nil {
			return nil, err
		}
		if info.IsDir() {
			return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("it is a folder")}
		}
		files[i] = ComponentFile{Name: name, Size: info.Size(), Open: func() (io.ReadCloser, error) { return fsys.Open(name) }}
	}
	return files, nil
}

// ComponentOptions are what a component is made with.
type ComponentOptions struct {
	Name string         // "" is the file's name without its extension
	Data map[string]any // values of the component: version_id, ...
	// Location is the id of where the data goes; "" is the preferred one that can be reached, NoLocation makes the component only.
	Location string
	// OnProgress is told how many bytes were written, of how many; of a source of unknown size the second grows with the first. What is
	// sent again counts again. The calls come one after the other.
	OnProgress func(loaded, total int64)
}

// NoLocation makes a component without putting its data anywhere.
const NoLocation = "none"

// planned is a component that is about to be made.
type planned struct {
	values    map[string]any
	described *location.Component
	file      *ComponentFile
	from      string // what the whole comes from, as one name
}

// CreateComponent makes a component of a file and puts its data into a location: a FileComponent; several files make a
// SequenceComponent with its members, or a ContainerComponent where they are no sequence. The data is stored first, then everything
// is made and registered in one request of its own: nothing that is recorded goes along. When it fails, what was written is removed
// again, or named by the *location.Error. ctx ends what comes before that request; the answer to it is waited for, Options.Timeout at most.
func (s *Session) CreateComponent(ctx context.Context, files []ComponentFile, options ComponentOptions) (*Entity, error) {
	if len(files) == 0 {
		return nil, &ArgumentError{"create component: there is no file"}
	}
	plan, err := s.planComponent(ctx, files, options)
	if err != nil {
		return nil, err
	}
	to, err := s.componentTarget(ctx, plan[0].described.Name, options.Location)
	if err != nil {
		return nil, err
	}
	var own []Own
	written := map[string]string{}
	moved := &moved{onProgress: options.OnProgress}
	for _, f := range files {
		moved.total += max(f.Size, 0)
	}
	for i := range plan {
		p := &plan[i]
		if to.ID == "" {
			own = append(own, Own{Create: string(p.described.Kind), Values: p.values})
			continue
		}
		identifier, err := to.Structure.Identifier(p.described, p.source())
		if err == nil && p.file != nil {
			if err = s.storeFile(ctx, to, identifier, p, moved); err == nil {
				written[p.described.ID] = identifier
			}
		}
		if err != nil {
			return nil, s.takeBack(ctx, to, written, err)
		}
		registration, err := s.registration(to, p.described.ID, identifier, p.described)
		if err != nil {
			return nil, s.takeBack(ctx, to, written, err)
		}
		own = append(own, Own{Create: string(p.described.Kind), Values: p.values}, registration)
	}
	if to.ID == "" {
		sent, err := s.sendAs(ctx, "create component", own...)
		if err != nil {
			return nil, err
		}
		return sent[0].Entity, nil
	}
	sent, err := s.register(ctx, "create component", own, to, written)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(plan))
	for i, p := range plan {
		ids[i] = p.described.ID
	}
	s.tellComponents(ctx, "ftrack.location.component-added", ids, to.ID)
	if sent == nil {
		return s.Get(ctx, "Component", ids[0])
	}
	return sent[0].Entity, nil
}

func (p *planned) source() string {
	if p.file == nil {
		return p.from
	}
	return p.file.Name
}

// storeFile writes a file into a location. Its size becomes known with it, where it was not.
func (s *Session) storeFile(ctx context.Context, to location.Location, identifier string, p *planned, moved *moved) error {
	data, err := p.file.Open()
	if err != nil {
		return err
	}
	defer data.Close()
	if err := s.writeNew(ctx, to, identifier, data, p.file.Size, moved); err != nil {
		return err
	}
	if p.file.Size < 0 {
		info, err := to.Accessor.Stat(ctx, identifier)
		if err != nil {
			return err
		}
		p.values["size"] = info.Size
	}
	return nil
}

// reviewNames are those of media that servers make for reviews.
var reviewNames = []string{"ftrackreview-mp4", "ftrackreview-webm", "ftrackreview-image"}

// componentTarget is where the data of a new component goes; the zero Location for nowhere.
func (s *Session) componentTarget(ctx context.Context, name, id string) (location.Location, error) {
	switch {
	case id == NoLocation:
		return location.Location{}, nil
	case id == "" && slices.Contains(reviewNames, name):
		id = location.ReviewID
	case id == "":
		picked, ok, err := s.PickLocation(ctx, nil)
		if err != nil {
			return picked, err
		}
		if !ok {
			return picked, &location.Error{Kind: location.ErrLocation, Text: "there is none that can be reached: ConfigureLocation gives one an accessor"}
		}
		id = picked.ID
	}
	to := s.Location(id)
	switch {
	case to.Accessor == nil:
		return to, noAccessor(to)
	case to.Structure == nil:
		return to, &location.Error{Kind: location.ErrLocation, Location: id, Text: "it has no structure: ConfigureLocation gives it one"}
	}
	return to, nil
}

// componentReferences are what a component may be given an entity for, and of which type.
var componentReferences = map[string]string{"version": "AssetVersion", "container": "Component"}

// planComponent says what is to be made: what holds others comes first.
func (s *Session) planComponent(ctx context.Context, files []ComponentFile, options ComponentOptions) ([]planned, error) {
	values := map[string]any{"id": s.newID(), "size": int64(0)}
	for name, value := range options.Data {
		want, refers := componentReferences[name]
		if e, ok := value.(*Entity); ok && refers {
			if e.session != s || !e.Type().IsA(want) {
				return nil, &ArgumentError{"create component: " + name + " must be of type " + want + " and of the same session"}
			}
			name, value = name+"_id", e.key()
		}
		values[name] = value
	}
	whole := planned{values: values}
	version, err := s.plannedVersion(ctx, values)
	if err != nil {
		return nil, err
	}
	id, _ := values["id"].(string)
	describe := func(kind location.Kind, name, fileType string, padding int) *location.Component {
		if options.Name != "" {
			name = options.Name
		}
		if given, ok := values["name"].(string); ok {
			name = given
		}
		values["name"] = name
		if kind != location.Container {
			if given, ok := values["file_type"].(string); ok {
				fileType = given
			}
			values["file_type"] = fileType
		}
		if kind == location.Sequence {
			values["padding"] = padding
		}
		return &location.Component{ID: id, Name: name, FileType: fileType, Kind: kind, Padding: padding, Version: version}
	}
	if len(files) == 1 {
		stem, fileType := s.stemOf(files[0].Name)
		whole.described, whole.file = describe(location.File, stem, fileType, 0), &files[0]
		if files[0].Size >= 0 {
			values["size"] = files[0].Size
		}
		return []planned{whole}, nil
	}
	names := make([]string, len(files))
	var size int64
	for i, f := range files {
		names[i], size = f.Name, size+max(f.Size, 0)
	}
	values["size"] = size
	pattern, isSequence := location.PatternOf(names)
	stem, fileType := s.stemOf(names[0])
	if isSequence {
		head := pattern.Head[strings.LastIndexAny(pattern.Head, `/\`)+1:]
		whole.described = describe(location.Sequence, strings.TrimRight(head, "._-"), fileType, pattern.Padding)
		whole.from = pattern.Expression()
	} else {
		whole.described = describe(location.Container, stem, "", 0)
		whole.from = whole.described.Name
	}
	plan := []planned{whole}
	for i := range files {
		name, fileType := s.stemOf(names[i])
		if isSequence {
			label := names[i][len(pattern.Head) : len(names[i])-len(pattern.Tail)]
			name = label
		}
		member := map[string]any{"id": s.newID(), "name": name, "file_type": fileType, "size": max(files[i].Size, 0), "container_id": id}
		plan = append(plan, planned{values: member, described: &location.Component{ID: member["id"].(string), Name: name, FileType: fileType, Kind: location.File, In: whole.described}, file: &files[i]})
	}
	return plan, nil
}

func (s *Session) plannedVersion(ctx context.Context, values map[string]any) (*location.Version, error) {
	id, _ := values["version_id"].(string)
	if id == "" {
		return nil, nil
	}
	version, err := s.Get(ctx, "AssetVersion", id)
	if err != nil {
		return nil, err
	}
	if version == nil {
		return nil, &OperationError{"create component: the server has no AssetVersion " + id + ": was its creation rolled back, or was it deleted?"}
	}
	s.mu.RLock()
	err = s.checkCommitted("create component", version.record) // the component would be there before it
	s.mu.RUnlock()
	if err != nil {
		return nil, err
	}
	return s.describeVersion(ctx, version)
}

// stemOf is a file's name without its folder, and without its type, which comes second: what a handler says, or else its extension.
func (s *Session) stemOf(path string) (stem, fileType string) {
	name := path[strings.LastIndexAny(path, `/\`)+1:]
	fileType = location.FileType(name)
	for _, told := range s.publishLocal("ftrack.api.session.get-file-type-from-string", map[string]any{"file_path": path}) {
		if text, ok := told.(string); ok {
			if !strings.HasSuffix(name, text) {
				name = strings.TrimSuffix(name, fileType)
			}
			fileType = text
			break
		}
	}
	if stem = strings.TrimSuffix(name, fileType); stem == "" {
		stem = "main"
	}
	return stem, fileType
}
