// Package playground is the page that "wxlogin dev" serves at its root: phones
// that run the SDK in the browser, and beside them what goes over the wire, from
// the client to the service and on to WeChat and the store. It is never part of a
// production service.
package playground

import (
	"embed"
	"net/http"
	"path"

	"wxlogin/adapters/playground/trace"
	"wxlogin/clients/miniprogram"
)

// Parts are what the page stands on.
type Parts struct {
	App     string // the mini program that its phones run
	Store   string // what the store is called
	Phones  Phones
	People  People
	Weather Weather
	Calls   Calls
	Trace   Trace
}

// Trace tells what requests did behind the service.
type Trace interface {
	// Steps returns what the request of this id did, in the order in which it ended.
	Steps(request string) []trace.Step
}

// Page serves the playground.
type Page struct{ Parts }

// New makes the page.
func New(parts Parts) *Page { return &Page{parts} }

// Route is one address of the page.
type Route struct {
	Method, Path string
	Handler      http.HandlerFunc
}

// Routes is the table of contents. What acts for the simulator is for this
// machine's own page.
func (p *Page) Routes() []Route {
	routes := []Route{
		{http.MethodGet, "/", own(p.index)}, // by another name nothing on it would work
		{http.MethodGet, "/playground/sdk.js", sdk},
		{http.MethodPost, "/playground/code", own(p.postCode)},
		{http.MethodPost, "/playground/phonecode", own(p.postPhoneCode)},
		{http.MethodGet, "/playground/people", own(p.getPeople)},
		{http.MethodPost, "/playground/people", own(p.postPeople)},
		{http.MethodGet, "/playground/fault", own(p.getFault)},
		{http.MethodPost, "/playground/fault", own(p.postFault)},
		{http.MethodDelete, "/playground/fault", own(p.deleteFault)},
		{http.MethodGet, "/playground/wire", own(p.getWire)},
	}
	for _, name := range assets() {
		routes = append(routes, Route{http.MethodGet, "/playground/" + name, asset(name)})
	}
	return routes
}

//go:embed static
var static embed.FS

// policy lets the page run its own scripts and talk to its own origin only. The
// pictures that people choose are shown before they are uploaded.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const indexName = "index.html"

func (p *Page) index(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", policy)
	asset(indexName)(w, r)
}

// assets are the names of the files that the page loads.
func assets() []string {
	entries, err := static.ReadDir("static")
	if err != nil {
		return nil // cannot happen: it is embedded
	}
	var names []string
	for _, e := range entries {
		if e.Name() != indexName {
			names = append(names, e.Name())
		}
	}
	return names
}

// kinds are the media types of what the page is made of.
var kinds = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
}

// asset serves a file of the page.
func asset(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		content, err := static.ReadFile("static/" + name)
		if err != nil {
			http.Error(w, "no such file", http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", kinds[path.Ext(name)])
		_, _ = w.Write(content)
	}
}

// A browser knows no CommonJS: the SDK, unchanged, gets the module that it fills.
const (
	beforeSDK = "window.wxlogin = (function (module) { var exports = module.exports;\n"
	afterSDK  = "\nreturn module.exports })({ exports: {} })\n"
)

// sdk serves the mini programs' SDK as the script that sets window.wxlogin.
func sdk(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", kinds[".js"])
	for _, part := range [][]byte{[]byte(beforeSDK), miniprogram.SDK, []byte(afterSDK)} {
		_, _ = w.Write(part)
	}
}
