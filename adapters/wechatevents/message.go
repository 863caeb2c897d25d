package wechatevents

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// message is what WeChat says: its fields that are text or a number, without the
// blanks around names and values that some of WeChat's have. Fields of another
// kind, which belong to messages that we have no use for, are empty.
type message map[string]string

// put adds a field, and reports whether there was none of that name: of two, one
// reader believes the first, and another one the second.
func (m message) put(name, value string) (ok bool) {
	name = strings.TrimSpace(name)
	if _, twice := m[name]; twice {
		return false
	}
	m[name] = strings.TrimSpace(value)
	return true
}

// read takes a message in either of WeChat's forms.
func read(text []byte) (message, error) {
	text = bytes.TrimSpace(text)
	if bytes.HasPrefix(text, []byte("<")) {
		return readXML(text)
	}
	return readJSON(text)
}

// readJSON takes one object and nothing else.
func readJSON(text []byte) (message, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	if first, err := d.Token(); err != nil || first != json.Delim('{') {
		return nil, errMalformed
	}
	m := message{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, errMalformed
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, errMalformed
		}
		if name, _ := name.(string); !m.put(name, scalar(value)) {
			return nil, errMalformed
		}
	}
	if _, err := d.Token(); err != nil { // the object's end
		return nil, errMalformed
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errMalformed
	}
	return m, nil
}

// scalar returns the text of a string or a number, and "" of anything else.
func scalar(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	var number json.Number
	if json.Unmarshal(value, &number) == nil {
		return number.String()
	}
	return ""
}
