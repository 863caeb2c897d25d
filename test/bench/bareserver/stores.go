package bareserver

import (
	"context"
	"time"

	"wxlogin/adapters/memory"
	"wxlogin/adapters/sqlite"
	"wxlogin/adapters/system"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

// Users is the part of ports.UserRepository that the handlers need.
type Users interface {
	RecordLogin(ctx context.Context, visitor domain.WeChatUser) (domain.WeChatUser, bool, error)
	Find(ctx context.Context, id domain.UserID) (domain.WeChatUser, error)
}

// Sessions is the part of ports.SessionRepository that the handlers need.
type Sessions interface {
	Save(ctx context.Context, s domain.Session) error
}

// Refreshes is the part of ports.RefreshRepository that the handlers need.
type Refreshes interface {
	FindByFamily(ctx context.Context, family domain.RefreshFamily, now time.Time) (domain.Session, error)
	Claim(ctx context.Context, claim domain.RefreshClaim) (domain.RefreshClaim, error)
	Renew(ctx context.Context, s domain.Session, spent domain.RefreshHash) (bool, error)
}

// Stores is where logins are written, and renewed.
type Stores struct {
	Users
	Sessions
	Refreshes
}

var (
	_ Users     = ports.UserRepository(nil)
	_ Sessions  = ports.SessionRepository(nil)
	_ Refreshes = ports.RefreshRepository(nil)
)

// OpenStores opens the store that cfg chooses, and returns what closes it. On
// MongoDB it is the plain driver. In memory and on SQLite it is wxlogin's own
// store, called directly: a handler with a transaction for each write would cost
// more, and flatter the comparison.
func OpenStores(ctx context.Context, cfg config.Config) (Stores, func(context.Context) error, error) {
	switch {
	case cfg.MongoDB.Used():
		return openMongoDB(ctx, cfg)
	case cfg.SQLite.Dir == config.InMemory:
		sessions := memory.NewSessionRepository(system.NewClock())
		stores := Stores{memory.NewUserRepository(), sessions, memory.NewRefreshRepository(sessions)}
		return stores, func(context.Context) error { return nil }, nil
	}
	store := sqlite.NewStore(cfg.SQLite, system.NewClock())
	if err := store.Open(ctx); err != nil {
		return Stores{}, nil, err
	}
	stores := Stores{sqlite.NewUserRepository(store), sqlite.NewSessionRepository(store), sqlite.NewRefreshRepository(store)}
	return stores, store.Close, nil
}
