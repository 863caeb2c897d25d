package jwttoken_test

import (
	"bytes"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"wxlogin/adapters/jwttoken"
	"wxlogin/config"
	"wxlogin/ports"
)

func module(cfg config.Tokens, log io.Writer) fx.Option {
	return fx.Options(jwttoken.Module, fx.Supply(cfg, slog.New(slog.NewJSONHandler(log, nil)),
		fx.Annotate(&counting{}, fx.As(new(ports.Entropy)))))
}

func TestModulePlugsEveryPort(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, "ES256", day)
	var issuer ports.AccessTokenIssuer
	var verifier ports.AccessTokenVerifier
	var keys ports.VerificationKeys
	app := fxtest.New(t, module(settings(dir, "ES256"), io.Discard), fx.Populate(&issuer, &verifier, &keys))
	app.RequireStart().RequireStop()
	if issuer == nil || verifier == nil || !strings.Contains(string(keys.JWKS()), "ES256") {
		t.Errorf("got %v, %v and %v, want every port", issuer, verifier, keys)
	}
}

func TestModuleFollowsTheDirectoryFromStartToStop(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, "ES256", day)
	synctest.Test(t, func(t *testing.T) {
		var keys ports.VerificationKeys
		app := fxtest.New(t, module(settings(dir, "ES256"), io.Discard), fx.Populate(&keys)).RequireStart()
		generate(t, dir, "EdDSA", day)
		time.Sleep(2 * time.Second)
		if text := string(keys.JWKS()); !strings.Contains(text, "EdDSA") {
			t.Errorf("got %s, want the key that came after the start", text)
		}
		app.RequireStop()
		generate(t, dir, "RS256", day)
		time.Sleep(time.Minute)
		if text := string(keys.JWKS()); strings.Contains(text, "RS256") {
			t.Errorf("got %s, want no key that came after the end", text)
		}
	})
}

func TestModuleKeepsItsKeyringPrivate(t *testing.T) {
	app := fx.New(fx.NopLogger, module(settings(t.TempDir(), "ES256"), io.Discard), fx.Invoke(func(*jwttoken.Keyring) {}))
	if err := app.Err(); err == nil || !strings.Contains(err.Error(), "missing type: *jwttoken.Keyring") {
		t.Errorf("got %v, want the keyring out of reach", err)
	}
}

func TestModuleReadsNoKeysForNobody(t *testing.T) {
	if err := fx.New(fx.NopLogger, module(settings("nowhere", "ES256"), io.Discard)).Err(); err != nil {
		t.Errorf("got %v, want no error", err)
	}
}

func TestModuleLogsItsWarningsOnce(t *testing.T) {
	skipWithoutModes(t)
	dir := t.TempDir()
	path, _ := generate(t, dir, "ES256", day)
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatalf("Chmod: got %v, want no error", err)
	}
	var log bytes.Buffer
	fxtest.New(t, module(settings(dir, "ES256"), &log), fx.Invoke(func(ports.AccessTokenIssuer, ports.AccessTokenVerifier, ports.VerificationKeys) {}))
	if n := strings.Count(log.String(), path); n != 1 {
		t.Errorf("got %d warnings of %s in %s, want one", n, path, log.String())
	}
}
