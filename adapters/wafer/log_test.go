package wafer_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"wxlogin/domain"
	"wxlogin/ports"
)

func TestT12_NothingThatIsSentIsLoggedOrAnswered(t *testing.T) {
	for name, fails := range map[string]error{"a success": nil, "a failure": domain.ErrCodeInvalid, "a fault": errors.New("mongodb: broken")} {
		var log bytes.Buffer
		outcome := func(context.Context, ports.LoginCommand) (ports.Login, error) {
			l := login(alice, true)
			l.Warnings = []error{domain.ErrOpenDataInvalid}
			return l, fails
		}
		w := world{log: &log, login: outcome, logout: func(context.Context, domain.Caller) error { return domain.ErrStoreUnavailable }}
		said := serve(t, w, ask("/weapp/login", code, canary, data, canary, iv, canary, "X-WX-"+canary, canary)).Body.String()
		said += serve(t, w, ask("/weapp/login?"+canary, code, canary)).Body.String()
		said += serve(t, w, ask("/weapp/login", code, strings.Repeat(canary, 30))).Body.String()
		said += serve(t, w, ask("/weapp/user?"+canary, skey, canary)).Body.String()
		if strings.Contains(said, canary) || strings.Contains(said, "broken") {
			t.Errorf("%s: it is answered:\n%s", name, said)
		}
		for _, secret := range []string{canary, "header.claims.signature"} {
			if strings.Contains(log.String(), secret) {
				t.Errorf("%s: the log holds %s:\n%s", name, secret, &log)
			}
		}
		if !strings.Contains(log.String(), `"request_id":"trace-1"`) {
			t.Errorf("%s: got log %s, want the request's id", name, &log)
		}
	}
}

func TestOnlyFaultsAreLoggedAsErrors(t *testing.T) {
	gone, leave := context.WithCancel(t.Context())
	leave()
	for name, tt := range map[string]struct {
		ctx   context.Context
		err   error
		level string
	}{
		"a refusal":          {t.Context(), domain.ErrCodeUsed, "INFO"},
		"a fault":            {t.Context(), domain.ErrStoreUnavailable, "ERROR"},
		"a client that left": {gone, context.Canceled, "INFO"},
	} {
		var log bytes.Buffer
		fails := func(context.Context, ports.LoginCommand) (ports.Login, error) { return ports.Login{}, tt.err }
		serve(t, world{log: &log, login: fails}, ask("/weapp/login", code, "a").WithContext(tt.ctx))
		if want := `"level":"` + tt.level + `"`; !strings.Contains(log.String(), want) {
			t.Errorf("%s: got %s, want %s", name, &log, want)
		}
	}
}
