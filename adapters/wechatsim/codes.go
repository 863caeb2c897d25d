package wechatsim

import (
	"crypto/rand"
	"sync"
	"time"
)

const (
	codeLife = 5 * time.Minute
	// maxCodes bounds the memory of a long load test: of more codes than that,
	// issued within their life, the oldest are forgotten early.
	maxCodes = 1 << 20
)

// codeBook holds one kind of code. A login code is nothing to the phone
// endpoint, and the reverse.
type codeBook struct {
	mu    sync.Mutex
	limit int
	codes map[string]*issuedCode
	queue []*issuedCode // oldest first
}

type issuedCode struct {
	text    string
	member  *member
	expires time.Time
	used    bool
}

// outcome is how presenting a code ended.
type outcome int

const (
	redeemed outcome = iota
	unknownCode
	usedCode
	otherApp
	otherPerson
)

// Code returns a new login code, as the person's wx.login would. It may replace
// the person's session_key: see Config.MinKeyAge.
func (s *Simulator) Code(app, person string) (string, error) {
	m, err := s.member(app, person)
	if err != nil {
		return "", err
	}
	now := s.cfg.Now()
	s.people.refresh(m, s.cfg.MinKeyAge, now)
	return s.logins.issue(m, now), nil
}

// PhoneCode returns a new phone code, as a tap on a button with
// open-type="getPhoneNumber" would.
func (s *Simulator) PhoneCode(app, person string) (string, error) {
	m, err := s.member(app, person)
	if err != nil {
		return "", err
	}
	return s.phones.issue(m, s.cfg.Now()), nil
}

func newCodeBook() *codeBook {
	return &codeBook{limit: maxCodes, codes: map[string]*issuedCode{}}
}

// issue makes a code of 26 letters and digits; WeChat's have 32 characters and
// no promise of that.
func (b *codeBook) issue(m *member, now time.Time) string {
	c := &issuedCode{text: rand.Text(), member: m, expires: now.Add(codeLife)}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.forget(now)
	b.codes[c.text] = c
	b.queue = append(b.queue, c)
	return c.text
}

// redeem uses the code up, if it is live and a's, and, where openID is not
// empty, that person's. Of parallel calls with one code exactly one succeeds.
func (b *codeBook) redeem(text string, a *app, openID string, now time.Time) (*member, outcome) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.codes[text]
	switch {
	case c == nil || !now.Before(c.expires):
		return nil, unknownCode
	case c.member.app != a:
		return nil, otherApp
	case c.used:
		return nil, usedCode
	case openID != "" && openID != c.member.openID:
		return nil, otherPerson
	}
	c.used = true
	return c.member, redeemed
}

// forget drops what has expired, and makes room for one code.
func (b *codeBook) forget(now time.Time) {
	for len(b.queue) > 0 && (len(b.queue) >= b.limit || !now.Before(b.queue[0].expires)) {
		delete(b.codes, b.queue[0].text)
		b.queue[0] = nil
		b.queue = b.queue[1:]
	}
}
