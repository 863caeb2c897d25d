package wechatevents

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// maxDepth is how deep the elements of a message may lie in each other. The
// events that count are flat; others of WeChat's are a list of items or two.
const maxDepth = 16

// Depths, counted from the root.
const (
	atRoot  = 1
	atField = 2
)

// xmlReader reads a message token by token.
type xmlReader struct {
	message message
	depth   int // of elements that are open
	field   string
	text    strings.Builder
	ended   bool // the root was there, and is closed
}

// readXML takes one element "xml" and nothing else: no directives, of which DTDs
// and their entities are made, and no namespaces.
func readXML(text []byte) (message, error) {
	d := xml.NewDecoder(bytes.NewReader(text))
	x := &xmlReader{message: message{}}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && x.ended {
			return x.message, nil
		}
		if err != nil || !x.take(token) {
			return nil, errMalformed
		}
	}
}

// take reports whether a message may go on with that token.
func (x *xmlReader) take(token xml.Token) (ok bool) {
	switch t := token.(type) {
	case xml.StartElement:
		return x.start(t.Name)
	case xml.EndElement:
		return x.end()
	case xml.CharData:
		return x.characters(t)
	case xml.ProcInst:
		return t.Target == "xml"
	case xml.Comment:
		return true
	}
	return false
}

func (x *xmlReader) start(name xml.Name) (ok bool) {
	x.depth++
	switch x.depth {
	case atRoot:
		ok = name.Local == "xml" && !x.ended
	case atField:
		x.field = name.Local
		x.text.Reset()
		ok = true
	default:
		ok = x.depth <= maxDepth
	}
	return ok && name.Space == ""
}

func (x *xmlReader) end() (ok bool) {
	x.depth--
	x.ended = x.depth < atRoot
	return x.depth != atRoot || x.message.put(x.field, x.text.String())
}

// characters keeps the text of a field. Around fields there are blanks at most.
func (x *xmlReader) characters(text []byte) (ok bool) {
	if x.depth == atField {
		_, _ = x.text.Write(text)
	}
	return x.depth >= atField || len(bytes.TrimSpace(text)) == 0
}
