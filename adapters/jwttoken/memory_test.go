package jwttoken_test

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"strings"
	"testing"
	"time"

	"wxlogin/adapters/jwttoken"
	"wxlogin/domain"
)

func TestTokenAskedAboutAgainIsNotVerifiedAgain(t *testing.T) {
	for _, alg := range algorithms {
		dir := t.TempDir()
		generate(t, dir, alg, day)
		r := newReplica(t, settings(dir, alg))
		token := r.issue(t, day)
		signatures := jwttoken.CountVerifications(r.ring)
		for range 5 {
			if err := r.verify(t, token, day); err != nil {
				t.Errorf("%s: got %v, want no error", alg, err)
			}
		}
		if n := signatures.Load(); n != 1 {
			t.Errorf("%s: got %d signatures checked, want 1", alg, n)
		}
		if err := r.verify(t, token, day.Add(time.Hour+time.Minute)); !errors.Is(err, domain.ErrTokenExpired) {
			t.Errorf("%s: got %v, want it expired all the same", alg, err)
		}
		if err := r.verify(t, token, day.Add(-time.Hour)); !errors.Is(err, domain.ErrTokenInvalid) {
			t.Errorf("%s: got %v, want it invalid before its time all the same", alg, err)
		}
	}
}

func TestLongestOfOurTokensIsRemembered(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, 4096)
	dir := dirOf(t, pkcs8(t, private, err))
	r := newReplica(t, settings(dir, "RS256"))
	if err := r.verify(t, r.issue(t, day), day); err != nil {
		t.Fatalf("got %v, want no error", err)
	}
	if n := jwttoken.Known(r.verifier); n != 1 {
		t.Errorf("got %d tokens remembered, want 1", n)
	}
}

func TestOnlyTokensWithARightSignatureAreRemembered(t *testing.T) {
	w := newWorld(t, "ES256")
	verifier, _ := w.Verifier.(*jwttoken.AccessTokenVerifier)
	good := w.Forger.Sign(t, w.Forger.Payload())
	signature := strings.LastIndexByte(good, '.') + 1
	wrong := []string{
		"", good[:signature], good + "A", good[:signature] + strings.Repeat("A", len(good)-signature),
		w.Forger.Sign(t, "{}"), w.Forger.Sign(t, strings.Replace(w.Forger.Payload(), "{", `{"sub":"twice",`, 1)),
		w.Forger.Sign(t, strings.Replace(w.Forger.Payload(), "{", `{"pad":"`+strings.Repeat("x", 2048)+`",`, 1)),
	}
	for i, c := range []byte(good[signature:]) {
		other := "-"
		if c == '-' {
			other = "_"
		}
		wrong = append(wrong, good[:signature+i]+other+good[signature+i+1:])
	}
	for _, token := range wrong {
		_, err := w.Verifier.VerifyAccessToken(t.Context(), domain.NewSecret(token), w.Forger.Now)
		if n := jwttoken.Known(verifier); n != 0 {
			t.Fatalf("%q: got %v and %d tokens remembered, want none", token, err, n)
		}
	}
}

func TestMemoryOfTokensIsBounded(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, "HS256", day)
	r := newReplica(t, settings(dir, "HS256"))
	first := r.issue(t, day)
	for range jwttoken.MaxKnown + 100 {
		if err := r.verify(t, r.issue(t, day), day); err != nil {
			t.Fatalf("got %v, want no error", err)
		}
	}
	if n := jwttoken.Known(r.verifier); n != jwttoken.MaxKnown {
		t.Errorf("got %d tokens remembered, want %d", n, jwttoken.MaxKnown)
	}
	if err := r.verify(t, first, day); err != nil {
		t.Errorf("a token that was forgotten: got %v, want no error", err)
	}
}

func TestRemovedKeyEndsItsRememberedTokensAtOnce(t *testing.T) { // T-31: emergency
	dir := t.TempDir()
	_, kid := generate(t, dir, "ES256", day)
	replicas := []*replica{newReplica(t, settings(dir, "ES256")), newReplica(t, settings(dir, "ES256"))}
	token := replicas[0].issue(t, day)
	for i, r := range replicas {
		if err := r.verify(t, token, day); err != nil || jwttoken.Known(r.verifier) != 1 {
			t.Fatalf("replica %d: got %v, want the token remembered", i, err)
		}
	}
	if _, err := readDirectory(t, dir, day).Remove(kid); err != nil {
		t.Fatalf("Remove: got %v, want no error", err)
	}
	for _, r := range replicas {
		r.looks()
	}
	for i, r := range replicas {
		if err := r.verify(t, token, day); !errors.Is(err, domain.ErrTokenInvalid) {
			t.Errorf("replica %d: got %v, want the token refused", i, err)
		}
		if err := r.verify(t, replicas[1-i].issue(t, day), day); err != nil {
			t.Errorf("replica %d: a token of the new key: got %v, want no error", i, err)
		}
	}
}

// A reload that leaves a key where it is does not make everybody's next request
// dear.
func TestTokensStayKnownWhenOtherKeysComeAndGo(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, "ES256", day)
	r := newReplica(t, settings(dir, "ES256"))
	token := r.issue(t, day)
	if err := r.verify(t, token, day); err != nil {
		t.Fatalf("got %v, want no error", err)
	}
	path, _ := generate(t, dir, "EdDSA", day)
	for _, change := range []func(){func() {}, func() { remove(t, path) }} {
		change()
		r.looks()
		signatures := jwttoken.CountVerifications(r.ring)
		if err := r.verify(t, token, day); err != nil || signatures.Load() != 0 {
			t.Errorf("got %v and %d signatures checked, want the token known", err, signatures.Load())
		}
	}
}
