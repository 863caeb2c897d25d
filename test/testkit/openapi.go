package testkit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// CheckAnswer fails the test unless spec, an OpenAPI document, describes the
// answer res, with that body, to req: its status, headers, media type and body
// are those of the operation at the path. Where there is no operation, the
// answer must be a problem document with 404, or with 405 and Allow.
func CheckAnswer(t testing.TB, spec []byte, req *http.Request, res *http.Response, body []byte) {
	t.Helper()
	if err := checkAnswer(spec, req, res, body); err != nil {
		t.Errorf("%s %s answered %d, which is not as documented: %v", req.Method, req.URL.Path, res.StatusCode, err)
	}
}

func checkAnswer(spec []byte, req *http.Request, res *http.Response, body []byte) error {
	doc, err := parseOnce(spec)
	if err != nil {
		return fmt.Errorf("the document itself is wrong: %w", err)
	}
	if res.Header.Get("X-Request-Id") == "" {
		return errors.New("no X-Request-Id")
	}
	route, _, err := doc.routes.FindRoute(req)
	switch {
	case errors.Is(err, routers.ErrPathNotFound):
		return doc.checkRefusal(http.StatusNotFound, res, body)
	case errors.Is(err, routers.ErrMethodNotAllowed):
		return doc.checkRefusal(http.StatusMethodNotAllowed, res, body)
	case err != nil:
		return err
	}
	return openapi3filter.ValidateResponse(req.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: req, Route: route},
		Status:                 res.StatusCode,
		Header:                 res.Header,
		Body:                   io.NopCloser(bytes.NewReader(body)),
		Options:                &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	})
}

// document is an OpenAPI document, ready to be asked.
type document struct {
	routes  routers.Router
	problem *openapi3.Schema
}

// checkRefusal checks the answer to a request that no operation describes.
func (d *document) checkRefusal(want int, res *http.Response, body []byte) error {
	if res.StatusCode != want {
		return fmt.Errorf("no operation describes it: got %d, want %d", res.StatusCode, want)
	}
	if want == http.StatusMethodNotAllowed && res.Header.Get("Allow") == "" {
		return errors.New("no Allow header")
	}
	if kind := res.Header.Get("Content-Type"); kind != "application/problem+json" {
		return fmt.Errorf("got Content-Type %q, want a problem document", kind)
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return err
	}
	return d.problem.VisitJSON(value, openapi3.EnableJSONSchema2020())
}

var documents sync.Map // of *document, by the document's text

// parseOnce parses a document unless it has before: tests ask of one very often.
func parseOnce(spec []byte) (*document, error) {
	if known, ok := documents.Load(string(spec)); ok {
		doc, _ := known.(*document)
		return doc, nil
	}
	loaded, err := openapi3.NewLoader().LoadFromData(spec)
	if err != nil {
		return nil, err
	}
	if err := loaded.Validate(context.Background()); err != nil {
		return nil, err
	}
	routes, err := gorillamux.NewRouter(loaded)
	if err != nil {
		return nil, err
	}
	problem, ok := loaded.Components.Schemas["Problem"]
	if !ok {
		return nil, errors.New("it has no schema named Problem")
	}
	openapi3filter.RegisterBodyDecoder("text/html", openapi3filter.PlainBodyDecoder)
	openapi3filter.RegisterBodyDecoder("application/yaml", openapi3filter.PlainBodyDecoder)
	doc := &document{routes, problem.Value}
	documents.Store(string(spec), doc)
	return doc, nil
}
