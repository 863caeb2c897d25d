package sqlite_test

import (
	"fmt"
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
	for n := 3; n > 0; n-- {
		if strings.Contains(statement, fmt.Sprint("?", n)) {
			return n
		}
	}
	return strings.Count(statement, "?")
}
