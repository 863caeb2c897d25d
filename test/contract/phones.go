package contract

import (
	"slices"
	"strings"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// PhoneSealerWorld is a sealer, the same with a new key before its own, and
// another that has none of its keys.
type PhoneSealerWorld struct {
	Sealer, Rotated, Stranger ports.PhoneSealer
}

// PhoneSealer holds a sealer to ports.PhoneSealer. It calls fresh once for each
// case.
func PhoneSealer(t *testing.T, fresh func(*testing.T) PhoneSealerWorld) {
	cases := []struct {
		claim string
		check func(*testing.T, PhoneSealerWorld)
	}{
		{"a number that is sealed for an owner opens for that owner, with its time", phoneOpens},
		{"sealing twice gives two different texts and one index", phoneSealsDiffer},
		{"a sealed number shows nothing of the number or the owner", sealedPhoneShowsNothing},
		{"a number that is moved to another owner's row does not open", swappedPhonesStayShut},
		{"a text with any one byte changed does not open", everyByteOfAPhoneCounts},
		{"a stranger opens nothing, and has other indexes", strangersPhonesDiffer},
		{"after a change of keys old numbers open, and are found by one of the indexes", rotatedPhonesAreFound},
		{"two numbers have no index in common", phoneIndexesDiffer},
	}
	for _, tt := range cases {
		t.Run(tt.claim, func(t *testing.T) { tt.check(t, fresh(t)) })
	}
}

func phoneNumber(t *testing.T, text string) domain.PhoneNumber {
	t.Helper()
	number, ok := domain.ParsePhoneNumber(text)
	if !ok {
		t.Fatalf("ParsePhoneNumber(%s): got false, want true", text)
	}
	return number
}

func sealPhone(t *testing.T, sealer ports.PhoneSealer, text string) domain.SealedPhone {
	t.Helper()
	sealed, err := sealer.SealPhone(phoneNumber(t, text), ownerA, start())
	if err != nil {
		t.Fatalf("SealPhone: got %v, want no error", err)
	}
	return sealed
}

const somePhone = "+86 13580006666"

func phoneOpens(t *testing.T, w PhoneSealerWorld) {
	at := start().Add(time.Hour)
	sealed, err := w.Sealer.SealPhone(phoneNumber(t, somePhone), ownerA, at)
	if err != nil || sealed.Owner != ownerA || !sealed.At.Equal(at) || sealed.Empty() {
		t.Fatalf("SealPhone: got %+v and %v, want owner %s at %v", sealed, err, ownerA, at)
	}
	number, err := w.Sealer.OpenPhone(sealed)
	if err != nil || number.Reveal() != somePhone {
		t.Errorf("OpenPhone: got %q and %v, want %q", number.Reveal(), err, somePhone)
	}
}

func phoneSealsDiffer(t *testing.T, w PhoneSealerWorld) {
	one, other := sealPhone(t, w.Sealer, somePhone), sealPhone(t, w.Sealer, somePhone)
	if one.Text == other.Text || one.Index != other.Index {
		t.Errorf("got %+v and %+v, want other texts and one index", one, other)
	}
	if first := w.Sealer.PhoneIndexes(phoneNumber(t, somePhone))[0]; first != one.Index {
		t.Errorf("PhoneIndexes: got %s first, want %s, which is sealed with", first, one.Index)
	}
}

func sealedPhoneShowsNothing(t *testing.T, w PhoneSealerWorld) {
	sealed := sealPhone(t, w.Sealer, somePhone)
	for _, part := range []string{"13580006666", "6666", string(ownerA)} {
		if strings.Contains(sealed.Text, part) || strings.Contains(string(sealed.Index), part) {
			t.Errorf("got %q in %+v", part, sealed)
		}
	}
}

func wantPhoneShut(t *testing.T, what string, sealer ports.PhoneSealer, sealed domain.SealedPhone) {
	t.Helper()
	number, err := sealer.OpenPhone(sealed)
	if err == nil || !number.Empty() {
		t.Errorf("%s: got %q and %v, want an error alone", what, number.Reveal(), err)
	}
	if err != nil && strings.Contains(err.Error(), "1358000") {
		t.Errorf("%s: the error %q shows the number", what, err)
	}
}

func swappedPhonesStayShut(t *testing.T, w PhoneSealerWorld) {
	sealed := sealPhone(t, w.Sealer, somePhone)
	for _, owner := range []domain.IdentityKey{ownerB, sameIn2, ""} {
		sealed.Owner = owner
		wantPhoneShut(t, "for "+string(owner), w.Sealer, sealed)
	}
}

func everyByteOfAPhoneCounts(t *testing.T, w PhoneSealerWorld) {
	good := sealPhone(t, w.Sealer, somePhone)
	for i := range good.Text {
		bad := good
		changed := []byte(good.Text)
		changed[i] ^= 1
		bad.Text = string(changed)
		wantPhoneShut(t, "a changed text", w.Sealer, bad)
	}
	for _, text := range []string{"", ".", "v1.", good.Text[:len(good.Text)-1], good.Text + "A"} {
		wantPhoneShut(t, "a damaged text", w.Sealer, domain.SealedPhone{Owner: ownerA, Text: text})
	}
}

func strangersPhonesDiffer(t *testing.T, w PhoneSealerWorld) {
	sealed := sealPhone(t, w.Sealer, somePhone)
	wantPhoneShut(t, "to a stranger", w.Stranger, sealed)
	if slices.Contains(w.Stranger.PhoneIndexes(phoneNumber(t, somePhone)), sealed.Index) {
		t.Error("a stranger has the same index")
	}
}

func rotatedPhonesAreFound(t *testing.T, w PhoneSealerWorld) {
	old := sealPhone(t, w.Sealer, somePhone)
	if number, err := w.Rotated.OpenPhone(old); err != nil || number.Reveal() != somePhone {
		t.Errorf("OpenPhone: got %q and %v, want %q", number.Reveal(), err, somePhone)
	}
	indexes := w.Rotated.PhoneIndexes(phoneNumber(t, somePhone))
	if fresh := sealPhone(t, w.Rotated, somePhone); fresh.Index == old.Index || !slices.Contains(indexes, fresh.Index) || !slices.Contains(indexes, old.Index) {
		t.Errorf("got indexes %v, want those of the old and of the new key", indexes)
	}
}

func phoneIndexesDiffer(t *testing.T, w PhoneSealerWorld) {
	seen := map[domain.PhoneIndex]string{}
	for _, text := range []string{somePhone, "+86 13580006667", "+852 13580006666", "+1 3580006666"} {
		for _, index := range w.Rotated.PhoneIndexes(phoneNumber(t, text)) {
			if other, taken := seen[index]; taken {
				t.Errorf("%s and %s have one index", other, text)
			}
			seen[index] = text
		}
	}
}
