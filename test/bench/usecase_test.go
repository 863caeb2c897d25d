package bench

import (
	"context"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"wxlogin/adapters/jwttoken"
	"wxlogin/adapters/memory"
	"wxlogin/adapters/revocations"
	"wxlogin/adapters/sealing"
	"wxlogin/adapters/system"
	"wxlogin/adapters/telemetry"
	"wxlogin/adapters/wechatapi"
	"wxlogin/application"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/testkit"
)

// obliging is a WeChat that takes every code for a person's name, at once.
type obliging struct{}

var _ ports.CodeExchanger = obliging{}

func (obliging) ExchangeCode(_ context.Context, app domain.AppID, code domain.Secret) (ports.CodeExchange, error) {
	return ports.CodeExchange{
		Identity:   domain.WeChatIdentity{AppID: app, OpenID: domain.OpenID(code.Reveal())},
		SessionKey: domain.NewSecret("HyVFkGl5F5OQWJZZaNzBBg=="),
	}, nil
}

// useCases stand on the memory store, sign with ES256 and seal for real; only
// WeChat is made up.
type useCases struct {
	login   ports.LoginUseCase
	refresh ports.RefreshUseCase
}

func newUseCases(tb testing.TB) useCases {
	tb.Helper()
	cfg := testkit.Config(tb)
	keys, err := jwttoken.LoadKeys(cfg.Tokens)
	if err != nil {
		tb.Fatal(err)
	}
	sealer, err := sealing.NewSessionKeySealer(cfg.Sealing)
	if err != nil {
		tb.Fatal(err)
	}
	log, clock, ids := slog.New(slog.DiscardHandler), system.NewClock(), system.NewEntropy()
	events, err := telemetry.NewEventSink(log, prometheus.NewRegistry())
	if err != nil {
		tb.Fatal(err)
	}
	policy := application.Policy{
		AccessToken: cfg.Sessions.AccessToken, OpenDataAge: cfg.Sessions.OpenDataAge, CompatToken: 24 * time.Hour,
		RefreshGrace: cfg.Sessions.RefreshGrace,
		Sessions:     domain.Lifetimes{Idle: cfg.Sessions.Idle, Absolute: cfg.Sessions.Absolute, Deviceless: 24 * time.Hour},
	}
	users, sessions := memory.NewUserRepository(), memory.NewSessionRepository(clock)
	chains := memory.NewRefreshRepository(sessions)
	feed := revocations.NewFeed(memory.NewRevocationLog(clock), clock, log)
	grants := application.NewGranter(jwttoken.NewAccessTokenIssuer(keys, cfg.Tokens, ids), policy)
	opener := application.NewSessionOpener(sessions, sealer, grants, ids, policy)
	phones, err := sealing.NewPhoneSealer(cfg.Sealing)
	if err != nil {
		tb.Fatal(err)
	}
	accounts := application.NewAccountKeeper(users, memory.NewProfileRepository(users), phones, clock)
	audit := memory.NewAuditLog()
	retrier := application.NewLoginRetrier(chains, users, audit, accounts, grants, clock, system.NewPauser(), events)
	profiles := application.NewProfileReader(wechatapi.NewOpenDataReader(), application.NewSessionKeys(sessions, sealer, policy))
	ender := application.NewSessionEnder(sessions, feed, policy)
	recorder := application.NewRecorder(audit, events, clock, ids)
	linker := application.NewUserLinker(users, memory.NewUnionRepository(), nil, phones, recorder, policy)
	admitter := application.NewUserAdmitter(users, memory.NewDeletionRepository(users), linker, nil, recorder, ids)
	binder := application.NewPhoneBinder(accounts, nil, recorder) // nobody sends a phone code
	finisher := application.NewLoginFinisher(profiles, admitter, opener, binder, clock)
	return useCases{
		application.NewLoginUseCase(wechatapi.NewAppDirectory(cfg.WeChat), obliging{}, finisher, retrier),
		application.NewRefreshUseCase(chains, users, ender, grants, clock, ids, events, policy),
	}
}

// logIn is the n-th login, and returns its refresh token.
func (u useCases) logIn(ctx context.Context, n int) (domain.Secret, error) {
	person := strconv.Itoa(n % people)
	login, err := u.login.Login(ctx, ports.LoginCommand{
		Code: domain.NewSecret("oGZUI0egBJY1zhBYw2KhdUfwV" + person), Device: domain.Device{ID: "device-" + person},
	})
	return login.Tokens.Refresh, err
}

// BenchmarkLoginUseCase is what a login costs without HTTP, WeChat and a disk.
func BenchmarkLoginUseCase(b *testing.B) {
	u := newUseCases(b)
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if _, err := u.logIn(b.Context(), n); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRefreshUseCase is the same of a refresh.
func BenchmarkRefreshUseCase(b *testing.B) {
	u := newUseCases(b)
	token, err := u.logIn(b.Context(), 1)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		refreshed, err := u.refresh.Refresh(b.Context(), token)
		if err != nil {
			b.Fatal(err)
		}
		token = refreshed.Tokens.Refresh
	}
}

func TestUseCasesLogInAndRefresh(t *testing.T) {
	u := newUseCases(t)
	token, err := u.logIn(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	refreshed, err := u.refresh.Refresh(t.Context(), token)
	if err != nil || refreshed.Tokens.Refresh.Empty() || refreshed.Tokens.Refresh == token {
		t.Errorf("got %v, want a new refresh token", err)
	}
}
