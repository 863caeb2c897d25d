package integration

import (
	"errors"
	"fmt"
	"time"

	"pgregory.net/rapid"

	"wxlogin/domain"
	"wxlogin/ports"
)

// worth says what kind of token it is, for the record.
func (m *machine) worth(token held) string {
	switch age := len(token.of.tokens) - 1 - token.number; {
	case !m.model.live(token.of):
		return "an ended session"
	case age < 2:
		return [...]string{"the current token", "its parent"}[age]
	}
	return "an ancestor"
}

// is compares errors, keeps the outcome, and reports whether there was none.
func (m *machine) is(t *rapid.T, what string, got, want error) bool {
	t.Helper()
	if (want == nil) != (got == nil) || !errors.Is(got, want) {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
	m.seen[fmt.Sprintf("%s: %v", what, want)]++
	return got == nil
}

// list looks at a person's sessions.
func (m *machine) list(t *rapid.T) {
	person := m.visited(t)
	got, err := m.replica(t).List.ListSessions(t.Context(), domain.Caller{UserID: m.users[person]})
	m.is(t, "list sessions", err, nil)
	ids := map[domain.SessionID]bool{}
	for i, s := range got {
		ids[s.ID] = true
		if i > 0 && s.CreatedAt.After(got[i-1].CreatedAt) {
			t.Fatalf("list sessions: got %s before %s, which is newer", got[i-1].ID, s.ID)
		}
	}
	want := m.model.of(person)
	for _, s := range want {
		if !ids[s.id] {
			t.Fatalf("list sessions: got %v, want %s among them", ids, s.id)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("list sessions: got %d, want %d", len(got), len(want))
	}
}

// check uses the access token of every session: that reads no database.
func (m *machine) check(t *rapid.T) {
	for _, s := range m.model.sessions {
		m.checkAccess(t, s)
	}
}

// checkAccess uses the access token that a client saw last of s. Its times are
// whole seconds, and clocks may differ by 30: near its end both is right.
func (m *machine) checkAccess(t *rapid.T, s *modelSession) {
	if s.access.Empty() || (m.model.now.After(s.accessEnds.Add(-2*time.Second)) && m.model.now.Before(s.accessEnds.Add(32*time.Second))) {
		return
	}
	var want error
	switch {
	case m.model.now.After(s.accessEnds):
		want = domain.ErrTokenExpired
	case s.revoked:
		want = domain.ErrSessionRevoked
	}
	caller, err := m.replicas[len(m.known)%len(m.replicas)].Authenticate.Authenticate(t.Context(), s.access)
	if m.is(t, "authenticate", err, want) && caller != m.caller(s) {
		t.Fatalf("authenticate: got %+v, want %+v", caller, m.caller(s))
	}
}

// see gives the client of s what the service answered.
func (m *machine) see(s *modelSession, number int, tokens ports.Tokens) {
	s.access, s.issued, s.accessEnds = tokens.Access, m.model.now.Truncate(time.Second), m.model.now.Add(m.model.policy.AccessToken)
	if s.accessEnds.After(s.expires) {
		s.accessEnds = s.expires
	}
	m.known = append(m.known, held{s, number})
}

func (m *machine) replica(t *rapid.T) replica {
	return m.replicas[rapid.IntRange(0, len(m.replicas)-1).Draw(t, "replica")]
}

func (m *machine) person(t *rapid.T) string {
	return m.run + rapid.SampledFrom([]string{"-alice", "-bob"}).Draw(t, "person")
}

// visited draws a person who was here.
func (m *machine) visited(t *rapid.T) string {
	person := m.person(t)
	if m.users[person] == "" {
		t.Skip("nobody to ask for")
	}
	return person
}

func (m *machine) session(t *rapid.T) *modelSession {
	if len(m.model.sessions) == 0 {
		t.Skip("no session")
	}
	return rapid.SampledFrom(m.model.sessions).Draw(t, "session")
}

func (m *machine) caller(s *modelSession) domain.Caller {
	return domain.Caller{UserID: m.users[s.person], SessionID: s.id, AppID: m.app}
}
