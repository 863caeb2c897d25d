package application_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"wxlogin/application"
	"wxlogin/domain"
	"wxlogin/ports"
)

// The apps of a world in which people come through several.
const (
	appA = theApp
	appB = domain.AppID("wxbbbbbbbbbbbbbbbb")
	appC = domain.AppID("wxcccccccccccccccc")
)

// newTown is a world of several apps, whose WeChat takes a code for the person and
// the UnionID that it spells, "o1 u1", and for the session_key.
func newTown() *world {
	w := newWorld()
	w.apps = directory(func(named domain.AppID) (domain.AppID, error) { return named, nil })
	w.wechat = exchanging(func(app domain.AppID, code domain.Secret) (ports.CodeExchange, error) {
		open, union, _ := strings.Cut(code.Reveal(), " ")
		who := domain.WeChatIdentity{AppID: app, OpenID: domain.OpenID(open), UnionID: domain.UnionID(union)}
		return ports.CodeExchange{Identity: who, SessionKey: code}, nil
	})
	return w
}

// visit is a person's wish to log in through an app, as WeChat tells it.
func visit(app domain.AppID, says string) ports.LoginCommand {
	return ports.LoginCommand{AppID: app, Code: domain.NewSecret(says)}
}

// come logs a person in, a minute after whatever was before.
func (w *world) come(t *testing.T, app domain.AppID, says string) ports.Login {
	t.Helper()
	w.clock.now = w.clock.now.Add(minute)
	return w.login(t, visit(app, says))
}

func callerOf(login ports.Login) domain.Caller {
	return domain.Caller{UserID: login.Session.UserID, SessionID: login.Session.ID, AppID: login.Session.AppID}
}

// part returns what is stored with an identity.
func (w *world) part(t *testing.T, app domain.AppID, openID domain.OpenID) domain.WeChatUser {
	t.Helper()
	got, err := w.users.FindByIdentity(t.Context(), domain.WeChatIdentity{AppID: app, OpenID: openID}.Key())
	if err != nil {
		t.Fatalf("FindByIdentity(%s, %s): got %v, want no error", app, openID, err)
	}
	return got
}

func (w *world) found(t *testing.T, id domain.UserID) domain.WeChatUser {
	t.Helper()
	got, err := w.users.Find(t.Context(), id)
	if err != nil {
		t.Fatalf("Find(%s): got %v, want no error", id, err)
	}
	return got
}

// wantOne wants all of these to be one user, whose ID the first made.
func (w *world) wantOne(t *testing.T, parts ...domain.WeChatUser) {
	t.Helper()
	for _, part := range parts {
		got := w.part(t, part.Identity.AppID, part.Identity.OpenID)
		if got.ID != parts[0].Original() || !got.Link.Several && len(parts) > 1 {
			t.Errorf("%s: got user %s by %+v, want %s", part.Identity.Key(), got.ID, got.Link, parts[0].Original())
		}
	}
	if got := w.found(t, parts[0].Original()).All(); len(got) != len(parts) {
		t.Errorf("got %d identities of user %s, want %d", len(got), parts[0].Original(), len(parts))
	}
}

// wantTwo wants each of these to be the user that it made.
func (w *world) wantTwo(t *testing.T, parts ...domain.WeChatUser) {
	t.Helper()
	for _, part := range parts {
		w.wantOne(t, part)
	}
}

// wantClaim wants a claim to stand as it is here.
func (w *world) wantClaim(t *testing.T, union domain.UnionID, id domain.UserID, disputed bool) {
	t.Helper()
	want := domain.UnionClaim{Union: union, UserID: id, Disputed: disputed}
	if there, err := w.unions.ReplaceUnion(t.Context(), want, want); !there || err != nil {
		got, _ := w.unions.ClaimUnion(t.Context(), want)
		t.Errorf("got claim %+v and %v, want %+v", got, err, want)
	}
}

// audited returns what was written down of a user, the oldest first.
func (w *world) audited(t *testing.T, id domain.UserID) []domain.AuditEntry {
	t.Helper()
	entries, err := w.audit.FindEntries(t.Context(), id, 1000)
	if err != nil {
		t.Fatalf("FindEntries: got %v, want no error", err)
	}
	slices.Reverse(entries)
	return entries
}

// wantAudit wants these lines of a user, and none besides. Those of one time are in
// no order.
func (w *world) wantAudit(t *testing.T, id domain.UserID, want ...domain.AuditAction) {
	t.Helper()
	var got []domain.AuditAction
	for _, e := range w.audited(t, id) {
		got = append(got, e.Action)
	}
	slices.Sort(got)
	slices.Sort(want)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("audit of %s: got %v, want %v", id, got, want)
	}
}

// countAudit returns how many lines there are of what was done.
func (w *world) countAudit(t *testing.T, action domain.AuditAction, id, other domain.UserID) (n int) {
	t.Helper()
	for _, e := range w.audited(t, id) {
		if e.Action == action && e.UserID == id && e.OtherID == other {
			n++
		}
	}
	return n
}

// wantEnded wants a login's session stored no more, its tokens refused, and its
// refresh token to renew nothing.
func (w *world) wantEnded(t *testing.T, login ports.Login) {
	t.Helper()
	live, err := w.sessions.FindLiveOf(t.Context(), login.Session.UserID, w.clock.now)
	if err != nil {
		t.Fatalf("FindLiveOf: got %v, want no error", err)
	}
	for _, s := range live {
		if s.ID == login.Session.ID {
			t.Errorf("got session %s stored, want it gone", s.ID)
		}
	}
	if !w.holding(login).revoked() {
		t.Errorf("got session %s not revoked, want its access tokens refused", login.Session.ID)
	}
	w.mustRefuse(t, login.Tokens.Refresh, domain.ErrRefreshInvalid)
}

// wantLive wants a login's session to be of use.
func (w *world) wantLive(t *testing.T, login ports.Login) {
	t.Helper()
	if _, err := w.accountUseCase().Me(t.Context(), callerOf(login)); err != nil {
		t.Errorf("Me: got %v, want no error", err)
	}
	w.holding(login).mustGoOn(t)
}

func (w *world) linkUseCase() *application.LinkUseCase {
	return application.NewLinkUseCase(w.users, w.unions, w.mover(), w.ender(), w.recorder(), w.clock)
}

func (w *world) leaveUseCase() *application.LeaveUseCase {
	return application.NewLeaveUseCase(w.users, w.deletions, w.ender(), w.eraser(), w.recorder(), w.clock, w.policy)
}

func (w *world) eraseUseCase() *application.EraseUseCase {
	return application.NewEraseUseCase(w.deletions, w.eraser(), w.clock)
}

func (w *world) eventUseCase() *application.PlatformEventUseCase {
	return application.NewPlatformEventUseCase(w.users, w.profiles, w.deletions, w.avatars, w.eraser(), w.recorder(), w.clock, w.policy)
}

func (w *world) avatarUseCase() *application.AvatarUseCase {
	return application.NewAvatarUseCase(w.accounts(), w.maker, w.avatars, w.clock, counter{})
}

func (w *world) phoneUseCase() *application.PhoneUseCase {
	return application.NewPhoneUseCase(w.accounts(), w.binder(), w.sessionKeys(), w.reader, w.clock)
}

func (w *world) weChatSessionUseCase() *application.WeChatSessionUseCase {
	return application.NewWeChatSessionUseCase(w.accounts(), w.sessionKeys(), w.keys, w.clock)
}
