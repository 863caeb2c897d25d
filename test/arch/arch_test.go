// Package arch holds the dependency rule: who may know whom, and why not. It
// reads the files itself, so that the test cache sees every one of them.
package arch

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module = "wxlogin/"
	fx     = "go.uber.org/fx"
)

// policy says for every part what its files may import besides the standard
// library: parts of ours, and modules of others. A part is the longest folder
// listed here that a file is in. fx is for module.go files, cmd and test.
var policy = map[string][]string{
	"domain":                    {},
	"ports":                     {"domain"},
	"config":                    {"domain"},
	"application":               {"domain", "ports", fx},
	"adapters/httpapi":          {"domain", "ports", "config", fx, "github.com/labstack/echo/v4", "github.com/go-playground/validator/v10", "github.com/hashicorp/golang-lru/v2", "golang.org/x/time", "golang.org/x/text", "golang.org/x/net"},
	"adapters/scaffold":         {"domain", "ports", "config"},
	"adapters/wafer":            {"domain", "ports", "config", fx},
	"adapters/wafertable":       {"domain", "ports", "config", fx, "github.com/go-sql-driver/mysql"},
	"adapters/wechatevents":     {"domain", "ports", "config"},
	"adapters/playground":       {"adapters/playground/trace", "clients/miniprogram"},
	"adapters/playground/trace": {"domain", "ports", fx},
	"clients/miniprogram":       {},
	"adapters/wechatapi":        {"domain", "ports", "config", fx, "github.com/failsafe-go/failsafe-go", "github.com/nyaruka/phonenumbers", "golang.org/x/sync"},
	"adapters/wechatsim":        {},
	"adapters/mongodb":          {"domain", "ports", "config", fx, "go.mongodb.org/mongo-driver/v2"},
	"adapters/sqlite":           {"domain", "ports", "config", fx, "modernc.org/sqlite", "github.com/pressly/goose/v3"},
	"adapters/memory":           {"domain", "ports", fx},
	"adapters/jwttoken":         {"domain", "ports", "config", fx, "github.com/golang-jwt/jwt/v5", "github.com/hashicorp/golang-lru/v2"},
	"adapters/sealing":          {"domain", "ports", "config", fx},
	"adapters/erasures":         {"ports", fx},
	"adapters/serviceclients":   {"domain", "ports", "config", fx},
	"adapters/revocations":      {"domain", "ports", fx},
	"adapters/avatars":          {"domain", "ports", "config", fx, "golang.org/x/image", "golang.org/x/sync"},
	"adapters/telemetry":        {"domain", "ports", "config", fx, "github.com/prometheus/client_golang"},
	"adapters/system":           {"domain", "ports", fx, "github.com/google/uuid"},
	"cmd/compose":               {"domain", "ports", "config", "application", "adapters", fx},
	"cmd/wxlogin":               {"domain", "ports", "config", "cmd/compose", "adapters/jwttoken", fx, "go.uber.org/dig"},
	"cmd/wxsim":                 {"adapters/wechatsim"},
	"test/contract":             {"domain", "ports", "config", "test/contract", "github.com/google/go-cmp"},
	"test":                      {"domain", "ports", "config", "application", "adapters", "cmd", "test", "*"},
}

// off takes parts of the standard library away, with the reason.
var off = map[string]map[string]string{
	"domain": {
		"context": "a rule does no I/O", "net/http": "HTTP is an adapter", "database/sql": "a store is an adapter",
		"os": "a rule does no I/O", "math/rand": "what a rule needs comes in as an argument", "crypto/rand": "as above",
	},
	"ports":              {"net/http": "HTTP is an adapter", "database/sql": "a store is an adapter", "os": "a port promises, it does nothing"},
	"application":        {"net/http": "HTTP is an adapter", "os": "settings come through Policy", "log/slog": "the edge logs", "math/rand": "ids come from ports.Entropy", "crypto/rand": "as above"},
	"adapters/wechatsim": {"wxlogin/adapters/wechatapi": "an error shared with it would cancel itself out", "wxlogin/adapters/wechatevents": "as above"},
}

// file is a Go file with what it imports.
type file struct {
	path, part string
	imports    []string
}

func TestDependenciesPointInwards(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range tree(t) {
		if f.part == "" {
			t.Errorf("%s is in no part of the policy", f.path)
			continue
		}
		seen[f.part] = true
		for _, path := range f.imports {
			if reason := forbidden(f, path); reason != "" {
				t.Errorf("%s imports %s: %s", f.path, path, reason)
			}
		}
	}
	for part := range policy {
		if !seen[part] {
			t.Errorf("the policy names %s, which does not exist", part)
		}
	}
}

// forbidden says why f may not import path; "" if it may.
func forbidden(f file, path string) string {
	if reason := off[f.part][path]; reason != "" {
		return reason
	}
	first, _, _ := strings.Cut(path, "/")
	ours := strings.HasPrefix(path, module)
	if !ours && !strings.Contains(first, ".") {
		return ""
	}
	if path == fx && strings.HasPrefix(f.part, "adapters/") && filepath.Base(f.path) != "module.go" {
		return "fx lives in module.go"
	}
	for _, allowed := range policy[f.part] {
		known := allowed
		if ours {
			known = module + allowed
		}
		if path == known || strings.HasPrefix(path, known+"/") || (allowed == "*" && !ours) {
			return ""
		}
	}
	return "the policy of " + f.part + " does not allow it"
}

// tree returns every Go file of the module; tests of a part may import more and
// are not held to its policy.
func tree(t *testing.T) []file {
	t.Helper()
	root := filepath.Join("..", "..")
	var files []file
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		nested, _ := os.Stat(filepath.Join(path, "go.mod"))
		if d.IsDir() && path != root && (nested != nil || strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		f := file{path: filepath.ToSlash(rel)}
		for _, i := range parsed.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			f.imports = append(f.imports, name)
		}
		f.part = partOf(f.path)
		files = append(files, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("no Go file was found")
	}
	return files
}

func partOf(path string) string {
	best := ""
	for part := range policy {
		if strings.HasPrefix(path, part+"/") && len(part) > len(best) {
			best = part
		}
	}
	return best
}

// revealers are the files that may take a secret's text out, each with what for.
var revealers = map[string]string{
	"domain/secret.go":                     "defines it",
	"domain/phone.go":                      "masks phone numbers",
	"domain/avatar.go":                     "makes names that nobody can guess",
	"domain/refresh_token.go":              "takes refresh tokens apart and hashes them",
	"application/sealed_token.go":          "encrypts one token under another",
	"application/login_retry.go":           "hashes what names a login",
	"adapters/serviceclients/directory.go": "compares hashes of secrets",
	"adapters/httpapi/token.go":            "hands tokens to their owner",
	"adapters/scaffold/protocol.go":        "hands the token, and where configured the session_key, to its owner",
	"adapters/wafer/protocol.go":           "hands the skey to its owner",
	"adapters/wechatapi/exchanger.go":      "sends AppSecret and code to WeChat",
	"adapters/wechatapi/call.go":           "sends the access_token to WeChat",
	"adapters/wechatapi/tokens.go":         "sends the AppSecret to WeChat, and compares tokens",
	"adapters/wechatapi/phone.go":          "sends the phone code to WeChat",
	"adapters/wechatapi/sessionkey.go":     "signs with the session_key",
	"adapters/wechatapi/opendata.go":       "decrypts with the session_key",
	"adapters/wechatevents/guard.go":       "checks signatures and decrypts with the EncodingAESKey",
	"adapters/mongodb/store.go":            "connects",
	"adapters/mongodb/scaffold_users.go":   "connects to the koa scaffold's database",
	"adapters/wafertable/table.go":         "connects to wafer2's database",
	"adapters/jwttoken/verifier.go":        "checks tokens",
	"adapters/sealing/sealer.go":           "encrypts the session_key",
	"adapters/sealing/phone.go":            "encrypts and compares phone numbers",
	"adapters/sealing/ring.go":             "reads the sealing keys",
	"application/wechat_session.go":        "tells session_keys apart",
	"adapters/httpapi/platform_token.go":   "hands WeChat's access_token to a backend",
	"cmd/compose/dev.go":                   "tells the simulator the made-up AppSecret, and what its events are signed with",
	"cmd/compose/keys.go":                  "keeps the sealing key that it made",
}

func TestSecretsAreRevealedInKnownPlacesOnly(t *testing.T) {
	used := map[string]bool{}
	for _, f := range tree(t) {
		if strings.HasPrefix(f.path, "test/") {
			continue
		}
		text, err := os.ReadFile(filepath.Join("..", "..", f.path))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), ".Reveal()") {
			continue
		}
		used[f.path] = true
		if revealers[f.path] == "" {
			t.Errorf("%s reveals a secret and is not on the list", f.path)
		}
	}
	for path := range revealers {
		if !used[path] && path != "domain/secret.go" {
			t.Errorf("%s is on the list and reveals nothing", path)
		}
	}
}

func TestTopLevelHasNothingUnexplained(t *testing.T) {
	known := []string{"cmd", "domain", "application", "adapters", "ports", "config", "test", "clients", "deploy",
		"Taskfile.yml", "go.mod", "go.sum", "README.md", "README.zh-CN.md", "LICENSE", ".ci", ".git", ".gitignore",
		".dockerignore",            // the image is made of bin alone, and a context of everything is slow
		"data", "bin", "artifacts"} // ignored by git: what dev, build and CI make
	entries, err := os.ReadDir(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(known, e.Name()) {
			t.Errorf("%s at the top level has no reason", e.Name())
		}
	}
}
