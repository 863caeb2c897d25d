package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wxlogin/test/testkit"
)

func TestImportKeepsMiniProgramsApart(t *testing.T) {
	const other = "wxffffffffffffffff"
	s, dir := waferSource(t, 200), t.TempDir()
	env := importInto(dir).with(settings{"WECHAT_APPS": appID + ":" + appSecret + "," + other + ":" + appSecret})
	s.mustImport(t, env)
	mine := dump(t, dir, true)
	s.args[len(s.args)-1] = other
	s.mustImport(t, env)
	all := dump(t, dir, true)
	for key, user := range mine {
		if all[key] != user {
			t.Errorf("got %s, want %s as it was", all[key], user)
		}
	}
	db := openStore(t, dir)
	defer func() { _ = db.Close() }()
	theirs := pairs(t, db, `SELECT open_id, nickname FROM users WHERE app_id = '`+other+`' AND nickname <> ''`)
	if len(theirs) != 3*4 { // those whose profile says so, and those whose profile does not say
		t.Errorf("got %d people of the other mini program with a profile, want 12", len(theirs))
	}
}

func TestImportRefusesWhatItCannotDo(t *testing.T) {
	dir := t.TempDir()
	env := importInto(dir)
	const from = "mongodb://app:s3cret@127.0.0.1:1/db?serverSelectionTimeoutMS=100"
	for want, args := range map[string][]string{
		"want the service":             {"import"},
		`nothing to import from "x"`:   {"import", "x", "--from", from, "--app-id", appID},
		"want --app-id":                {"import", "scaffold", "--from", from},
		"one of --from and":            {"import", "scaffold", "--app-id", appID},
		"not the options":              {"import", "scaffold", "--from", from, "--app-id", appID, from},
		"no such file":                 {"import", "scaffold", "--from-file", filepath.Join(dir, "none"), "--app-id", appID},
		`the mini program "wxunknown"`: {"import", "scaffold", "--from", from, "--app-id", "wxunknown"},
	} {
		code, out, err := command(t, env, args...)
		if code != 2 || out != "" || !strings.Contains(err, want) || strings.Contains(err, "s3cret") {
			t.Errorf("%v: got exit code %d and %s%s, want 2 and %s", args, code, out, err, want)
		}
	}
	gone := env.with(settings{"DATA_DIR": filepath.Join(dir, "none")})
	if code, _, err := command(t, gone, "import", "scaffold", "--from", from, "--app-id", appID); code != 2 || !strings.Contains(err, "there is no store") {
		t.Errorf("without a store: got exit code %d and %s, want 2", code, err)
	}
}

func TestImportSaysWhyTheSourceCannotBeRead(t *testing.T) {
	address, database, _ := testkit.MariaDB(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "from")
	if err := os.WriteFile(file, []byte(mysqlURI(address, database, testkit.MariaDBPassword)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"Access denied":      {"wafer", "--from", mysqlURI(address, database, "s3cret")},
		"connection refused": {"wafer", "--from", mysqlURI("127.0.0.1:1", database, "s3cret")},
		"want mysql://":      {"wafer", "--from", "mongodb://u:s3cret@h/db"},
		"want mongodb://":    {"scaffold", "--from", "mysql://u:s3cret@h"},
		"server selection":   {"scaffold", "--from", "mongodb://u:s3cret@127.0.0.1:1/db?serverSelectionTimeoutMS=100"},
		"cSessionInfo":       {"wafer", "--from-file", file}, // there is no such table
		"no collection":      {"scaffold", "--from", testkit.MongoDB(t)},
	} {
		code, _, err := command(t, importInto(dir), append(append([]string{"import"}, args...), "--app-id", appID)...)
		if code != 1 || !strings.Contains(err, want) || strings.Contains(err, "s3cret") {
			t.Errorf("%v: got exit code %d and %s, want 1 and %s", args, code, err, want)
		}
	}
}

func TestImportFromBehindARecordThatIsNotThereSaysSoAlone(t *testing.T) {
	for name, fill := range sources {
		t.Run(name, func(t *testing.T) {
			s := fill(t, 10)
			code, out, said := command(t, importInto(t.TempDir()), append(s.args, "--after", "nope")...)
			if code != 1 || !strings.Contains(said, "there is no record") || strings.Contains(said, "go on with") {
				t.Errorf("got exit code %d and %s%s, want 1 and nowhere to go on from", code, out, said)
			}
		})
	}
}
