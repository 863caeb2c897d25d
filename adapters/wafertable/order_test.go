package wafertable_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"wxlogin/adapters/wafertable"
	"wxlogin/domain"
	"wxlogin/test/testkit"
)

// openIDs of which some are the same to most collations: in capitals, with a blank
// behind them.
var openIDs = []string{"oAb", "oaB", "oab", "oab ", "ob", "OAB", "o_", "o-", "p"}

// keyless returns a table without its primary key in that collation, with the rows
// of all openids, three each, mixed.
func keyless(t *testing.T, collation string) *wafertable.Table {
	t.Helper()
	address, database, db := testkit.MariaDB(t)
	schema := `CREATE TABLE cSessionInfo (open_id varchar(100), uuid varchar(100), skey varchar(100),
		create_time timestamp NULL, last_visit_time timestamp NULL, session_key varchar(100), user_info varchar(2048)) COLLATE ` + collation
	if _, err := db.Exec(schema); err != nil {
		t.Fatal(err)
	}
	for round := range 3 {
		for n, openID := range openIDs {
			visited := 1500000000 + (n*7+round*5)%11*100 // of one openid some before those of another
			if _, err := db.Exec(`INSERT INTO cSessionInfo VALUES (?, ?, 'skey', FROM_UNIXTIME(1500000000), FROM_UNIXTIME(?), 'key', NULL)`,
				openID, fmt.Sprintf("id-%d-%d", n, round), visited); err != nil {
				t.Fatal(err)
			}
		}
	}
	return opened(t, address, database, testkit.MariaDBPassword)
}

// Openids are told apart by capitals. A table whose collation does not do so is
// read so that nobody is left out, from wherever the reading goes on.
func TestOpenIDsAreToldApartByTheirBytes(t *testing.T) {
	for _, collation := range []string{"latin1_swedish_ci", "utf8mb3_general_ci", "utf8mb4_unicode_ci", "utf8mb4_nopad_bin", "utf8mb4_bin"} {
		t.Run(collation, func(t *testing.T) {
			table := keyless(t, collation)
			records := all(t, table, "")
			var order []domain.OpenID
			for n, record := range records {
				if n == 0 || records[n-1].User.OpenID != record.User.OpenID {
					order = append(order, record.User.OpenID)
				} else if record.User.SeenAt.Before(records[n-1].User.SeenAt) {
					t.Errorf("got %s behind %s, want one openid's by their dates", record.Key, records[n-1].Key)
				}
			}
			if len(records) != 3*len(openIDs) || len(order) != len(openIDs) {
				t.Fatalf("got %d records with the openids %q in this order, want the three of each together", len(records), order)
			}
			for n, record := range records {
				rest := records[n/3*3+3:]
				if diff := cmp.Diff(rest, all(t, table, record.Key), cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("behind %s of %q: got others (-want +got):\n%s", record.Key, record.User.OpenID, diff)
				}
			}
		})
	}
}

// A key is found as it is, too: id-a and ID-A are two records.
func TestKeysAreToldApartByTheirBytes(t *testing.T) {
	table := tableOf(
		t, "", []any{"o1", "ID-A", 1500000000, 1500000500, ""}, []any{"o2", "id-a", 1500000000, 1500000500, ""}, []any{"o3", "id-b", 1500000000, 1500000500, ""},
	)
	for key, left := range map[string]int{"ID-A": 2, "id-a": 1, "id-b": 0} {
		if got := all(t, table, key); len(got) != left {
			t.Errorf("behind %s: got %d records, want %d", key, len(got), left)
		}
	}
}
