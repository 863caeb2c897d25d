package httpapi_test

import (
	"context"
	"strings"

	"wxlogin/domain"
	"wxlogin/ports"
)

// One fake per port: a function.
type (
	loginFunc   func(context.Context, ports.LoginCommand) (ports.Login, error)
	vouchedFunc func(context.Context, ports.VouchedLoginCommand) (ports.Login, error)
	callerFunc  func(context.Context, domain.Secret) (domain.Caller, error)
	accountFunc func(context.Context, domain.Caller) (ports.Account, error)
	keysFunc    func() []byte
	storeFunc   func(context.Context) error
	wechatFunc  func() bool
	refreshFunc func(context.Context, domain.Secret) (ports.Refreshed, error)
	listFunc    func(context.Context, domain.Caller) ([]domain.Session, error)
	inspectFunc func(domain.ServiceClient, domain.Secret) (domain.AccessToken, bool)
	revokeFunc  func(domain.ServiceClient, domain.Secret) error
	feedFunc    func() ports.RevocationState
	entropy     struct{}
)

func (f refreshFunc) Refresh(ctx context.Context, t domain.Secret) (ports.Refreshed, error) {
	return f(ctx, t)
}

func (f listFunc) ListSessions(ctx context.Context, c domain.Caller) ([]domain.Session, error) {
	return f(ctx, c)
}

func (f inspectFunc) Introspect(_ context.Context, c domain.ServiceClient, t domain.Secret) (domain.AccessToken, bool) {
	return f(c, t)
}

func (f revokeFunc) RevokeToken(_ context.Context, c domain.ServiceClient, t domain.Secret) error {
	return f(c, t)
}

func (f feedFunc) RevocationState() ports.RevocationState { return f() }

// logouts answers every logout with err, and notes whom it was for.
type logouts struct {
	err  error
	done []string
}

func (l *logouts) Logout(_ context.Context, c domain.Caller) error {
	l.done = append(l.done, "own "+string(c.SessionID))
	return l.err
}

func (l *logouts) LogoutAll(_ context.Context, c domain.Caller) error {
	l.done = append(l.done, "all of "+string(c.UserID))
	return l.err
}

func (l *logouts) EndSession(_ context.Context, c domain.Caller, id domain.SessionID) error {
	l.done = append(l.done, string(id)+" of "+string(c.UserID))
	return l.err
}

// shops are service clients, each with an app of its own. Their secrets hold what
// Basic authentication and forms have a meaning for.
type shops map[string]domain.AppID

var backends = shops{"shop": alice.AppID, "the other: shop": "wxfedcba9876543210"}

func secretOf(id string) string { return "secret+of: " + id + " 100%&=é" }

func (s shops) Identify(id string, secret domain.Secret) (domain.ServiceClient, error) {
	app, ok := s[id]
	if !ok || secret.Reveal() != secretOf(id) {
		return domain.ServiceClient{}, domain.ErrClientInvalid
	}
	return domain.ServiceClient{ID: id, Apps: []domain.AppID{app}}, nil
}

func (f loginFunc) Login(ctx context.Context, c ports.LoginCommand) (ports.Login, error) {
	return f(ctx, c)
}

func (f vouchedFunc) LoginVouched(ctx context.Context, c ports.VouchedLoginCommand) (ports.Login, error) {
	return f(ctx, c)
}

func (f callerFunc) Authenticate(ctx context.Context, t domain.Secret) (domain.Caller, error) {
	return f(ctx, t)
}

func (f accountFunc) Me(ctx context.Context, c domain.Caller) (ports.Account, error) {
	return f(ctx, c)
}

func (f accountFunc) Export(ctx context.Context, c domain.Caller) (ports.Export, error) {
	account, err := f(ctx, c)
	return ports.Export{
		Account: account, Identities: []ports.Account{account}, Avatar: []byte("JPEG"), Sessions: []domain.Session{aliceLogin().Session},
		Audit: []domain.AuditEntry{{ID: "entry-1", At: moment, Action: domain.AuditPhoneBound, By: domain.ByUser, UserID: c.UserID}}, At: moment,
	}, err
}

func (f keysFunc) JWKS() []byte                     { return f() }
func (f storeFunc) Check(ctx context.Context) error { return f(ctx) }
func (f wechatFunc) PlatformReachable() bool        { return f() }

const freshID = "0190b6f0-0000-7000-8000-00000000000a"

func (entropy) NewID() string           { return freshID }
func (entropy) NewToken() domain.Secret { return domain.NewSecret(strings.Repeat("t", 43)) }
