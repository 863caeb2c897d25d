package wechatsim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"wxlogin/adapters/wechatsim"
)

func TestEventsArePushedByTheManagementToo(t *testing.T) {
	w := start(t, eventful, func(c *wechatsim.Config) { c.Apps[1].EventToken = "gametoken" })
	address, got := server(t, http.StatusOK, "success")
	for body, wantEncrypted := range map[string]bool{
		`{"person":"bob","event":"user_authorization_revoke","revokeInfo":"8","url":%q}`: true,
		`{"event":"user_info_modified","encrypted":false,"url":%q}`:                      false,
		`{"app":"wxgame","event":"user_info_modified","format":"xml","url":%q}`:          false,
		`{"event":"x","createTime":"2026-01-02T03:04:05Z","strayBlanks":true,"url":%q}`:  true,
	} {
		answer := w.manage(http.MethodPost, "/sim/event", fmt.Sprintf(body, address))
		if answer.status != http.StatusOK || answer.body != `{"body":"success","status":200}`+"\n" {
			t.Errorf("%s: got %d %s", body, answer.status, answer.body)
		}
		if encrypted := strings.Contains(got.query, "encrypt_type=aes") && strings.Contains(got.body, "Encrypt"); encrypted != wantEncrypted {
			t.Errorf("%s: sent %s and %s, want encrypted %v", body, got.query, got.body, wantEncrypted)
		}
	}
	for body, want := range map[string]string{
		`{"event":"x"}`:                   "url is missing: where the app's server takes messages, such as http://127.0.0.1:8080/v1/wechat/events/wxshop",
		`{"event":"x","app":"wxnobody"}`:  "there is wxshop",
		`{"event":"x","address":"http:"}`: "address",
	} {
		answer := w.manage(http.MethodPost, "/sim/event", body)
		if text, _ := w.object(answer.body)["error"].(string); answer.status != http.StatusBadRequest || !strings.Contains(text, want) {
			t.Errorf("%s: got %d %q, want %q", body, answer.status, text, want)
		}
	}
}

func TestURLsAreVerifiedAsTheConsoleDoes(t *testing.T) {
	w := start(t, eventful)
	address, got := server(t, http.StatusOK, "") // which echoes
	if err := w.VerifyURL(t.Context(), "", address); err != nil || got.method != http.MethodGet || got.body != "" {
		t.Errorf("got %v after %+v", err, got)
	}
	body, _ := json.Marshal(map[string]string{"url": address})
	if answer := w.manage(http.MethodPost, "/sim/event/verify", string(body)); answer.body != `{"verified":true}`+"\n" {
		t.Errorf("got %d %s", answer.status, answer.body)
	}
	for _, status := range []int{http.StatusForbidden, http.StatusOK} {
		address, _ := server(t, status, "refused")
		if err := w.VerifyURL(t.Context(), "", address); err == nil || !strings.Contains(err.Error(), fmt.Sprintf(`%d "refused"`, status)) {
			t.Errorf("got %v", err)
		}
	}
}

func TestHelpNamesTheServiceThatIsThere(t *testing.T) {
	w := start(t, eventful, func(c *wechatsim.Config) { c.Service = "http://127.0.0.1:38080" })
	const want = "http://127.0.0.1:38080/v1/wechat/events/wxshop"
	for _, got := range []string{w.manage(http.MethodGet, "/sim/", "").body, w.manage(http.MethodPost, "/sim/event", `{"event":"x"}`).body} {
		if !strings.Contains(got, want) || strings.Contains(got, ":8080") {
			t.Errorf("got no %s alone in:\n%s", want, got)
		}
	}
}

func TestAppThatCannotSignOrEncryptSaysHowItCould(t *testing.T) {
	w := start(t, func(c *wechatsim.Config) { c.Apps[1].EventToken = "gametoken" })
	address, _ := server(t, http.StatusOK, "success")
	for body, want := range map[string]string{
		`{"event":"x","url":%q}`:                                 "the app wxshop has no EventToken to sign with: start wxsim with -events id:token[:EncodingAESKey]",
		`{"event":"x","app":"wxgame","encrypted":true,"url":%q}`: "the app wxgame has no EventKey to encrypt with: start wxsim with -events id:token[:EncodingAESKey]",
	} {
		answer := w.manage(http.MethodPost, "/sim/event", fmt.Sprintf(body, address))
		if text, _ := w.object(answer.body)["error"].(string); answer.status != http.StatusBadRequest || !strings.Contains(text, want) {
			t.Errorf("%s: got %d %q, want %q", body, answer.status, text, want)
		}
	}
}

func TestHelpCanPushAnEventByPasting(t *testing.T) {
	w := start(t)
	got := w.manage(http.MethodGet, "/sim/", "").body
	want := "curl -s " + w.server.ManageURL + `/sim/event -d '{"person":"bob","event":"user_authorization_revoke","revokeInfo":"8","url":"http://127.0.0.1:8080/v1/wechat/events/wxshop"}'`
	if !strings.Contains(got, want) || strings.Contains(got, "{events}") {
		t.Errorf("got help without %s:\n%s", want, got)
	}
}
