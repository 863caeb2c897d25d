package integration

import (
	"slices"
	"time"

	"wxlogin/config"
	"wxlogin/domain"
)

// modelSession is what a session is, as simply as it can be said.
type modelSession struct {
	id      domain.SessionID
	person  string
	device  string
	try     string    // code and Idempotency-Key of its login; empty: no key
	created time.Time // and these: when
	expires time.Time
	end     time.Time
	rotated time.Time
	tokens  []domain.Secret // refresh tokens from the first to the current one
	ended   bool            // by someone
	revoked bool            // so that its access tokens are refused

	access     domain.Secret // the last one that a client saw
	issued     time.Time
	accessEnds time.Time
}

// model is what the service promises of sessions, without any of how.
type model struct {
	policy   config.Sessions
	now      time.Time
	sessions []*modelSession
	banned   map[string]bool
}

func (m *model) live(s *modelSession) bool {
	return !s.ended && m.now.Before(s.expires) && m.now.Before(s.end)
}

// idle and whole are how long a session on device lives.
func (m *model) idle(device string) time.Duration {
	if device == "" {
		return min(m.policy.Idle, 24*time.Hour)
	}
	return m.policy.Idle
}

func (m *model) whole(device string) time.Duration {
	if device == "" {
		return min(m.policy.Absolute, 24*time.Hour)
	}
	return m.policy.Absolute
}

// login opens a session, in place of the one that the device had.
func (m *model) login(person, device, try string) (*modelSession, error) {
	if m.banned[person] {
		return nil, domain.ErrUserBanned
	}
	for _, old := range m.sessions {
		old.ended = old.ended || (old.person == person && old.device == device && device != "")
	}
	s := &modelSession{person: person, device: device, try: try, created: m.now, end: m.now.Add(m.whole(device))}
	s.expires = m.now.Add(min(m.idle(device), m.whole(device)))
	m.sessions = append(m.sessions, s)
	return s, nil
}

// repeat finds the session of a login that is tried again.
func (m *model) repeat(try string) (*modelSession, error) {
	for _, s := range m.sessions {
		if s.try == try && m.live(s) && len(s.tokens) == 1 && m.now.Sub(s.created) <= 5*time.Minute {
			if m.banned[s.person] {
				return nil, domain.ErrUserBanned
			}
			return s, nil
		}
	}
	return nil, domain.ErrCodeUsed
}

// refresh says what the token-th refresh token of s is worth: the number of the
// one that the client gets for it.
func (m *model) refresh(s *modelSession, token int) (child int, err error) {
	switch last := len(s.tokens) - 1; {
	case !m.live(s):
		return 0, domain.ErrRefreshInvalid
	case m.banned[s.person]:
		return 0, domain.ErrUserBanned
	case token == last:
		s.rotated, s.expires = m.now, m.now.Add(m.idle(s.device))
		if s.expires.After(s.end) {
			s.expires = s.end
		}
	case token != last-1 || m.now.Sub(s.rotated) > m.policy.RefreshGrace:
		s.ended, s.revoked = true, true
		return 0, domain.ErrRefreshInvalid
	}
	return token + 1, nil
}

// end is what logging out of s does, and logging out of everything.
func (m *model) end(s *modelSession) { s.ended, s.revoked = true, true }

func (m *model) endAll(person string) {
	for _, s := range m.of(person) {
		m.end(s)
	}
}

// logoutAll reaches the access tokens of replaced sessions too, save those of the
// same second, which might be of a login after it.
func (m *model) logoutAll(s *modelSession) {
	m.endAll(s.person)
	m.end(s)
	for _, former := range m.sessions {
		if former.person == s.person && former.issued.Before(m.now.Truncate(time.Second)) {
			former.revoked = true
		}
	}
}

// of lists a person's live sessions, newest first.
func (m *model) of(person string) []*modelSession {
	var live []*modelSession
	for _, s := range slices.Backward(m.sessions) {
		if s.person == person && m.live(s) {
			live = append(live, s)
		}
	}
	return live
}

// ban refuses every access token that there is, and unban ends what is left.
func (m *model) ban(person string) {
	m.banned[person] = true
	for _, s := range m.sessions {
		s.revoked = s.revoked || s.person == person
	}
}

func (m *model) unban(person string) {
	if m.banned[person] {
		m.endAll(person)
	}
	m.banned[person] = false
}
