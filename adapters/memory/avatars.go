package memory

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.AvatarStore = (*AvatarStore)(nil)

// AvatarStore implements ports.AvatarStore. It holds whatever was put and not
// deleted.
type AvatarStore struct {
	mu      sync.RWMutex
	byOwner map[domain.AvatarOwner]map[domain.AvatarName][]byte
}

// NewAvatarStore returns an empty store.
func NewAvatarStore() *AvatarStore {
	return &AvatarStore{byOwner: make(map[domain.AvatarOwner]map[domain.AvatarName][]byte)}
}

var errAvatarName = errors.New("it is no avatar's name")

// Put implements ports.AvatarStore.
func (s *AvatarStore) Put(ctx context.Context, name domain.AvatarName, picture []byte) error {
	if _, ok := domain.ParseAvatarName(string(name)); !ok {
		return fmt.Errorf("memory: put avatar: %w", errAvatarName)
	}
	if err := alive(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byOwner[name.Owner()] == nil {
		s.byOwner[name.Owner()] = make(map[domain.AvatarName][]byte)
	}
	s.byOwner[name.Owner()][name] = bytes.Clone(picture)
	return nil
}

// Get implements ports.AvatarStore.
func (s *AvatarStore) Get(ctx context.Context, name domain.AvatarName) ([]byte, error) {
	if err := alive(ctx); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	picture, ok := s.byOwner[name.Owner()][name]
	if !ok {
		return nil, fmt.Errorf("memory: get avatar: %w", domain.ErrNotFound)
	}
	return bytes.Clone(picture), nil
}

// Delete implements ports.AvatarStore.
func (s *AvatarStore) Delete(ctx context.Context, name domain.AvatarName) error {
	return s.delete(ctx, name.Owner(), func(n domain.AvatarName) bool { return n == name })
}

// DeleteAll implements ports.AvatarStore.
func (s *AvatarStore) DeleteAll(ctx context.Context, owner domain.AvatarOwner) error {
	return s.delete(ctx, owner, func(domain.AvatarName) bool { return true })
}

func (s *AvatarStore) delete(ctx context.Context, owner domain.AvatarOwner, goes func(domain.AvatarName) bool) error {
	if err := alive(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.byOwner[owner], func(name domain.AvatarName, _ []byte) bool { return goes(name) })
	if len(s.byOwner[owner]) == 0 {
		delete(s.byOwner, owner)
	}
	return nil
}
