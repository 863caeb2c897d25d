package config

import (
	"fmt"
	"regexp"
	"strings"
)

// Entries are parted by commas, in files by lines.
var entryPattern = regexp.MustCompile(`\s*[,\n]\s*`)

// listed is how a list is read, each entry of which names something that no other
// does.
type listed[T any, N comparable] struct {
	form  string // what an entry looks like
	thing string // what it names, with the article
	parse func(entry string) (item T, ok bool)
	name  func(item T) N
}

// read returns the items in text, up to the first that is wrong. An error tells
// that one by its place: an entry may hold a secret.
func (l listed[T, N]) read(text string) (items []T, err error) {
	if text == "" {
		return nil, nil
	}
	seen := make(map[N]bool)
	for i, entry := range entryPattern.Split(text, -1) {
		item, ok := l.parse(strings.TrimSpace(entry))
		if !ok {
			return items, fmt.Errorf("entry %d is not of the form %s", i+1, l.form)
		}
		if seen[l.name(item)] {
			return items, fmt.Errorf("entry %d names %s that is there already", i+1, l.thing)
		}
		seen[l.name(item)] = true
		items = append(items, item)
	}
	return items, nil
}
