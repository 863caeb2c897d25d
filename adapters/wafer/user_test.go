package wafer_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"wxlogin/domain"
	"wxlogin/ports"
)

func TestAnSkeyShowsItsUser(t *testing.T) {
	wantBody(t, serve(t, world{}, ask("/weapp/user", skey, goodSkey)), `{"code":0,"data":`+aliceInfo+`}`)
	nothing := func(context.Context, domain.Caller) (ports.Account, error) { return ports.Account{}, nil }
	wantBody(t, serve(t, world{account: nothing}, ask("/weapp/user", skey, goodSkey)), `{"code":0,"data":`+nobodyInfo+`}`)
}

func TestAnSkeyThatShowsNobodyIsRefused(t *testing.T) {
	const invalid, expired = `{"code":-1,"error":"ERR_SKEY_INVALID"}`, `{"code":-1,"data":{}}`
	for name, tt := range map[string]struct {
		ask  *http.Request
		w    world
		want string
	}{
		"none":                        {ask("/weapp/user"), world{}, invalid},
		"an empty one":                {ask("/weapp/user", skey, ""), world{}, invalid},
		"a made-up one":               {ask("/weapp/user", skey, "7b69dc787384c988eb0e4ca9920295396aeb9e8a"), world{}, invalid},
		"two":                         {ask("/weapp/user", skey, goodSkey, skey, goodSkey), world{}, invalid},
		"one in another header":       {ask("/weapp/user", "Authorization", "Bearer "+goodSkey), world{}, invalid},
		"one in the query":            {ask("/weapp/user?skey=" + goodSkey), world{}, invalid},
		"one that has expired":        {ask("/weapp/user", skey, goodSkey), world{caller: nobody(domain.ErrTokenExpired)}, expired},
		"one of a session that ended": {ask("/weapp/user", skey, goodSkey), world{caller: nobody(domain.ErrSessionRevoked)}, invalid},
		"one of a banned user":        {ask("/weapp/user", skey, goodSkey), world{account: without(domain.ErrUserBanned)}, invalid},
		"one of a user who is gone":   {ask("/weapp/user", skey, goodSkey), world{account: without(domain.ErrTokenInvalid)}, invalid},
	} {
		t.Run(name, func(t *testing.T) { wantBody(t, serve(t, tt.w, tt.ask), tt.want) })
	}
}

// On -1 the client SDK throws its skey away and logs in.
func TestAFaultOfTheServiceIsNoRefusal(t *testing.T) {
	for err, want := range map[error]string{
		domain.ErrStoreUnavailable: "ERR_STORE_UNAVAILABLE", errors.New("broken"): "ERR_INTERNAL",
	} {
		for _, w := range []world{{account: without(err)}, {caller: nobody(err)}} {
			wantBody(t, serve(t, w, ask("/weapp/user", skey, goodSkey)), `{"code":1,"error":"`+want+`"}`)
		}
	}
}

func TestAFaultOnTheWayIsNoRefusal(t *testing.T) {
	rec := httptest.NewRecorder()
	world{}.protocol().RefuseUser(rec, ask("/weapp/user", skey, goodSkey), errors.New(canary))
	wantBody(t, rec, `{"code":1,"error":"ERR_INTERNAL"}`)
}

// nobody is what knows no skey, and whose the one is that came must not count.
func nobody(err error) callerFunc {
	return func(context.Context, domain.Secret) (domain.Caller, error) {
		return domain.Caller{UserID: alice.ID}, fmt.Errorf("authenticate: %w: %s", err, canary)
	}
}

func without(err error) accountFunc {
	return func(context.Context, domain.Caller) (ports.Account, error) {
		return ports.Account{User: alice}, fmt.Errorf("me: %w: %s", err, canary)
	}
}
