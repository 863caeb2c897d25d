package wechatsim_test

import (
	"net/http"
	"strings"
	"testing"

	"wxlogin/adapters/wechatsim"
)

// union is the unionid that a login of the person brings; nil is none.
func (w *world) union(app, secret, person string) any {
	w.t.Helper()
	got := w.login(app, secret, w.code(app, person))
	openID, unionID, err := w.Identity(app, person)
	if err != nil || got["openid"] != openID {
		w.t.Fatalf("got %v and %v, want openid %s", got, err, openID)
	}
	if now, _ := got["unionid"].(string); now != unionID {
		w.t.Errorf("a login brings unionid %q, Identity %q", now, unionID)
	}
	return got["unionid"]
}

func (w *world) setUnion(app, person, unionID string) {
	w.t.Helper()
	if err := w.SetUnionID(app, person, unionID); err != nil {
		w.t.Fatalf("SetUnionID: %v", err)
	}
}

func TestUnionIDComesGoesAndChangesInOneAppAlone(t *testing.T) {
	w := start(t)
	accounts := w.union(game, gameSecret, "bob")
	for _, tt := range []struct {
		name, give string
		want       any
	}{{"none", "", nil}, {"another", "oAnother", "oAnother"}, {"the account's", accounts.(string), accounts}} {
		w.setUnion(shop, "bob", tt.give)
		if got := w.union(shop, shopSecret, "bob"); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
		if got := w.union(game, gameSecret, "bob"); got != accounts {
			t.Errorf("%s: in the other app: got %v, want %v", tt.name, got, accounts)
		}
	}
	w.setUnion(loner, "bob", "oBound")
	if got := w.union(loner, lonerSecret, "bob"); got != "oBound" {
		t.Errorf("an app that came to an account: got %v, want oBound", got)
	}
	if got := w.union(loner, lonerSecret, "carol"); got != nil {
		t.Errorf("somebody else in it: got %v, want none", got)
	}
}

func TestTwoPeopleCanSwapTheirUnionIDs(t *testing.T) {
	w := start(t)
	_, bobs, _ := w.Identity(shop, "bob")
	_, carols, _ := w.Identity(shop, "carol")
	w.setUnion(shop, "bob", carols)
	w.setUnion(shop, "carol", bobs)
	if b, c := w.union(shop, shopSecret, "bob"), w.union(shop, shopSecret, "carol"); b != carols || c != bobs {
		t.Errorf("got %v and %v, want %v and %v", b, c, carols, bobs)
	}
}

func TestUnionIDIsInOpenDataToo(t *testing.T) {
	w := start(t)
	w.setUnion(shop, "bob", "oAnother")
	data, err := w.OpenData(shop, "bob", "userinfo")
	if err != nil {
		t.Fatal(err)
	}
	key, _ := w.SessionKey(shop, "bob")
	if got := w.object(opened(t, data, key)); got["unionId"] != "oAnother" {
		t.Errorf("opened: %v", got)
	}
}

func TestUnionIDThatNoAnswerCouldHoldIsRefused(t *testing.T) {
	w := start(t)
	for _, unionID := range []string{"a\nb", "\xff", strings.Repeat("o", 1025)} {
		if err := w.SetUnionID(shop, "bob", unionID); err == nil {
			t.Errorf("%q was taken", unionID)
		}
	}
	if err := w.SetUnionID("wxnobody", "bob", "o"); err == nil {
		t.Error("an app that there is not was taken")
	}
}

func TestRevokedTokensAreInvalidAndTheNextIsNew(t *testing.T) {
	w := start(t)
	classic, games := w.accessToken(shop, shopSecret), w.accessToken(game, gameSecret)
	stable := w.stable(shop, shopSecret, false)["access_token"]
	if err := w.RevokeTokens(shop); err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]any{"classic": classic, "stable": stable} {
		if got := w.tokenErr(token); got != 40001 {
			t.Errorf("%s: got %d, want 40001", name, got)
		}
	}
	if got := w.tokenErr(games); got != goodToken {
		t.Errorf("the other app's token gets %d", got)
	}
	fresh := w.stable(shop, shopSecret, false)
	if got := w.tokenErr(fresh["access_token"]); got != goodToken || fresh["access_token"] == stable || fresh["expires_in"] != 7200.0 {
		t.Errorf("the next token is %v and gets %d, want a new one", fresh, got)
	}
	if err := w.RevokeTokens("wxnobody"); err == nil {
		t.Error("an app that there is not was taken")
	}
}

func TestUnionIDsAndTokensAreManagedToo(t *testing.T) {
	w := start(t)
	openID, _, _ := w.Identity(game, "bob")
	got := w.object(w.manage(http.MethodPost, "/sim/unionid", `{"app":"wxgame","person":"bob","unionid":"oAnother"}`).body)
	if got["openid"] != openID || got["unionid"] != "oAnother" || w.union(game, gameSecret, "bob") != "oAnother" {
		t.Errorf("bob is %v, want oAnother", got)
	}
	w.manage(http.MethodPost, "/sim/unionid", `{"app":"wxgame","person":"bob"}`)
	if got := w.union(game, gameSecret, "bob"); got != nil {
		t.Errorf("got %v, want none", got)
	}
	token := w.accessToken(game, gameSecret)
	if got := w.manage(http.MethodPost, "/sim/revoketokens", `{"app":"wxgame"}`); got.status != http.StatusOK || w.tokenErr(token) != 40001 {
		t.Errorf("got %v and %d, want the token ended", got, w.tokenErr(token))
	}
	if got := w.manage(http.MethodPost, "/sim/revoketokens", `{"app":"wxnobody"}`); got.status != http.StatusBadRequest {
		t.Errorf("an app that there is not gets %d", got.status)
	}
	if help := w.manage(http.MethodGet, "/sim/", "").body; !strings.Contains(help, "/sim/unionid") || !strings.Contains(help, "/sim/revoketokens") {
		t.Error("the help does not say so")
	}
}

func TestStableTokensAreCountedByTheirCalls(t *testing.T) {
	w := start(t)
	w.stable(shop, shopSecret, false)
	w.stable(shop, "guess", false)
	w.accessToken(shop, shopSecret)
	var got []wechatsim.Call
	for _, c := range w.Calls() {
		if c.Endpoint == stablePath && c.App == shop {
			got = append(got, c)
		}
	}
	if len(got) != 2 || got[0].ErrCode != 0 || got[1].ErrCode != 40125 {
		t.Errorf("got %+v, want two calls, the second refused", got)
	}
}
