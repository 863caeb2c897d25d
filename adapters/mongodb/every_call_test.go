package mongodb_test

import (
	"context"
	"maps"
	"time"

	"wxlogin/adapters/mongodb"
	"wxlogin/domain"
)

var visitor = domain.NewWeChatUser("u1", domain.WeChatIdentity{AppID: "wx1", OpenID: "o1"}, domain.Profile{}, time.Now())

// calls are what a store is asked for.
func calls(s *mongodb.Store) map[string]func(context.Context) error {
	all := sessionCalls(s)
	maps.Copy(all, userCalls(s))
	maps.Copy(all, accountCalls(s))
	all["Check"] = mongodb.NewProbe(s).Check
	return all
}

func sessionCalls(s *mongodb.Store) map[string]func(context.Context) error {
	sessions, refreshes, log := mongodb.NewSessionRepository(s), mongodb.NewRefreshRepository(s), mongodb.NewRevocationLog(s)
	now := time.Now()
	claim := domain.RefreshClaim{Parent: "parent", Child: "child", EndsAt: now.Add(time.Hour)}
	phone := domain.Session{ID: "s2", Identity: "wx1:o1", Device: domain.Device{ID: "device-1"}}
	return map[string]func(context.Context) error{
		"Save":         func(ctx context.Context) error { return sessions.Save(ctx, domain.Session{ID: "s1"}) },
		"Save again":   func(ctx context.Context) error { return sessions.Save(ctx, phone) },
		"FindLive":     func(ctx context.Context) error { _, err := sessions.FindLive(ctx, "wx1:o1", now); return err },
		"FindLiveOf":   func(ctx context.Context) error { _, err := sessions.FindLiveOf(ctx, "u1", now); return err },
		"Delete":       func(ctx context.Context) error { return sessions.Delete(ctx, "u1", "s1") },
		"SetKey":       func(ctx context.Context) error { return sessions.SetKey(ctx, phone, "key") },
		"FindByFamily": func(ctx context.Context) error { _, err := refreshes.FindByFamily(ctx, "family", now); return err },
		"FindByLogin":  func(ctx context.Context) error { _, err := refreshes.FindByLogin(ctx, "login", now); return err },
		"Claim":        func(ctx context.Context) error { _, err := refreshes.Claim(ctx, claim); return err },
		"FindClaim":    func(ctx context.Context) error { _, err := refreshes.FindClaim(ctx, "nobody's"); return err },
		"Renew":        func(ctx context.Context) error { _, err := refreshes.Renew(ctx, phone, "parent"); return err },
		"Record": func(ctx context.Context) error {
			return log.Record(ctx, domain.Revocation{SessionID: "s1", At: now, Until: now.Add(time.Hour)})
		},
		"FindSince": func(ctx context.Context) error { _, err := log.FindSince(ctx, now, now); return err },
	}
}

func userCalls(s *mongodb.Store) map[string]func(context.Context) error {
	users, profiles, now := mongodb.NewUserRepository(s), mongodb.NewProfileRepository(s), time.Now()
	change := domain.ProfileChange{Nickname: "nick", At: now}
	return map[string]func(context.Context) error{
		"RecordLogin":    func(ctx context.Context) error { _, _, err := users.RecordLogin(ctx, visitor); return err },
		"Find":           func(ctx context.Context) error { _, err := users.Find(ctx, "u1"); return err },
		"FindByIdentity": func(ctx context.Context) error { _, err := users.FindByIdentity(ctx, "wx1:o1"); return err },
		"SetBan":         func(ctx context.Context) error { _, err := users.SetBan(ctx, "u1", now); return err },
		"Assign":         func(ctx context.Context) error { return users.Assign(ctx, "wx1:o1", "u1", "u2", domain.Link{}) },
		"ChangeProfile":  func(ctx context.Context) error { _, err := profiles.ChangeProfile(ctx, "wx1:o1", change); return err },
		"ChangeProfile to the same": func(ctx context.Context) error {
			_, err := profiles.ChangeProfile(ctx, "wx1:o1", domain.ProfileChange{})
			return err
		},
		"ClearProfile": func(ctx context.Context) error {
			return profiles.ClearProfile(ctx, "wx1:o1", domain.NicknameAttribute, now)
		},
		"FindByPhone": func(ctx context.Context) error { _, err := profiles.FindByPhone(ctx, "phone"); return err },
	}
}

func accountCalls(s *mongodb.Store) map[string]func(context.Context) error {
	deletions, unions, audit := mongodb.NewDeletionRepository(s), mongodb.NewUnionRepository(s), mongodb.NewAuditLog(s)
	imports := mongodb.NewImportRepository(s)
	now, claim := time.Now(), domain.UnionClaim{Union: "union", UserID: "u1"}
	entry := domain.AuditEntry{ID: "e1", At: now, Action: domain.AuditErased, By: domain.ByUser, UserID: "u1"}
	return map[string]func(context.Context) error{
		"ScheduleDeletion": func(ctx context.Context) error { return deletions.ScheduleDeletion(ctx, "u1", now) },
		"FindDue":          func(ctx context.Context) error { _, err := deletions.FindDue(ctx, now, 10); return err },
		"Erase":            func(ctx context.Context) error { return deletions.Erase(ctx, "u1", now) },
		"Import":           func(ctx context.Context) error { _, err := imports.Import(ctx, visitor); return err },
		"ClaimUnion":       func(ctx context.Context) error { _, err := unions.ClaimUnion(ctx, claim); return err },
		"ReplaceUnion":     func(ctx context.Context) error { _, err := unions.ReplaceUnion(ctx, claim, claim); return err },
		"ReleaseUnions":    func(ctx context.Context) error { return unions.ReleaseUnions(ctx, "u1") },
		"Append":           func(ctx context.Context) error { return audit.Append(ctx, entry) },
		"FindEntries":      func(ctx context.Context) error { _, err := audit.FindEntries(ctx, "u1", 10); return err },
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
