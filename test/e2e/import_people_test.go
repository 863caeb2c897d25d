package e2e

import (
	"encoding/json"
	"testing"
	"time"

	"wxlogin/test/testkit"
)

// wantPeople holds the store to what was in the source.
func (s source) wantPeople(t *testing.T, dir string) {
	t.Helper()
	db := openStore(t, dir)
	defer func() { _ = db.Close() }()
	stored := pairs(t, db, `SELECT open_id, json_array(nickname, avatar_url, union_id, iif(abs(created_at/1000000 - unixepoch()) < 3600, 'now', created_at/1000000),
		iif(abs(last_login_at/1000000 - unixepoch()) < 3600, 'now', last_login_at/1000000)) FROM users`)
	if len(stored) != len(s.Users) {
		t.Errorf("got %d users, want %d", len(stored), len(s.Users))
	}
	for openID, person := range s.Users {
		if got, want := stored[openID], wanted(t, person); got != want {
			t.Fatalf("got %s of %s, want %s", got, openID, want)
		}
	}
	var later int
	row := db.QueryRowContext(t.Context(), `SELECT count(*) FROM users WHERE created_at > last_login_at OR created_at > ? OR created_at < ?`,
		time.Now().UnixMicro(), time.Date(2017, 1, 9, 0, 0, 0, 0, time.UTC).UnixMicro())
	if err := row.Scan(&later); err != nil || later != 0 {
		t.Errorf("got %d users of impossible dates and %v, want none", later, err)
	}
}

// wanted is the person as wantPeople reads it.
func wanted(t *testing.T, person testkit.FormerPerson) string {
	t.Helper()
	created, seen := any("now"), any("now")
	if !person.CreatedAt.IsZero() {
		created, seen = person.CreatedAt.Unix(), person.CreatedAt.Unix()
	}
	if !person.SeenAt.IsZero() {
		seen = person.SeenAt.Unix()
	}
	text, err := json.Marshal([]any{person.Nickname, person.AvatarURL, person.UnionID, created, seen})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
