// Package bareserver is the yardstick of the benchmarks: a server that does for a
// login what wxlogin does (one call to WeChat, two writes, one token signed, one
// session_key sealed), and for a refresh (two reads, two writes, one token signed,
// one sealed), with the same libraries, and that checks, limits and logs nothing.
// What wxlogin costs beyond it is the price of its checks. It is fit for no other
// use.
package bareserver

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/labstack/echo/v4"

	"wxlogin/config"
)

// server is what the handlers call.
type server struct {
	Stores
	cfg    config.Config
	client *http.Client
	key    *ecdsa.PrivateKey
	aead   cipher.AEAD
}

// New returns the routes for a login, a refresh, verification, introspection and
// GET /v1/me, which take and give what wxlogin's do; what they say of a token is
// not to be believed. It logs into cfg's first app and signs with the only ES256
// key in cfg.Tokens.KeysDir.
func New(cfg config.Config, stores Stores) (http.Handler, error) {
	key, err := readKey(cfg.Tokens.KeysDir)
	if err != nil {
		return nil, fmt.Errorf("bareserver: %w", err)
	}
	aead, err := newAEAD(cfg.Sealing.Keys[0])
	if err != nil {
		return nil, fmt.Errorf("bareserver: %w", err)
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: int(cfg.WeChat.MaxConcurrent)}}
	s := &server{stores, cfg, client, key, aead}
	e := echo.New()
	e.HTTPErrorHandler = func(err error, c echo.Context) { _ = c.String(http.StatusInternalServerError, err.Error()) }
	e.POST("/v1/login", s.login)
	e.POST("/v1/token/refresh", s.refresh)
	e.POST("/v1/token/introspect", s.introspect)
	e.GET("/v1/verify", s.verify)
	e.GET("/v1/me", s.me)
	return e, nil
}

func readKey(dir string) (*ecdsa.PrivateKey, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.pem"))
	if err != nil || len(files) != 1 {
		return nil, errors.Join(err, fmt.Errorf("%s holds %d keys, want 1", dir, len(files)))
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s holds no PEM block", files[0])
	}
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	key, ok := private.(*ecdsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s holds no EC key", files[0])
	}
	return key, nil
}

func newAEAD(k config.SealingKey) (cipher.AEAD, error) {
	raw, err := base64.StdEncoding.DecodeString(k.Key.Reveal())
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
