package contract

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// theirs are the sessions as those of one user.
func theirs(user domain.UserID, all ...domain.Session) []domain.Session {
	for i := range all {
		all[i].UserID = user
	}
	return all
}

func wantLiveOf(t *testing.T, sessions ports.SessionRepository, user domain.UserID, now time.Time, want ...domain.Session) {
	t.Helper()
	got, err := sessions.FindLiveOf(t.Context(), user, now)
	if err != nil {
		t.Fatalf("FindLiveOf(%s): got %v, want no error", user, err)
	}
	if len(got) == 0 && len(want) == 0 {
		return
	}
	wantEqual(t, "the live sessions of "+string(user), got, want)
}

func userHasAllIdentities(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	s := theirs("u1", session("s1", "o1", "device-1", now), session("s2", "o2", "device-1", now.Add(2*time.Second)),
		session("s3", "o1", "", now.Add(time.Second)), bare(session("s4", "o3", "device-2", now.Add(-time.Second))))
	save(t, sessions, s...)
	wantLiveOf(t, sessions, "u1", now, s[1], s[2], s[0], s[3])
}

func otherUserStays(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	wantLiveOf(t, sessions, "u1", now)
	a, b := session("s1", "o1", "device-1", now), session("s2", "o2", "device-1", now)
	a.UserID, b.UserID = "u1", "u2"
	save(t, sessions, a, b)
	wantLiveOf(t, sessions, "u1", now, a)
	wantLiveOf(t, sessions, "u2", now, b)
	for _, nobody := range []domain.UserID{"", "u", "u11", "U1", "o1"} {
		wantLiveOf(t, sessions, nobody, now)
	}
}

func userSessionsExpire(t *testing.T, sessions ports.SessionRepository) {
	idle, absolute := session("s1", "o1", "device-1", start()), session("s2", "o2", "device-1", start())
	absolute.ExpiresAt = absolute.AbsoluteAt.Add(time.Hour)
	save(t, sessions, idle, absolute)
	for _, s := range []domain.Session{idle, absolute} {
		end := s.ExpiresAt
		if s.AbsoluteAt.Before(end) {
			end = s.AbsoluteAt
		}
		wantLiveOf(t, sessions, s.UserID, end.Add(-time.Millisecond), s)
		wantLiveOf(t, sessions, s.UserID, end)
		wantLiveOf(t, sessions, s.UserID, end.Add(time.Minute))
	}
}

func atMostTwoHundred(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	all := rising(202, now)
	all[0].ExpiresAt = all[0].ExpiresAt.Add(10 * time.Minute)
	saveAtOnce(t, sessions, all)
	newest := slices.Clone(all[2:])
	slices.Reverse(newest)
	wantLiveOf(t, sessions, all[0].UserID, now, newest...)
	wantLiveOf(t, sessions, all[0].UserID, all[201].ExpiresAt, all[0])
}

func namedAreFound(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	all := rising(202, now)
	newest := slices.Clone(all[2:])
	slices.Reverse(newest)
	other := session("other", "o2", "", now)
	saveAtOnce(t, sessions, append(slices.Clone(all), other))
	for _, tt := range []struct {
		ids  []domain.SessionID
		want []domain.Session
	}{
		{[]domain.SessionID{all[0].ID}, all[:1]}, // older than 200
		{[]domain.SessionID{all[0].ID, all[201].ID, all[0].ID, "nobody's", ""}, []domain.Session{all[201], all[0]}},
		{[]domain.SessionID{other.ID}, nil}, // another's
		{[]domain.SessionID{""}, nil},
		{[]domain.SessionID{"null"}, nil},
		{[]domain.SessionID{}, newest}, // none is named
		{nil, newest},
	} {
		got, err := sessions.FindLiveOf(t.Context(), all[0].UserID, now, tt.ids...)
		if err != nil {
			t.Fatalf("FindLiveOf(%q): got %v, want no error", tt.ids, err)
		}
		if len(got) != 0 || len(tt.want) != 0 {
			wantEqual(t, fmt.Sprintf("the live sessions named %q", tt.ids), got, tt.want)
		}
	}
	if got, err := sessions.FindLiveOf(t.Context(), all[0].UserID, all[0].ExpiresAt, all[0].ID); err != nil || len(got) != 0 {
		t.Errorf("one that has ended: got %v and %v, want none", got, err)
	}
}

func remove(t *testing.T, sessions ports.SessionRepository, user domain.UserID, ids ...domain.SessionID) {
	t.Helper()
	if err := sessions.Delete(t.Context(), user, ids...); err != nil {
		t.Fatalf("Delete(%s, %v): got %v, want no error", user, ids, err)
	}
}

func namedAreDeleted(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	s := theirs("u1", session("s1", "o1", "device-1", now), session("s2", "o1", "device-2", now),
		session("s3", "o2", "device-1", now), session("s4", "o1", "", now))
	save(t, sessions, s...)
	remove(t, sessions, "u1", "s2", "s4")
	wantLiveOf(t, sessions, "u1", now, s[2], s[0])
	wantLive(t, sessions, "o1", now, s[0])
	wantLive(t, sessions, "o2", now, s[2])
	remove(t, sessions, "u1", "s3")
	wantLiveOf(t, sessions, "u1", now, s[0])
	wantLive(t, sessions, "o2", now)
}

func noneIsDeleted(t *testing.T, sessions ports.SessionRepository) {
	remove(t, sessions, "u-o1")
	s := session("s1", "o1", "device-1", start())
	save(t, sessions, s)
	remove(t, sessions, s.UserID)
	wantLive(t, sessions, "o1", s.CreatedAt, s)
}

func absentArePassedOver(t *testing.T, sessions ports.SessionRepository) {
	remove(t, sessions, "u-o1", "s1")
	a, b := session("s1", "o1", "device-1", start()), session("s2", "o1", "device-2", start())
	save(t, sessions, a, b)
	for _, ids := range [][]domain.SessionID{{"", "s", "s22", "never"}, {"never", "s1", "s1"}, {"s1"}} {
		remove(t, sessions, a.UserID, ids...)
		remove(t, sessions, a.UserID, ids...)
	}
	wantLive(t, sessions, "o1", a.CreatedAt, b)
}

func otherUsersAreNotDeleted(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	mine, other, same := session("s1", "o1", "", now), session("s2", "o2", "", now), session("s1", "o3", "", now)
	save(t, sessions, mine, other, same)
	remove(t, sessions, mine.UserID, "s1", "s2")
	wantLive(t, sessions, "o1", now)
	wantLive(t, sessions, "o2", now, other)
	wantLive(t, sessions, "o3", now, same)
	for _, nobody := range []domain.UserID{"", "u", "nobody"} {
		remove(t, sessions, nobody, "s1", "s2")
	}
	wantLive(t, sessions, "o2", now, other)
	wantLive(t, sessions, "o3", now, same)
}

func manyAreDeleted(t *testing.T, sessions ports.SessionRepository) {
	const many = 100
	now := start()
	all, ids := make([]domain.Session, many), make([]domain.SessionID, many)
	for i := range all {
		all[i] = session(fmt.Sprintf("s%03d", i), fmt.Sprint("o", i%7), "", now)
		ids[i] = all[i].ID
	}
	saveAtOnce(t, sessions, theirs("u1", all...))
	atOnce(3, func(int) {
		if err := sessions.Delete(t.Context(), "u1", ids[:many-1]...); err != nil {
			t.Errorf("Delete, one of three in parallel: got %v, want no error", err)
		}
	})
	wantLiveOf(t, sessions, "u1", now, all[many-1])
}

func deletedSlotIsFree(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	old, next := session("s1", "o1", "device-1", now), session("s2", "o1", "device-1", now)
	save(t, sessions, old)
	remove(t, sessions, old.UserID, old.ID)
	save(t, sessions, next)
	remove(t, sessions, old.UserID, old.ID)
	wantLive(t, sessions, "o1", now, next)
	save(t, sessions, old)
	wantLive(t, sessions, "o1", now, old)
}
