package application_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
	"wxlogin/ports"
)

// steps notes in which order the ports are called.
type steps struct{ taken []string }

func (s *steps) take(step string) { s.taken = append(s.taken, step) }

type notingUsers struct {
	ports.UserRepository
	steps *steps
}

func (u notingUsers) Find(ctx context.Context, id domain.UserID) (domain.WeChatUser, error) {
	u.steps.take("find user")
	return u.UserRepository.Find(ctx, id)
}

func (u notingUsers) RecordLogin(ctx context.Context, v domain.WeChatUser) (domain.WeChatUser, bool, error) {
	u.steps.take("record user")
	return u.UserRepository.RecordLogin(ctx, v)
}

type notingSessions struct {
	ports.SessionRepository
	steps *steps
}

func (r notingSessions) Save(ctx context.Context, s domain.Session) error {
	r.steps.take("save session")
	return r.SessionRepository.Save(ctx, s)
}

func (r notingSessions) FindLive(ctx context.Context, owner domain.IdentityKey, now time.Time) ([]domain.Session, error) {
	r.steps.take("find sessions")
	return r.SessionRepository.FindLive(ctx, owner, now)
}

type notingChains struct {
	chains ports.RefreshRepository
	steps  *steps
}

func (r notingChains) FindByFamily(ctx context.Context, family domain.RefreshFamily, now time.Time) (domain.Session, error) {
	r.steps.take("find session")
	return r.chains.FindByFamily(ctx, family, now)
}

func (r notingChains) FindByLogin(ctx context.Context, key domain.LoginKey, now time.Time) (domain.Session, error) {
	r.steps.take("find login")
	return r.chains.FindByLogin(ctx, key, now)
}

func (r notingChains) Claim(ctx context.Context, claim domain.RefreshClaim) (domain.RefreshClaim, error) {
	r.steps.take("store claim")
	return r.chains.Claim(ctx, claim)
}

func (r notingChains) FindClaim(ctx context.Context, parent domain.RefreshHash) (domain.RefreshClaim, error) {
	r.steps.take("find claim")
	return r.chains.FindClaim(ctx, parent)
}

func (r notingChains) Renew(ctx context.Context, s domain.Session, spent domain.RefreshHash) (bool, error) {
	r.steps.take("renew session")
	return r.chains.Renew(ctx, s, spent)
}

// note makes the world tell its steps.
func (w *world) note() *steps {
	s := &steps{}
	exchange := w.wechat
	w.wechat = exchanging(func(app domain.AppID, code domain.Secret) (ports.CodeExchange, error) {
		s.take("ask wechat")
		return exchange.ExchangeCode(context.Background(), app, code)
	})
	w.users, w.sessions, w.chains = notingUsers{w.users, s}, notingSessions{w.sessions, s}, notingChains{w.chains, s}
	w.issuer = issuing(func(domain.Caller) error { s.take("sign token"); return nil })
	return s
}

func TestLoginCostsOneCallAndTwoWritesBeforeAnyTokenIsSigned(t *testing.T) {
	w := newWorld()
	w.reader = opensUnder("key-1", domain.Profile{Nickname: "小明"})
	s := w.note()
	want := []string{"ask wechat", "record user", "save session", "sign token"}
	for _, key := range []domain.Secret{{}, domain.NewSecret("idempotency-key-1")} {
		cmd := withOpenData(onDevice(withCode("key-1"), "device-01"))
		cmd.IdempotencyKey = key
		s.taken = nil
		w.login(t, cmd)
		if diff := cmp.Diff(want, s.taken); diff != "" {
			t.Errorf("with Idempotency-Key %v: steps (-want +got):\n%s", !key.Empty(), diff)
		}
	}
}

func TestUnknownAppNeverReachesWeChat(t *testing.T) {
	w := newWorld()
	w.apps = directory(func(domain.AppID) (domain.AppID, error) { return "", fmt.Errorf("apps: %w", domain.ErrUnknownApp) })
	s := w.note()
	got, err := w.loginUseCase().Login(t.Context(), withCode("key-1"))
	mustFailWith(t, got, err, domain.ErrUnknownApp)
	if len(s.taken) != 0 {
		t.Errorf("got steps %v, want none", s.taken)
	}
}

func TestRefusedCodeLeavesNoTrace(t *testing.T) {
	for _, want := range []error{
		domain.ErrCodeInvalid, domain.ErrCodeUsed, domain.ErrLoginBlocked, domain.ErrRateLimited,
		domain.ErrPlatformUnavailable, domain.ErrAppMisconfigured,
	} {
		w := newWorld()
		w.wechat = exchanging(func(domain.AppID, domain.Secret) (ports.CodeExchange, error) {
			return ports.CodeExchange{}, fmt.Errorf("wechat: %w", want)
		})
		s := w.note()
		got, err := w.loginUseCase().Login(t.Context(), withCode("key-1"))
		mustFailWith(t, got, err, want)
		if !slices.Equal(s.taken, []string{"ask wechat"}) {
			t.Errorf("%v: got steps %v, want no more than the question", want, s.taken)
		}
	}
}

func TestBannedUserGetsNoSessionAndNoToken(t *testing.T) {
	w := newWorld()
	user := w.login(t, onDevice(withCode("key-1"), "device-01")).User
	if _, err := w.users.SetBan(t.Context(), user.ID, w.clock.now); err != nil {
		t.Fatalf("SetBan: got %v, want no error", err)
	}
	s := w.note()
	got, err := w.loginUseCase().Login(t.Context(), onDevice(withCode("key-2"), "device-02"))
	mustFailWith(t, got, err, domain.ErrUserBanned)
	if want := []string{"ask wechat", "record user"}; !slices.Equal(s.taken, want) {
		t.Errorf("got steps %v, want %v", s.taken, want)
	}
}
