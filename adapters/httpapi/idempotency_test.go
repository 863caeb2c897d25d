package httpapi_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/ports"
)

const idempotencyKey = "Idempotency-Key"

func TestAnIdempotencyKeyReachesTheUseCaseAsItIs(t *testing.T) {
	for _, key := range []string{"", strings.Repeat("k", 16), strings.Repeat("k", 255), `!"#$%&'()*+,-./:;<=>?@[\]^_{|}~`, "5f0c1a52-8a5e-4f0e-9f5a-0f6a3b0c9d1e"} {
		got := "nothing"
		s := build(world{login: func(_ context.Context, c ports.LoginCommand) (ports.Login, error) {
			got = c.IdempotencyKey.Reveal()
			return aliceLogin(), nil
		}})
		r := post(`{"code":"a"}`)
		if key != "" {
			r.Header.Set(idempotencyKey, key)
		}
		if a := ask(t, s, r); a.status != http.StatusOK || got != key {
			t.Errorf("%q: got %d with %q", key, a.status, got)
		}
	}
}

// A key that others may guess is refused, and the code is as good as before.
func TestAnIdempotencyKeyThatIsNoneIsRefusedBeforeTheCodeIsSpent(t *testing.T) {
	good := strings.Repeat("k", 16)
	for name, tt := range map[string]struct {
		keys []string
		rule string
	}{
		"empty":               {[]string{""}, "min"},
		"short":               {[]string{strings.Repeat("k", 15)}, "min"},
		"long":                {[]string{strings.Repeat("k", 256)}, "max"},
		"a blank":             {[]string{"0123456789 abcdef"}, "plain"},
		"a tab":               {[]string{"0123456789\tabcdef"}, "plain"},
		"no ASCII":            {[]string{"0123456789abcdefé"}, "plain"},
		"a control character": {[]string{"0123456789abcdef\x7f"}, "plain"},
		"two":                 {[]string{good, good + "x"}, "duplicate"},
		"two that are equal":  {[]string{good, good}, "duplicate"},
	} {
		r := post(`{"code":"a"}`)
		for _, key := range tt.keys {
			r.Header.Add(idempotencyKey, key)
		}
		a := ask(t, refusesLogins(t), r)
		p := a.problem(t)
		if diff := cmp.Diff([]fault{{idempotencyKey, tt.rule}}, p.Errors); a.status != http.StatusBadRequest || p.Code != "invalid_request" || diff != "" {
			t.Errorf("%s: got %d %s, faults differ (-want +got):\n%s", name, a.status, p.Code, diff)
		}
	}
}

// It is a header of the login; in the body it is unknown.
func TestAnIdempotencyKeyIsNoField(t *testing.T) {
	for _, name := range []string{"idempotencyKey", "Idempotency-Key", "IdempotencyKey", ""} {
		a := ask(t, refusesLogins(t), post(`{"code":"a","`+name+`":"0123456789abcdef"}`))
		if diff := cmp.Diff([]fault{{name, "unknown"}}, a.problem(t).Errors); diff != "" {
			t.Errorf("%q: faults differ (-want +got):\n%s", name, diff)
		}
	}
}
