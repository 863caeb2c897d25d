package httpapi

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxFaults bounds the faults that one answer lists.
const maxFaults = 20

// decodeStrictly reads one JSON object into in, a pointer to a struct of
// strings, booleans and structs. Unlike encoding/json it refuses what two readers
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
	i.value("", bytes.TrimLeft(body, " \t\r\n"), reflect.TypeOf(in).Elem())
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

func (i *inspection) value(field string, text json.RawMessage, want reflect.Type) {
	if !fits(text[0], want.Kind()) {
		i.fault(field, "type")
		return
	}
	if want.Kind() == reflect.Struct {
		i.object(field, text, want)
	}
}

func (i *inspection) object(field string, text json.RawMessage, want reflect.Type) {
	members := json.NewDecoder(bytes.NewReader(text))
	_, _ = members.Token() // the brace
	var seen []string
	for members.More() {
		token, _ := members.Token()
		var value json.RawMessage
		_ = members.Decode(&value)
		name, _ := token.(string)
		path := strings.TrimPrefix(field+"."+name, ".")
		inner := fieldType(want, name)
		switch {
		case inner == nil:
			i.fault(shorten(path), ruleUnknown)
			continue
		case slices.Contains(seen, name):
			i.fault(path, "duplicate")
		default:
			i.value(path, value, inner)
		}
		seen = append(seen, name)
	}
}

// fieldType returns the type of the field with the JSON name, or nil.
func fieldType(t reflect.Type, name string) reflect.Type {
	for f := range t.Fields() {
		if f.Tag.Get("json") == name {
			return f.Type
		}
	}
	return nil
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
