//go:build !js

package session

import (
	"context"
	"errors"

	"github.com/ftrack-wasm/ftrack-wasm/session/location"
)

// CreateThumbnail makes a component of a picture in the server's storage, which ConfigureLocation has given an accessor, and then makes
// it the thumbnail of an entity: in two steps, because servers have been seen to run an update before the creation that it depends on. Both
// are sent at once, apart from what is recorded. Where the second is refused the component is removed again, or named by a *location.Error.
// When no answer comes to it the entity may have the thumbnail: the component stays, and comes with the *CommitOutcomeUnknownError.
func (s *Session) CreateThumbnail(ctx context.Context, entity *Entity, file ComponentFile, data map[string]any) (*Entity, error) {
	component, err := s.CreateComponent(ctx, []ComponentFile{file}, ComponentOptions{Name: "thumbnail", Data: data, Location: location.ServerID})
	if err != nil {
		return nil, err
	}
	_, err = s.sendAs(ctx, "create thumbnail", Own{Update: entity, Values: map[string]any{"thumbnail_id": component.key()}})
	var unknown *CommitOutcomeUnknownError
	if err == nil || errors.As(err, &unknown) {
		return component, err
	}
	return nil, s.withoutComponent(context.WithoutCancel(ctx), component, err)
}

// withoutComponent removes a component of the server's storage that nothing came of, and gives why; with what is left where that fails.
func (s *Session) withoutComponent(ctx context.Context, component *Entity, failure error) error {
	id := component.key()
	err := s.RemoveComponents(ctx, []*Entity{component}, location.ServerID, TransferOptions{})
	if err == nil {
		_, err = s.sendAs(ctx, "create thumbnail", Own{Delete: component})
	}
	if err == nil {
		return failure
	}
	return &location.Error{Kind: location.ErrLocation, Location: location.ServerID, Err: failure, Left: map[string]string{id: id}, Text: "the component could not be removed again"}
}
