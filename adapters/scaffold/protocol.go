// Package scaffold speaks the protocol of the koa2 and mongo scaffold that many
// mini programs grew from, so that their clients need no change. It is an inbound
// adapter: it holds no rule, and what its protocol gets wrong (secrets in the
// query, failures as 200, a session_key for the client) stays in here.
package scaffold

import (
	"context"
	"encoding/json"
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
	LoginPath = "/user/login"
	TestPath  = "/home/test"
)

// Longest values that a query may hold, in bytes.
const (
	maxCode     = 256
	maxOpenData = 16 << 10
)

// Describe says what an error means: the HTTP status of our own API, its code,
// and a title in Chinese.
type Describe func(err error) (status int, code, title string)

// Protocol serves the scaffold's two routes.
type Protocol struct {
	login      ports.LoginUseCase
	caller     ports.AuthenticateUseCase
	account    ports.AccountUseCase
	describe   Describe
	log        *slog.Logger
	app        domain.AppID
	sessionKey bool
}

// New makes the protocol. Unless cfg says so, no answer holds a session_key.
func New(cfg config.Scaffold, login ports.LoginUseCase, caller ports.AuthenticateUseCase,
	account ports.AccountUseCase, describe Describe, log *slog.Logger,
) *Protocol {
	return &Protocol{login, caller, account, describe, log, cfg.AppID, cfg.SessionKey}
}

type loginAnswer struct {
	StatusCode int          `json:"statusCode"`
	Message    string       `json:"message"`
	Token      string       `json:"Token,omitempty"`
	SessionKey string       `json:"sessionKey,omitempty"`
	Data       *failureData `json:"data,omitempty"`
}

type failureData struct {
	Code string `json:"code"`
}

type testAnswer struct {
	StatusCode int    `json:"statusCode,omitempty"`
	Message    string `json:"message,omitempty"`
	Error      string `json:"error,omitempty"`
}

// errQuery is a query that no login can be made of.
var errQuery = errors.New("scaffold: code is missing, or a value is too long")

// Login serves GET /user/login: always HTTP 200, the outcome in statusCode.
func (p *Protocol) Login(w http.ResponseWriter, r *http.Request) {
	cmd, err := p.command(r)
	if err != nil {
		write(w, http.StatusOK, loginAnswer{StatusCode: http.StatusBadRequest, Message: "参数错误", Data: &failureData{"invalid_request"}})
		return
	}
	login, err := p.login.Login(r.Context(), cmd)
	if err != nil {
		p.Refuse(w, r, err)
		return
	}
	for _, warning := range login.Warnings {
		p.log.InfoContext(r.Context(), "scaffold login has a warning", "cause", warning.Error(), "request_id", w.Header().Get("X-Request-Id"))
	}
	answer := loginAnswer{StatusCode: http.StatusOK, Message: message(login), Token: login.Tokens.Access.Reveal()}
	if p.sessionKey {
		answer.SessionKey = login.Compat.SessionKey.Reveal()
	}
	write(w, http.StatusOK, answer)
}

// Refuse answers a login that failed, here or on the way here.
func (p *Protocol) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	status, code, title := p.fail(r.Context(), w, err)
	write(w, http.StatusOK, loginAnswer{StatusCode: status, Message: title, Data: &failureData{code}})
}

// command reads the query. A blank in base64 was a plus sign before somebody
// forgot to escape it.
func (p *Protocol) command(r *http.Request) (ports.LoginCommand, error) {
	query := r.URL.Query()
	plus := func(name string) string { return strings.ReplaceAll(query.Get(name), " ", "+") }
	code, data := query.Get("code"), domain.OpenData{EncryptedData: plus("encryptedData"), IV: plus("iv")}
	if code == "" || len(code) > maxCode || len(data.EncryptedData) > maxOpenData || len(data.IV) > maxCode {
		return ports.LoginCommand{}, errQuery
	}
	return ports.LoginCommand{AppID: p.app, Code: domain.NewSecret(code), OpenData: data, Compat: true}, nil
}

func message(l ports.Login) string {
	switch {
	case l.NewUser:
		return "登录成功, 用户信息入库成功"
	case l.Compat.HadSession:
		return "登录成功，用户已入库"
	}
	return "登录成功，Token更新成功"
}

// Test serves GET /home/test: whether the token of a login is still good.
func (p *Protocol) Test(w http.ResponseWriter, r *http.Request) {
	if err := p.test(r); err != nil {
		status, _, title := p.fail(r.Context(), w, err)
		if status < http.StatusInternalServerError {
			status = http.StatusUnauthorized
		}
		write(w, status, testAnswer{Error: title})
		return
	}
	write(w, http.StatusOK, testAnswer{StatusCode: http.StatusOK, Message: "获取鉴权数据成功"})
}

func (p *Protocol) test(r *http.Request) error {
	values := r.Header.Values("Authorization")
	if len(values) != 1 {
		return domain.ErrTokenMissing
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return domain.ErrTokenMissing
	}
	caller, err := p.caller.Authenticate(r.Context(), domain.NewSecret(strings.TrimSpace(token)))
	if err != nil {
		return err
	}
	_, err = p.account.Me(r.Context(), caller)
	return err
}

// fail logs an error and says what the protocol calls it: faults of the service
// itself are 500 there.
func (p *Protocol) fail(ctx context.Context, w http.ResponseWriter, err error) (status int, code, title string) {
	status, code, title = p.describe(err)
	if errors.Is(err, domain.ErrStoreUnavailable) || errors.Is(err, domain.ErrAppMisconfigured) {
		status = http.StatusInternalServerError
	}
	level := slog.LevelInfo
	if status >= http.StatusInternalServerError && !errors.Is(ctx.Err(), context.Canceled) { // else the client went away
		level = slog.LevelError
	}
	p.log.Log(ctx, level, "scaffold request failed", "code", code, "cause", err.Error(), "request_id", w.Header().Get("X-Request-Id"))
	return status, code, title
}

func write(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	text, _ := json.Marshal(answer) // of strings and numbers: cannot fail
	_, _ = w.Write(text)            // a client that left needs no answer
}
