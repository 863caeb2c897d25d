package playground_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestTheTextsAreTheSameInBothLanguages(t *testing.T) {
	page, _ := staged()
	key := regexp.MustCompile(`(?m)(?:^ {2}|, )("[\w. −-]+"|\w+): "`)
	for _, path := range []string{"/playground/text.js", "/playground/words.js"} {
		english, chinese, ok := strings.Cut(serve(page, http.MethodGet, path, "").Body.String(), "\nconst zh = {")
		if !ok {
			t.Fatalf("%s has no Chinese part", path)
		}
		keys := map[string]int{}
		for _, found := range key.FindAllStringSubmatch(english, -1) {
			keys[found[1]]++
		}
		if len(keys) == 0 {
			t.Fatalf("%s has no texts", path)
		}
		for _, found := range key.FindAllStringSubmatch(chinese, -1) {
			keys[found[1]]--
		}
		for name, difference := range keys {
			if difference != 0 {
				t.Errorf("%s: %q is in one language alone", path, name)
			}
		}
	}
}

func TestEveryStepHasItsTexts(t *testing.T) {
	page, _ := staged()
	words := serve(page, http.MethodGet, "/playground/words.js", "").Body.String()
	files, err := filepath.Glob("trace/*.go")
	if err != nil {
		t.Fatal(err)
	}
	noted := regexp.MustCompile(`begin\(ctx, Store, "([^"]+)"\)|= +"([a-z]+_?[a-z0-9]+)"$|end\("([^"]+)"|either\(.*, "([^"]+)", "([^"]+)"\)`)
	steps := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(source)) {
			for _, found := range noted.FindAllStringSubmatch(strings.TrimSpace(line), -1) {
				for i, name := range found[1:] {
					kind := map[bool]string{true: "op_", false: "out_"}[i < 2]
					if name == "" || name == "store" || name == "wechat" {
						continue
					}
					if steps++; !strings.Contains(words, kind+name+`": "`) && !strings.Contains(words, kind+name+`: "`) {
						t.Errorf("%s: no text for %s%s", file, kind, name)
					}
				}
			}
		}
	}
	if steps < 40 {
		t.Errorf("got %d steps and outcomes, want all of the recorder's", steps)
	}
}
