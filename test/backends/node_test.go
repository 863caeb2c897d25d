package backends

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// nodeFolder has the libraries that our Node programs use.
const nodeFolder = "node"

// node finds Node.js, where the libraries of nodeFolder are installed.
func node(t testing.TB) string {
	t.Helper()
	program := tool(t, "node")
	if _, err := os.Stat(filepath.Join(nodeFolder, "node_modules", "jose")); err != nil {
		missing(t, "npm ci in test/backends/node")
	}
	return program
}

// verdict is what a library makes of a token.
type verdict struct{ User, Error string }

// verdicts are those of all libraries.
type verdicts struct{ Jose, JSONWebToken verdict }

// checker is a running verify.mjs.
type checker struct {
	ask     io.Writer
	answers *bufio.Scanner
}

func startChecker(t testing.TB, w *world) checker {
	t.Helper()
	cmd := exec.Command(node(t), "verify.mjs", w.cfg.Tokens.Issuer, w.cfg.Tokens.Audience, w.cfg.Tokens.Alg)
	cmd.Dir = nodeFolder
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	answers, out := io.Pipe()
	cmd.Stdout = out
	ended := start(t, cmd)
	go func() {
		<-ended
		_ = out.Close() // of a pipe: never fails
	}()
	return checker{in, bufio.NewScanner(answers)}
}

// check shows a token to the libraries.
func (c checker) check(t testing.TB, token string) (v verdicts) {
	t.Helper()
	if _, err := io.WriteString(c.ask, token+"\n"); err != nil {
		t.Fatal(err)
	}
	if !c.answers.Scan() {
		t.Fatalf("no answer about %q: %v", token, c.answers.Err())
	}
	if err := json.Unmarshal(c.answers.Bytes(), &v); err != nil {
		t.Fatalf("%s: %v", c.answers.Text(), err)
	}
	return v
}

// agrees fails the test unless a library takes the user's token for good, or
// another for bad.
func agrees(t testing.TB, library, token string, v verdict, user string) {
	t.Helper()
	switch {
	case v.User != user:
		t.Errorf("%s: a token %s: got user %q (%s), want %q", library, token, v.User, v.Error, user)
	case user == "" && v.Error == "":
		t.Errorf("%s: a token %s: got no word of why not", library, token)
	}
}

func TestLibrariesThatAreNotOursAgreeWithUs(t *testing.T) { // R-JWT-1 to 9, T-31
	for _, alg := range []string{"ES256", "RS256", "EdDSA"} {
		t.Run(alg, func(t *testing.T) {
			t.Parallel()
			w := inWorld(t, alg)
			c := startChecker(t, w)
			user := w.login(t).User.ID
			show := func(name, token, user string) {
				v := c.check(t, token)
				agrees(t, "jose", name, v.Jose, user)
				if alg == "EdDSA" { // which jsonwebtoken does not know
					agrees(t, "jsonwebtoken", name, v.JSONWebToken, "")
					return
				}
				agrees(t, "jsonwebtoken", name, v.JSONWebToken, user)
			}
			for _, g := range w.tokens(t) {
				if g.good {
					show(g.name, g.token, user)
				} else {
					show(g.name, g.token, "")
				}
			}
			old, next := w.login(t), w.rotate(t)
			show("of the former key", old.AccessToken, user)
			show("of the next key", next.AccessToken, user)
			if v := c.check(t, next.AccessToken); alg == "EdDSA" && !strings.Contains(v.JSONWebToken.Error, "key type") {
				t.Errorf("jsonwebtoken refused EdDSA with %q, want the kind of key for the reason", v.JSONWebToken.Error)
			}
		})
	}
}
