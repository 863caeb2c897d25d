package httpapi_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/adapters/httpapi"
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

var kinds = map[domain.Kind]string{
	domain.KindInvalid:         "invalid",
	domain.KindUnauthenticated: "unauthenticated",
	domain.KindForbidden:       "forbidden",
	domain.KindNotFound:        "not found",
	domain.KindRateLimited:     "rate limited",
	domain.KindUnprocessable:   "unprocessable",
	domain.KindUnavailable:     "unavailable",
	domain.KindConflict:        "conflict",
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
