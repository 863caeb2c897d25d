package contract

import (
	"context"

	"wxlogin/domain"
	"wxlogin/ports"
)

type faultyAvatars struct {
	avatars ports.AvatarStore
	fault   *Fault
}

// Avatars returns avatars with the fault in it. Their Delete is aimed at as
// DeleteAvatar, for sessions are deleted, too.
func (f *Fault) Avatars(avatars ports.AvatarStore) ports.AvatarStore {
	return faultyAvatars{avatars, f}
}

func (s faultyAvatars) Put(ctx context.Context, name domain.AvatarName, picture []byte) error {
	return s.fault.strike("Put", func() error { return s.avatars.Put(ctx, name, picture) })
}

func (s faultyAvatars) Get(ctx context.Context, name domain.AvatarName) ([]byte, error) {
	return told(s.fault, "Get", func() ([]byte, error) { return s.avatars.Get(ctx, name) })
}

func (s faultyAvatars) Delete(ctx context.Context, name domain.AvatarName) error {
	return s.fault.strike("DeleteAvatar", func() error { return s.avatars.Delete(ctx, name) })
}

func (s faultyAvatars) DeleteAll(ctx context.Context, owner domain.AvatarOwner) error {
	return s.fault.strike("DeleteAll", func() error { return s.avatars.DeleteAll(ctx, owner) })
}
