package e2e

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wxlogin/test/testkit"
)

// resume is what an import says of from where to go on.
const resume = `--after (\S+)\n`

// nameless are how many people may follow one another of whom no record has a name
// from which to go on: they are read again.
const nameless = 20

// begun starts an import and waits until it has told how far it is.
func (s source) begun(t *testing.T, env settings) (p *process, after string) {
	t.Helper()
	p = start(t, t.TempDir(), env, "wxlogin", s.args...)
	return p, p.says(t, &p.err, resume)[1]
}

// whole is what an import that nobody disturbs leaves behind.
func (s source) whole(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	s.mustImport(t, importInto(dir))
	return dump(t, dir, false)
}

func TestImportThatIsKilledGoesOn(t *testing.T) {
	for name, fill := range sources {
		t.Run(name, func(t *testing.T) {
			s := fill(t, 12_000)
			want := s.whole(t)
			for _, resumed := range []bool{true, false} {
				dir := t.TempDir()
				env := importInto(dir)
				p, after := s.begun(t, env)
				p.kill()
				half := dump(t, dir, true)
				if len(half) == 0 || len(half) >= len(want) {
					t.Fatalf("got %d users of %d after the kill, want some", len(half), len(want))
				}
				var more []string
				if resumed {
					more = []string{"--after", after}
				}
				out, _ := s.mustImport(t, env, more...)
				if read := counted(t, out, "records read"); resumed == (read == s.Records) {
					t.Errorf("with %v: got %d records read again, of %d", more, read, s.Records)
				}
				wantSame(t, "after the second half", dump(t, dir, false), want)
				for key, user := range dump(t, dir, true) {
					if half[key] != "" && half[key] != user {
						t.Fatalf("got %s after the second half, want %s as it was", user, half[key])
					}
				}
			}
		})
	}
}

func TestImportThatIsStoppedSaysHowToGoOn(t *testing.T) {
	for name, fill := range sources {
		t.Run(name, func(t *testing.T) {
			s, dir := fill(t, 12_000), t.TempDir()
			env := importInto(dir)
			p, _ := s.begun(t, env)
			p.terminate(t)
			if code := p.exits(t, patience); code != 1 || !strings.Contains(p.err.String(), "wxlogin: the import was stopped\n") {
				t.Fatalf("got exit code %d and %s, want 1 and that it was stopped", code, p.err.String())
			}
			first := counted(t, p.out.String(), "users stored")
			after := regexp.MustCompile(`go on with ` + resume).FindStringSubmatch(p.err.String())
			if stored := len(dump(t, dir, false)); stored != first || after == nil {
				t.Fatalf("got %d users stored, and %d told of, and %s", stored, first, p.err.String())
			}
			out, _ := s.mustImport(t, env, "--after", after[1])
			rest, again := counted(t, out, "users stored"), counted(t, out, "users were here")
			if first+rest != len(s.Users) || again > nameless {
				t.Errorf("got %d users and then %d, and %d once more, want %d in all", first, rest, again, len(s.Users))
			}
			s.wantPeople(t, dir)
		})
	}
}

func TestImportWhoseStoreFailsSaysHowToGoOn(t *testing.T) {
	s, dir := waferSource(t, 3_000), t.TempDir()
	env := importInto(dir)
	s.mustImport(t, env, "--after", lastOf(t, s)) // the file is there then
	db := openStore(t, dir)
	defer func() { _ = db.Close() }()
	tx, err := db.BeginTx(t.Context(), nil)
	if err == nil {
		_, err = tx.ExecContext(t.Context(), "UPDATE users SET nickname = nickname")
	}
	if err != nil {
		t.Fatal(err)
	}
	code, _, said := command(t, env, s.args...)
	if code != 1 || !strings.Contains(said, "store_unavailable") || !strings.Contains(said, "to start over loses nothing") || strings.Contains(said, "goroutine") {
		t.Errorf("got exit code %d and %s, want 1 and how to go on", code, said)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	s.mustImport(t, env)
	s.wantPeople(t, dir)
}

// lastOf is a record of which few are behind.
func lastOf(t *testing.T, s source) string {
	t.Helper()
	out, progress := s.mustImport(t, importInto(t.TempDir()))
	if progress != "" {
		t.Fatalf("a small import said %s, want nothing", progress)
	}
	keys := regexp.MustCompile(`"(uuid-\d+)"`).FindAllStringSubmatch(out, -1)
	return slices.MaxFunc(keys, func(a, b []string) int { return strings.Compare(a[1], b[1]) })[1]
}

func TestImportedPersonLogsInAsThatUser(t *testing.T) {
	for name, fill := range sources {
		t.Run(name, func(t *testing.T) {
			w := inWorld(t, nil)
			early := w.login(t, "early")
			openIDs := map[string]string{}
			for _, person := range []string{"alice", "early"} {
				openID, _, err := w.wechat.Identity("", person)
				if err != nil {
					t.Fatal(err)
				}
				openIDs[person] = openID
			}
			s := fill(t, 100, openIDs["alice"], openIDs["early"])
			before := dump(t, w.env["DATA_DIR"], true)
			out, _ := s.mustImport(t, w.env) // beside the running service
			s.wantCounts(t, out, len(s.Users)-1, 1)
			after := dump(t, w.env["DATA_DIR"], true)
			maps.DeleteFunc(after, func(key, _ string) bool { return before[key] == "" })
			wantSame(t, "whoever was here", after, before)
			if again := w.login(t, "early"); again.User.ID != early.User.ID || again.User.Nickname != "" {
				t.Errorf("whoever was here: got %+v, want %s without a nickname", again.User, early.User.ID)
			}

			login, person := w.login(t, "alice"), s.Users[openIDs["alice"]]
			if login.NewUser || login.User.Nickname != person.Nickname || login.User.AvatarURL != person.AvatarURL {
				t.Errorf("got %+v, want no new user but %+v", login, person)
			}
			var me struct {
				ID        string `json:"id"`
				CreatedAt string `json:"createdAt"`
			}
			if err := json.Unmarshal(w.Get("/v1/me", login.AccessToken).Body, &me); err != nil {
				t.Fatal(err)
			}
			if want := person.CreatedAt.Format("2006-01-02T15:04:05"); me.ID != login.User.ID || !strings.HasPrefix(me.CreatedAt, want) {
				t.Errorf("got %+v, want %s made at %s", me, login.User.ID, want)
			}
			silent := w.Get("/weapp/login", "", testkit.With("X-WX-Code", w.code(t, "alice")))
			if !strings.Contains(string(silent.Body), `{"code":0,`) || !strings.Contains(string(silent.Body), person.Nickname) {
				t.Errorf("a silent login of wafer2: got %s, want one as %s", silent.Body, person.Nickname)
			}
			out, _ = s.mustImport(t, w.env)
			s.wantCounts(t, out, 0, len(s.Users))
			w.stops(t)
		})
	}
}

func TestImportIntoMongoDB(t *testing.T) {
	for name, fill := range sources {
		t.Run(name, func(t *testing.T) {
			s := fill(t, 300)
			env := settings{"WECHAT_APPS": appID + ":" + appSecret, "MONGODB_URI": testkit.MongoDB(t)}
			out, _ := s.mustImport(t, env, "--dry-run")
			s.wantCounts(t, out, len(s.Users), 0)
			out, _ = s.mustImport(t, env)
			s.wantCounts(t, out, len(s.Users), 0)
			out, _ = s.mustImport(t, env)
			s.wantCounts(t, out, 0, len(s.Users))
		})
	}
}
