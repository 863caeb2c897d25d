package e2e

import (
	"database/sql"
	"net/url"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite" // the driver
)

// openStore opens the service's SQLite file beside it.
func openStore(t *testing.T, dir string) *sql.DB {
	t.Helper()
	file := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(dir, "wxlogin.db")), RawQuery: "_pragma=busy_timeout(5000)"}
	db, err := sql.Open("sqlite", file.String())
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// pairs returns two columns of text as a map.
func pairs(t *testing.T, db *sql.DB, query string) map[string]string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	all := map[string]string{}
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			t.Fatal(err)
		}
		all[key] = value
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// check compares what clients were told with what the store holds.
func (h *history) check(t *testing.T, dir string) {
	t.Helper()
	db := openStore(t, dir)
	defer func() { _ = db.Close() }()
	var verdict string
	if err := db.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity_check: got %s %v, want ok", verdict, err)
	}
	sessions := pairs(t, db, "SELECT session_id, user_id FROM sessions")
	users := pairs(t, db, "SELECT user_id, open_id FROM users")
	for id, user := range h.sessions {
		if sessions[id] != user {
			t.Errorf("I-03: session %s of user %s was acknowledged; stored is user %q", id, user, sessions[id])
		}
	}
	for id, user := range sessions {
		if users[user] == "" {
			t.Errorf("I-02: session %s belongs to user %s, who is not stored", id, user)
		}
	}
	h.checkPeople(t, users)
	for _, fault := range h.faults {
		t.Error(fault)
	}
}

// checkPeople wants each person to be one user, made once.
func (h *history) checkPeople(t *testing.T, users map[string]string) {
	t.Helper()
	owners := map[string]string{}
	for user, openID := range users {
		if other := owners[openID]; other != "" {
			t.Errorf("I-01: users %s and %s are one person", user, other)
		}
		owners[openID] = user
	}
	for person, user := range h.users {
		openID, _, err := h.wechat.Identity("", personName(person))
		if err != nil {
			t.Fatal(err)
		}
		if user != "" && owners[openID] != user {
			t.Errorf("I-01: person %d was told to be user %s; stored is %q", person, user, owners[openID])
		}
		if h.created[person] > 1 {
			t.Errorf("I-01: person %d was created %d times", person, h.created[person])
		}
	}
}
