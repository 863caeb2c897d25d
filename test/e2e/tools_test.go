package e2e

import (
	"debug/elf"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"wxlogin/config"
)

func TestGeneratedKeysSignForEveryAlgorithm(t *testing.T) {
	w := inWorld(t, nil)
	keys := t.TempDir()
	for _, alg := range []string{"ES256", "EdDSA", "RS256", "HS256"} {
		code, out, err := command(t, nil, "keys", "generate", "--dir", keys, "--alg", alg)
		made := regexp.MustCompile(`^(\S+\.pem)\nkid (\S+)\n$`).FindStringSubmatch(out)
		if code != 0 || made == nil {
			t.Fatalf("%s: got exit code %d and %s%s, want a file and its kid", alg, code, out, err)
		}
		info, serr := os.Stat(made[1])
		if serr != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: got mode %v %v, want one that lets only its owner read", alg, info.Mode(), serr)
		}
		one := w.again(t, settings{"TOKEN_KEYS_DIR": keys, "TOKEN_ALG": alg})
		token := one.login(t, "alice").AccessToken
		wantStatus(t, alg, one.Get("/v1/me", token), 200, "")
		if h := header(t, token); h["alg"] != alg || h["kid"] != made[2] || h["typ"] != "at+jwt" {
			t.Errorf("got header %v, want %s and kid %s", h, alg, made[2])
		}
		one.stops(t)
	}
}

// header is the first segment of a JWT.
func header(t *testing.T, token string) map[string]string {
	t.Helper()
	first, _, _ := strings.Cut(token, ".")
	text, err := base64.RawURLEncoding.DecodeString(first)
	var h map[string]string
	if err == nil {
		err = json.Unmarshal(text, &h)
	}
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestKeyOfNoKnownAlgorithmIsRefused(t *testing.T) {
	if code, out, err := command(t, nil, "keys", "generate", "--dir", t.TempDir(), "--alg", "none"); code != 1 || out != "" || !strings.Contains(err, "ES256") {
		t.Errorf("got exit code %d and %s%s, want 1 and what there is", code, out, err)
	}
	for _, args := range [][]string{{"keys"}, {"keys", "generate"}, {"keys", "make", "--dir", "x"}, {"keys", "generate", "--dir", "x", "more"}} {
		if code, _, err := command(t, nil, args...); code != 2 || !strings.Contains(err, "usage: wxlogin keys") {
			t.Errorf("%v: got exit code %d and %s, want 2 and the usage", args, code, err)
		}
	}
}

func TestBanCountsBesideTheRunningService(t *testing.T) { // T-41
	w := inWorld(t, nil)
	login, bystander := w.login(t, "alice"), w.login(t, "bob")
	code, out, err := command(t, w.env, "users", "ban", login.User.ID)
	if code != 0 || !strings.HasPrefix(out, login.User.ID+" is banned since ") {
		t.Fatalf("ban: got exit code %d and %s%s, want 0", code, out, err)
	}
	body := func() any { return map[string]any{"code": w.code(t, "alice")} }
	wantStatus(t, "login of a banned user", w.Post("/v1/login", body()), 403, "user_banned")
	wantStatus(t, "me of a banned user", w.Get("/v1/me", login.AccessToken), 403, "user_banned")
	wantStatus(t, "me of another", w.Get("/v1/me", bystander.AccessToken), 200, "")
	if answer := scaffoldLogin(t, w.Client, w.code(t, "alice")); answer.Outcome != 403 || answer.Token != "" {
		t.Errorf("scaffold login of a banned user: got %+v, want 403", answer)
	}

	if code, out, err = command(t, w.env, "users", "unban", login.User.ID); code != 0 || out != login.User.ID+" may log in\n" {
		t.Fatalf("unban: got exit code %d and %s%s, want 0", code, out, err)
	}
	if again := w.Post("/v1/login", body()).Login(t); again.User.ID != login.User.ID {
		t.Errorf("got user %s, want %s again", again.User.ID, login.User.ID)
	}
	w.stops(t)
}

func TestBanOfNobodyFails(t *testing.T) {
	env := settings{"DATA_DIR": t.TempDir()}
	if code, _, err := command(t, env, "users", "ban", "nobody"); code != 1 || !strings.Contains(err, "not_found") {
		t.Errorf("got exit code %d and %s, want 1 and not_found", code, err)
	}
	for _, args := range [][]string{{"users"}, {"users", "ban"}, {"users", "delete", "x"}, {"users", "ban", "x", "y"}} {
		if code, _, err := command(t, env, args...); code != 2 || !strings.Contains(err, "usage: wxlogin users") {
			t.Errorf("%v: got exit code %d and %s, want 2 and the usage", args, code, err)
		}
	}
}

func TestHealthcheckSaysWhetherTheServiceLives(t *testing.T) {
	w := inWorld(t, nil)
	listen := settings{"LISTEN": strings.TrimPrefix(w.Base, "http://")}
	if code, out, err := command(t, listen, "healthcheck"); code != 0 || out != "" || err != "" {
		t.Errorf("while it runs: got exit code %d and %s%s, want 0 in silence", code, out, err)
	}
	everywhere := settings{"LISTEN": listen["LISTEN"][strings.LastIndexByte(listen["LISTEN"], ':'):]}
	if code, _, err := command(t, everywhere, "healthcheck"); code != 0 {
		t.Errorf("by port alone: got exit code %d and %s, want 0", code, err)
	}
	w.stops(t)
	if code, _, err := command(t, listen, "healthcheck"); code != 1 || !strings.Contains(err, "connection refused") {
		t.Errorf("after its end: got exit code %d and %s, want 1", code, err)
	}
	if code, _, err := command(t, settings{"LISTEN": "8080"}, "healthcheck"); code != 2 || !strings.Contains(err, "LISTEN") {
		t.Errorf("of no address: got exit code %d and %s, want 2", code, err)
	}
}

func TestToolsExplainThemselves(t *testing.T) {
	if code, out, _ := command(t, nil, "settings"); code != 0 || out != config.Table() {
		t.Errorf("settings: got exit code %d and %s, want the README's table", code, out)
	}
	if code, out, _ := command(t, nil, "version"); code != 0 || !regexp.MustCompile(`^wxlogin \S+( \S+)?\n$`).MatchString(out) {
		t.Errorf("version: got exit code %d and %q, want a version", code, out)
	}
	for _, args := range [][]string{nil, {"frobnicate"}} {
		code, out, err := command(t, nil, args...)
		if code != 2 || out != "" {
			t.Errorf("%v: got exit code %d and %q, want 2 and nothing", args, code, out)
		}
		for _, name := range []string{"dev", "serve", "keys generate", "keys list", "keys rotate", "keys remove", "clients generate", "users", "import", "healthcheck", "settings", "version"} {
			if !strings.Contains(err, "wxlogin "+name) {
				t.Errorf("%v: the usage does not tell of %s", args, name)
			}
		}
	}
}

func TestBinariesNeedNothingElse(t *testing.T) { // seed defect 30
	if runtime.GOOS != "linux" {
		t.Skip("the shipped image is Linux's")
	}
	for _, name := range []string{"wxlogin", "wxsim"} {
		binary, err := elf.Open(filepath.Join(binaries, name))
		if err != nil {
			t.Fatal(err)
		}
		if libraries, err := binary.ImportedLibraries(); len(libraries) != 0 {
			t.Errorf("%s needs %v (%v), want no library", name, libraries, err)
		}
		_ = binary.Close()
	}
}
