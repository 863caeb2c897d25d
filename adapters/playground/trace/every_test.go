package trace_test

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"wxlogin/adapters/memory"
	"wxlogin/adapters/playground/trace"
	"wxlogin/adapters/system"
	"wxlogin/domain"
	"wxlogin/ports"
)

// noRequests are the methods that no request of the page's calls: operators and
// jobs do.
var noRequests = map[string]bool{
	"ProfileRepository.FindByPhone": true, "DeletionRepository.FindDue": true, "DeletionRepository.Erase": true, "UnionRepository.ReleaseUnions": true,
	"RevocationLog.FindSince": true, "AvatarStore.DeleteAll": true, "SessionKeyChecker.ResetSessionKey": true,
}

// call is a call of a port's method, and what is noted of it.
type call struct {
	method, want string
	do           func(ctx context.Context, s stores)
}

// script calls every method that is noted, in an order in which each finds what it
// needs. All texts that could be somebody's hold a canary.
func script() []call {
	now := time.Now().UTC().Truncate(time.Millisecond)
	id, other := domain.UserID("user-"+canary), domain.UserID("other-"+canary)
	user := domain.NewWeChatUser(id, domain.WeChatIdentity{AppID: canary, OpenID: canary, UnionID: canary}, domain.Profile{Nickname: canary}, now)
	again := user
	again.ID = other
	key := user.Identity.Key()
	lifetimes := domain.Lifetimes{Idle: time.Hour, Absolute: time.Hour, Deviceless: time.Hour}
	session := domain.StartSession(canary, user, domain.Device{ID: canary, Name: canary}, lifetimes, now)
	session.Family, session.Refresh, session.Retry, session.Key = canary, canary, domain.LoginRetry{Key: canary, Refresh: canary}, canary
	renewed := session
	renewed.Refresh, renewed.RotatedAt = "child-"+canary, now
	claim := domain.RefreshClaim{Parent: canary, Child: "child-" + canary, Sealed: canary, EndsAt: now.Add(time.Hour)}
	late := claim
	late.Child = "late-" + canary
	union, next := domain.UnionClaim{Union: canary, UserID: id}, domain.UnionClaim{Union: canary, UserID: other}
	picture := domain.AvatarName(domain.OwnerOfAvatars(id)) + canary + domain.AvatarName(strings.Repeat("0", 43-len(canary)))
	entry := domain.AuditEntry{ID: canary, At: now, Action: domain.AuditAction(canary), By: domain.Actor(canary), UserID: id}
	return []call{
		{"UserRepository.RecordLogin", "users.RecordLogin created", func(ctx context.Context, s stores) { _, _, _ = s.users.RecordLogin(ctx, user) }},
		{"UserRepository.RecordLogin", "users.RecordLogin known", func(ctx context.Context, s stores) { _, _, _ = s.users.RecordLogin(ctx, again) }},
		{"UserRepository.Find", "users.Find found", func(ctx context.Context, s stores) { _, _ = s.users.Find(ctx, id) }},
		{"UserRepository.Find", "users.Find not_found", func(ctx context.Context, s stores) { _, _ = s.users.Find(ctx, other) }},
		{"UserRepository.FindByIdentity", "users.FindByIdentity found", func(ctx context.Context, s stores) { _, _ = s.users.FindByIdentity(ctx, key) }},
		{"UserRepository.SetBan", "users.SetBan stored", func(ctx context.Context, s stores) { _, _ = s.users.SetBan(ctx, id, now) }},
		{"UserRepository.Assign", "users.Assign stored", func(ctx context.Context, s stores) { _ = s.users.Assign(ctx, key, id, id, domain.Link{}) }},
		{"ProfileRepository.ChangeProfile", "users.ChangeProfile stored", func(ctx context.Context, s stores) {
			_, _ = s.profiles.ChangeProfile(ctx, key, domain.ProfileChange{Nickname: canary, At: now})
		}},
		{"ProfileRepository.ClearProfile", "users.ClearProfile removed", func(ctx context.Context, s stores) {
			_ = s.profiles.ClearProfile(ctx, key, domain.AllAttributes, now)
		}},
		{"DeletionRepository.ScheduleDeletion", "users.ScheduleDeletion scheduled", func(ctx context.Context, s stores) { _ = s.deletions.ScheduleDeletion(ctx, id, now) }},
		{"DeletionRepository.ScheduleDeletion", "users.ScheduleDeletion taken back", func(ctx context.Context, s stores) { _ = s.deletions.ScheduleDeletion(ctx, id, time.Time{}) }},
		{"UnionRepository.ClaimUnion", "unions.ClaimUnion claimed", func(ctx context.Context, s stores) { _, _ = s.unions.ClaimUnion(ctx, union) }},
		{"UnionRepository.ReplaceUnion", "unions.ReplaceUnion replaced", func(ctx context.Context, s stores) { _, _ = s.unions.ReplaceUnion(ctx, union, next) }},
		{"UnionRepository.ReplaceUnion", "unions.ReplaceUnion unchanged", func(ctx context.Context, s stores) { _, _ = s.unions.ReplaceUnion(ctx, union, next) }},
		{"SessionRepository.Save", "sessions.Save stored", func(ctx context.Context, s stores) { _ = s.sessions.Save(ctx, session) }},
		{"SessionRepository.FindLive", "sessions.FindLive 1 found", func(ctx context.Context, s stores) { _, _ = s.sessions.FindLive(ctx, key, now) }},
		{"SessionRepository.FindLiveOf", "sessions.FindLiveOf 1 found", func(ctx context.Context, s stores) { _, _ = s.sessions.FindLiveOf(ctx, id, now) }},
		{"SessionRepository.SetKey", "sessions.SetKey stored", func(ctx context.Context, s stores) { _ = s.sessions.SetKey(ctx, session, canary) }},
		{"RefreshRepository.FindByFamily", "sessions.FindByFamily found", func(ctx context.Context, s stores) { _, _ = s.refreshes.FindByFamily(ctx, canary, now) }},
		{"RefreshRepository.FindByLogin", "sessions.FindByLogin found", func(ctx context.Context, s stores) { _, _ = s.refreshes.FindByLogin(ctx, canary, now) }},
		{"RefreshRepository.Claim", "refreshes.Claim claimed", func(ctx context.Context, s stores) { _, _ = s.refreshes.Claim(ctx, claim) }},
		{"RefreshRepository.Claim", "refreshes.Claim another was first", func(ctx context.Context, s stores) { _, _ = s.refreshes.Claim(ctx, late) }},
		{"RefreshRepository.FindClaim", "refreshes.FindClaim found", func(ctx context.Context, s stores) { _, _ = s.refreshes.FindClaim(ctx, canary) }},
		{"RefreshRepository.Renew", "sessions.Renew renewed", func(ctx context.Context, s stores) { _, _ = s.refreshes.Renew(ctx, renewed, canary) }},
		{"RefreshRepository.Renew", "sessions.Renew moved on", func(ctx context.Context, s stores) { _, _ = s.refreshes.Renew(ctx, renewed, canary) }},
		{"SessionRepository.Delete", "sessions.Delete removed", func(ctx context.Context, s stores) { _ = s.sessions.Delete(ctx, id, canary) }},
		{"RevocationLog.Record", "revocations.Record stored", func(ctx context.Context, s stores) {
			_ = s.revocations.Record(ctx, domain.Revocation{UserID: id, At: now, Until: now.Add(time.Hour)})
		}},
		{"AvatarStore.Put", "avatars.Put stored", func(ctx context.Context, s stores) { _ = s.avatars.Put(ctx, picture, []byte(canary)) }},
		{"AvatarStore.Get", "avatars.Get found", func(ctx context.Context, s stores) { _, _ = s.avatars.Get(ctx, picture) }},
		{"AvatarStore.Delete", "avatars.Delete removed", func(ctx context.Context, s stores) { _ = s.avatars.Delete(ctx, picture) }},
		{"AuditLog.Append", "audit.Append stored", func(ctx context.Context, s stores) { _ = s.audit.Append(ctx, entry) }},
		{"AuditLog.FindEntries", "audit.FindEntries 1 found", func(ctx context.Context, s stores) { _, _ = s.audit.FindEntries(ctx, id, 9) }},
	}
}

func TestEachCallOfTheStoreIsNotedWithoutValues(t *testing.T) {
	notes := trace.NewRecorder(func(context.Context) string { return "r1" })
	s := storesWith(t, notes)
	var got, want []string
	for _, c := range script() {
		c.do(t.Context(), s)
		want = append(want, "store "+c.want)
	}
	for _, step := range notes.Steps("r1") {
		got = append(got, string(step.To)+" "+step.Name+" "+step.Outcome+step.Error)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("steps differ (-want +got):\n%s", diff)
	}
}

func TestEveryMethodIsNotedOrNoRequests(t *testing.T) {
	noted := map[string]bool{
		"CodeExchanger.ExchangeCode": true, "PhoneCodeExchanger.ExchangePhoneCode": true, "PlatformTokens.PlatformToken": true,
		"PlatformTokens.ReplacePlatformToken": true, "SessionKeyChecker.CheckSessionKey": true, // askAll calls them
	}
	for _, c := range script() {
		noted[c.method] = true
	}
	for _, port := range []reflect.Type{
		reflect.TypeFor[ports.UserRepository](), reflect.TypeFor[ports.ProfileRepository](), reflect.TypeFor[ports.DeletionRepository](),
		reflect.TypeFor[ports.UnionRepository](), reflect.TypeFor[ports.SessionRepository](), reflect.TypeFor[ports.RefreshRepository](),
		reflect.TypeFor[ports.RevocationLog](), reflect.TypeFor[ports.AvatarStore](), reflect.TypeFor[ports.AuditLog](),
		reflect.TypeFor[ports.CodeExchanger](), reflect.TypeFor[ports.PhoneCodeExchanger](), reflect.TypeFor[ports.PlatformTokens](), reflect.TypeFor[ports.SessionKeyChecker](),
	} {
		for method := range port.Methods() {
			if name := port.Name() + "." + method.Name; noted[name] == noRequests[name] {
				t.Errorf("%s: noted %v, no request's %v; want one of them", name, noted[name], noRequests[name])
			}
		}
	}
}

// storesWith returns new stores of the memory's with notes around them.
func storesWith(t *testing.T, notes *trace.Recorder) stores {
	t.Helper()
	var s stores
	fxtest.New(t, fx.NopLogger, system.Module, memory.Module, memory.AvatarModule, trace.Around(notes), fx.Populate(&s.users, &s.profiles,
		&s.deletions, &s.unions, &s.sessions, &s.refreshes, &s.revocations, &s.avatars, &s.audit))
	return s
}
