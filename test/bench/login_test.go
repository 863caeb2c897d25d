package bench

import (
	"context"
	"strconv"
	"testing"
	"time"

	"wxlogin/adapters/jwttoken"
	"wxlogin/adapters/memory"
	"wxlogin/adapters/sealing"
	"wxlogin/adapters/system"
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

// newLoginUseCase stands on the memory store, signs with ES256 and seals for
// real; only WeChat is made up.
func newLoginUseCase(tb testing.TB) ports.LoginUseCase {
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
	clock, ids := system.NewClock(), system.NewEntropy()
	policy := application.Policy{
		AccessToken: cfg.Sessions.AccessToken, OpenDataAge: cfg.Sessions.OpenDataAge, CompatToken: 24 * time.Hour,
		Sessions: domain.Lifetimes{Idle: cfg.Sessions.Idle, Absolute: cfg.Sessions.Absolute, Deviceless: 24 * time.Hour},
	}
	sessions := memory.NewSessionRepository(clock)
	grants := application.NewGranter(jwttoken.NewAccessTokenIssuer(keys, cfg.Tokens, ids), policy)
	opener := application.NewSessionOpener(sessions, sealer, grants, ids, policy)
	profiles := application.NewProfileReader(wechatapi.NewOpenDataReader(), sessions, sealer, policy)
	users, events := memory.NewUserRepository(), silent{}
	retries := application.NewLoginRetrier(memory.NewRefreshRepository(sessions), users, grants, clock, system.NewPauser(), events)
	return application.NewLoginUseCase(wechatapi.NewAppDirectory(cfg.WeChat), obliging{}, profiles, users, opener, retries, clock, ids)
}

// silent hears nothing.
type silent struct{}

func (silent) Report(context.Context, domain.Event) {}

// logIn is the n-th login of the use case.
func logIn(ctx context.Context, uc ports.LoginUseCase, n int) error {
	person := strconv.Itoa(n % people)
	_, err := uc.Login(ctx, ports.LoginCommand{
		Code: domain.NewSecret("oGZUI0egBJY1zhBYw2KhdUfwV" + person), Device: domain.Device{ID: "device-" + person},
	})
	return err
}

// BenchmarkLoginUseCase is what a login costs without HTTP, WeChat and a disk.
func BenchmarkLoginUseCase(b *testing.B) {
	uc := newLoginUseCase(b)
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if err := logIn(b.Context(), uc, n); err != nil {
			b.Fatal(err)
		}
	}
}

func TestLoginUseCaseLogsIn(t *testing.T) {
	if err := logIn(t.Context(), newLoginUseCase(t), 1); err != nil {
		t.Error(err)
	}
}
