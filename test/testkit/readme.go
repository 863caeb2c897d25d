package testkit

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Root is the project's directory, as seen from a package of tests.
const Root = "../.."

// Snippet returns the block of the README that is marked with name, as the reader
// sees it. It fails the test unless there is one in that language.
func Snippet(t testing.TB, name, language string) string {
	t.Helper()
	return marked(t, "snippet: "+name, language)
}

// Command returns the command of the README that CI runs under name.
func Command(t testing.TB, name string) string {
	t.Helper()
	return marked(t, "ci: "+name, "sh")
}

func marked(t testing.TB, mark, language string) string {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join(Root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(readme), "<!-- "+mark+" -->\n```"+language+"\n")
	text, _, ended := strings.Cut(rest, "\n```\n")
	if !found || !ended {
		t.Fatalf("the README has no block %q in %s", mark, language)
	}
	return text + "\n"
}
