package sealing_test

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"wxlogin/adapters/sealing"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/contract"
)

const owner = domain.IdentityKey("wx0123456789abcdef:openid")

// key makes a key, in the form that the settings have it.
func key(t testing.TB, id string) config.SealingKey {
	t.Helper()
	text, err := sealing.GenerateKey(id)
	if err != nil {
		t.Fatalf("GenerateKey: got %v, want no error", err)
	}
	id, value, _ := strings.Cut(text.Reveal(), ":")
	return config.SealingKey{ID: id, Key: domain.NewSecret(value)}
}

func newSealer(t testing.TB, keys ...config.SealingKey) *sealing.SessionKeySealer {
	t.Helper()
	sealer, err := sealing.NewSessionKeySealer(config.Sealing{Keys: keys})
	if err != nil {
		t.Fatalf("NewSessionKeySealer: got %v, want no error", err)
	}
	return sealer
}

func seal(t testing.TB, sealer ports.SessionKeySealer, text string) domain.SealedKey {
	t.Helper()
	sealed, err := sealer.Seal(domain.NewSecret(text), owner)
	if err != nil {
		t.Fatalf("Seal: got %v, want no error", err)
	}
	return sealed
}

func TestSessionKeySealer(t *testing.T) {
	for name, strangersID := range map[string]string{"another id": "k9", "the same id": "k1"} {
		t.Run("a stranger with "+name, func(t *testing.T) {
			contract.SessionKeySealer(t, func(t *testing.T) contract.SealerWorld {
				return contract.SealerWorld{
					Sealer:   newSealer(t, key(t, "k1"), key(t, "k0")),
					Stranger: newSealer(t, key(t, strangersID)),
				}
			})
		})
	}
}

func TestSealedTextNamesItsVersionAndKey(t *testing.T) {
	parts := strings.Split(string(seal(t, newSealer(t, key(t, "2026-11_a")), "0123456789abcdef")), ".")
	if len(parts) != 3 || parts[0] != "v1" || parts[1] != "2026-11_a" {
		t.Fatalf("got %q, want v1, the key's id and a ciphertext", parts)
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[2])
	if want := 12 + 16 + 16; err != nil || len(raw) != want { // nonce, text, tag
		t.Errorf("got %d bytes (%v), want %d", len(raw), err, want)
	}
}

func TestRotationSealsWithTheNewKeyAndOpensWithTheOld(t *testing.T) {
	first, second := key(t, "k1"), key(t, "k2")
	before := newSealer(t, first)
	old := seal(t, before, "old")
	during := newSealer(t, second, first)
	fresh := seal(t, during, "fresh")
	if !strings.HasPrefix(string(fresh), "v1.k2.") {
		t.Errorf("got %s, want it sealed with k2", fresh)
	}
	for sealed, want := range map[domain.SealedKey]string{old: "old", fresh: "fresh"} {
		if got, err := during.Open(sealed, owner); err != nil || got.Reveal() != want {
			t.Errorf("got %q and %v, want %q", got.Reveal(), err, want)
		}
	}
	after := newSealer(t, second)
	if _, err := after.Open(old, owner); err == nil || !strings.Contains(err.Error(), "no key with the id k1") {
		t.Errorf("got %v, want an error that names the id that is gone", err)
	}
	if got, err := after.Open(fresh, owner); err != nil || got.Reveal() != "fresh" {
		t.Errorf("got %q and %v, want what the new key sealed", got.Reveal(), err)
	}
}

// A text says under which key it is sealed; to say otherwise does not help.
func TestKeyIDAndVersionAreBound(t *testing.T) {
	same := key(t, "k1")
	alias := config.SealingKey{ID: "k2", Key: same.Key}
	sealer := newSealer(t, same, alias)
	sealed := string(seal(t, sealer, "0123456789abcdef"))
	for _, changed := range []string{strings.Replace(sealed, ".k1.", ".k2.", 1), "v2" + sealed[2:], "V1" + sealed[2:]} {
		if _, err := sealer.Open(domain.SealedKey(changed), owner); err == nil {
			t.Errorf("got %s opened, want it shut", changed)
		}
	}
}

func TestUnfitKeysAreAllReportedAndNoneIsShown(t *testing.T) {
	of := func(n int) domain.Secret {
		return domain.NewSecret(base64.StdEncoding.EncodeToString([]byte(strings.Repeat("\x5a", n))))
	}
	keys := []config.SealingKey{
		key(t, "good"), {ID: "short", Key: of(31)}, {ID: "long", Key: of(33)}, {ID: "aes-128", Key: of(16)}, {ID: "empty", Key: of(0)}, {ID: "unset"},
		{ID: "text", Key: domain.NewSecret("hush-hush")}, {ID: "", Key: of(32)}, {ID: "dot.ted", Key: of(32)}, {ID: "a-name-too-long-for-an-id", Key: of(32)}, key(t, "good"),
	}
	sealer, err := sealing.NewSessionKeySealer(config.Sealing{Keys: keys})
	if err == nil || sealer != nil {
		t.Fatalf("got %v and %v, want an error alone", sealer, err)
	}
	for i, k := range keys {
		if said := strings.Contains(err.Error(), fmt.Sprintf("key %d:", i+1)); said != (i > 0) {
			t.Errorf("key %d: got %v, want it named: %t", i+1, err, i > 0)
		}
		if text := k.Key.Reveal(); text != "" && strings.Contains(err.Error(), text) {
			t.Errorf("got an error with a key: %v", err)
		}
	}
	if _, err := sealing.NewSessionKeySealer(config.Sealing{}); err == nil {
		t.Error("got no error for no keys")
	}
}

func TestGeneratedKeysDifferAndNeedAnID(t *testing.T) {
	if a, b := key(t, "k1"), key(t, "k1"); a.Key.Reveal() == b.Key.Reveal() {
		t.Error("got the same key twice")
	}
	for _, id := range []string{"", "a:b", "a,b", "a.b", "seventeen-letters", "k1\n"} {
		if text, err := sealing.GenerateKey(id); err == nil || !text.Empty() {
			t.Errorf("%q: got %v, want an error alone", id, err)
		}
	}
}

func TestPrintingASealerShowsNoKey(t *testing.T) {
	k := key(t, "k1")
	raw, err := base64.StdEncoding.DecodeString(k.Key.Reveal())
	if err != nil {
		t.Fatalf("got %v, want base64", err)
	}
	sealer := newSealer(t, k)
	word := binary.BigEndian.Uint32(raw) // a key schedule begins with the key's words
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		text := fmt.Sprintf(verb, sealer)
		for _, spelling := range []string{string(raw), fmt.Sprintf("%x", raw), fmt.Sprint(word), fmt.Sprintf("%x", word), strings.Trim(fmt.Sprint(raw), "[]")} {
			if strings.Contains(text, spelling) {
				t.Errorf("%s: got the key in %s", verb, text)
			}
		}
	}
}

func TestModulePlugsThePort(t *testing.T) {
	var sealer ports.SessionKeySealer
	app := fxtest.New(t, sealing.Module, fx.Supply(config.Sealing{Keys: []config.SealingKey{key(t, "k1")}}), fx.Populate(&sealer))
	app.RequireStart().RequireStop()
	if got, err := sealer.Open(seal(t, sealer, "text"), owner); err != nil || got.Reveal() != "text" {
		t.Errorf("got %q and %v, want what was sealed", got.Reveal(), err)
	}
}
