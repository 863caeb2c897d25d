package trace_test

import (
	"context"
	"testing"

	"wxlogin/adapters/playground/trace"
	"wxlogin/ports"
	"wxlogin/test/contract"
)

// stores are the memory's, with a recorder around them.
type stores struct {
	users       ports.UserRepository
	profiles    ports.ProfileRepository
	deletions   ports.DeletionRepository
	unions      ports.UnionRepository
	sessions    ports.SessionRepository
	refreshes   ports.RefreshRepository
	revocations ports.RevocationLog
	avatars     ports.AvatarStore
	audit       ports.AuditLog
}

// watched returns new stores, every call of which is noted.
func watched(t *testing.T) stores {
	t.Helper()
	return storesWith(t, trace.NewRecorder(func(context.Context) string { return "request-1" }))
}

// What is recorded keeps every promise of its port.

func TestUserRepository(t *testing.T) {
	contract.UserRepository(t, func(t *testing.T) ports.UserRepository { return watched(t).users })
}

func TestProfileRepository(t *testing.T) {
	contract.ProfileRepository(t, func(t *testing.T) (ports.UserRepository, ports.ProfileRepository) {
		s := watched(t)
		return s.users, s.profiles
	})
}

func TestDeletionRepository(t *testing.T) {
	contract.DeletionRepository(t, func(t *testing.T) (ports.UserRepository, ports.DeletionRepository) {
		s := watched(t)
		return s.users, s.deletions
	})
}

func TestUnionRepository(t *testing.T) {
	contract.UnionRepository(t, func(t *testing.T) ports.UnionRepository { return watched(t).unions })
}

func TestSessionRepository(t *testing.T) {
	contract.SessionRepository(t, func(t *testing.T) ports.SessionRepository { return watched(t).sessions })
}

func TestRefreshRepository(t *testing.T) {
	contract.RefreshRepository(t, func(t *testing.T) (ports.SessionRepository, ports.RefreshRepository) {
		s := watched(t)
		return s.sessions, s.refreshes
	})
}

func TestRevocationLog(t *testing.T) {
	contract.RevocationLog(t, func(t *testing.T) ports.RevocationLog { return watched(t).revocations })
}

func TestAvatarStore(t *testing.T) {
	contract.AvatarStore(t, func(t *testing.T) ports.AvatarStore { return watched(t).avatars })
}

func TestAuditLog(t *testing.T) {
	contract.AuditLog(t, func(t *testing.T) ports.AuditLog { return watched(t).audit })
}
