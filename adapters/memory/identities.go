package memory

import (
	"context"
	"fmt"
	"time"

	"wxlogin/domain"
)

// index finds what may be several.
type index[K, V comparable] map[K]map[V]struct{}

func (i index[K, V]) add(key K, value V) {
	if i[key] == nil {
		i[key] = make(map[V]struct{}, 1)
	}
	i[key][value] = struct{}{}
}

func (i index[K, V]) remove(key K, value V) {
	delete(i[key], value)
	if len(i[key]) == 0 {
		delete(i, key)
	}
}

// united is the user, of whom there is an identity.
func (r *UserRepository) united(id domain.UserID) domain.WeChatUser {
	return domain.Unite(r.stored(id))
}

// stored is what is stored with each of the user's identities.
func (r *UserRepository) stored(id domain.UserID) []domain.WeChatUser {
	all := make([]domain.WeChatUser, 0, len(r.byID[id]))
	for key := range r.byID[id] {
		all = append(all, *r.byIdentity[key])
	}
	return all
}

// change does fn to what is stored with the identity.
func (r *UserRepository) change(ctx context.Context, key domain.IdentityKey, fn func(*domain.WeChatUser) error) error {
	if err := alive(ctx); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	user, known := r.byIdentity[key]
	if !known {
		return fmt.Errorf("memory: change by identity: %w", domain.ErrNotFound)
	}
	if err := fn(user); err != nil {
		return fmt.Errorf("memory: change by identity: %w", err)
	}
	return nil
}

// changeAll does fn to what is stored with each of the user's identities, and
// returns the user as it is then.
func (r *UserRepository) changeAll(ctx context.Context, id domain.UserID, fn func(*domain.WeChatUser)) (domain.WeChatUser, error) {
	if err := alive(ctx); err != nil {
		return domain.WeChatUser{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.byID[id]) == 0 {
		return domain.WeChatUser{}, fmt.Errorf("memory: change user %s: %w", id, domain.ErrNotFound)
	}
	for key := range r.byID[id] {
		fn(r.byIdentity[key])
	}
	return r.united(id), nil
}

// sooner is what becomes of a time that is set to at: the earlier one stays, and a
// zero one takes it away.
func sooner(stored, at time.Time) time.Time {
	if at.IsZero() || stored.IsZero() || at.Before(stored) {
		return at.UTC()
	}
	return stored
}

// alive refuses work for a caller who has gone.
func alive(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("memory: %w: %w", domain.ErrStoreUnavailable, err)
	}
	return nil
}
