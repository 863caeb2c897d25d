package application_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

const everything = domain.AllAttributes

// wellKnown makes a user of two identities, with each a name, a picture, an address
// and a number, and returns her ID and the names of the pictures.
func wellKnown(t *testing.T, w *world) (id domain.UserID, pictures []domain.AvatarName) {
	t.Helper()
	a, b := w.come(t, appA, "a"), w.come(t, appB, "b")
	for _, login := range []ports.Login{b, a} { // the one that is older knows it later
		w.clock.now = w.clock.now.Add(minute)
		key := login.Session.Identity
		change := domain.ProfileChange{Nickname: string(key), AvatarURL: "https://thirdwx.qlogo.cn/a/132", At: w.clock.now}
		if _, err := w.profiles.ChangeProfile(t.Context(), key, change); err != nil {
			t.Fatalf("ChangeProfile: got %v, want no error", err)
		}
		pictures = append(pictures, w.setAvatar(t, login, "picture"))
		w.bind(t, key.Identity().AppID, key.Identity().OpenID, hers)
	}
	w.link(t, b.User.ID, a.User.ID)
	w.clock.now = w.clock.now.Add(minute)
	return a.User.ID, pictures
}

func (w *world) happens(t *testing.T, event domain.PlatformEvent) {
	t.Helper()
	if event.AppID == "" {
		event.AppID, event.OpenID = appB, "b"
	}
	if err := w.eventUseCase().HandleEvent(t.Context(), event); err != nil {
		t.Errorf("%+v: got %v, want no error", event, err)
	}
}

// left is what is known with an identity.
func left(part domain.WeChatUser) domain.Attributes {
	return part.Learned(part.LastLoginAt.Add(1000 * day))
}

func TestWhatTheUserWithdrewIsClearedEverywhere(t *testing.T) {
	for withdrawn := domain.Attributes(1); withdrawn <= everything; withdrawn++ {
		w := newTown()
		id, pictures := wellKnown(t, w)
		stranger := w.come(t, appC, "c")
		w.setAvatar(t, stranger, "hers")
		w.events.told()
		w.happens(t, domain.PlatformEvent{Withdrawn: withdrawn, At: w.clock.now})
		for _, part := range w.found(t, id).All() {
			if got, want := left(part), everything&^withdrawn; got != want {
				t.Errorf("%b: got %b left with %s, want %b", withdrawn, got, part.Identity.Key(), want)
			}
		}
		for _, picture := range pictures {
			if _, kept := w.avatars.kept[picture]; kept == withdrawn.Has(domain.AvatarAttribute) {
				t.Errorf("%b: got picture %s kept %v", withdrawn, picture, kept)
			}
		}
		if got := left(w.found(t, stranger.User.ID)); got != domain.AvatarAttribute {
			t.Errorf("%b: got %b left of another", withdrawn, got)
		}
		if n := w.countAudit(t, domain.AuditProfileCleared, id, ""); n != 1 {
			t.Errorf("%b: got %d lines, want one", withdrawn, n)
		}
		want := domain.Event{Name: domain.EventProfileCleared, UserID: id, AppID: appB}
		if told := w.events.told(); len(told) != 1 || told[0] != want {
			t.Errorf("%b: got events %+v, want %+v", withdrawn, told, want)
		}
	}
}

func TestWhatIsLearnedAfterTheEventStays(t *testing.T) {
	w := newTown()
	id, _ := wellKnown(t, w)
	event := domain.PlatformEvent{Withdrawn: everything, At: w.clock.now}
	w.happens(t, event)
	w.clock.now = w.clock.now.Add(minute)
	login := w.come(t, appB, "b")
	if _, err := w.profileUseCase().SetNickname(t.Context(), callerOf(login), "anew"); err != nil {
		t.Fatalf("SetNickname: got %v, want no error", err)
	}
	w.setAvatar(t, login, "anew")
	w.bind(t, appB, "b", his)
	before := w.found(t, id)
	lines := len(w.audited(t, id))
	w.happens(t, event) // once more
	w.happens(t, domain.PlatformEvent{Withdrawn: everything, At: event.At.Add(-day)})
	if got := w.found(t, id); left(got) != everything || got.Avatar != before.Avatar {
		t.Errorf("got %+v, want what was learned since", got)
	}
	w.wantPictures(t, before.Avatar)
	if n := len(w.audited(t, id)); n != lines {
		t.Errorf("got %d lines, want no more than %d", n, lines)
	}
}

// The younger identity's name is older than the event, and hidden by the other's.
func TestWhatIsHiddenByALaterWordIsClearedToo(t *testing.T) {
	w := newTown()
	a, b := w.come(t, appA, "a"), w.come(t, appB, "b")
	for i, login := range []ports.Login{a, b} {
		w.clock.now = w.clock.now.Add(time.Duration(i) * hour)
		if _, err := w.profileUseCase().SetNickname(t.Context(), callerOf(login), string(login.Session.Identity)); err != nil {
			t.Fatalf("SetNickname: got %v, want no error", err)
		}
	}
	w.link(t, b.User.ID, a.User.ID)
	w.happens(t, domain.PlatformEvent{Withdrawn: domain.NicknameAttribute, At: w.clock.now.Add(-minute)})
	if got := w.part(t, appA, "a").Profile.Nickname; got != "" {
		t.Errorf("got %q left, want nothing from before", got)
	}
	if got := w.part(t, appB, "b").Profile.Nickname; got == "" {
		t.Error("got what was learned later gone")
	}
}

func TestPictureIsDeletedBeforeItsName(t *testing.T) {
	w := newTown()
	id, _ := wellKnown(t, w)
	before := w.found(t, id)
	w.avatars.remove = domain.ErrStoreUnavailable
	event := domain.PlatformEvent{AppID: appB, OpenID: "b", Withdrawn: domain.AvatarAttribute, At: w.clock.now}
	if err := w.eventUseCase().HandleEvent(t.Context(), event); !errors.Is(err, domain.ErrStoreUnavailable) {
		t.Errorf("got %v, want %v", err, domain.ErrStoreUnavailable)
	}
	if got := w.found(t, id).Avatar; got != before.Avatar {
		t.Errorf("got %q, want the name as long as the picture is there", got)
	}
	w.avatars.remove = nil
	w.happens(t, event)
	w.wantPictures(t)
}

func TestEventThatConcernsNobodyChangesNothing(t *testing.T) {
	w := newTown()
	id, _ := wellKnown(t, w)
	lines := len(w.audited(t, ""))
	for _, event := range []domain.PlatformEvent{
		{AppID: appC, OpenID: "b", Withdrawn: everything, At: w.clock.now},
		{AppID: appB, OpenID: "nobody", Cancelled: true, Sealed: true, At: w.clock.now},
		{AppID: appB, OpenID: "b", At: w.clock.now},
		{AppID: appB, OpenID: "b", Withdrawn: everything, At: w.clock.now.Add(-hour)},
		{AppID: appB, OpenID: "b", Cancelled: true, Sealed: true, At: w.clock.now.Add(-hour)},
	} {
		w.happens(t, event)
	}
	for _, part := range w.found(t, id).All() {
		if left(part) != everything {
			t.Errorf("got %b left with %s, want everything", left(part), part.Identity.Key())
		}
	}
	if n := len(w.audited(t, "")); n != lines {
		t.Errorf("got %d lines, want %d", n, lines)
	}
}

func TestEventThatFailedIsMendedByItsComingAgain(t *testing.T) {
	var id domain.UserID
	ready := func(t *testing.T, w *world) { id, _ = wellKnown(t, w) }
	handles := func(event domain.PlatformEvent) func(context.Context, *world) error {
		event.AppID, event.OpenID = appB, "b"
		return func(ctx context.Context, w *world) error {
			event.At = w.clock.now
			return w.eventUseCase().HandleEvent(ctx, event)
		}
	}
	chore{
		name: "withdraw", calls: []string{"FindByIdentity", "Find", "Append", "ClearProfile"}, ready: ready,
		act: handles(domain.PlatformEvent{Withdrawn: everything}), holds: func(t *testing.T, w *world) {
			if got := left(w.found(t, id)); got != 0 || len(w.avatars.kept) != 0 {
				t.Errorf("got %b and %d pictures left, want nothing", got, len(w.avatars.kept))
			}
			if n := w.countAudit(t, domain.AuditProfileCleared, id, ""); n != 1 {
				t.Errorf("got %d lines, want one", n)
			}
		},
	}.mustBeMended(t)
	chore{
		name: "cancel", calls: []string{"FindByIdentity", "ScheduleDeletion", "Append", "Find", "FindLiveOf", "Record", "Delete", "ReleaseUnions", "Erase"},
		ready: func(t *testing.T, w *world) { ready(t, w); w.oneAccount(t) },
		act:   handles(domain.PlatformEvent{Cancelled: true, Sealed: true}), holds: func(t *testing.T, w *world) {
			w.wantGone(t, id, appA, "a")
			w.wantPictures(t)
		},
	}.mustBeMended(t)
}
