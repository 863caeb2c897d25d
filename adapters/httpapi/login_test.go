package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
	"wxlogin/ports"
)

// compact is a JSON text without its white space.
func compact(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(text)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const aliceInJSON = `{"id":"user-1","nickname":"爱丽丝","avatarUrl":"https://thirdwx.qlogo.cn/a","unionLinked":true,
	"createdAt":"2026-03-03T21:06:07.089Z","lastLoginAt":"2026-03-03T22:06:07.089Z"}`

func TestALoginIsAnsweredWithTokensSessionAndUser(t *testing.T) {
	login := aliceLogin()
	login.Session.Device = domain.Device{ID: "device-1", Name: "iPhone"}
	login.Warnings = []error{fmt.Errorf("profile: %w", domain.ErrOpenDataInvalid), errors.New("not promised")}
	s := build(world{login: func(context.Context, ports.LoginCommand) (ports.Login, error) { return login, nil }})
	a := ask(t, s, post(`{"code":"a"}`))
	want := compact(t, `{"accessToken":"access.token.text","tokenType":"Bearer","expiresIn":900,
		"refreshToken":"wxr_rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr","refreshExpiresIn":2592000,
		"session":{"id":"session-1","device":{"id":"device-1","name":"iPhone"},
			"createdAt":"2026-03-03T21:06:07.089Z","expiresAt":"2026-04-02T21:06:07.089Z"},
		"user":`+aliceInJSON+`,"newUser":true,"warnings":[{"code":"open_data_invalid"}]}`) + "\n"
	if diff := cmp.Diff(want, string(a.body)); a.status != http.StatusOK || diff != "" {
		t.Errorf("got %d, body differs (-want +got):\n%s", a.status, diff)
	}
}

func TestALoginWithoutWarningsSaysSo(t *testing.T) {
	a := ask(t, build(world{}), post(`{"code":"a"}`))
	if !bytes.Contains(a.body, []byte(`"warnings":[]`)) || bytes.Contains(a.body, []byte(`"device"`)) {
		t.Errorf("got %s, want an empty list of warnings and no device", a.body)
	}
}

func TestMeIsTheCaller(t *testing.T) {
	s := build(world{account: func(_ context.Context, c domain.Caller) (ports.Account, error) {
		if c != alice {
			t.Errorf("got caller %+v, want %+v", c, alice)
		}
		return ports.Account{User: aliceUser()}, nil
	}})
	a := ask(t, s, get("/v1/me", "Authorization", "Bearer "+goodToken))
	if diff := cmp.Diff(compact(t, aliceInJSON)+"\n", string(a.body)); a.status != http.StatusOK || diff != "" {
		t.Errorf("got %d, body differs (-want +got):\n%s", a.status, diff)
	}
}

// T-05: what WeChat calls the person, and what the store keeps of the session,
// stays inside.
func TestNoAnswerHoldsWhatIsNotTheClients(t *testing.T) {
	s := build(world{login: func(context.Context, ports.LoginCommand) (ports.Login, error) {
		l := aliceLogin()
		l.Compat = &ports.CompatLogin{SessionKey: domain.NewSecret("the-session-key")}
		return l, nil
	}})
	for _, a := range []answer{
		ask(t, s, post(`{"code":"a"}`)),
		ask(t, s, get("/v1/me", "Authorization", "Bearer "+goodToken)),
	} {
		for _, inner := range []string{"open-id-1", "union-id-1", "hash-of-the-refresh-token", "sealed-session-key", "the-session-key", "[REDACTED]"} {
			if bytes.Contains(a.body, []byte(inner)) {
				t.Errorf("the answer holds %s: %s", inner, a.body)
			}
		}
	}
}
