package wafertable_test

import (
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"wxlogin/adapters/wafertable"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/testkit"
)

func TestMain(m *testing.M) {
	code := m.Run()
	testkit.StopMariaDB()
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// schema is the table as wafer2's cAuth.sql makes it, in form.
const schema = `CREATE TABLE cSessionInfo (
	open_id varchar(100) NOT NULL, uuid varchar(100) NOT NULL, skey varchar(100) NOT NULL,
	create_time timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, last_visit_time timestamp NOT NULL,
	session_key varchar(100) NOT NULL, user_info varchar(2048) NOT NULL%s
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`

// tableOf returns the table with the rows: openid, uuid, times made and visited, in
// seconds, and profile.
func tableOf(t *testing.T, key string, rows ...[]any) *wafertable.Table {
	t.Helper()
	address, database, db := testkit.MariaDB(t)
	if _, err := db.Exec(fmt.Sprintf(schema, key)); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if _, err := db.Exec(`INSERT INTO cSessionInfo VALUES (?, ?, 'skey', FROM_UNIXTIME(?), FROM_UNIXTIME(?), 'key', ?)`, row...); err != nil {
			t.Fatal(err)
		}
	}
	return opened(t, address, database, testkit.MariaDBPassword)
}

func opened(t *testing.T, address, database, password string) *wafertable.Table {
	t.Helper()
	uri := url.URL{Scheme: "mysql", User: url.UserPassword(testkit.MariaDBUser, password), Host: address, Path: database}
	table, err := wafertable.New(config.Former{URI: domain.NewSecret(uri.String())})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = table.Close() })
	return table
}

func all(t *testing.T, table *wafertable.Table, after string) (records []ports.FormerRecord) {
	t.Helper()
	for record, err := range table.Records(t.Context(), after) {
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, record)
	}
	return records
}

func info(openID, nickname string, more string) string {
	return fmt.Sprintf(`{"openId":%q,"nickName":%q,"avatarUrl":"https://thirdwx.qlogo.cn/a"%s,"watermark":{"timestamp":1500000100,"appid":"wx1"}}`, openID, nickname, more)
}

func TestRowsAreReadWithWhatIsWrongWithThem(t *testing.T) {
	long := info("o2", strings.Repeat("很", 2048), "")
	table := tableOf(t, ", PRIMARY KEY (open_id)",
		[]any{"o1", "id-1", 1500000000, 1500000500, info("o1", "小明👩‍👧", `,"unionId":"union-1"`)},
		[]any{"o2", "id-2", 1500000001, 1500000501, long},
		[]any{"o3", "id-3", 1500000002, 1500000502, info("o4", "other", "")},
		[]any{"o5", "id-5", 0, 1500000503, ""},
		[]any{"", "id-6", 1500000003, 1500000503, "{}"},
		[]any{"o7", "o7", 1500000003, 1500000503, `{"nickName":"seven","unionId":"of whom?","watermark":{"timestamp":1e300}}`},
	)
	at := func(seconds int64) time.Time { return time.Unix(seconds, 0).UTC() }
	want := []ports.FormerRecord{
		{Key: "id-6", User: domain.FormerUser{CreatedAt: at(1500000003), SeenAt: at(1500000503)}},
		{Key: "id-1", User: domain.FormerUser{
			AppID: "wx1", OpenID: "o1", UnionID: "union-1", CreatedAt: at(1500000000), SeenAt: at(1500000500), NicknameAt: at(1500000100), AvatarAt: at(1500000100),
			Profile: domain.Profile{Nickname: "小明👩‍👧", AvatarURL: "https://thirdwx.qlogo.cn/a"},
		}},
		{Key: "id-2", Flaws: []domain.Flaw{domain.FlawProfileText}, User: domain.FormerUser{OpenID: "o2", CreatedAt: at(1500000001), SeenAt: at(1500000501)}},
		{Key: "id-3", Flaws: []domain.Flaw{domain.FlawProfileOther}, User: domain.FormerUser{AppID: "wx1", OpenID: "o3", CreatedAt: at(1500000002), SeenAt: at(1500000502)}},
		{Key: "id-5", User: domain.FormerUser{OpenID: "o5", SeenAt: at(1500000503)}},
		{Flaws: []domain.Flaw{domain.FlawUnionWhose}, User: domain.FormerUser{OpenID: "o7", Profile: domain.Profile{Nickname: "seven"}, CreatedAt: at(1500000003), SeenAt: at(1500000503)}},
	}
	if diff := cmp.Diff(want, all(t, table, "")); diff != "" {
		t.Errorf("the records differ (-want +got):\n%s", diff)
	}
	if n, err := table.Count(t.Context()); err != nil || n != 6 {
		t.Errorf("Count: got %d and %v, want 6", n, err)
	}
	if diff := cmp.Diff(want[3:], all(t, table, "id-2")); diff != "" {
		t.Errorf("the records behind one differ (-want +got):\n%s", diff)
	}
}

func TestRowsAreNamedByTheirUUIDIfPeopleMaySeeIt(t *testing.T) {
	uuids := map[string]bool{
		"f81d4fae-7dec-11d0-a765-00a0c91e6bf6": true, "ID_1": true,
		"": false, "o2": false, "wx1:O2": false, "union-of-2": false, "oGZUI0egBJY1zhBYw2KhdUfwVJJE": false,
		"\x1b]0;owned\a": false, "a b": false, "--dry-run": false, "$(reboot)": false, strings.Repeat("1", 65): false,
	}
	for uuid, shown := range uuids {
		want := ""
		if shown {
			want = uuid
		}
		table := tableOf(t, ", PRIMARY KEY (open_id)",
			[]any{"o2", uuid, 1500000000, 1500000500, info("o2", "two", `,"unionId":"union-of-2"`)}, []any{"o3", "3", 1500000000, 1500000500, ""})
		records := all(t, table, "")
		if records[0].Key != want {
			t.Errorf("of the uuid %q: got the key %q, want %q", uuid, records[0].Key, want)
		}
		if rest := all(t, table, want); shown && (len(rest) != 1 || rest[0].Key != "3") {
			t.Errorf("behind %q: got %v, want the other one", uuid, rest)
		}
	}
}

func TestRowsOfOneOpenIDFollowOneAnotherWithoutAKey(t *testing.T) {
	table := tableOf(t, "",
		[]any{"o2", "id-a", 1500000000, 1500000900, ""},
		[]any{"o1", "id-b", 1500000000, 1500000500, ""},
		[]any{"o2", "id-c", 1500000000, 1500000500, ""},
	)
	var keys []string
	for _, record := range all(t, table, "") {
		keys = append(keys, record.Key)
	}
	if diff := cmp.Diff([]string{"id-b", "id-c", "id-a"}, keys); diff != "" {
		t.Errorf("the order differs (-want +got):\n%s", diff)
	}
}

func TestWhatCannotBeReadIsSaidWithoutThePassword(t *testing.T) {
	address, database, _ := testkit.MariaDB(t)
	refused := opened(t, address, database, "wr0ng-password")
	nowhere := opened(t, "127.0.0.1:1", database, "wr0ng-password")
	missing := opened(t, address, database, testkit.MariaDBPassword)
	for want, table := range map[string]*wafertable.Table{"Access denied": refused, "connection refused": nowhere, "cSessionInfo": missing} {
		_, err := table.Count(t.Context())
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "wr0ng") {
			t.Errorf("Count: got %v, want %s and no password", err, want)
		}
		for _, err := range table.Records(t.Context(), "") {
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "wr0ng") {
				t.Errorf("Records: got %v, want %s and no password", err, want)
			}
		}
	}
	unknown := tableOf(t, "")
	for _, err := range unknown.Records(t.Context(), "nobody's") {
		if err == nil || !strings.Contains(err.Error(), "no record") {
			t.Errorf("got %v, want that there is no such record", err)
		}
	}
}

func TestURIsThatAreNoneAreRefusedWithoutBeingShown(t *testing.T) {
	for _, uri := range []string{
		"", "mysql://", "mysql://u:s3cret@host", "mysql://u:s3cret@host/", "mongodb://u:s3cret@host/db", "u:s3cret@tcp(host)/db",
		"mysql://u:s3cret%zz@host/db", "mysql://u:s3cret@host/db?tls=s3cret", "mysql://u:s3cret@host/db?allowAllFiles=true",
		"mysql://s3cret:123456/abc@host/db", "mysql://s3cret:123456/abc@host", "mysql://s3cret:123456/abc", "mysql://u:p@s3cret/abc@host/db", "mysql://u:p@s3cret/a/b",
		"mysql://s3cret:123456/db#abc@host/db", "mysql://u:p@s3cret/db#abc@host/db", "mysql://u:p@s3cret#abc@host/db", "mysql://s3cret:1?abc@host/db",
		"mysql://u:p@s3cret/db?tls=true@host/db", "mysql://u:p@s3cret/db?tls=true&tls=@host/db", "mysql://s3cret:12/3?tls=true", "mysql://u:s3cret:x/y@host/db",
	} {
		if _, err := wafertable.New(config.Former{URI: domain.NewSecret(uri)}); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: got %v, want an error that does not show it", uri, err)
		}
	}
}
