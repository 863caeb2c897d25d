package wechatapi

import (
	"time"

	"wxlogin/domain"
)

// AwaitSeat makes logins wait that long for a seat, where half a second would make
// a test depend on the machine's mood.
func (p *Platform) AwaitSeat(d time.Duration) {
	for _, a := range p.apps {
		a.logins.wait = d
	}
}

// Sign is what proves that a session_key is known.
func Sign(key, message string) string { return sign(domain.NewSecret(key), message) }

// ReadPhoneAnswer reads what getuserphonenumber answers for an app.
func ReadPhoneAnswer(body []byte, app domain.AppID) (domain.PhoneNumber, error) {
	got, err := read[phoneAnswer](userPhoneNumber, body)
	if err != nil {
		return domain.PhoneNumber{}, err
	}
	return got.numberFor(app)
}

// ReadTokenAnswer reads what stable_token answers.
func ReadTokenAnswer(body []byte) (token string, seconds int64, err error) {
	got, err := read[tokenAnswer](stableToken, body)
	return got.AccessToken, got.ExpiresIn, err
}
