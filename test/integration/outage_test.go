package integration

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/test/testkit"
)

// eventually waits for what must come about within limit.
func eventually(t *testing.T, what string, limit time.Duration, holds func() bool) {
	t.Helper()
	for began := time.Now(); !holds(); time.Sleep(100 * time.Millisecond) {
		if time.Since(began) > limit {
			t.Fatalf("%s: not within %v", what, limit)
		}
	}
}

// says reports whether the answer at path holds text.
func says(c *testkit.Client, path, text string) bool {
	return strings.Contains(string(c.Get(path, "").Body), text)
}

// A database that is away ends nobody's session: tokens are checked against what
// is known, and operators are told that no more is learned.
func TestF04_StoreThatIsDownLetsVerificationGoOn(t *testing.T) {
	cfg := testkit.Config(t)
	between, uri := before(t, testkit.MongoDB(t))
	cfg.MongoDB.URI = uri
	wechat := testkit.Simulate(t, &cfg)
	at := testkit.StartBoth(t, cfg)
	w, operators := world{testkit.NewClient(t, at.Base), wechat, cfg}, testkit.NewClient(t, at.Admin)
	live, ended := w.login(t, "alice"), w.login(t, "alice")
	wantStatus(t, "logout", w.Post("/v1/logout", nil, testkit.Bearer(ended.AccessToken)), 204, "")
	if !says(w.Client, "/readyz", `"revocations":"current"`) || !says(operators, "/metrics", "\nwxlogin_revocations_current 1\n") {
		t.Error("in good weather: got the revocations stale, want them current")
	}

	between.shut()
	goesOn := func() bool {
		wantStatus(t, "verify", w.Get("/v1/verify", live.AccessToken), 200, "")
		wantStatus(t, "verify what was ended", w.Get("/v1/verify", ended.AccessToken), 401, "session_revoked")
		return !t.Failed()
	}
	eventually(t, "readyz says that revocations are stale", 10*time.Second, func() bool {
		return goesOn() && says(w.Client, "/readyz", `"revocations":"stale"`)
	})
	if a := w.Get("/readyz", ""); a.Status != http.StatusServiceUnavailable || !strings.Contains(string(a.Body), `"store":"down"`) {
		t.Errorf("readyz: got %d %s, want 503 with the store down", a.Status, a.Body)
	}
	if !says(operators, "/metrics", "\nwxlogin_revocations_current 0\n") {
		t.Error("metrics: got the revocations current, want them stale")
	}
	for what, a := range map[string]testkit.Answer{
		"refresh":  w.refresh(live.RefreshToken),
		"logout":   w.Post("/v1/logout", nil, testkit.Bearer(live.AccessToken)),
		"sessions": w.Get("/v1/sessions", live.AccessToken),
	} {
		wantStatus(t, what, a, 503, "store_unavailable")
		if a.Header.Get("Retry-After") == "" {
			t.Errorf("%s: got no Retry-After", what)
		}
	}
	goesOn()

	between.open(t)
	eventually(t, "readyz says that revocations are current", 10*time.Second, func() bool {
		return goesOn() && says(w.Client, "/readyz", `"revocations":"current"`) && says(w.Client, "/readyz", `"store":"up"`)
	})
	if !says(operators, "/metrics", "\nwxlogin_revocations_current 1\n") {
		t.Error("metrics: got the revocations stale, want them current")
	}
	if a := w.refresh(live.RefreshToken); a.Status != http.StatusOK { // the same token, tried again
		t.Errorf("refresh: got %d %s, want 200", a.Status, a.Body)
	}
	goesOn()
}

// What was ended elsewhere while the database could not be reached is known soon
// after it can.
func TestEndsDuringAnOutageAreLearnedAfterIt(t *testing.T) {
	cfg := testkit.Config(t)
	direct := testkit.MongoDB(t)
	between, uri := before(t, direct)
	cfg.MongoDB.URI = uri
	wechat := testkit.Simulate(t, &cfg)
	cut := world{testkit.NewClient(t, testkit.Start(t, cfg)), wechat, cfg}
	cfg.MongoDB.URI = domain.NewSecret(direct)
	whole := world{testkit.NewClient(t, testkit.Start(t, cfg)), wechat, cfg}
	login := whole.login(t, "alice")
	between.shut()
	eventually(t, "readyz says that revocations are stale", 10*time.Second, func() bool { return says(cut.Client, "/readyz", `"revocations":"stale"`) })
	wantStatus(t, "logout", whole.Post("/v1/logout", nil, testkit.Bearer(login.AccessToken)), 204, "")
	wantStatus(t, "verify where the store is away", cut.Get("/v1/verify", login.AccessToken), 200, "")
	between.open(t)
	eventually(t, "the logout is known", 10*time.Second, func() bool { return cut.Get("/v1/verify", login.AccessToken).Code() == "session_revoked" })
}
