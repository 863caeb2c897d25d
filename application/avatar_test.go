package application_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/contract"
)

func (w *world) setAvatar(t *testing.T, login ports.Login, upload string) domain.AvatarName {
	t.Helper()
	got, err := w.avatarUseCase().SetAvatar(t.Context(), callerOf(login), []byte(upload))
	if err != nil {
		t.Fatalf("SetAvatar: got %v, want no error", err)
	}
	return got.User.Avatar
}

// wantPictures wants these pictures kept, and no others.
func (w *world) wantPictures(t *testing.T, want ...domain.AvatarName) {
	t.Helper()
	for _, name := range want {
		if _, ok := w.avatars.kept[name]; !ok {
			t.Errorf("got no picture %s, want it kept", name)
		}
	}
	if len(w.avatars.kept) != len(want) {
		t.Errorf("got %d pictures, want %d", len(w.avatars.kept), len(want))
	}
}

func TestAvatarTakesThePlaceOfTheOneBefore(t *testing.T) {
	w := newTown()
	login := w.come(t, appA, "a")
	first := w.setAvatar(t, login, "one")
	w.clock.now = w.clock.now.Add(minute)
	second := w.setAvatar(t, login, "two")
	if first == second || first.Owner() != domain.OwnerOfAvatars(login.User.ID) || second.Owner() != first.Owner() {
		t.Errorf("got %s and %s, want two names of hers", first, second)
	}
	w.wantPictures(t, second)
	if got := w.found(t, login.User.ID); got.Avatar != second || got.AvatarAt != w.clock.now {
		t.Errorf("got %s of %v stored, want %s of now", got.Avatar, got.AvatarAt, second)
	}
	if got, err := w.avatarUseCase().Avatar(t.Context(), second); string(got) != "made of two" || err != nil {
		t.Errorf("got %q and %v, want the picture", got, err)
	}
	if got, err := w.avatarUseCase().Avatar(t.Context(), first); got != nil || !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("the one before: got %q and %v, want %v", got, err, domain.ErrNotFound)
	}
}

func TestPictureIsThereBeforeItIsNamed(t *testing.T) {
	w := newTown()
	login := w.come(t, appA, "a")
	before := w.setAvatar(t, login, "one")
	w.profiles = changing{w.profiles, func(change domain.ProfileChange) {
		if _, ok := w.avatars.kept[change.Avatar]; !ok {
			t.Error("got a name before its picture")
		}
		if _, ok := w.avatars.kept[before]; !ok {
			t.Error("got the picture before gone, which is named yet")
		}
	}}
	w.setAvatar(t, login, "two")
}

// changing lets something happen before a profile is changed.
type changing struct {
	ports.ProfileRepository
	before func(domain.ProfileChange)
}

func (c changing) ChangeProfile(ctx context.Context, key domain.IdentityKey, change domain.ProfileChange) (domain.AvatarName, error) {
	c.before(change)
	return c.ProfileRepository.ChangeProfile(ctx, key, change)
}

func TestOfAvatarsAtOnceTheNamedOneIsLeft(t *testing.T) {
	w := newTown()
	login := w.come(t, appA, "a")
	w.setAvatar(t, login, "before")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { w.setAvatar(t, login, "one") })
	}
	all.Wait()
	w.wantPictures(t, w.found(t, login.User.ID).Avatar)
}

func TestLinkedUsersPictureIsTheirsThroughWhoseAppItCame(t *testing.T) {
	w := newTown()
	a, b := w.come(t, appA, "a"), w.come(t, appB, "b")
	w.setAvatar(t, a, "of a")
	w.clock.now = w.clock.now.Add(minute)
	hersBefore := w.setAvatar(t, b, "of b")
	w.link(t, b.User.ID, a.User.ID)
	login := w.come(t, appB, "b")
	if login.User.Avatar != hersBefore {
		t.Errorf("got %s, want the one that she had", login.User.Avatar)
	}
	w.clock.now = w.clock.now.Add(minute)
	w.setAvatar(t, login, "two")
	last := w.setAvatar(t, login, "three")
	if got := w.found(t, a.User.ID).Avatar; got != last {
		t.Errorf("got %s, want %s", got, last)
	}
	w.wantPictures(t, last) // an old one has nobody to look at it, whichever identity it came with
	if got := w.unlink(t, a.User.ID, b.User.ID).Avatar; got != last {
		t.Errorf("got %s, want %s", got, last)
	}
	if got := w.found(t, a.User.ID).Avatar; got != "" {
		t.Errorf("got %s, want none: it was never a's", got)
	}
}

func TestAvatarThatIsNoneChangesNothing(t *testing.T) {
	for _, want := range []error{domain.ErrAvatarInvalid, domain.ErrOverloaded, context.Canceled} {
		w := newTown()
		login := w.come(t, appA, "a")
		before := w.setAvatar(t, login, "one")
		w.maker = making(func([]byte) ([]byte, error) { return []byte("half"), want })
		got, err := w.avatarUseCase().SetAvatar(t.Context(), callerOf(login), []byte("two"))
		if !errors.Is(err, want) || got.User.ID != "" {
			t.Errorf("got %+v and %v, want %v alone", got, err, want)
		}
		w.wantPictures(t, before)
	}
}

func TestAvatarThatIsNotStoredIsNotNamed(t *testing.T) {
	w := newTown()
	login := w.come(t, appA, "a")
	before := w.setAvatar(t, login, "one")
	w.avatars.put = domain.ErrStoreUnavailable
	if _, err := w.avatarUseCase().SetAvatar(t.Context(), callerOf(login), []byte("two")); !errors.Is(err, domain.ErrStoreUnavailable) {
		t.Errorf("got %v, want %v", err, domain.ErrStoreUnavailable)
	}
	w.wantPictures(t, before)
	if got := w.found(t, login.User.ID).Avatar; got != before {
		t.Errorf("got %s, want %s kept", got, before)
	}
}

// Whatever fails: the picture that is named is there, and what is left behind goes
// with the user.
func TestNamedAvatarIsThereWhateverFails(t *testing.T) {
	for name, aim := range map[string]func(testing.TB, string) *contract.Fault{"before": contract.FailBefore, "after": contract.FailAfter} {
		w := newTown()
		login := w.come(t, appA, "a")
		w.setAvatar(t, login, "one")
		fault := aim(t, "ChangeProfile")
		w.sabotage(fault)
		if _, err := w.avatarUseCase().SetAvatar(t.Context(), callerOf(login), []byte("two")); !errors.Is(err, domain.ErrStoreUnavailable) {
			t.Errorf("%s: got %v, want %v", name, err, domain.ErrStoreUnavailable)
		}
		fault.Heal()
		for range 2 {
			named := w.found(t, login.User.ID).Avatar
			if _, ok := w.avatars.kept[named]; !ok {
				t.Errorf("%s: got no picture %s, which is named", name, named)
			}
			w.setAvatar(t, login, "three")
		}
		w.policy.CoolingOff = 0
		w.leave(t, login)
		w.wantPictures(t)
	}
}

func TestPictureThatCannotBeDeletedIsNoFailure(t *testing.T) {
	w := newTown()
	login := w.come(t, appA, "a")
	w.setAvatar(t, login, "one")
	w.avatars.remove = domain.ErrStoreUnavailable
	second := w.setAvatar(t, login, "two")
	if got := w.found(t, login.User.ID).Avatar; got != second {
		t.Errorf("got %s, want %s", got, second)
	}
}

func TestPictureOfAUserWhoIsErasedMeanwhileIsNotLeft(t *testing.T) {
	w := newTown()
	login := w.come(t, appA, "a")
	w.policy.CoolingOff = 0
	w.profiles = changing{w.profiles, func(domain.ProfileChange) { w.leave(t, login) }}
	_, err := w.avatarUseCase().SetAvatar(t.Context(), callerOf(login), []byte("one"))
	if !errors.Is(err, domain.ErrTokenInvalid) {
		t.Errorf("got %v, want %v", err, domain.ErrTokenInvalid)
	}
	w.wantPictures(t)
}
