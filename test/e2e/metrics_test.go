package e2e

import (
	"net"
	"regexp"
	"strings"
	"testing"

	"wxlogin/test/testkit"
)

// numbers is a client of the service's operators.
func (s service) numbers(t testing.TB) *testkit.Client {
	t.Helper()
	return testkit.NewClient(t, "http://"+s.says(t, &s.err, `"msg":"serving".*"admin":"([^"]+)"`)[1])
}

func TestOperatorsReadNumbersThatNameNobody(t *testing.T) { // R-OPS-1, T-25, I-10
	w := inWorld(t, nil)
	login := w.login(t, "alice")
	wantStatus(t, "logout", w.Post("/v1/logout", nil, testkit.Bearer(login.AccessToken)), 204, "")
	got := w.numbers(t).Get("/metrics", "")
	text := string(got.Body)
	for _, want := range []string{
		`wxlogin_events_total{event="session_ended"} 1`, `wxlogin_events_total{event="refresh_reused"} 0`,
		"wxlogin_revocations_known 1", "wxlogin_revocations_current 1", "wxlogin_platform_reachable 1",
		`wxlogin_wechat_calls_total{app="` + appID + `",endpoint="jscode2session",result="ok"} 1`,
	} {
		if got.Status != 200 || !strings.Contains(text, "\n"+want+"\n") {
			t.Errorf("got %d without %q", got.Status, want)
		}
	}
	for _, who := range []string{login.User.ID, login.Session.ID, login.AccessToken, login.RefreshToken, appSecret} {
		if strings.Contains(text, who) {
			t.Errorf("%q is among the numbers", who)
		}
	}
	wantStatus(t, "metrics for everybody", w.Get("/metrics", ""), 404, "not_found")
	wantStatus(t, "logins of operators", w.numbers(t).Post("/v1/login", map[string]string{}), 404, "")
	w.stops(t)
}

func TestAdminAddressInUseIsSaidInOneLine(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	address := taken.Addr().String()
	env := bare("http://127.0.0.1:1", t.TempDir()).with(settings{"ADMIN_LISTEN": address, "LOG_LEVEL": "error"})
	code, out, printed := command(t, env, "serve")
	line := strings.TrimSuffix(printed, "\n")
	if code != 1 || out != "" || strings.Contains(line, "\n") || len(line) > 250 {
		t.Errorf("got exit code %d, output %q and %s, want 1, none and a short line", code, out, printed)
	}
	for _, want := range []string{"ADMIN_LISTEN", address, "address already in use"} {
		if !strings.Contains(line, want) {
			t.Errorf("got %s, want %q in it", line, want)
		}
	}
	if regexp.MustCompile(`\b(fx|dig|goroutine|function|module)\b`).MatchString(line) {
		t.Errorf("got %s, want no talk of wiring", line)
	}
}
