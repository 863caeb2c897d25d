// Package docs holds the READMEs to what is true.
package docs

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wxlogin/config"
)

var update = flag.Bool("update", false, "rewrite the generated parts of the READMEs")

const (
	english = "README.md"
	chinese = "README.zh-CN.md"
)

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// section returns what stands between <!-- name --> and <!-- /name -->.
func section(t *testing.T, text, name string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, "<!-- "+name+" -->\n")
	body, _, ended := strings.Cut(rest, "<!-- /"+name+" -->")
	if !found || !ended {
		t.Fatalf("there is no section %q", name)
	}
	return body
}

// holds compares a section of a README with what it should be, and mends it where
// asked to.
func holds(t *testing.T, readme, name, want string) {
	t.Helper()
	text := read(t, readme)
	got := section(t, text, name)
	if got == want {
		return
	}
	if !*update {
		t.Errorf("the %s in %s are not what the code says; run go test ./test/docs -update and read the diff", name, readme)
		return
	}
	mended := strings.Replace(text, "<!-- "+name+" -->\n"+got, "<!-- "+name+" -->\n"+want, 1)
	if err := os.WriteFile(filepath.Join("..", "..", readme), []byte(mended), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestReadmeListsEverySetting(t *testing.T) {
	holds(t, english, "settings", config.Table())
	table := section(t, read(t, chinese), "settings")
	for _, s := range config.Settings() {
		row := regexp.MustCompile("(?m)^\\| `" + s.Name + "` .*$").FindString(table)
		if row == "" || !strings.Contains(row, s.Serve) || !strings.Contains(row, s.Dev) {
			t.Errorf("%s: the row of %s lacks it or a default: %q", chinese, s.Name, row)
		}
	}
}

// The golden file that the edge's own tests hold to the code: status, code, kind
// and English title in a line, the Chinese title below.
var errorRow = regexp.MustCompile(`(?m)^(\d{3}) {2,}(\w+) {2,}\S.*? {2,}(\S.*)\n\s+(\S.*)$`)

func TestReadmeListsEveryError(t *testing.T) {
	golden := errorRow.FindAllStringSubmatch(read(t, "adapters/httpapi/testdata/errors.golden"), -1)
	if len(golden) == 0 {
		t.Fatal("the golden file has no rows")
	}
	en, zh := "| code | status | what it says |\n|---|---|---|\n", "| code | 状态码 | 含义 |\n|---|---|---|\n"
	seen := map[string]bool{}
	for _, row := range golden {
		if status, code := row[1], row[2]; !seen[code] { // the edge and the domain share one
			seen[code] = true
			en += "| `" + code + "` | " + status + " | " + row[3] + " |\n"
			zh += "| `" + code + "` | " + status + " | " + row[4] + " |\n"
		}
	}
	holds(t, english, "errors", en)
	holds(t, chinese, "errors", zh)
}

// A block of code with the mark before it, which says who runs it.
var block = regexp.MustCompile("(?s)(?:<!-- [^>]* -->\n)?```(?:sh|js|html|go|nginx|php|python|java)\n.*?\n```\n")

func TestBothReadmesShowTheSameCommands(t *testing.T) {
	en, zh := block.FindAllString(read(t, english), -1), block.FindAllString(read(t, chinese), -1)
	if !slices.Equal(en, zh) {
		t.Errorf("got %d blocks in English and %d in Chinese, or they differ", len(en), len(zh))
	}
}

func TestReadmeHasEverySnippetThatIsRun(t *testing.T) {
	for _, mark := range []string{"client -->\n```js", "simulated -->\n```js", "app -->\n```js", "page -->\n```js", "nginx -->\n```nginx", "nginx-skey -->\n```nginx", "go -->\n```go", "node -->\n```js", "java -->\n```java", "php -->\n```php", "python -->\n```python"} {
		if n := strings.Count(read(t, english), "<!-- snippet: "+mark+"\n"); n != 1 {
			t.Errorf("got %d snippets %q, want one", n, mark)
		}
	}
}

func TestReadmeLinksLeadSomewhere(t *testing.T) {
	links := regexp.MustCompile(`\]\(([^):#]+)\)`)
	code := regexp.MustCompile("(?s)```.*?```")
	for _, name := range []string{english, chinese} {
		for _, link := range links.FindAllStringSubmatch(code.ReplaceAllString(read(t, name), ""), -1) {
			if _, err := os.Stat(filepath.Join("..", "..", link[1])); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestReadmeNamesEveryPackage(t *testing.T) {
	adapters, err := os.ReadDir(filepath.Join("..", "..", "adapters"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{english, chinese} {
		text := read(t, name)
		for _, a := range adapters {
			if !strings.Contains(text, a.Name()) {
				t.Errorf("%s does not name adapters/%s", name, a.Name())
			}
		}
	}
}

// The golden file that the edge's own tests hold to the code: a route in a line.
var routeRow = regexp.MustCompile(`(?m)^([A-Z]+) +(/(?:v1|\.well-known|livez|readyz)\S*)`)

func TestReadmeListsEveryRoute(t *testing.T) {
	routes := routeRow.FindAllStringSubmatch(read(t, "adapters/httpapi/testdata/routes.golden"), -1)
	if len(routes) == 0 {
		t.Fatal("the golden file has no rows")
	}
	for _, name := range []string{english, chinese} {
		text := read(t, name)
		for _, row := range routes {
			method, path := row[1], strings.Replace(row[2], ":id", "{id}", 1)
			if strings.HasPrefix(path, "/v1/verify") { // it answers to every method, and with a path behind it
				method, path = "GET", "/v1/verify"
			}
			if !strings.Contains(text, "`"+method+" "+path+"`") {
				t.Errorf("%s does not list %s %s", name, method, path)
			}
		}
	}
}

var eventName = regexp.MustCompile(`EventName = "(\w+)"`)

func TestReadmeListsEveryEvent(t *testing.T) {
	events := eventName.FindAllStringSubmatch(read(t, "domain/event.go"), -1)
	if len(events) == 0 {
		t.Fatal("the domain has no events")
	}
	for _, name := range []string{english, chinese} {
		for _, event := range events {
			if !strings.Contains(read(t, name), "`"+event[1]+"`") {
				t.Errorf("%s does not list the event %s", name, event[1])
			}
		}
	}
}

var indexName = regexp.MustCompile("`([a-z_]+)` `\\{")

func TestReadmesIndexesAreTheStores(t *testing.T) {
	schema := read(t, "adapters/mongodb/schema.go")
	named := indexName.FindAllStringSubmatch(read(t, english), -1)
	if len(named) == 0 {
		t.Fatal("the README names no index")
	}
	for _, index := range named {
		if !strings.Contains(schema, `"`+index[1]+`"`) {
			t.Errorf("%s names the index %s, which the store does not make", english, index[1])
		}
	}
}
