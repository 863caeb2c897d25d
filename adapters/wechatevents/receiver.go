// Package wechatevents takes the messages that WeChat pushes about the users of a
// mini program: that they withdrew what they gave, or closed their account. It is
// an inbound adapter: it believes nobody but WeChat, says in our own words what
// WeChat asks for, and holds no rule about what is then done.
//
// https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html
package wechatevents

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"

	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

// pathPrefix is what the paths of all apps begin with.
const pathPrefix = "/v1/wechat/events/"

// maxBody is more than WeChat's messages have, in bytes: plain and encrypted in
// one body, they are a few thousand.
const maxBody = 64 << 10

// Describe says what an error means: the HTTP status of our own API, its code,
// and a title in Chinese.
type Describe func(err error) (status int, code, title string)

// Receiver takes the messages for one app.
type Receiver struct {
	guard    guard
	events   ports.PlatformEventUseCase
	describe Describe
	log      *slog.Logger
}

// New makes the receiver of one app's messages. Where the app has a key, nothing
// is believed that was not encrypted with it.
func New(app config.EventsApp, events ports.PlatformEventUseCase, describe Describe, log *slog.Logger) *Receiver {
	return &Receiver{guard{app}, events, describe, log}
}

// Path returns where the app's messages come.
func (r *Receiver) Path() string { return pathPrefix + string(r.guard.app.ID) }

// Verify serves GET: WeChat's console asks whether the server knows the token.
func (r *Receiver) Verify(w http.ResponseWriter, req *http.Request) {
	query, err := r.guard.query(req)
	if err == nil && !echoPattern.MatchString(query.Get("echostr")) {
		err = errQuery
	}
	if err != nil {
		r.refuse(req.Context(), w, err)
		return
	}
	write(w, http.StatusOK, query.Get("echostr"))
}

// Deliver serves POST. What asks for nothing here is answered like what was done;
// for what failed, WeChat comes again.
func (r *Receiver) Deliver(w http.ResponseWriter, req *http.Request) {
	event, err := r.event(w, req)
	if err != nil {
		r.refuse(req.Context(), w, err)
		return
	}
	if event.Concerns() {
		if err := r.events.HandleEvent(req.Context(), event); err != nil {
			r.fail(req.Context(), w, err)
			return
		}
	}
	write(w, http.StatusOK, "success")
}

// event returns what the request asks for, once it is known to be WeChat's.
func (r *Receiver) event(w http.ResponseWriter, req *http.Request) (domain.PlatformEvent, error) {
	query, err := r.guard.query(req)
	if err != nil {
		return domain.PlatformEvent{}, err
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxBody))
	if err != nil {
		return domain.PlatformEvent{}, errMalformed
	}
	m, err := read(body)
	if err == nil && !r.guard.app.Key.Empty() {
		m, err = r.inside(query, m)
	}
	if err != nil {
		return domain.PlatformEvent{}, err
	}
	event, err := m.event(r.guard.app.ID)
	event.Sealed = event.Concerns() && !r.guard.app.Key.Empty()
	return event, err
}

// inside returns the message that is encrypted in outer. What stands beside it is
// not looked at: in WeChat's compatible mode it is the same message again, and in
// anybody else's hands another.
func (r *Receiver) inside(query url.Values, outer message) (message, error) {
	if query.Get("encrypt_type") != "aes" || outer["Encrypt"] == "" {
		return nil, errPlain
	}
	plain, err := r.guard.open(query, outer["Encrypt"])
	if err != nil {
		return nil, err
	}
	return read(plain)
}

// refuse answers what is not WeChat's, or makes no sense: the same for every
// cause, so that probing teaches nothing. No cause holds anything of the request.
func (r *Receiver) refuse(ctx context.Context, w http.ResponseWriter, cause error) {
	r.log.InfoContext(ctx, "wechat event refused", "app", string(r.guard.app.ID), "cause", cause.Error(),
		"request_id", w.Header().Get("X-Request-Id"))
	write(w, http.StatusForbidden, "refused")
}

// fail answers what WeChat is to deliver again: whatever went wrong, it was here.
func (r *Receiver) fail(ctx context.Context, w http.ResponseWriter, err error) {
	status, code, _ := r.describe(err)
	level := slog.LevelError
	if errors.Is(ctx.Err(), context.Canceled) { // WeChat waited long enough
		level = slog.LevelInfo
	}
	r.log.Log(ctx, level, "wechat event failed", "app", string(r.guard.app.ID), "code", code, "cause", err.Error(),
		"request_id", w.Header().Get("X-Request-Id"))
	write(w, max(status, http.StatusInternalServerError), "failed")
}

func write(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	//nolint:gosec // plain text: a word of ours, or the echo that a signature and a pattern let through
	_, _ = io.WriteString(w, text) // a client that left needs no answer
}
