package sealing_test

import (
	"testing"
	"time"

	"wxlogin/adapters/sealing"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/test/contract"
)

func newPhoneSealer(t *testing.T, keys ...config.SealingKey) *sealing.PhoneSealer {
	t.Helper()
	sealer, err := sealing.NewPhoneSealer(config.Sealing{Keys: keys})
	if err != nil {
		t.Fatalf("NewPhoneSealer: got %v, want no error", err)
	}
	return sealer
}

func TestPhoneSealer(t *testing.T) {
	contract.PhoneSealer(t, func(t *testing.T) contract.PhoneSealerWorld {
		old := key(t, "k1")
		return contract.PhoneSealerWorld{
			Sealer: newPhoneSealer(t, old), Rotated: newPhoneSealer(t, key(t, "k2"), old), Stranger: newPhoneSealer(t, key(t, "k1")),
		}
	})
}

func TestASealedSessionKeyIsNoPhoneNumberNorTheReverse(t *testing.T) {
	k := key(t, "k1")
	keys, phones := newSealer(t, k), newPhoneSealer(t, k)
	text := "+86 13580006666"
	if number, err := phones.OpenPhone(domain.SealedPhone{Owner: owner, Text: string(seal(t, keys, text))}); err == nil {
		t.Errorf("a session_key opens as the number %s", number.Reveal())
	}
	number, _ := domain.ParsePhoneNumber(text)
	sealed, err := phones.SealPhone(number, owner, time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	if key, err := keys.Open(domain.SealedKey(sealed.Text), owner); err == nil {
		t.Errorf("a number opens as the session_key %s", key.Reveal())
	}
}
