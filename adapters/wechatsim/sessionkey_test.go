package wechatsim_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"wxlogin/adapters/wechatsim"
)

func proof(token, openID, key string) url.Values {
	return values("access_token", token, "openid", openID, "sig_method", "hmac_sha256",
		"signature", wechatsim.UserSignature(key, ""))
}

func TestSignaturesAreThoseOfTencentsExamples(t *testing.T) {
	const key = "o0q0otL8aEzpcZL/FT9WsQ=="
	for message, want := range map[string]string{
		`{"foo":"bar"}`: "654571f79995b2ce1e149e53c0a33dc39c0a74090db514261454e8dbe432aa0b",
		"":              "46e043c5525c2d817c44be603d30837a808a1d930d038f6fdc3e62a201fed128",
	} {
		if got := wechatsim.UserSignature(key, message); got != want {
			t.Errorf("signature of %q: got %s, want %s", message, got, want)
		}
	}
}

func TestCheckSessionTellsThePresentKeyFromTheRest(t *testing.T) {
	w := start(t)
	token := w.accessToken(shop, shopSecret)
	openID, _, _ := w.Identity(shop, "bob")
	old, _ := w.SessionKey(shop, "bob")
	check := func(query url.Values) map[string]any { return w.call(http.MethodGet, checkPath, query, "") }
	wantCode(t, check(proof(token, openID, old)), 0)
	key, err := w.RotateSessionKey(shop, "bob")
	if err != nil || key == old {
		t.Fatalf("RotateSessionKey: %q, %v", key, err)
	}
	wantCode(t, check(proof(token, openID, old)), 87009)
	wantCode(t, check(proof(token, openID, key)), 0)
	wantCode(t, check(proof(token, "oNobody", key)), 87009)

	elsewhere, _, _ := w.Identity(game, "bob")
	gameKey, _ := w.SessionKey(game, "bob")
	wantCode(t, check(proof(token, elsewhere, gameKey)), 87009)

	query := proof(token, openID, key)
	query.Set("signature", strings.ToUpper(query.Get("signature")))
	wantCode(t, check(query), 87009)
	query.Set("sig_method", "sha1")
	wantCode(t, check(query), 87008)
	wantCode(t, w.call(http.MethodPost, checkPath, proof(token, openID, key), ""), 87008)
	wantCode(t, check(proof("", openID, key)), 41001)
}

func TestResetReplacesTheKeyAndProlongsNothing(t *testing.T) {
	w := start(t)
	token := w.accessToken(shop, shopSecret)
	openID, _, _ := w.Identity(shop, "bob")
	old, _ := w.SessionKey(shop, "bob")
	w.clock.pass(59 * time.Second)
	got := w.call(http.MethodGet, resetPath, proof(token, openID, old), "")
	wantCode(t, got, 0)
	key, _ := w.SessionKey(shop, "bob")
	if got["openid"] != openID || got["session_key"] != key || key == old {
		t.Errorf("reset answers %v; the key was %q and is %q", got, old, key)
	}
	wantCode(t, w.call(http.MethodGet, resetPath, proof(token, openID, old), ""), 87009)
	w.clock.pass(time.Second)
	if renewed := w.login(shop, shopSecret, w.code(shop, "bob"))["session_key"]; renewed == key {
		t.Error("the new key did not inherit the age of the old one")
	}
}
