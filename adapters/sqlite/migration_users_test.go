package sqlite_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"wxlogin/adapters/sqlite"
	"wxlogin/domain"
)

// oldLogin is how the version before accounts records a login.
const oldLogin = `INSERT INTO users (identity,
	user_id, app_id, open_id, union_id, nickname, avatar_url, created_at, last_login_at, banned_at)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)
	ON CONFLICT (identity) DO UPDATE SET
		union_id      = coalesce(nullif(excluded.union_id, ''), union_id),
		nickname      = coalesce(nullif(excluded.nickname, ''), nickname),
		avatar_url    = coalesce(nullif(excluded.avatar_url, ''), avatar_url),
		last_login_at = max(excluded.last_login_at, last_login_at)`

// oldLogins is a process of the version before accounts, on the database in dir.
func oldLogins(t *testing.T, dir string) (login func(domain.WeChatUser)) {
	t.Helper()
	statement := oldStatement(t, dir, 2, oldLogin)
	return func(u domain.WeChatUser) {
		t.Helper()
		_, err := statement.ExecContext(t.Context(), string(u.Identity.Key()), string(u.ID), string(u.Identity.AppID),
			string(u.Identity.OpenID), string(u.Identity.UnionID), u.Profile.Nickname, u.Profile.AvatarURL,
			u.CreatedAt.UnixMicro(), u.LastLoginAt.UnixMicro())
		if err != nil {
			t.Fatalf("the old version logs user %s in: got %v, want no error", u.ID, err)
		}
	}
}

// oldUser is a user as the version before accounts knows one: when the name was
// learned it did not write down.
func oldUser(n int) domain.WeChatUser {
	u := visitor(n)
	u.Identity.UnionID, u.Profile.AvatarURL, u.NicknameAt = "union", "https://thirdwx.qlogo.cn/1", time.Time{}
	return u
}

func TestUsersOfTheOldVersionAreFoundWithNothingNew(t *testing.T) {
	dir := t.TempDir()
	u := oldUser(1)
	oldLogins(t, dir)(u)
	store := open(t, dir)
	wantUser(t, store, u)
	due, err := sqlite.NewDeletionRepository(store).FindDue(t.Context(), u.CreatedAt.Add(time.Hour), 10)
	if err != nil || len(due) != 0 {
		t.Errorf("FindDue: got %v and error %v, want nobody", due, err)
	}
	what := domain.NicknameAttribute | domain.AvatarAttribute | domain.PhoneAttribute
	profiles := sqlite.NewProfileRepository(store)
	if err := profiles.ClearProfile(t.Context(), u.Identity.Key(), what, u.CreatedAt.Add(-time.Hour)); err != nil {
		t.Fatalf("ClearProfile: got %v, want no error", err)
	}
	u.Profile = domain.Profile{}
	wantUser(t, store, u)
}

func TestOldVersionGoesOnLoggingInWhileAnUpdateIsUnderWay(t *testing.T) {
	dir := t.TempDir()
	login := oldLogins(t, dir)
	store := open(t, dir)
	known, change, _ := person(1)
	live(t, store, 1)
	again := known
	again.LastLoginAt = known.LastLoginAt.Add(time.Minute)
	login(again)
	login(oldUser(2))

	got, err := sqlite.NewUserRepository(store).FindByIdentity(t.Context(), known.Identity.Key())
	if err != nil || !got.LastLoginAt.Equal(again.LastLoginAt) {
		t.Errorf("the user that both know: got %v and error %v, want the old version's login", got, err)
	}
	if got.Avatar != change.Avatar || got.Phone.Text != change.Phone.Text || got.Phone.Owner != known.Identity.Key() {
		t.Errorf("the user that both know: got %v, want picture and phone kept", got)
	}
	want := oldUser(2)
	found, err := sqlite.NewUserRepository(store).Find(t.Context(), want.ID)
	if err != nil || !found.NicknameAt.IsZero() || !found.DeletionAt.IsZero() || !found.Phone.Empty() || found.Link != (domain.Link{}) {
		t.Errorf("the old version's user: got %v and error %v, want nothing new", found, err)
	}
}

// To an old version one who was imported is a user like others: the first login that
// is noted is the first on the new one.
func TestFirstLoginIsThatOnTheNewVersion(t *testing.T) {
	dir := t.TempDir()
	login := oldLogins(t, dir)
	store := open(t, dir)
	u, made := oldUser(1), oldUser(2)
	if stored, err := sqlite.NewImportRepository(store).Import(t.Context(), u); err != nil || !stored {
		t.Fatalf("Import: got %t and error %v, want it stored", stored, err)
	}
	login(u)
	login(made)
	u.FirstLoginAt = time.Time{}
	wantUser(t, store, u)
	wantUser(t, store, made)
	again := u
	again.LastLoginAt = u.LastLoginAt.Add(time.Hour)
	got, _, err := sqlite.NewUserRepository(store).RecordLogin(t.Context(), again)
	if err != nil || !got.FirstLoginAt.Equal(again.LastLoginAt) {
		t.Errorf("RecordLogin: got %v and error %v, want first logged in at %v", got, err, again.LastLoginAt)
	}
}

func TestAccountsCanBeTakenBack(t *testing.T) {
	dir := t.TempDir()
	login := oldLogins(t, dir)
	store := open(t, dir)
	live(t, store, 1)
	closeStore(t, store)
	db, err := sql.Open("sqlite", filepath.Join(dir, "wxlogin.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := migrator(t, db).DownTo(t.Context(), 2); err != nil {
		t.Fatalf("back to the old version: got %v, want no error", err)
	}
	u := oldUser(2)
	login(u)
	again := open(t, dir)
	wantUser(t, again, u)
	got, err := sqlite.NewUserRepository(again).Find(t.Context(), visitor(1).ID)
	if err != nil || !got.Phone.Empty() || got.Avatar != "" {
		t.Errorf("a user after going back and forth: got %v and error %v, want nothing that the old version lacks", got, err)
	}
}
