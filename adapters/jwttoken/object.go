package jwttoken

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	maxMembers = 32
	blanks     = " \t\r\n"
	lastSecond = 253402300799 // of the year 9999
)

// eachMember calls visit with the name and the JSON value of each member of the
// one object that text is, until visit says false, and reports whether all went
// well. It refuses what readers of JSON differ on: bytes that are no UTF-8, a
// name that is there twice, and one that is spelled with an escape, which would
// hide the second. Both slices are parts of text.
func eachMember(text []byte, visit func(name, value []byte) bool) bool {
	rest := bytes.TrimLeft(text, blanks)
	if !utf8.Valid(text) || !json.Valid(text) || rest[0] != '{' {
		return false
	}
	names := make([][]byte, 0, maxMembers)
	for {
		rest = bytes.TrimLeft(rest[1:], blanks) // past { or ,
		if rest[0] == '}' {
			return true
		}
		var name, value []byte
		name, rest = cutValue(rest)
		rest = bytes.TrimLeft(rest, blanks)
		value, rest = cutValue(bytes.TrimLeft(rest[1:], blanks)) // past :
		rest = bytes.TrimLeft(rest, blanks)
		again := slices.ContainsFunc(names, func(n []byte) bool { return bytes.Equal(n, name) })
		if again || len(names) == maxMembers || bytes.IndexByte(name, '\\') >= 0 || !visit(name[1:len(name)-1], value) {
			return false
		}
		names = append(names, name)
		if rest[0] == '}' {
			return true
		}
	}
}

// cutValue cuts text, which is valid JSON from some value on, after that value.
func cutValue(text []byte) (value, rest []byte) {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case depth == 0 && strings.IndexByte(blanks+",:}]", c) >= 0:
			return text[:i], text[i:]
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
	}
	return text, nil
}

// readText reads a string that is not empty.
func readText(value []byte) (text string, ok bool) {
	if value[0] != '"' {
		return "", false
	}
	text = string(value[1 : len(value)-1])
	if strings.Contains(text, `\`) && json.Unmarshal(value, &text) != nil {
		return "", false
	}
	// Half a character, escaped, would have become this one.
	return text, text != "" && !strings.ContainsRune(text, utf8.RuneError)
}

// readTexts reads a string, or an array of strings, none of them empty.
func readTexts(value []byte) (texts []string, ok bool) {
	if value[0] != '[' {
		text, ok := readText(value)
		return []string{text}, ok
	}
	// An element that is null is read as empty.
	ok = json.Unmarshal(value, &texts) == nil && !slices.Contains(texts, "")
	return texts, ok
}

// readTime reads a whole number of seconds that is not negative. Numbers of any
// other form mean different things to different readers.
func readTime(value []byte) (time.Time, bool) {
	n, err := strconv.ParseUint(string(value), 10, 64)
	return time.Unix(int64(min(n, lastSecond)), 0).UTC(), err == nil && n <= lastSecond
}
