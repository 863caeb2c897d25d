package contract

import (
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// leavers are both ports on the identities of one store.
type leavers struct {
	users     ports.UserRepository
	deletions ports.DeletionRepository
}

// DeletionRepository holds a store to ports.DeletionRepository. It calls fresh once
// for each case, and expects an empty store, behind both ports.
func DeletionRepository(t *testing.T, fresh func(*testing.T) (ports.UserRepository, ports.DeletionRepository)) {
	cases := []struct {
		claim string
		check func(*testing.T, leavers)
	}{
		{"a user is marked with every identity, and others are not", markIsOfEvery},
		{"a user who is marked keeps the earlier time", earlierMarkStays},
		{"a mark is taken away from every identity, and may come again", markIsTakenAway},
		{"to take away a mark that is not there is no error", noMarkTakenAway},
		{"a mark for nobody is not found and makes nobody", markForNobody},
		{"a login returns the mark, and keeps it", markSurvivesLogins},
		{"a ban and a mark do not touch each other", markBesideBan},
		{"those are due who are marked for now or earlier, and nobody else", dueAreFound},
		{"those of the earliest marks are found first, and no more than asked for", earliestAreDueFirst},
		{"a user is due once, whichever identities are", dueOnce},
		{"nothing is left of a user who was erased", erasedIsGone},
		{"other users stay, and those who are not due", othersAreNotErased},
		{"an identity that is not due stays, and is the user's", undueIdentityStays},
		{"to erase nobody, or again, is no error", erasedTwice},
		{"a person who was erased and comes again is a new user, of whom nothing is known", erasedComesAgain},
		{"times of a mark are kept to the millisecond, in UTC", markTimesAreExact},
		{"a write whose context is over is refused or done, never half done", deletionWriteIsWhole},
		{"a read whose context is over is refused or right", deletionReadIsRight},
	}
	for _, tt := range cases {
		t.Run(tt.claim, func(t *testing.T) {
			users, deletions := fresh(t)
			tt.check(t, leavers{users, deletions})
		})
	}
}

func (l leavers) schedule(t *testing.T, id domain.UserID, at time.Time) {
	t.Helper()
	if err := l.deletions.ScheduleDeletion(t.Context(), id, at); err != nil {
		t.Fatalf("ScheduleDeletion(%s): got %v, want no error", id, err)
	}
}

// marked records a user who is to be erased at at.
func (l leavers) marked(t *testing.T, id, openID string, at time.Time) domain.WeChatUser {
	t.Helper()
	u := visitor(id, openID, start())
	record(t, l.users, u)
	l.schedule(t, u.ID, at)
	u.DeletionAt = at
	return u
}

func markIsOfEvery(t *testing.T, l leavers) {
	all := linked(t, l.users)
	at := start().Add(time.Hour)
	l.schedule(t, "u1", at)
	for i := range all {
		all[i].DeletionAt = at
	}
	wantUnited(t, l.users, all...)
	if other := storedWith(t, l.users, "o4"); !other.DeletionAt.IsZero() {
		t.Errorf("another user: got marked for %v, want no mark", other.DeletionAt)
	}
}

func earlierMarkStays(t *testing.T, l leavers) {
	at := start().Add(time.Hour)
	u := l.marked(t, "u1", "o1", at)
	for _, again := range []time.Time{at, at.Add(time.Millisecond), at.Add(time.Hour)} {
		l.schedule(t, u.ID, again)
		wantUnited(t, l.users, u)
	}
	u.DeletionAt = at.Add(-time.Millisecond)
	l.schedule(t, u.ID, u.DeletionAt)
	wantUnited(t, l.users, u)
}

func markIsTakenAway(t *testing.T, l leavers) {
	all := linked(t, l.users)
	for _, at := range []time.Time{start().Add(time.Hour), {}, start().Add(2 * time.Hour)} {
		l.schedule(t, "u1", at)
		for i := range all {
			all[i].DeletionAt = at
		}
		wantUnited(t, l.users, all...)
	}
}

func noMarkTakenAway(t *testing.T, l leavers) {
	u := visitor("u1", "o1", start())
	record(t, l.users, u)
	l.schedule(t, u.ID, time.Time{})
	wantUnited(t, l.users, u)
}

func markForNobody(t *testing.T, l leavers) {
	record(t, l.users, visitor("u1", "o1", start()))
	for _, at := range []time.Time{start(), {}} {
		wantNotFound(t, "ScheduleDeletion", l.deletions.ScheduleDeletion(t.Context(), "u2", at))
		_, err := l.users.Find(t.Context(), "u2")
		wantNotFound(t, "Find after ScheduleDeletion", err)
	}
	l.wantDue(t, start().Add(time.Hour), 10)
}

func markSurvivesLogins(t *testing.T, l leavers) {
	u := l.marked(t, "u1", "o1", start().Add(time.Hour))
	again := visitor("u2", "o1", start().Add(time.Minute))
	again.Profile, again.NicknameAt, again.AvatarAt = domain.Profile{}, time.Time{}, time.Time{}
	u.LastLoginAt = again.LastLoginAt
	user, created := record(t, l.users, again)
	if created {
		t.Error("login of a user who is marked: got created true, want false")
	}
	wantEqual(t, "the returned user", user, u)
	wantUnited(t, l.users, u)
}

func markBesideBan(t *testing.T, l leavers) {
	u := l.marked(t, "u1", "o1", start().Add(time.Hour))
	u.BannedAt = start().Add(2 * time.Hour)
	wantEqual(t, "the banned user", setBan(t, l.users, u.ID, u.BannedAt), u)
	l.schedule(t, u.ID, time.Time{})
	u.DeletionAt = time.Time{}
	wantUnited(t, l.users, u)
	u.DeletionAt = start().Add(3 * time.Hour)
	l.schedule(t, u.ID, u.DeletionAt)
	u.BannedAt = time.Time{}
	wantEqual(t, "the user after the ban", setBan(t, l.users, u.ID, time.Time{}), u)
	wantUnited(t, l.users, u)
}

func markTimesAreExact(t *testing.T, l leavers) {
	at := start().Add(123*time.Millisecond + 987_654).In(time.FixedZone("CST", 8*60*60))
	l.marked(t, "u1", "o1", at)
	wantExactUTC(t, "DeletionAt", storedWith(t, l.users, "o1").DeletionAt, at)
}
