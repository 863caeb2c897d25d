package domain

import (
	"strings"
	"time"
)

// PhoneNumber is a telephone number in the form of E.164, a blank behind its
// country code: "+86 13580006666". Like any Secret it cannot be printed.
type PhoneNumber struct{ Secret }

// Fewest and most digits of a number, of which E.164 has no more than 15, its
// country code's included.
const (
	minPhoneDigits   = 4
	maxPhoneDigits   = 15
	maxCountryDigits = 3
)

// mainland is the country code of China's mainland.
const mainland = "86"

// ParsePhoneNumber takes the form that Reveal returns.
func ParsePhoneNumber(text string) (number PhoneNumber, ok bool) {
	country, national, _ := strings.Cut(strings.TrimPrefix(text, "+"), " ")
	n := len(country) + len(national)
	if !strings.HasPrefix(text, "+") || !digits(country) || !digits(national) || country[0] == '0' ||
		len(country) > maxCountryDigits || n < minPhoneDigits || n > maxPhoneDigits {
		return PhoneNumber{}, false
	}
	return PhoneNumber{NewSecret(text)}, true
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// E164 returns the number as others take it, "+8613580006666", or nothing where
// there is none.
func (p PhoneNumber) E164() string { return strings.Replace(p.Reveal(), " ", "", 1) }

// Masked returns what may be shown of the number, or nothing where there is none:
// "138****6666" of the mainland, "+852 ****5678" of elsewhere, at most half of the
// digits of one that is short.
func (p PhoneNumber) Masked() string {
	country, national, ok := strings.Cut(strings.TrimPrefix(p.Reveal(), "+"), " ")
	if !ok {
		return ""
	}
	tail := national[len(national)-min(4, len(national)/2):]
	if country == mainland && len(national) == 11 {
		return national[:3] + "****" + tail
	}
	return "+" + country + " ****" + tail
}

// PhoneIndex stands for a phone number where numbers are compared and looked for:
// a keyed hash, which tells nothing to who lacks the key.
type PhoneIndex string

// SealedPhone is a phone number, encrypted for storage. Only the key ring that
// sealed it opens it, and only for its owner.
type SealedPhone struct {
	Owner IdentityKey // the identity that it is stored with
	Text  string
	Index PhoneIndex
	At    time.Time // when it was bound
}

// Empty reports whether there is no number.
func (p SealedPhone) Empty() bool { return p.Text == "" }
