package e2e

import (
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"wxlogin/test/testkit"
)

const (
	importPatience = 10 * time.Minute
	importMemory   = 96 // MiB
)

// source is a service whose users are imported, and the command line for it.
type source struct {
	testkit.Former
	args []string
	uri  string
}

// scaffoldSource is the koa scaffold with so many users, and those extra.
func scaffoldSource(t testing.TB, users int, extra ...string) source {
	t.Helper()
	uri := testkit.MongoDB(t)
	former, err := testkit.FillScaffold(uri, users, extra...)
	if err != nil {
		t.Fatal(err)
	}
	return source{former, []string{"import", "scaffold", "--from", uri, "--app-id", appID}, uri}
}

// waferSource is a wafer2 service with so many users, and those extra.
func waferSource(t testing.TB, users int, extra ...string) source {
	t.Helper()
	address, database, db := testkit.MariaDB(t)
	former, err := testkit.FillWafer(db, appID, users, extra...)
	if err != nil {
		t.Fatal(err)
	}
	uri := mysqlURI(address, database, testkit.MariaDBPassword)
	return source{former, []string{"import", "wafer", "--from", uri, "--app-id", appID}, uri}
}

func mysqlURI(address, database, password string) string {
	uri := url.URL{Scheme: "mysql", User: url.UserPassword(testkit.MariaDBUser, password), Host: address, Path: database}
	return uri.String()
}

// sources are both, of a size that a test sets.
var sources = map[string]func(testing.TB, int, ...string) source{"scaffold": scaffoldSource, "wafer": waferSource}

// importInto are the settings of an import into a directory.
func importInto(dir string) settings {
	return settings{"WECHAT_APPS": appID + ":" + appSecret, "DATA_DIR": dir}
}

// mustImport runs an import to its good end, and returns what it printed.
func (s source) mustImport(t *testing.T, env settings, more ...string) (out, progress string) {
	t.Helper()
	p := start(t, t.TempDir(), env, "wxlogin", append(s.args, more...)...)
	most := p.highest()
	code := p.exits(t, importPatience)
	out, progress = p.out.String(), p.err.String()
	if code != 0 {
		t.Fatalf("%v: got exit code %d and %s%s, want 0", s.args[:2], code, out, progress)
	}
	used := most()
	spent := p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
	if t.Logf("%v: at most %d MiB of memory, %v of CPU time", s.args[:2], used, spent.Round(time.Millisecond)); used > importMemory {
		t.Errorf("got %d MiB of memory at most, want less than %d however many there are", used, importMemory)
	}
	said := out + progress
	for _, canary := range []string{testkit.FormerSecret, s.uri, testkit.MariaDBPassword, "\x1b", `\x1b`} {
		if strings.Contains(said, canary) {
			t.Errorf("the output has %q in it", canary)
		}
	}
	for openID := range s.Users {
		if strings.Contains(strings.ToLower(said), strings.ToLower(openID)) {
			t.Fatalf("the output has the openid %q in it", openID)
		}
	}
	return out, progress
}

// highest watches the most memory that the process had, in MiB, as it says itself: what
// the system tells at its end counts this process's too. It is 0 where no system tells.
func (p *process) highest() func() int {
	told := make(chan int, 1)
	go func() {
		most := 0
		for {
			if status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid)); err == nil {
				_, rest, _ := strings.Cut(string(status), "VmHWM:")
				size, _, _ := strings.Cut(strings.TrimSpace(rest), " kB")
				kib, _ := strconv.Atoi(size)
				most = max(most, kib/1024)
			}
			select {
			case <-p.done:
				told <- most
				return
			case <-time.After(10 * time.Millisecond):
			}
		}
	}()
	return func() int { return <-told }
}

// counted reads the figure before some words of a report.
func counted(t *testing.T, out, what string) int {
	t.Helper()
	found := regexp.MustCompile(`(?m)^ *(\d+) ` + what).FindStringSubmatch(out)
	if found == nil {
		t.Fatalf("the report does not say how many %s:\n%s", what, out)
	}
	n, _ := strconv.Atoi(found[1])
	return n
}

// wantCounts holds a report to what was in the source.
func (s source) wantCounts(t *testing.T, out string, stored, there int) {
	t.Helper()
	want := map[string]int{"records read": s.Records, "users": stored, "users were here": there, "records merged": s.Merged, "records refused": s.Refused}
	for what, n := range want {
		if got := counted(t, out, what); got != n {
			t.Errorf("got %d %s, want %d, of:\n%s", got, what, n, out)
		}
	}
}

// dump is all that is stored of users, the made-up ID left out where it is not to
// count.
func dump(t *testing.T, dir string, withID bool) map[string]string {
	t.Helper()
	db := openStore(t, dir)
	defer func() { _ = db.Close() }()
	id := "''"
	if withID {
		id = "user_id"
	}
	return pairs(t, db, `SELECT identity, json_array(`+id+`, app_id, open_id, union_id, nickname, nickname_at, avatar_url, avatar, avatar_at,
		iif(abs(created_at/1e6 - unixepoch()) < 3600, 'now', created_at), iif(abs(last_login_at/1e6 - unixepoch()) < 3600, 'now', last_login_at),
		iif(abs(first_login_at/1e6 - unixepoch()) < 3600, 'now', first_login_at), banned_at, delete_at, born_as, several, decided_union, apart) FROM users`)
}

func wantSame(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: got %d users, want %d", what, len(got), len(want))
	}
	for key, user := range want {
		if got[key] != user {
			t.Fatalf("%s: got %s, want %s", what, got[key], user)
		}
	}
}
