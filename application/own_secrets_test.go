package application_test

import (
	"fmt"
	"strings"
	"testing"

	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/contract"
)

// mustHidePhone fails t if value shows the number, the session_key or a token.
func mustHidePhone(t *testing.T, what string, value any) {
	t.Helper()
	number, _ := domain.ParsePhoneNumber(hers)
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		got := fmt.Sprintf(format, value)
		for _, secret := range []string{hers, number.E164(), hers[4:], fmt.Sprintf("%x", hers[4:]), canary, "wxr_", "access "} {
			if strings.Contains(got, secret) {
				t.Errorf("%s by %s: got %s, want no secret in it", what, format, got)
			}
		}
	}
}

// secretive is the town, whose WeChat gives everyone the canary for a session_key.
func secretive() *world {
	w := newTown()
	w.wechat = exchanging(func(app domain.AppID, code domain.Secret) (ports.CodeExchange, error) {
		who := domain.WeChatIdentity{AppID: app, OpenID: "a", UnionID: "u"}
		return ports.CodeExchange{Identity: who, SessionKey: domain.NewSecret(canary)}, nil
	})
	return w
}

func TestNoSecretIsInWhatUsersGetOfTheirAccount(t *testing.T) {
	// Which store each of them fails on, if it fails.
	stores := map[string][]string{
		"me": {"Find"}, "export": {"Find", "FindLiveOf", "FindEntries"}, "nickname": {"ChangeProfile"}, "profile": {"FindLiveOf", "ChangeProfile"},
		"avatar": {"ChangeProfile"}, "phone": {"Append", "ChangeProfile"}, "phone by data": {"FindLiveOf"}, "no phone": {"Append", "ClearProfile"},
		"WeChat session": {"FindLiveOf"},
	}
	for name, act := range ownUseCases {
		for _, method := range append(stores[name], "") {
			w := secretive()
			login := w.login(t, withPhone(visit(appA, canary), hers))
			mustHidePhone(t, "login", login)
			w.setAvatar(t, login, "x")
			w.reader = opensUnder(canary, domain.Profile{Nickname: hers})
			if name == "profile" {
				w.reader = opensUnder(canary, ming)
			}
			if method != "" {
				w.sabotage(contract.FailAfter(t, method))
			}
			got, err := act(t.Context(), w, callerOf(login))
			if (err == nil) != (method == "") {
				t.Errorf("%s with %q failing: got %v", name, method, err)
			}
			mustHidePhone(t, name+", error", err)
			mustHidePhone(t, name, got)
			mustHidePhone(t, name+", audit", w.events.told())
		}
	}
}

func TestNoSecretIsStoredOfAnAccount(t *testing.T) {
	w := secretive()
	login := w.login(t, withPhone(visit(appA, canary), hers))
	for what, value := range map[string]any{
		"user": w.found(t, login.User.ID), "sessions": w.live(t, "a"), "audit": w.audited(t, ""), "events": w.events.told(),
	} {
		mustHidePhone(t, what, value)
	}
	got, err := w.linkUseCase().Link(t.Context(), login.User.ID, "nobody")
	mustHidePhone(t, "link", got)
	mustHidePhone(t, "link, error", err)
	w.keys.present = map[domain.OpenID]string{"a": canary}
	w.sessions = contract.FailAfter(t, "SetKey").Sessions(w.sessions)
	_, err = w.resetUseCase().ResetSessionKeys(t.Context(), login.User.ID)
	mustHidePhone(t, "reset, error", err)
}
