package wechatsim_test

import (
	"testing"
	"time"

	"wxlogin/adapters/wechatsim"
)

func TestUnionIDBelongsToTheAccount(t *testing.T) {
	w := start(t)
	identity := func(app, person string) (string, string) {
		openID, unionID, err := w.Identity(app, person)
		if err != nil {
			t.Fatal(err)
		}
		return openID, unionID
	}
	shopOpen, shopUnion := identity(shop, "bob")
	gameOpen, gameUnion := identity(game, "bob")
	_, otherUnion := identity(other, "bob")
	_, carolUnion := identity(shop, "carol")
	if shopOpen == gameOpen {
		t.Error("one openid in two apps")
	}
	if shopUnion != gameUnion {
		t.Errorf("unionids %q and %q in two apps of one account", shopUnion, gameUnion)
	}
	if otherUnion == shopUnion || carolUnion == shopUnion {
		t.Error("one unionid for two accounts or two people")
	}
	if got := w.login(loner, lonerSecret, w.code(loner, "bob")); got["unionid"] != nil || got["openid"] == nil {
		t.Errorf("an app without an account answers %v, want no unionid at all", got)
	}
}

func TestIdentityIsStableInARunAndNewInTheNext(t *testing.T) {
	first, second := start(t), start(t)
	one, _, _ := first.Identity("", "")
	again := first.login(shop, shopSecret, first.code("", ""))["openid"]
	elsewhere, _, _ := second.Identity("", "")
	if again != one || elsewhere == one {
		t.Errorf("openids %q, then %q; %q in another simulator", one, again, elsewhere)
	}
}

func TestSimulatorsOfOneSeedAgreeOnWhoIsWho(t *testing.T) {
	seeded := func(seed string) string {
		openID, _, err := start(t, func(c *wechatsim.Config) { c.Seed = seed }).Identity("", "bob")
		if err != nil {
			t.Fatal(err)
		}
		return openID
	}
	if one, again, other := seeded("a"), seeded("a"), seeded("b"); one != again || one == other {
		t.Errorf("openids %q, then %q under one seed; %q under another", one, again, other)
	}
}

func TestLoginCodeRenewsAnOldKeyOnly(t *testing.T) {
	w := start(t, func(c *wechatsim.Config) { c.MinKeyAge = 10 * time.Second })
	key := func() any { return w.login(shop, shopSecret, w.code("", ""))["session_key"] }
	first := key()
	w.clock.pass(9 * time.Second)
	if got := key(); got != first {
		t.Errorf("a key of 9 s was replaced: %v, then %v", first, got)
	}
	pending := w.code("", "")
	w.clock.pass(time.Second)
	second := key()
	if second == first {
		t.Error("a key of 10 s outlived a login code")
	}
	if got := w.login(shop, shopSecret, pending)["session_key"]; got != second {
		t.Errorf("an older code brings %v, want the present key %v", got, second)
	}
}

func TestKeysOfNoMinimumAgeAreNewAtEachCode(t *testing.T) {
	w := start(t, func(c *wechatsim.Config) { c.MinKeyAge = -1 })
	before, _ := w.SessionKey("", "")
	_ = w.code("", "")
	if after, _ := w.SessionKey("", ""); after == before {
		t.Error("the key survived a login code")
	}
}
