package wechatevents_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"wxlogin/adapters/wechatevents"
	"wxlogin/config"
	"wxlogin/domain"
)

const (
	app    = "wxshop"
	token  = "shoptoken"
	key    = "AbcdefghijklmnopqrstuvwxyzABCDEF0123456789/"
	openID = "oCANARY-7f3a_openid"
	path   = "/v1/wechat/events/" + app
	now    = "1714037059"
	nonce  = "486452656"
)

// handle is the use case: one function.
type handle func(context.Context, domain.PlatformEvent) error

func (f handle) HandleEvent(ctx context.Context, e domain.PlatformEvent) error { return f(ctx, e) }

// world is what a receiver stands on. Whatever is not set works.
type world struct {
	key    string // empty: messages come in plain mode
	fails  error
	log    *bytes.Buffer
	events []domain.PlatformEvent // that reached the use case
}

// useCase notes what it is told.
func (w *world) useCase() handle {
	return func(_ context.Context, e domain.PlatformEvent) error {
		w.events = append(w.events, e)
		return w.fails
	}
}

// serve answers r as a service in w does.
func (w *world) serve(r *http.Request) *httptest.ResponseRecorder {
	return w.serveAs(config.EventsApp{ID: app, Token: domain.NewSecret(token), Key: domain.NewSecret(w.key)}, r)
}

func (w *world) serveAs(cfg config.EventsApp, r *http.Request) *httptest.ResponseRecorder {
	if w.log == nil {
		w.log = &bytes.Buffer{}
	}
	log := slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	receiver := wechatevents.New(cfg, w.useCase(), describe, log)
	rec := httptest.NewRecorder()
	rec.Header().Set("X-Request-Id", "trace-1") // as the edge does
	map[string]http.HandlerFunc{http.MethodGet: receiver.Verify, http.MethodPost: receiver.Deliver}[r.Method](rec, r)
	return rec
}

// describe is what the edge calls errors.
func describe(err error) (status int, code, title string) {
	var promised *domain.Error
	if !errors.As(err, &promised) {
		return http.StatusInternalServerError, "internal", "标题"
	}
	status = map[*domain.Error]int{domain.ErrStoreUnavailable: 503, domain.ErrNotFound: 404}[promised]
	return status, promised.Code, "标题"
}

// sign is WeChat's signature.
func sign(parts ...string) string {
	parts = slices.Clone(parts)
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:])
}

// signed is the query of a message in plain mode, or of a verification.
func signed(pairs ...string) url.Values {
	q := url.Values{"signature": {sign(token, now, nonce)}, "timestamp": {now}, "nonce": {nonce}, "openid": {openID}}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return q
}

// signedFor is the query of a message in safe mode.
func signedFor(encrypted string) url.Values {
	return signed("encrypt_type", "aes", "msg_signature", sign(token, now, nonce, encrypted))
}

func post(query url.Values, body string) *http.Request {
	return httptest.NewRequest(http.MethodPost, path+"?"+query.Encode(), strings.NewReader(body))
}

func get(query url.Values) *http.Request {
	return httptest.NewRequest(http.MethodGet, path+"?"+query.Encode(), http.NoBody)
}

// plain is a message as plain mode has it.
func plain(text string) *http.Request { return post(signed(), text) }

// sealed is a message as safe mode has it, in the form of what it holds.
func sealed(text string) *http.Request {
	encrypted := seal(key, pad(pack(text, app)))
	if strings.HasPrefix(text, "<") {
		return post(signedFor(encrypted), "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA["+encrypted+"]]></Encrypt></xml>")
	}
	return carry(encrypted)
}

// carry sends what is encrypted, correctly signed.
func carry(encrypted string) *http.Request {
	return post(signedFor(encrypted), fmt.Sprintf(`{"ToUserName":"gh_1","Encrypt":%q}`, encrypted))
}

// pack puts a message between random bytes, its length and the app's id.
func pack(text, app string) []byte {
	packed := []byte("0123456789abcdef")
	packed = binary.BigEndian.AppendUint32(packed, uint32(len(text)))
	return append(append(packed, text...), app...)
}

// pad fills up to a multiple of 32.
func pad(text []byte) []byte {
	n := 32 - len(text)%32
	return append(slices.Clone(text), bytes.Repeat([]byte{byte(n)}, n)...)
}

// seal encrypts what is a multiple of the cipher's block.
func seal(key string, text []byte) string {
	raw, err := base64.StdEncoding.DecodeString(key + "=")
	if err != nil {
		panic(err)
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		panic(err)
	}
	text = slices.Clone(text)
	cipher.NewCBCEncrypter(block, raw[:16]).CryptBlocks(text, text)
	return base64.StdEncoding.EncodeToString(text)
}

func wantAnswer(t *testing.T, got *httptest.ResponseRecorder, status int, body string) {
	t.Helper()
	if got.Code != status || got.Body.String() != body || got.Header().Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("got %d %q as %q, want %d %q", got.Code, got.Body, got.Header().Get("Content-Type"), status, body)
	}
}

// wantRefused holds an answer to the one that every refusal gets.
func (w *world) wantRefused(t *testing.T, r *http.Request) {
	t.Helper()
	wantAnswer(t, w.serve(r), http.StatusForbidden, "refused")
	if len(w.events) != 0 {
		t.Errorf("got %v, want no event", w.events)
	}
}
