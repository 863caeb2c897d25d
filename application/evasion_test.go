package application_test

import (
	"context"
	"errors"
	"testing"

	"wxlogin/application"
	"wxlogin/domain"
)

func TestT41BannedPersonWhoLeavesComesBackByNoApp(t *testing.T) {
	w := newTown()
	first := w.come(t, appA, "a u")
	w.leave(t, first)
	w.ban(t, first.User.ID)
	for _, cmd := range []struct {
		app  domain.AppID
		says string
	}{{appA, "a u"}, {appB, "b u"}} {
		got, err := w.loginUseCase().Login(t.Context(), visit(cmd.app, cmd.says))
		mustFailWith(t, got, err, domain.ErrUserBanned)
	}
}

// TestT41ErasureLeavesTheBan: of a banned user who left, nothing stays but who it
// is that is banned.
func TestT41ErasureLeavesTheBan(t *testing.T) {
	w := newTown()
	id, _ := wellKnown(t, w)
	w.leave(t, w.oneAccount(t))
	w.ban(t, id)
	w.clock.now = w.clock.now.Add(8 * day)
	for range 2 {
		if _, err := w.eraseUseCase().EraseDue(t.Context()); err != nil {
			t.Fatalf("EraseDue: got %v, want no error", err)
		}
	}
	user := w.found(t, id)
	if left(user) != 0 || !user.DeletionAt.IsZero() {
		t.Errorf("got %+v, want only the ban", user)
	}
	w.wantPictures(t)
	if n := w.countAudit(t, domain.AuditErased, id, ""); n != 1 {
		t.Errorf("got %d lines of it, want one", n)
	}
	for app, says := range map[domain.AppID]string{appA: "a u", appB: "b u", "wx00000000000000c3": "c u"} {
		got, err := w.loginUseCase().Login(t.Context(), visit(app, says))
		mustFailWith(t, got, err, domain.ErrUserBanned)
	}
}

// Of who was refused nobody knows the ID.
func TestImportedUserWhoIsBannedIsNotHere(t *testing.T) {
	w, people := newVillage(t, "x")
	w.ban(t, people["x"].ID)
	got, err := w.loginUseCase().Login(t.Context(), visit(appA, "x u"))
	mustFailWith(t, got, err, domain.ErrUserBanned)
	live := w.come(t, appB, "l").User
	if _, err := w.banUseCase().Unban(t.Context(), people["x"].ID); err != nil {
		t.Fatalf("Unban: got %v, want no error", err)
	}
	w.come(t, appB, "l u")
	w.wantOne(t, live, people["x"])
}

func TestWhatCameThroughAnAppIsItsIdentitysWhenTheyAreTakenApart(t *testing.T) {
	w := newTown()
	a, b := w.come(t, appA, "a"), w.come(t, appB, "b")
	w.bind(t, appA, "a", hers)
	w.link(t, b.User.ID, a.User.ID)
	login := w.come(t, appB, "b")
	if _, err := w.phoneUseCase().BindPhone(t.Context(), callerOf(login), domain.NewSecret("+86 13900001111")); err != nil {
		t.Fatalf("BindPhone: got %v, want no error", err)
	}
	if got := w.found(t, a.User.ID); got.Own == nil || !got.Own.Phone.Empty() {
		t.Errorf("got %+v, want no number that nobody has any more", got.Own)
	}
	theirs := w.unlink(t, a.User.ID, b.User.ID)
	if theirs.Phone.Empty() || !w.found(t, a.User.ID).Phone.Empty() {
		t.Errorf("got %+v, want the number with who bound it", theirs)
	}
}

// TestNobodyComesBackWhileTheEraserIsAtWork, whose clock is ahead.
func TestNobodyComesBackWhileTheEraserIsAtWork(t *testing.T) {
	w := newTown()
	first := w.come(t, appA, "a u")
	w.setAvatar(t, first, "picture")
	due := w.leave(t, first)
	w.clock.now = due
	late := &interrupted{album: w.avatars, before: func() {
		w.clock.now = due.Add(-minute / 2)
		got, err := w.loginUseCase().Login(t.Context(), visit(appA, "a u"))
		mustFailWith(t, got, err, domain.ErrStoreUnavailable)
		w.clock.now = due
	}}
	if n, err := w.eraserWith(late).EraseDue(t.Context()); n != 1 || err != nil {
		t.Fatalf("EraseDue: got %d and %v, want the user erased", n, err)
	}
	w.wantGone(t, first.User.ID, appA, "a")
}

func TestPictureThatComesWhileItsUserIsErasedIsErasedToo(t *testing.T) {
	w := newTown()
	first := w.come(t, appA, "a u")
	started, resume, done := make(chan struct{}), make(chan struct{}), make(chan error)
	w.maker = making(func(upload []byte) ([]byte, error) { close(started); <-resume; return upload, nil })
	go func() {
		_, err := w.avatarUseCase().SetAvatar(t.Context(), callerOf(first), []byte("late"))
		done <- err
	}()
	<-started
	if err := w.deletions.ScheduleDeletion(t.Context(), first.User.ID, w.clock.now); err != nil {
		t.Fatal(err)
	}
	late := &interrupted{album: w.avatars, after: func() {
		close(resume)
		if err := <-done; err != nil {
			t.Errorf("SetAvatar: got %v, want it stored before the erasure", err)
		}
	}}
	if _, err := w.eraserWith(late).EraseDue(t.Context()); err != nil {
		t.Fatalf("EraseDue: got %v, want no error", err)
	}
	w.wantGone(t, first.User.ID, appA, "a")
	w.wantPictures(t)
}

func TestClientThatHangsUpLeavesNoPictureBehind(t *testing.T) {
	w := newTown()
	login := w.come(t, appA, "a")
	w.setAvatar(t, login, "one")
	ctx, hangUp := context.WithCancel(t.Context())
	w.maker = making(func(upload []byte) ([]byte, error) { hangUp(); return upload, nil })
	if _, err := w.avatarUseCase().SetAvatar(ctx, callerOf(login), []byte("two")); err != nil && !errors.Is(err, context.Canceled) {
		t.Fatalf("SetAvatar: got %v", err)
	}
	w.wantPictures(t, w.found(t, login.User.ID).Avatar)
}

// interrupted is an album where something happens when all of a user's pictures are
// removed for the first time.
type interrupted struct {
	*album
	before, after func()
}

func (m *interrupted) DeleteAll(ctx context.Context, owner domain.AvatarOwner) error {
	before, after := m.before, m.after
	m.before, m.after = nil, nil
	if before != nil {
		before()
	}
	err := m.album.DeleteAll(ctx, owner)
	if after != nil {
		after()
	}
	return err
}

func (w *world) eraserWith(avatars *interrupted) *application.EraseUseCase {
	eraser := application.NewUserEraser(w.users, w.profiles, w.deletions, w.unions, avatars, w.ender(), w.recorder())
	return application.NewEraseUseCase(w.deletions, eraser, w.clock)
}
