package wechatsim

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// membership is a person in an app.
type membership struct {
	app    *app
	person *Person
}

// member is what WeChat knows of a person in one app. The openid never changes,
// the rest is guarded by the population's lock.
type member struct {
	membership
	openID   string
	unionID  string // empty where the app belongs to no account, unless it was set
	key      string // base64 of 16 bytes
	keySince time.Time
}

// SessionKey returns the person's current session_key, which no real client
// ever sees.
func (s *Simulator) SessionKey(app, person string) (string, error) {
	m, err := s.member(app, person)
	if err != nil {
		return "", err
	}
	return s.people.keyOf(m), nil
}

// RotateSessionKey replaces the person's session_key now, whatever its age, and
// returns the new one. The old one is dead.
func (s *Simulator) RotateSessionKey(app, person string) (string, error) {
	m, err := s.member(app, person)
	if err != nil {
		return "", err
	}
	return s.people.rotate(m, s.cfg.Now()), nil
}

// Identity returns the person's openid in the app, and the unionid, which is
// empty where the app belongs to no account. It is another where SetUnionID said so.
func (s *Simulator) Identity(app, person string) (openID, unionID string, err error) {
	m, err := s.member(app, person)
	if err != nil {
		return "", "", err
	}
	return m.openID, s.people.unionOf(m), nil
}

// SetUnionID has the app name the person by another unionid from now on, or by none
// where it is empty. In other apps the person's stays as it is. That happens when an
// app is bound to another account of the open platform, or to none.
func (s *Simulator) SetUnionID(app, person, unionID string) error {
	m, err := s.member(app, person)
	if err != nil {
		return err
	}
	if !sound(unionID) {
		return fmt.Errorf("wechatsim: unionid %.32q is too long or holds control characters", unionID)
	}
	s.people.mu.Lock()
	defer s.people.mu.Unlock()
	m.unionID = strings.Clone(unionID)
	return nil
}

func newPopulation(seed string) *population {
	return &population{
		seed:     []byte(seed),
		people:   map[string]*Person{},
		members:  map[membership]*member{},
		byOpenID: map[string]*member{},
	}
}

// join returns the person as a member of a, and makes either if need be.
func (p *population) join(a *app, name string, now time.Time) (*member, error) {
	if err := (Person{Name: name}).check(); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	person, err := p.findOrMake(name)
	if err != nil {
		return nil, err
	}
	who := membership{a, person}
	if m := p.members[who]; m != nil {
		return m, nil
	}
	m := &member{membership: who, openID: p.pseudonym("app", a.ID, person.Name), key: newKey(), keySince: now}
	if a.Account != "" {
		m.unionID = p.pseudonym("account", a.Account, person.Name)
	}
	p.members[who], p.byOpenID[m.openID] = m, m
	return m, nil
}

// pseudonym derives an id of 28 characters, as WeChat's are, from what it stands
// for: stable while the simulator runs, and useless afterwards.
func (p *population) pseudonym(kind, scope, name string) string {
	mac := hmac.New(sha256.New, p.seed)
	_, _ = mac.Write([]byte(kind + "\x00" + scope + "\x00" + name))
	return "o" + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:20])
}

// find returns the member of a with that openid, or nil.
func (p *population) find(a *app, openID string) *member {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m := p.byOpenID[openID]; m != nil && m.app == a {
		return m
	}
	return nil
}

// refresh replaces the key if it is minAge old. This is what wx.login does.
func (p *population) refresh(m *member, minAge time.Duration, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Sub(m.keySince) >= minAge {
		m.key, m.keySince = newKey(), now
	}
}

// rotate replaces the key, however young it is.
func (p *population) rotate(m *member, now time.Time) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	m.key, m.keySince = newKey(), now
	return m.key
}

// replace is rotate for a caller who proves to know the present key. The new key
// is as old as the one before: WeChat lets a reset prolong nothing.
func (p *population) replace(m *member, proves func(key string) bool) (key string, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !proves(m.key) {
		return "", false
	}
	m.key = newKey()
	return m.key, true
}

func (p *population) keyOf(m *member) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return m.key
}

func (p *population) unionOf(m *member) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return m.unionID
}

// portrait returns the person behind m and the key, both of one moment.
func (p *population) portrait(m *member) (Person, string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return m.person.complete(), m.key
}

// newKey makes a session_key as WeChat writes it: 24 characters for 16 bytes.
func newKey() string {
	key := make([]byte, 16)
	_, _ = rand.Read(key) // never fails
	return base64.StdEncoding.EncodeToString(key)
}
