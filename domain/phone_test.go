package domain_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"wxlogin/domain"
)

func TestPhoneNumberIsShownByHalf(t *testing.T) {
	tests := []struct{ give, e164, masked string }{
		{"+86 13580006666", "+8613580006666", "135****6666"},
		{"+86 1358000666", "+861358000666", "+86 ****0666"},
		{"+852 12345678", "+85212345678", "+852 ****5678"},
		{"+1 2025550123", "+12025550123", "+1 ****0123"},
		{"+1 2345678", "+12345678", "+1 ****678"},
		{"+44 12345", "+4412345", "+44 ****45"},
		{"+1 234", "+1234", "+1 ****4"},
		{"+123 4", "+1234", "+123 ****"},
		{"+1 12345678901234", "+112345678901234", "+1 ****1234"},
	}
	for _, tt := range tests {
		got, ok := domain.ParsePhoneNumber(tt.give)
		if !ok || got.Reveal() != tt.give {
			t.Errorf("%s: got %q and %v, want the same and true", tt.give, got.Reveal(), ok)
		}
		if got.E164() != tt.e164 || got.Masked() != tt.masked {
			t.Errorf("%s: got %s and %s, want %s and %s", tt.give, got.E164(), got.Masked(), tt.e164, tt.masked)
		}
	}
}

func TestWhatIsNoPhoneNumberIsRefused(t *testing.T) {
	for _, give := range []string{
		"", "+", "+ ", "86 13580006666", "13580006666", "+8613580006666", "+86-13580006666", "+86  13580006666", "++86 13580006666",
		"+86 135 80006666", " +86 13580006666", "+86 13580006666 ", "+86 13580006666\n", "+086 13580006666", "+0 13580006666",
		"+8600 13580006666", "+86 ", "+ 13580006666", "+86 １３５８０００６６６６", "+86 1358000666x", "+1 23", "+12 3",
		"+86 12345678901234", "+1 123456789012345", "+86 -3580006666", "+86\t13580006666",
	} {
		if got, ok := domain.ParsePhoneNumber(give); ok || !got.Empty() {
			t.Errorf("%q: got %q and %v, want nothing and false", give, got.Reveal(), ok)
		}
	}
}

func TestNoPhoneNumberIsShownAsNothing(t *testing.T) {
	var none domain.PhoneNumber
	if none.E164() != "" || none.Masked() != "" || !none.Empty() {
		t.Errorf("got %q and %q, want nothing", none.E164(), none.Masked())
	}
	if !(domain.SealedPhone{}).Empty() || (domain.SealedPhone{Text: "x"}).Empty() {
		t.Error("got a sealed number empty by something else than its text")
	}
}

func TestPhoneNumberCannotBePrinted(t *testing.T) {
	number, _ := domain.ParsePhoneNumber("+86 13580006666")
	nested := struct{ Hidden, hidden domain.PhoneNumber }{number, number}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
		for _, value := range []any{number, &number, nested, &nested, []domain.PhoneNumber{number}} {
			if got := fmt.Sprintf(verb, value); strings.Contains(got, "1358") || strings.Contains(got, fmt.Sprintf("%x", "1358")) {
				t.Errorf("%s: got %s, want no number in it", verb, got)
			}
		}
	}
	text, err := json.Marshal(map[string]any{"phone": number, "nested": nested})
	if err != nil || strings.Contains(string(text), "1358") {
		t.Errorf("as JSON: got %s and %v, want no number in it", text, err)
	}
}

func digitsIn(s string) int {
	return len(s) - len(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, s))
}

func FuzzMaskedPhoneNumberTellsAFewDigits(f *testing.F) {
	for _, seed := range []string{"+86 13580006666", "+852 12345678", "+123 4", "+1 123456789012345", "+86 1", "x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		number, ok := domain.ParsePhoneNumber(text)
		if !ok {
			return
		}
		country, national, _ := strings.Cut(text, " ")
		masked := number.Masked()
		if country == "+86" && len(national) == 11 {
			if digitsIn(masked) != 7 {
				t.Errorf("%s: got %s, want 7 digits", text, masked)
			}
			return
		}
		shown := digitsIn(masked) - digitsIn(country)
		if shown > 4 || shown > len(national)/2 || !strings.HasPrefix(masked, country+" ****") {
			t.Errorf("%s: got %s, want its country and at most 4 digits, and half", text, masked)
		}
		if again, ok := domain.ParsePhoneNumber(number.Reveal()); !ok || again.E164() != country+national {
			t.Errorf("%s: got %s and %v, want the same number", text, again.E164(), ok)
		}
	})
}
