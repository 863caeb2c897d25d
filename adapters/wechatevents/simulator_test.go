package wechatevents_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"wxlogin/adapters/wechatevents"
	"wxlogin/adapters/wechatsim"
	"wxlogin/config"
	"wxlogin/domain"
)

// TestTheSimulatorAndTheReceiverUnderstandEachOther is worth something because
// neither knows the other's code.
func TestTheSimulatorAndTheReceiverUnderstandEachOther(t *testing.T) {
	for mode, key := range map[string]string{"plain": "", "safe": key} {
		sim, err := wechatsim.New(wechatsim.Config{Apps: []wechatsim.App{{ID: app, Secret: "s", EventToken: token, EventKey: key}}})
		if err != nil {
			t.Fatal(err)
		}
		var w world
		address := w.listen(t, key)
		if err := sim.VerifyURL(t.Context(), app, address); err != nil {
			t.Errorf("%s mode: %v", mode, err)
		}
		for _, p := range []wechatsim.Push{
			{Event: "user_authorization_revoke", RevokeInfo: "8", Format: "json"},
			{Event: "user_authorization_revoke", RevokeInfo: "8", Format: "json", StrayBlanks: true},
			{Event: "user_authorization_revoke", RevokeInfo: "8", Format: "xml"},
		} {
			p.Person, p.Encrypted = "bob", key != ""
			status, body, err := sim.Push(t.Context(), address, p)
			if status != http.StatusOK || body != "success" || err != nil {
				t.Errorf("%s mode, %+v: got %d %q, %v", mode, p, status, body, err)
			}
		}
		bob, _, _ := sim.Identity(app, "bob")
		if len(w.events) != 3 || w.events[0].OpenID != domain.OpenID(bob) || w.events[0].Withdrawn != domain.PhoneAttribute {
			t.Errorf("%s mode: got %+v, want three withdrawals of bob's phone", mode, w.events)
		}
	}
}

// listen serves the app's messages in w, as a mounted route does, and returns
// where.
func (w *world) listen(t *testing.T, key string) string {
	t.Helper()
	cfg := config.EventsApp{ID: app, Token: domain.NewSecret(token), Key: domain.NewSecret(key)}
	receiver := wechatevents.New(cfg, w.useCase(), describe, slog.New(slog.DiscardHandler))
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+receiver.Path(), receiver.Verify)
	mux.HandleFunc("POST "+receiver.Path(), receiver.Deliver)
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL + receiver.Path()
}
