package httpapi

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

const (
	maxFaults = 20 // that one answer lists
	blanks    = " \t\r\n"
)

// ignored is a field that clients send along and nobody needs: of any type, null
// included.
type ignored struct{}

// UnmarshalJSON takes everything.
func (*ignored) UnmarshalJSON([]byte) error { return nil }

// decodeStrictly reads one JSON object into in, a pointer to a struct of
// strings, booleans, structs and what is ignored. Unlike encoding/json it refuses what two readers
// could understand in two ways: unknown and doubled fields, names in another
// case, null, trailing data, bytes that are not UTF-8. It returns one fault for
// each field that has any; in is untouched then.
func decodeStrictly(body []byte, in any) []fieldFault {
	if !utf8.Valid(body) {
		return []fieldFault{{Rule: "utf8"}}
	}
	if !json.Valid(body) {
		return []fieldFault{{Rule: "json"}}
	}
	var i inspection
	i.value("", bytes.TrimLeft(body, blanks), reflect.TypeOf(in).Elem())
	if len(i.faults) > 0 {
		return i.faults
	}
	if err := json.Unmarshal(body, in); err != nil {
		return []fieldFault{{Rule: "type"}}
	}
	return nil
}

// inspection compares a JSON text, known to be well-formed, with a type. It goes
// no deeper than the type does.
type inspection struct{ faults []fieldFault }

func (i *inspection) fault(field, rule string) {
	named := func(f fieldFault) bool { return f.Field == field }
	if len(i.faults) < maxFaults && !slices.ContainsFunc(i.faults, named) {
		i.faults = append(i.faults, fieldFault{field, rule})
	}
}

func (i *inspection) value(field string, text []byte, want reflect.Type) {
	switch {
	case want == reflect.TypeFor[ignored]():
	case !fits(text[0], want.Kind()):
		i.fault(field, "type")
	case want.Kind() == reflect.Struct:
		i.object(field, text, want)
	}
}

func (i *inspection) object(field string, text []byte, want reflect.Type) {
	types := fieldTypes(want)
	var seen []string
	for rest := bytes.TrimLeft(text[1:], blanks); rest[0] != '}'; rest = bytes.TrimLeft(rest, blanks+",") {
		var token, value []byte
		token, rest = cutValue(rest)
		rest = bytes.TrimLeft(rest, blanks+":")
		value, rest = cutValue(rest)
		name := nameOf(token)
		path := name
		if field != "" {
			path = field + "." + name
		}
		switch {
		case types[name] == nil:
			i.fault(shorten(path), ruleUnknown)
			continue
		case slices.Contains(seen, name):
			i.fault(path, "duplicate")
		default:
			i.value(path, value, types[name])
		}
		seen = append(seen, name)
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

// nameOf reads a member's name as encoding/json does.
func nameOf(token []byte) string {
	if bytes.IndexByte(token, '\\') < 0 {
		return string(token[1 : len(token)-1])
	}
	var name string
	_ = json.Unmarshal(token, &name) // it is a string
	return name
}

// knownTypes holds what fieldTypes has found, by reflect.Type: requests are few.
var knownTypes sync.Map

// fieldTypes returns the types of t's fields by their JSON names.
func fieldTypes(t reflect.Type) map[string]reflect.Type {
	if types, ok := knownTypes.Load(t); ok {
		return types.(map[string]reflect.Type)
	}
	types := make(map[string]reflect.Type, t.NumField())
	for f := range t.Fields() {
		if f.IsExported() {
			types[f.Tag.Get("json")] = f.Type
		}
	}
	knownTypes.Store(t, types)
	return types
}

// fits reports whether a JSON value that begins with first may become a kind.
func fits(first byte, kind reflect.Kind) bool {
	switch first {
	case '"':
		return kind == reflect.String
	case 't', 'f':
		return kind == reflect.Bool
	}
	return first == '{' && kind == reflect.Struct
}

// shorten keeps a name that a client made up from filling the answer.
func shorten(name string) string {
	const most = 64
	if utf8.RuneCountInString(name) <= most {
		return name
	}
	return string([]rune(name)[:most]) + "…"
}
