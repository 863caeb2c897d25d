package trace

import (
	"context"

	"wxlogin/domain"
	"wxlogin/ports"
)

// avatars notes what becomes of pictures.
type avatars struct {
	ports.AvatarStore
	notes *Recorder
}

// Put implements ports.AvatarStore.
func (a avatars) Put(ctx context.Context, name domain.AvatarName, picture []byte) error {
	end := a.notes.begin(ctx, Store, "avatars.Put")
	err := a.AvatarStore.Put(ctx, name, picture)
	end("stored", err)
	return err
}

// Get implements ports.AvatarStore.
func (a avatars) Get(ctx context.Context, name domain.AvatarName) ([]byte, error) {
	end := a.notes.begin(ctx, Store, "avatars.Get")
	picture, err := a.AvatarStore.Get(ctx, name)
	end("found", err)
	return picture, err
}

// Delete implements ports.AvatarStore.
func (a avatars) Delete(ctx context.Context, name domain.AvatarName) error {
	end := a.notes.begin(ctx, Store, "avatars.Delete")
	err := a.AvatarStore.Delete(ctx, name)
	end("removed", err)
	return err
}

// audit notes what is written down for good, and read again.
type audit struct {
	ports.AuditLog
	notes *Recorder
}

// Append implements ports.AuditLog.
func (a audit) Append(ctx context.Context, entry domain.AuditEntry) error {
	end := a.notes.begin(ctx, Store, "audit.Append")
	err := a.AuditLog.Append(ctx, entry)
	end("stored", err)
	return err
}

// FindEntries implements ports.AuditLog.
func (a audit) FindEntries(ctx context.Context, id domain.UserID, limit int) ([]domain.AuditEntry, error) {
	end := a.notes.begin(ctx, Store, "audit.FindEntries")
	entries, err := a.AuditLog.FindEntries(ctx, id, limit)
	end(found(len(entries)), err)
	return entries, err
}
