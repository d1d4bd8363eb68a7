package sandbox

import (
	"bytes"
	"context"
	"fmt"
	"image"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// reviewLocation is where review media goes.
const reviewLocation = "cd41be70-8809-11e3-b98a-20c9d081909b"

// reviewSize is the longer side of the image that review media has.
const reviewSize = 1280

// encodeMedia answers encode_media: a job that makes the media for reviews of a component, and attaches it to a version.
//
// The sandbox has no video encoder: an image becomes a smaller image; what browsers play already is taken as it is; and any
// other component makes the job fail.
func (r *request) encodeMedia(operation wire.Node, out []byte) ([]byte, error) {
	component, err := r.namedEntity(operation, "component_id", "Component")
	if err != nil {
		return out, err
	}
	version := eval.Entity(0)
	if operation.Get("version_id").Kind() == wire.String {
		if version, err = r.namedEntity(operation, "version_id", "AssetVersion"); err != nil {
			return out, err
		}
	}
	m := &media{
		source: r.store.ID(component), name: r.store.Named(component, "name").Text() + r.store.Named(component, "file_type").Text(), version: r.store.ID(version),
		keep: operation.Get("keep_original").Kind() != wire.False,
	}
	m.outputs = m.plan()
	data := map[string]any{"description": "Encoding " + m.name, "source_component_id": m.source, "keep_original": m.keep, "output": m.told()}
	id, err := r.startJob(data, func(ctx context.Context) (func(*request) error, error) { return m.encode(ctx, r.Server) })
	if err != nil {
		return out, err
	}
	return append(textMember(answered(out, operation), "job_id", id), '}'), nil
}

// media is the work of one job of encode_media.
type media struct {
	source, name, version string
	keep                  bool // the original component stays
	outputs               []output
}

// output is one component that a job makes.
type output struct{ id, name, fileType, format string }

// plan says what is made of a file of that name; nothing of one that cannot be encoded.
func (m *media) plan() []output {
	switch kind := contentType(m.name); kind {
	case "image/png", "image/jpeg", "image/gif":
		return []output{{newID(), "ftrackreview-image", ".jpg", "image/jpeg"}}
	case "video/mp4", "video/quicktime":
		return []output{{newID(), "ftrackreview-mp4", ".mp4", "video/mp4"}}
	case "video/webm":
		return []output{{newID(), "ftrackreview-webm", ".webm", kind}}
	}
	return nil
}

// told is what a job's data tells of the outputs.
func (m *media) told() []any {
	told := []any{}
	for _, o := range m.outputs {
		told = append(told, map[string]any{"format": o.format, "component_id": o.id})
	}
	return told
}

// encode makes the bytes of the outputs, and then what attaches them.
func (m *media) encode(ctx context.Context, s *Server) (func(r *request) error, error) {
	if len(m.outputs) == 0 {
		return nil, fmt.Errorf("encode: %s cannot be encoded", m.name)
	}
	made := make([]encoded, len(m.outputs))
	for i, o := range m.outputs {
		var err error
		if made[i], err = s.encode(ctx, m.source, o); err != nil {
			return nil, err
		}
	}
	return func(r *request) error {
		err := m.attach(r, made)
		for _, o := range m.outputs {
			if err != nil {
				s.depot.forget(o.id)
			}
		}
		return err
	}, nil
}

// encoded is the size of an output, and what players want to know of it.
type encoded struct {
	size int64
	meta string
}

// encode makes the bytes of an output.
func (s *Server) encode(ctx context.Context, source string, o output) (encoded, error) {
	from, err := s.openComponent(source)
	if err != nil {
		return encoded{}, err
	}
	defer from.Close()
	if o.format != "image/jpeg" {
		size, err := s.depot.put(ctx, o.id, from)
		return encoded{size, `{"frameIn":0,"frameOut":75,"frameRate":25}`}, err
	}
	made, err := scale(from, reviewSize)
	if err != nil {
		return encoded{}, err
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(made.bytes))
	if err != nil {
		return encoded{}, err
	}
	size, err := s.depot.put(ctx, o.id, bytes.NewReader(made.bytes))
	return encoded{size, fmt.Sprintf(`{"format":"image","width":%d,"height":%d}`, config.Width, config.Height)}, err
}

// attach makes the components of the outputs, and an image the version's thumbnail; the original goes when it is not kept.
func (m *media) attach(r *request, made []encoded) error {
	schemas := r.store.Schemas()
	source := r.store.Find(schemas.Type("Component"), m.source)
	version := r.store.Find(schemas.Type("AssetVersion"), m.version)
	if source == 0 || version == 0 && m.version != "" {
		return fmt.Errorf("encode: %s is gone", m.name)
	}
	for i, o := range m.outputs {
		fields := textFields("id", o.id, "name", o.name, "file_type", o.fileType, "system_type", "file", "version_id", m.version)
		component, err := r.store.Insert(schemas.Type("FileComponent"), append(fields, field("size", eval.Int(made[i].size)))...)
		if err != nil {
			return err
		}
		if _, err := r.store.Insert(schemas.Type("ComponentLocation"), textFields("id", newID(), "component_id", o.id, "location_id", reviewLocation, "resource_identifier", o.id)...); err != nil {
			return err
		}
		if _, err := r.store.Insert(schemas.Type("Metadata"), textFields("parent_id", o.id, "parent_type", "FileComponent", "key", "ftr_meta", "value", made[i].meta)...); err != nil {
			return err
		}
		if version != 0 && o.format == "image/jpeg" {
			if err := r.store.Set(version, r.store.TypeOf(version).Attribute("thumbnail_id"), r.identity(component)); err != nil {
				return err
			}
		}
	}
	if !m.keep {
		r.remove(source)
	}
	return nil
}
