package application_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// wantGone wants nothing left of a user of whom this was an identity, but lines.
func (w *world) wantGone(t *testing.T, id domain.UserID, app domain.AppID, openID domain.OpenID) {
	t.Helper()
	if got, err := w.users.Find(t.Context(), id); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("got %+v and %v, want the user gone", got, err)
	}
	key := domain.WeChatIdentity{AppID: app, OpenID: openID}.Key()
	if got, err := w.users.FindByIdentity(t.Context(), key); !errors.Is(err, domain.ErrNotFound) && got.Original() == id {
		t.Errorf("got %+v and %v, want the identity gone", got, err)
	}
	for name := range w.avatars.kept {
		if name.Owner() == domain.OwnerOfAvatars(id) {
			t.Errorf("got picture %s kept, want it gone", name)
		}
	}
	if w.revocations.RevokedBefore(id).IsZero() {
		t.Error("got the access tokens good, want them refused")
	}
	if n := w.countAudit(t, domain.AuditErased, id, ""); n != 1 {
		t.Errorf("got %d lines of it, want one", n)
	}
}

// several makes a user of two identities, each with a name, a picture and a number,
// with what was left of her before.
func several(t *testing.T, w *world) (logins [2]ports.Login) {
	t.Helper()
	for i, s := range []stop{{appA, "a"}, {appB, "b"}} {
		w.clock.now = w.clock.now.Add(minute)
		logins[i] = w.login(t, onDevice(visit(s.app, s.says+" "+canary+s.says), "device-01"))
		w.bind(t, s.app, domain.OpenID(s.says), hers)
		line := domain.AuditEntry{Action: domain.AuditPhoneBound, By: domain.ByUser, UserID: logins[i].User.ID, ID: "bound " + s.says, At: w.clock.now}
		if err := w.audit.Append(t.Context(), line); err != nil {
			t.Fatalf("Append: got %v, want no error", err)
		}
		uc := w.avatarUseCase()
		if _, err := uc.SetAvatar(t.Context(), callerOf(logins[i]), []byte(canary)); err != nil {
			t.Fatalf("SetAvatar: got %v, want no error", err)
		}
	}
	w.come(t, appB, "b "+canary) // leaves a claim on another UnionID
	w.come(t, appA, "a "+canary+"2")
	w.link(t, logins[1].User.ID, logins[0].User.ID)
	stray := logins[1].Session // saved by a login that was under way meanwhile
	if err := w.sessions.Save(t.Context(), stray); err != nil {
		t.Fatalf("Save: got %v, want no error", err)
	}
	return logins
}

// wantNothing wants nothing in any store that came of several.
func (w *world) wantNothing(t *testing.T, logins [2]ports.Login) {
	t.Helper()
	w.wantGone(t, logins[0].User.ID, appA, "a")
	for i, union := range []domain.UnionID{canary + "a", canary + "b", canary, canary + "2"} {
		probe := domain.UnionClaim{Union: union, UserID: "probe"}
		if got, err := w.unions.ClaimUnion(t.Context(), probe); got != probe || err != nil {
			t.Errorf("UnionID %d: got %+v and %v, want no claim on it", i, got, err)
		}
	}
	for _, login := range logins {
		live, err := w.sessions.FindLiveOf(t.Context(), login.User.ID, login.At)
		other, oerr := w.sessions.FindLive(t.Context(), login.Session.Identity, login.At)
		if len(live)+len(other) != 0 || err != nil || oerr != nil {
			t.Errorf("got sessions %+v and %+v, %v and %v, want none", live, other, err, oerr)
		}
	}
	number, _ := domain.ParsePhoneNumber(hers)
	if got, err := w.profiles.FindByPhone(t.Context(), w.phones.PhoneIndexes(number)...); len(got) != 0 || err != nil {
		t.Errorf("got %+v and %v by phone, want nobody", got, err)
	}
	if len(w.avatars.kept) != 0 {
		t.Errorf("got pictures %v, want none", w.avatars.kept)
	}
	for _, part := range logins {
		if got, err := w.users.FindByIdentity(t.Context(), part.Session.Identity); err == nil {
			t.Errorf("got %+v, want it gone", got)
		}
	}
	mustHide(t, "audit", w.audited(t, ""))
	mustHide(t, "events", w.events.told())
}

func TestErasingLeavesNothingButLines(t *testing.T) {
	w := newTown()
	stays := w.come(t, appC, "c").User.ID
	logins := several(t, w)
	w.clock.now = w.leave(t, w.come(t, appA, "a "+canary+"2")).Add(-1)
	if n, err := w.eraseUseCase().EraseDue(t.Context()); n != 0 || err != nil {
		t.Errorf("too early: got %d and %v, want nobody erased", n, err)
	}
	w.clock.now = w.clock.now.Add(1)
	w.events.told()
	if n, err := w.eraseUseCase().EraseDue(t.Context()); n != 1 || err != nil {
		t.Errorf("got %d and %v, want one erased", n, err)
	}
	if told := w.events.told(); len(told) != 1 || told[0] != (domain.Event{Name: domain.EventUserErased, UserID: logins[0].User.ID}) {
		t.Errorf("got events %+v, want it told once", told)
	}
	w.wantNothing(t, logins)
	w.found(t, stays)
	if n, err := w.eraseUseCase().EraseDue(t.Context()); n != 0 || err != nil {
		t.Errorf("again: got %d and %v, want nobody erased", n, err)
	}
}

func TestErasingThatFailedIsMendedByTheNextTry(t *testing.T) {
	var logins [2]ports.Login
	due := func(t *testing.T, w *world) {
		logins = several(t, w)
		w.clock.now = w.leave(t, w.come(t, appA, "a "+canary+"2"))
	}
	calls := []string{"Find", "ScheduleDeletion", "FindLiveOf", "Record", "Delete", "ReleaseUnions", "Append", "Erase"}
	chore{
		name: "erase", calls: append([]string{"FindDue"}, calls...), ready: due, holds: func(t *testing.T, w *world) { w.wantNothing(t, logins) },
		act: func(ctx context.Context, w *world) error { _, err := w.eraseUseCase().EraseDue(ctx); return err },
	}.mustBeMended(t)
	chore{
		name: "come too late", calls: append([]string{"RecordLogin"}, calls...), ready: due, act: comes(appB, "b"),
		holds: func(t *testing.T, w *world) {
			if got := w.part(t, appB, "b"); got.ID == logins[0].User.ID || got.ID == logins[1].User.ID || got.Profile != (domain.Profile{}) {
				t.Errorf("got %+v, want a new user", got)
			}
			w.wantGone(t, logins[0].User.ID, appA, "a")
		},
	}.mustBeMended(t)
}

func TestPictureThatCannotBeDeletedKeepsTheUserFoundAgain(t *testing.T) {
	w := newTown()
	logins := several(t, w)
	w.clock.now = w.leave(t, w.come(t, appA, "a "+canary+"2"))
	w.avatars.remove = domain.ErrStoreUnavailable
	if n, err := w.eraseUseCase().EraseDue(t.Context()); n != 0 || !errors.Is(err, domain.ErrStoreUnavailable) {
		t.Errorf("got %d and %v, want nobody erased and %v", n, err, domain.ErrStoreUnavailable)
	}
	w.avatars.remove = nil
	if n, err := w.eraseUseCase().EraseDue(t.Context()); n != 1 || err != nil {
		t.Errorf("got %d and %v, want one erased", n, err)
	}
	w.wantNothing(t, logins)
}

func TestParallelErasersEraseOnce(t *testing.T) {
	w := newTown()
	logins := several(t, w)
	w.clock.now = w.leave(t, w.come(t, appA, "a "+canary+"2"))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := w.eraseUseCase().EraseDue(context.Background()); err != nil {
				t.Errorf("got %v, want no error", err)
			}
		})
	}
	all.Wait()
	w.wantNothing(t, logins)
}

// deletionsThen lets something happen between what a job finds and does.
type deletionsThen struct {
	ports.DeletionRepository
	found, erases func(domain.UserID) error
}

func (d deletionsThen) FindDue(ctx context.Context, now time.Time, limit int) ([]domain.UserID, error) {
	due, err := d.DeletionRepository.FindDue(ctx, now, limit)
	if d.found != nil && len(due) > 0 {
		return due, d.found(due[0])
	}
	return due, err
}

func (d deletionsThen) Erase(ctx context.Context, id domain.UserID, now time.Time) error {
	if d.erases != nil {
		if err := d.erases(id); err != nil {
			return err
		}
	}
	return d.DeletionRepository.Erase(ctx, id, now)
}
