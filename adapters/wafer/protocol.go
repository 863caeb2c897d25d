// Package wafer speaks Tencent's wafer2 protocol, so that mini programs that were
// built on its client SDK need no change. It is an inbound adapter: it holds no
// rule, and what its protocol gets wrong (failures as 200, a person who is known
// only by their profile) stays in here. The skey is an access token of ours, where
// Tencent's servers hand out a hash of the session_key.
package wafer

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

// The protocol's paths.
const (
	LoginPath = "/weapp/login"
	UserPath  = "/weapp/user"
)

// The headers that hold all that a client says. They are secret, as a body is, and
// the server bounds their size.
const (
	headerCode = "X-WX-Code"
	headerData = "X-WX-Encrypted-Data"
	headerIV   = "X-WX-IV"
	headerSkey = "X-WX-Skey"
)

// maxCode is the longest code that is passed on, in bytes.
const maxCode = 256

// Describe says what an error means: the HTTP status of our own API, its code,
// and a title in Chinese.
type Describe func(err error) (status int, code, title string)

// Picture returns the address of a user's picture, "" where there is none.
type Picture func(u domain.WeChatUser) string

// Protocol serves the two routes of wafer2. Whatever comes of them is HTTP 200 and
// has the protocol's form. Another method, or headers beyond its limit, the server
// refuses before in its own: to the client SDK such a login has failed, and such a
// request keeps its skey, which only -1 and a 401 take.
type Protocol struct {
	login    ports.LoginUseCase
	logout   ports.LogoutUseCase
	caller   ports.AuthenticateUseCase
	account  ports.AccountUseCase
	describe Describe
	picture  Picture
	log      *slog.Logger
	app      domain.AppID
}

// New makes the protocol of its parts.
func New(cfg config.Wafer, login ports.LoginUseCase, logout ports.LogoutUseCase, caller ports.AuthenticateUseCase,
	account ports.AccountUseCase, describe Describe, picture Picture, log *slog.Logger,
) *Protocol {
	return &Protocol{login, logout, caller, account, describe, picture, log, cfg.AppID}
}

// Login serves GET /weapp/login. With open data it logs anybody in, whether that
// can be opened or not. The code alone may be the client SDK's own idea: it logs in
// who was here before and is not leaving, and asks others for the full login, to
// which the SDK knows no other way.
func (p *Protocol) Login(w http.ResponseWriter, r *http.Request) {
	code, data := sent(r, headerCode), openData(r)
	switch {
	case code == "" && !data.Present():
		write(w, answer{Code: refused, Error: errHeaderMissed})
		return
	case code == "" || len(code) > maxCode:
		write(w, answer{Code: refused, Error: errSessionKey})
		return
	}
	login, err := p.login.Login(r.Context(), ports.LoginCommand{
		AppID: p.app, Code: domain.NewSecret(code), OpenData: data, Silent: !data.Present(), Compat: true,
	})
	if err != nil {
		write(w, answer{Code: refused, Error: loginFailure(err, p.fail(r.Context(), w, err))})
		return
	}
	for _, warning := range login.Warnings {
		p.log.InfoContext(r.Context(), "wafer login has a warning", "cause", warning.Error(), "request_id", requestID(w))
	}
	if login.NewUser && !data.Present() {
		p.abandon(r.Context(), w, login)
		write(w, answer{Code: refused, Error: errUserNotFound})
		return
	}
	write(w, answer{Data: session{p.userInfo(login.User), login.Tokens.Access.Reveal(), login.At.Unix()}})
}

// abandon ends a session whose skey nobody is told. Where that fails, it ends by
// itself in time.
func (p *Protocol) abandon(ctx context.Context, w http.ResponseWriter, login ports.Login) {
	s := login.Session
	if err := p.logout.Logout(ctx, domain.Caller{UserID: s.UserID, SessionID: s.ID, AppID: s.AppID}); err != nil {
		p.fail(ctx, w, err)
	}
}

// User serves GET /weapp/user: whose an skey is. A refusal makes the client SDK
// drop its skey and log in, so that only what is wrong with the skey is one.
func (p *Protocol) User(w http.ResponseWriter, r *http.Request) {
	account, err := p.user(r)
	if err != nil {
		write(w, userFailure(err, p.fail(r.Context(), w, err)))
		return
	}
	write(w, answer{Data: p.userInfo(account.User)})
}

func (p *Protocol) user(r *http.Request) (ports.Account, error) {
	caller, err := p.caller.Authenticate(r.Context(), domain.NewSecret(sent(r, headerSkey)))
	if err != nil {
		return ports.Account{}, err
	}
	return p.account.Me(r.Context(), caller)
}

// RefuseLogin answers a login that failed outside of Login: by the limits, or by a
// panic.
func (p *Protocol) RefuseLogin(w http.ResponseWriter, r *http.Request, err error) {
	write(w, answer{Code: refused, Error: inCapitals(p.fail(r.Context(), w, err))})
}

// RefuseUser does it for User. The skey may be good, and is kept.
func (p *Protocol) RefuseUser(w http.ResponseWriter, r *http.Request, err error) {
	write(w, answer{Code: fault, Error: inCapitals(p.fail(r.Context(), w, err))})
}

// fail logs an error, and returns its code.
func (p *Protocol) fail(ctx context.Context, w http.ResponseWriter, err error) string {
	status, code, _ := p.describe(err)
	level := slog.LevelInfo
	if status >= http.StatusInternalServerError && !errors.Is(ctx.Err(), context.Canceled) { // else the client went away
		level = slog.LevelError
	}
	p.log.Log(ctx, level, "wafer request failed", "code", code, "cause", err.Error(), "request_id", requestID(w))
	return code
}

// requestID is the id that the edge gave the request.
func requestID(w http.ResponseWriter) string { return w.Header().Get("X-Request-Id") }

// sent returns a header that came once, and "" for any other.
func sent(r *http.Request, name string) string {
	if values := r.Header.Values(name); len(values) == 1 {
		return values[0]
	}
	return ""
}

// openData reads what wx.getUserInfo gave. A blank in base64 was a plus sign before
// something on the way took it for part of a form.
func openData(r *http.Request) domain.OpenData {
	plus := func(name string) string { return strings.ReplaceAll(sent(r, name), " ", "+") }
	return domain.OpenData{EncryptedData: plus(headerData), IV: plus(headerIV)}
}
