package scaffold_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"wxlogin/domain"
	"wxlogin/ports"
)

func TestNothingOfTheQueryIsLogged(t *testing.T) {
	query := "/user/login?code=" + canary + "&encryptedData=" + canary + "&iv=" + canary + "&userInfo=" + canary + "&" + canary + "=1"
	for name, fails := range map[string]error{"a success": nil, "a failure": domain.ErrCodeInvalid, "a fault": errors.New("mongodb: broken")} {
		var log bytes.Buffer
		outcome := func(context.Context, ports.LoginCommand) (ports.Login, error) {
			l := login(true, false)
			l.Warnings = []error{domain.ErrOpenDataInvalid}
			return l, fails
		}
		rec := serve(t, world{log: &log, login: outcome, sessionKey: true}, get(query))
		r := get("/home/test")
		r.Header.Set("Authorization", "Bearer "+canary)
		serve(t, world{log: &log}, r)
		serve(t, world{log: &log}, get("/user/login?code="+strings.Repeat(canary, 30)))
		for _, secret := range []string{canary, "header.claims.signature", "q/x+Zz0"} {
			if strings.Contains(log.String(), secret) {
				t.Errorf("%s: the log holds %s:\n%s", name, secret, &log)
			}
		}
		if !strings.Contains(log.String(), `"request_id":"trace-1"`) || strings.Contains(rec.Body.String(), "broken") {
			t.Errorf("%s: got log %s and answer %s", name, &log, rec.Body)
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
		serve(t, world{log: &log, login: fails}, get("/user/login?code=a").WithContext(tt.ctx))
		if want := `"level":"` + tt.level + `"`; !strings.Contains(log.String(), want) {
			t.Errorf("%s: got %s, want %s", name, &log, want)
		}
	}
}
