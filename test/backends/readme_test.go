package backends

import (
	"regexp"
	"strings"
	"testing"
)

var port = regexp.MustCompile(`\b3000\b`)

// at is a snippet with its two addresses replaced: wxlogin's, and the one that it
// listens at.
func at(t testing.TB, text, wxlogin, listen string) string {
	t.Helper()
	const example = "https://login.example.com"
	if n := strings.Count(text, example); n != 1 {
		t.Fatalf("the snippet names %s %d times, want once", example, n)
	}
	_, free, _ := strings.Cut(listen, ":")
	return port.ReplaceAllString(strings.Replace(text, example, wxlogin, 1), free)
}
