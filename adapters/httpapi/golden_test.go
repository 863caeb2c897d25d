package httpapi_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"wxlogin/adapters/httpapi"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// compareGolden holds lines to testdata/name.
func compareGolden(t *testing.T, name string, lines []string) {
	t.Helper()
	path, got := filepath.Join("testdata", name), strings.Join(lines, "\n")+"\n"
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs; if that is meant, run with -update (-want +got):\n%s", name, diff)
	}
}

// observed is what a route turns out to demand.
type observed struct {
	method, path  string
	auth, limited bool
}

// observe finds out, for every route of s, whether it asks for a token and
// whether it counts as a login. s must limit logins and hold no mounts, and time
// stand still.
func observe(t *testing.T, s *httpapi.Server) []observed {
	t.Helper()
	const spent, other = "192.0.2.1:1", "192.0.2.2:1"
	for s.Meet("192.0.2.1") { // until its windows are spent
	}
	code := func(r *http.Request, from string) string {
		r.RemoteAddr = from
		a := serve(s, r)
		if a.status < http.StatusBadRequest {
			return ""
		}
		return a.problem(t).Code
	}
	var all []observed
	for _, r := range s.Routes() {
		ask := func() *http.Request { return httptest.NewRequest(r.Method, r.Path, nil) }
		all = append(all, observed{r.Method, r.Path, code(ask(), other) == "token_missing", code(ask(), spent) == "rate_limited"})
	}
	slices.SortFunc(all, func(a, b observed) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return all
}

func TestTheRoutesAreKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		yes := map[bool]string{true: "yes", false: "no"}
		lines := []string{"method  path                     token  limited"}
		for _, o := range observe(t, build(world{cfg: config.HTTP{RateLimits: true}})) {
			lines = append(lines, fmt.Sprintf("%-7s %-24s %-6s %s", o.method, o.path, yes[o.auth], yes[o.limited]))
		}
		compareGolden(t, "routes.golden", lines)
	})
}

var kinds = map[domain.Kind]string{
	domain.KindInvalid:         "invalid",
	domain.KindUnauthenticated: "unauthenticated",
	domain.KindForbidden:       "forbidden",
	domain.KindNotFound:        "not found",
	domain.KindRateLimited:     "rate limited",
	domain.KindUnprocessable:   "unprocessable",
	domain.KindUnavailable:     "unavailable",
}

func kindOf(t *testing.T, err error) string {
	t.Helper()
	var promised *domain.Error
	if !errors.As(err, &promised) {
		return "edge"
	}
	kind, ok := kinds[promised.Kind]
	if !ok {
		t.Errorf("%v is of kind %d, which this test does not know", err, promised.Kind)
	}
	return kind
}

// everyError returns every error that the service promises.
func everyError() []error {
	var all []error
	for _, e := range domain.Promised() {
		all = append(all, e)
	}
	return append(all, httpapi.EdgeErrors()...)
}

// answerTo returns the answer to a login that fails with err.
func answerTo(err error, headers ...string) answer {
	s := build(world{login: func(context.Context, ports.LoginCommand) (ports.Login, error) {
		return ports.Login{}, fmt.Errorf("login: %w", err)
	}})
	return serve(s, post(`{"code":"a"}`, headers...))
}

func TestEveryErrorHasItsStatusAndTexts(t *testing.T) {
	lines := []string{"status  code                    kind             titles"}
	for _, err := range everyError() {
		if status, _, title := httpapi.Describe(err); status == 0 || title == "" {
			t.Fatalf("%v is described as %d %q: no status for its kind, or no texts for its code", err, status, title)
		}
		english := answerTo(err).problem(t)
		chinese := answerTo(err, "Accept-Language", "zh-CN").problem(t)
		if english.Title == "" || english.Detail == "" || chinese.Title == "" || chinese.Detail == "" ||
			english.Title == chinese.Title || english.Detail == chinese.Detail {
			t.Errorf("%v lacks a text: %+v %+v", err, english, chinese)
		}
		lines = append(lines,
			fmt.Sprintf("%d     %-23s %-16s %s", english.Status, english.Code, kindOf(t, err), english.Title),
			fmt.Sprintf("%48s %s", "", chinese.Title))
	}
	compareGolden(t, "errors.golden", lines)
}

func TestEveryTextBelongsToAnError(t *testing.T) {
	known := map[string]bool{}
	for _, err := range everyError() {
		_, code, _ := httpapi.Describe(err)
		known[code] = true
	}
	for _, code := range httpapi.Codes() {
		if !known[code] {
			t.Errorf("%s has texts, and no error", code)
		}
	}
}
