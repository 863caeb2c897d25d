package bareserver

import (
	"context"

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

// Stores is where a login is written.
type Stores struct {
	Users
	Sessions
}

var (
	_ Users    = ports.UserRepository(nil)
	_ Sessions = ports.SessionRepository(nil)
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
		stores := Stores{memory.NewUserRepository(), memory.NewSessionRepository(system.NewClock())}
		return stores, func(context.Context) error { return nil }, nil
	}
	store := sqlite.NewStore(cfg.SQLite, system.NewClock())
	if err := store.Open(ctx); err != nil {
		return Stores{}, nil, err
	}
	return Stores{sqlite.NewUserRepository(store), sqlite.NewSessionRepository(store)}, store.Close, nil
}
