package contract

import (
	"slices"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// SessionRepository holds a store to ports.SessionRepository. It calls fresh once
// for each case, and expects an empty store.
func SessionRepository(t *testing.T, fresh func(*testing.T) ports.SessionRepository) {
	cases := []struct {
		claim string
		check func(*testing.T, ports.SessionRepository)
	}{
		{"what is saved is found, with every field", savedIsFound},
		{"a session with nothing optional is found as it is", bareSessionIsFound},
		{"a device's new session replaces its old one", deviceReplaces},
		{"nothing of a replaced session remains but its key, whatever its times", nothingRemains},
		{"a live session's key stays with the one without that replaces it, however many newer keys there are", keyStays},
		{"a key stays no longer than its session is live, up to either end", keyOfExpiredGoes},
		{"no key stays with another device's session, another identity's or one of no device", keyOfOthersIsNotTaken},
		{"a session with a key replaces another's, and one that was removed leaves none", keyIsNotKept},
		{"of parallel saves into one slot none without a key costs it one", parallelSavesKeepKeys},
		{"a session saved twice is there once", savedTwice},
		{"sessions without a device stand side by side", devicelessCoexist},
		{"another device's session stays", otherDeviceStays},
		{"another identity's session on the same device stays, and is not found", otherIdentityStays},
		{"no session is no error", noneIsNoError},
		{"a session is not found at or after the end that use would move", idleExpires},
		{"a session is not found at or after the end that nothing moves", absoluteExpires},
		{"the newest session comes first", newestFirst},
		{"at most 20 sessions are found, the newest", atMostTwenty},
		{"expired sessions take no live one's place among the 20", expiredTakeNoPlace},
		{"sessions without a key take no place among the 20", keylessTakeNoPlace},
		{"a user's sessions are found whichever identity they are of, newest first", userHasAllIdentities},
		{"a user's sessions are not found as another user's, and none is no error", otherUserStays},
		{"a user's session is not found at or after either end", userSessionsExpire},
		{"at most 200 of a user's sessions are found, the newest, and no expired one takes a live one's place", atMostTwoHundred},
		{"those of a user's sessions that are named are found, beyond the newest 200 too, and no others", namedAreFound},
		{"those of the user's sessions that are named are removed, and no others", namedAreDeleted},
		{"where none is named none is removed", noneIsDeleted},
		{"sessions that are not there are passed over, removed already or never saved", absentArePassedOver},
		{"another user's session stays, with the same id too", otherUsersAreNotDeleted},
		{"many sessions are removed at once, of all the user's identities", manyAreDeleted},
		{"a slot that was emptied takes the next session", deletedSlotIsFree},
		{"a session's key is replaced, whatever it is", keyIsReplaced},
		{"a session's key is replaced, and nothing else of it", keyAloneIsReplaced},
		{"no key is set where a newer session is in the slot, or none", keyOfAbsentIsNotSet},
		{"of parallel saves into one slot exactly one session is left", parallelSavesInOneSlot},
		{"parallel saves into slots of their own all stay", parallelSavesInOwnSlots},
		{"times are kept to the millisecond, in UTC", sessionTimesAreExact},
		{"unusual texts survive", sessionTextsSurvive},
		{"a write whose context is over is refused or done, never half done", sessionWriteIsWhole},
		{"a read whose context is over is refused or right", sessionReadIsRight},
	}
	for _, tt := range cases {
		t.Run(tt.claim, func(t *testing.T) { tt.check(t, fresh(t)) })
	}
}

// session is a complete session, live for an hour from now.
func session(id, openID, device string, now time.Time) domain.Session {
	user := domain.WeChatUser{ID: domain.UserID("u-" + openID), Identity: identity(openID)}
	on := domain.Device{ID: device, Name: "iPhone 15", Platform: "ios"}
	lifetimes := domain.Lifetimes{Idle: time.Hour, Absolute: 2 * time.Hour, Deviceless: time.Hour}
	s := domain.StartSession(domain.SessionID(id), user, on, lifetimes, now)
	s.Family = domain.RefreshFamily("family-" + id)
	s.Refresh = domain.RefreshHash("refresh-" + id)
	s.RotatedAt = now.Add(time.Minute)
	s.Retry = domain.LoginRetry{Key: domain.LoginKey("login-" + id), Refresh: domain.SealedToken("sealed+/=" + id)}
	s.Key = domain.SealedKey("k1.sealed+/=" + id)
	return s
}

// bare is s with nothing optional.
func bare(s domain.Session) domain.Session {
	s.Device = domain.Device{ID: s.Device.ID}
	s.Family, s.Refresh, s.RotatedAt, s.Retry, s.Key = "", "", time.Time{}, domain.LoginRetry{}, ""
	return s
}

func save(t *testing.T, sessions ports.SessionRepository, all ...domain.Session) {
	t.Helper()
	for _, s := range all {
		if err := sessions.Save(t.Context(), s); err != nil {
			t.Fatalf("Save(%s): got %v, want no error", s.ID, err)
		}
	}
}

func wantLive(t *testing.T, sessions ports.SessionRepository, openID string, now time.Time, want ...domain.Session) {
	t.Helper()
	got, err := sessions.FindLive(t.Context(), identity(openID).Key(), now)
	if err != nil {
		t.Fatalf("FindLive(%s): got %v, want no error", openID, err)
	}
	keyed := slices.DeleteFunc(slices.Clone(want), func(s domain.Session) bool { return s.Key == "" })
	if len(got) != 0 || len(keyed) != 0 {
		wantEqual(t, "the live sessions with a key of "+openID, got, keyed)
	}
	if len(keyed) == len(want) {
		return
	}
	all, err := sessions.FindLiveOf(t.Context(), want[0].UserID, now)
	if err != nil {
		t.Fatalf("FindLiveOf(%s): got %v, want no error", want[0].UserID, err)
	}
	wantEqual(t, "the live sessions of "+string(want[0].UserID), all, want)
}

func savedIsFound(t *testing.T, sessions ports.SessionRepository) {
	s := session("s1", "o1", "device-1", start())
	save(t, sessions, s)
	wantLive(t, sessions, "o1", s.CreatedAt, s)
}

func bareSessionIsFound(t *testing.T, sessions ports.SessionRepository) {
	s := bare(session("s1", "o1", "", start()))
	save(t, sessions, s)
	wantLive(t, sessions, "o1", s.CreatedAt, s)
}

func deviceReplaces(t *testing.T, sessions ports.SessionRepository) {
	old := session("s1", "o1", "device-1", start())
	next := session("s2", "o1", "device-1", start().Add(time.Minute))
	save(t, sessions, old)
	save(t, sessions, next)
	wantLive(t, sessions, "o1", next.CreatedAt, next)
}

func nothingRemains(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	old := session("s1", "o1", "device-1", now.Add(time.Minute))
	next := bare(session("s2", "o1", "device-1", now))
	save(t, sessions, old, next)
	next.Key = old.Key
	wantLive(t, sessions, "o1", now, next)
}

func savedTwice(t *testing.T, sessions ports.SessionRepository) {
	a, b := session("s1", "o1", "device-1", start()), session("s2", "o2", "", start())
	save(t, sessions, a, a, b, b)
	wantLive(t, sessions, "o1", a.CreatedAt, a)
	wantLive(t, sessions, "o2", b.CreatedAt, b)
}

func devicelessCoexist(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	a, b := session("s1", "o1", "", now), session("s2", "o1", "", now.Add(time.Second))
	save(t, sessions, a, b)
	wantLive(t, sessions, "o1", b.CreatedAt, b, a)
}

func otherDeviceStays(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	a, b := session("s1", "o1", "device-1", now), session("s2", "o1", "device-2", now.Add(time.Second))
	next := session("s3", "o1", "device-1", now.Add(2*time.Second))
	save(t, sessions, a, b, next)
	wantLive(t, sessions, "o1", next.CreatedAt, next, b)
}

func otherIdentityStays(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	a, b := session("s1", "o1", "device-1", now), session("s2", "o2", "device-1", now)
	save(t, sessions, a, b)
	wantLive(t, sessions, "o1", now, a)
	wantLive(t, sessions, "o2", now, b)
}

func noneIsNoError(t *testing.T, sessions ports.SessionRepository) {
	wantLive(t, sessions, "o1", start())
	save(t, sessions, session("s1", "o1", "device-1", start()))
	wantLive(t, sessions, "o", start())
	wantLive(t, sessions, "o11", start())
}
