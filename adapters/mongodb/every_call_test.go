package mongodb_test

import (
	"context"
	"time"

	"wxlogin/adapters/mongodb"
	"wxlogin/domain"
)

var visitor = domain.NewWeChatUser("u1", domain.WeChatIdentity{AppID: "wx1", OpenID: "o1"}, domain.Profile{}, time.Now())

// calls are what a store is asked for.
func calls(s *mongodb.Store) map[string]func(context.Context) error {
	users, sessions, probe := mongodb.NewUserRepository(s), mongodb.NewSessionRepository(s), mongodb.NewProbe(s)
	refreshes, log := mongodb.NewRefreshRepository(s), mongodb.NewRevocationLog(s)
	now := time.Now()
	claim := domain.RefreshClaim{Parent: "parent", Child: "child", EndsAt: now.Add(time.Hour)}
	phone := domain.Session{ID: "s2", Identity: "wx1:o1", Device: domain.Device{ID: "device-1"}}
	return map[string]func(context.Context) error{
		"RecordLogin":  func(ctx context.Context) error { _, _, err := users.RecordLogin(ctx, visitor); return err },
		"Find":         func(ctx context.Context) error { _, err := users.Find(ctx, "u1"); return err },
		"SetBan":       func(ctx context.Context) error { _, err := users.SetBan(ctx, "u1", now); return err },
		"Save":         func(ctx context.Context) error { return sessions.Save(ctx, domain.Session{ID: "s1"}) },
		"Save again":   func(ctx context.Context) error { return sessions.Save(ctx, phone) },
		"FindLive":     func(ctx context.Context) error { _, err := sessions.FindLive(ctx, "wx1:o1", now); return err },
		"FindLiveOf":   func(ctx context.Context) error { _, err := sessions.FindLiveOf(ctx, "u1", now); return err },
		"Delete":       func(ctx context.Context) error { return sessions.Delete(ctx, "u1", "s1") },
		"FindByFamily": func(ctx context.Context) error { _, err := refreshes.FindByFamily(ctx, "family", now); return err },
		"FindByLogin":  func(ctx context.Context) error { _, err := refreshes.FindByLogin(ctx, "login", now); return err },
		"Claim":        func(ctx context.Context) error { _, err := refreshes.Claim(ctx, claim); return err },
		"FindClaim":    func(ctx context.Context) error { _, err := refreshes.FindClaim(ctx, "nobody's"); return err },
		"Renew":        func(ctx context.Context) error { _, err := refreshes.Renew(ctx, phone, "parent"); return err },
		"Record": func(ctx context.Context) error {
			return log.Record(ctx, domain.Revocation{SessionID: "s1", At: now, Until: now.Add(time.Hour)})
		},
		"FindSince": func(ctx context.Context) error { _, err := log.FindSince(ctx, now, now); return err },
		"Check":     probe.Check,
	}
}

// each are the calls, on a store for each: those of one store may have to wait for
// one another.
func each(fresh func() *mongodb.Store) map[string]func(context.Context) error {
	all := calls(fresh())
	for name := range all {
		all[name] = calls(fresh())[name]
	}
	return all
}
