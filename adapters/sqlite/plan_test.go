package sqlite_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"wxlogin/adapters/sqlite"
)

// TestNoStatementReadsAWholeTable keeps the work of a call apart from how much is
// stored.
func TestNoStatementReadsAWholeTable(t *testing.T) {
	store := open(t, t.TempDir())
	for _, statement := range sqlite.Statements {
		for _, step := range plan(t, store, statement) {
			if strings.HasPrefix(step, "SCAN") && !strings.HasPrefix(step, "SCAN json_each") {
				t.Errorf("%s\ngot the step %q, want an index used", statement, step)
			}
		}
	}
}

// TestNewRevocationsAreFoundAmongManyOldOnes keeps a look every second apart from
// how many sessions were ended before it.
func TestNewRevocationsAreFoundAmongManyOldOnes(t *testing.T) {
	steps := plan(t, open(t, t.TempDir()), sqlite.FindRevocations)
	if len(steps) != 1 || !strings.Contains(steps[0], "revocations_by_time (made_at>") {
		t.Errorf("got the steps %q, want one, by when they were made", steps)
	}
}

// TestDueUsersAndNewEntriesAreFoundAmongMany keeps looking for users to erase apart
// from how many stay, and reading the newest of the audit log from its length.
func TestDueUsersAndNewEntriesAreFoundAmongMany(t *testing.T) {
	store := open(t, t.TempDir())
	for statement, want := range map[string]string{
		sqlite.FindDue:       "SEARCH users USING INDEX users_by_deletion (delete_at<?)",
		sqlite.FindByPhone:   "SEARCH phoned USING INDEX users_by_phone (phone_index=?)",
		sqlite.FindEntries:   "SEARCH audit_log USING INDEX audit_log_by_time (made_at<?)",
		sqlite.FindEntriesOf: "SEARCH audit_log USING COVERING INDEX audit_log_by_user_id (user_id=?)",
	} {
		if steps := plan(t, store, statement); !slices.Contains(steps, want) {
			t.Errorf("%s\ngot the steps %q, want %q among them", statement, steps, want)
		}
	}
	if steps := plan(t, store, sqlite.FindEntries); len(steps) != 1 {
		t.Errorf("got the steps %q, want one: nothing sorted", steps)
	}
}

// TestNamedSessionsAreFoundAmongManyOfOneUser has none of a user's other sessions read
// where one is ended, and none sorted where the newest are listed.
func TestNamedSessionsAreFoundAmongManyOfOneUser(t *testing.T) {
	store := open(t, t.TempDir())
	named := []string{
		"SEARCH sessions USING PRIMARY KEY (slot=?)",
		"SEARCH sessions USING COVERING INDEX sessions_of_user (user_id=?)",
	}
	for statement, want := range map[string][]string{
		sqlite.DeleteSessions: named,
		sqlite.FindLiveOf:     append(named, "LEFT", "SEARCH sessions USING INDEX sessions_of_user (user_id=?)", "RIGHT"),
	} {
		steps := plan(t, store, statement)
		for _, step := range want {
			if !slices.Contains(steps, step) {
				t.Errorf("%s\ngot the steps %q, want %q among them", statement, steps, step)
			}
		}
	}
}

func plan(t *testing.T, store *sqlite.Store, statement string) (steps []string) {
	t.Helper()
	rows, err := store.Reads().QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+statement, make([]any, parameters(statement))...)
	if err != nil {
		t.Fatalf("%s\ngot %v, want a plan", statement, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	return steps
}

func parameters(statement string) int {
	for n := 9; n > 0; n-- {
		if strings.Contains(statement, fmt.Sprint("?", n)) {
			return n
		}
	}
	return strings.Count(statement, "?")
}
