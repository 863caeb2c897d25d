// Package playground is the page that "wxlogin dev" serves at its root: a
// newcomer taps through a login in the browser and sees what goes over the wire.
// It is never part of a production service.
package playground

import (
	_ "embed"
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Phone stands for a user's WeChat: it makes login codes as wx.login does.
type Phone interface {
	// Code returns a fresh login code of app for person, who is made if unknown.
	Code(app, person string) (string, error)
}

// Page serves the playground.
type Page struct {
	phone Phone
	app   string
}

// New makes the page. Its logins are of app.
func New(phone Phone, app string) *Page { return &Page{phone, app} }

//go:embed index.html
var indexHTML []byte

//go:embed playground.js
var script []byte

// policy lets the page run its own script and talk to its own origin only.
const policy = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; img-src data:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Index serves the page itself.
func (p *Page) Index(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(indexHTML)
}

// Script serves the page's script.
func (p *Page) Script(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	_, _ = w.Write(script)
}

// Code serves what wx.login gives a mini program: {"code": "…"}. It serves this
// machine's own page alone: a code logs in as anybody.
func (p *Page) Code(w http.ResponseWriter, r *http.Request) {
	if !fromHere(r) {
		http.Error(w, "codes are for the page of this address only", http.StatusForbidden)
		return
	}
	code, err := p.phone.Code(p.app, r.URL.Query().Get("person"))
	if err != nil {
		http.Error(w, "the simulator made no code", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(map[string]string{"code": code})
}

// fromHere reports whether a request names this machine and comes from no page of
// another origin: a foreign name may have been pointed at this address.
func fromHere(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	origin := r.Header.Get("Origin")
	return (host == "localhost" || (err == nil && ip.IsLoopback())) && (origin == "" || origin == "http://"+r.Host)
}
