package integration

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"wxlogin/domain"
	"wxlogin/ports"
)

// machine does at random what can be done, and compares with the model.
type machine struct {
	replicas []replica
	clock    *stepping
	run      string // sets its persons apart from those before
	app      domain.AppID
	model    model
	users    map[string]domain.UserID
	codes    int
	tries    []ports.LoginCommand // with an Idempotency-Key
	known    []held
	seen     map[string]int // how often each outcome came about, in all runs
}

// actions are what can be done. What ends a lot is done seldom.
func (m *machine) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"": m.check, "login": m.login, "login too": m.login, "login again": m.again, "refresh": m.refresh, "refresh too": m.refresh,
		"refresh as well": m.refresh, "refresh often": m.refresh, "wait": m.wait, "list": m.list, "end session": m.endSession, "unban": m.unban,
		"seldom": func(t *rapid.T) {
			rapid.SampledFrom([]func(*rapid.T){m.waitLong, m.ban, m.logout, m.logoutAll}).Draw(t, "what")(t)
		},
	}
}

// held is a refresh token that some client has seen: the number-th of a session.
type held struct {
	of     *modelSession
	number int
}

func personOf(code string) string { return code[:strings.IndexByte(code, '#')] }

// login logs in with a new code, on a device or none, with a key or without.
func (m *machine) login(t *rapid.T) {
	person := m.person(t)
	m.codes++
	cmd := ports.LoginCommand{Code: domain.NewSecret(fmt.Sprintf("%s#%d", person, m.codes))}
	cmd.Device.ID = rapid.SampledFrom([]string{"", "device-01", "device-02"}).Draw(t, "device")
	try := ""
	if rapid.Bool().Draw(t, "keyed") {
		cmd.IdempotencyKey = domain.NewSecret(fmt.Sprint("idempotency-key-", m.codes))
		try = cmd.Code.Reveal()
		m.tries = append(m.tries, cmd)
	}
	got, err := m.replica(t).Login.Login(t.Context(), cmd)
	s, want := m.model.login(person, cmd.Device.ID, try)
	if !m.is(t, "login", err, want) {
		return
	}
	if known := m.users[person]; known != "" && known != got.User.ID || got.NewUser != (known == "") {
		t.Fatalf("login: got user %s, new %v; want %q", got.User.ID, got.NewUser, known)
	}
	m.users[person], s.id, s.tokens = got.User.ID, got.Session.ID, []domain.Secret{got.Tokens.Refresh}
	if lost := rapid.Bool().Draw(t, "answer lost"); !lost {
		m.see(s, 0, got.Tokens)
	}
}

// again repeats a login, by whoever may and with another key.
func (m *machine) again(t *rapid.T) {
	if len(m.tries) == 0 {
		t.Skip("no login to repeat")
	}
	cmd := rapid.SampledFrom(m.tries).Draw(t, "try")
	s, want := m.model.repeat(cmd.Code.Reveal())
	if rapid.IntRange(0, 4).Draw(t, "stranger") == 0 {
		cmd.IdempotencyKey, want = domain.NewSecret("another-idempotency-key"), domain.ErrCodeUsed
	}
	got, err := m.replica(t).Login.Login(t.Context(), cmd)
	if !m.is(t, "login again", err, want) {
		return
	}
	if got.Session.ID != s.id || got.Tokens.Refresh.Reveal() != s.tokens[0].Reveal() {
		t.Fatalf("login again: got session %s, want %s with the same refresh token", got.Session.ID, s.id)
	}
	m.see(s, 0, got.Tokens)
}

// refresh spends a refresh token that was ever known, now and then without
// seeing the answer.
func (m *machine) refresh(t *rapid.T) {
	if len(m.known) == 0 {
		t.Skip("no refresh token")
	}
	token := m.known[len(m.known)-1-rapid.IntRange(0, len(m.known)-1).Draw(t, "token")] // the newest most often
	s := token.of
	got, err := m.replica(t).Refresh.Refresh(t.Context(), s.tokens[token.number])
	worth := m.worth(token)
	child, want := m.model.refresh(s, token.number)
	if !m.is(t, "refresh of "+worth, err, want) {
		return
	}
	if child == len(s.tokens) {
		s.tokens = append(s.tokens, got.Tokens.Refresh)
	}
	if got.Session.ID != s.id || got.Tokens.Refresh.Reveal() != s.tokens[child].Reveal() {
		t.Fatalf("refresh: got session %s, want %s and its child number %d", got.Session.ID, s.id, child)
	}
	if !got.Tokens.RefreshExpiresAt.Equal(s.expires) {
		t.Fatalf("refresh: got an end of %v, want %v", got.Tokens.RefreshExpiresAt, s.expires)
	}
	if lost := rapid.Bool().Draw(t, "answer lost"); !lost {
		m.see(s, child, got.Tokens)
	}
}

// logout ends a session with its own access token, of whatever age.
func (m *machine) logout(t *rapid.T) {
	s := m.session(t)
	m.is(t, "logout", m.replica(t).Logout.Logout(t.Context(), m.caller(s)), nil)
	m.model.end(s)
}

// logoutAll ends all sessions of a person.
func (m *machine) logoutAll(t *rapid.T) {
	s := m.session(t)
	m.is(t, "logout all", m.replica(t).Logout.LogoutAll(t.Context(), m.caller(s)), nil)
	m.model.logoutAll(s)
}

// endSession ends any session from any other.
func (m *machine) endSession(t *rapid.T) {
	by, s := m.session(t), m.session(t)
	var want error
	if by != s && (by.person != s.person || !m.model.live(s)) {
		want = domain.ErrNotFound
	}
	if m.is(t, "end session", m.replica(t).Logout.EndSession(t.Context(), m.caller(by), s.id), want) {
		m.model.end(s)
	}
}

// ban keeps a person out.
func (m *machine) ban(t *rapid.T) {
	person := m.visited(t)
	_, err := m.replica(t).Ban.Ban(t.Context(), m.users[person])
	m.is(t, "ban", err, nil)
	m.model.ban(person)
}

// unban lets a person in again, and not in the second of the ban: tokens tell no
// more.
func (m *machine) unban(t *rapid.T) {
	person := m.visited(t)
	_, err := m.replica(t).Ban.Unban(t.Context(), m.users[person])
	m.is(t, "unban", err, nil)
	m.model.unban(person)
	m.model.now = m.clock.step(time.Second)
}

// wait lets some time go by, up to an edge or beyond it.
func (m *machine) wait(t *rapid.T) {
	m.pass(t, 0, time.Second, m.model.policy.RefreshGrace, 5*time.Minute, m.model.policy.AccessToken)
}

func (m *machine) waitLong(t *rapid.T) {
	const day = 24 * time.Hour
	m.pass(t, time.Hour, 12*time.Hour, day, 10*day, m.model.policy.Idle, 100*day, m.model.policy.Absolute)
}

func (m *machine) pass(t *rapid.T, edges ...time.Duration) {
	off := time.Duration(rapid.IntRange(-1, 1).Draw(t, "off by")) * time.Millisecond
	m.model.now = m.clock.step(max(0, rapid.SampledFrom(edges).Draw(t, "edge")+off))
}
