package playground

import (
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
)

// own serves this machine's own page alone: what is behind it acts as anybody.
func own(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !fromHere(r) {
			http.Error(w, "This is for the page of this machine only: open "+home(r), http.StatusForbidden)
			return
		}
		next(w, r)
	}
}

// home is the page's address by a name that is always this machine's.
func home(r *http.Request) string {
	_, port, err := net.SplitHostPort(r.Host)
	if _, wrong := strconv.ParseUint(port, 10, 16); err != nil || wrong != nil {
		return "http://127.0.0.1/"
	}
	return "http://127.0.0.1:" + port + "/"
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

// maxBody is the longest body that is read, in bytes.
const maxBody = 4 << 10

// read decodes what the page sends, or answers that it cannot.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	if d.Decode(into) != nil {
		http.Error(w, "the body is not the JSON expected", http.StatusBadRequest)
		return false
	}
	return true
}

// show answers with what, unless err says that the simulator would not do it.
func show(w http.ResponseWriter, what any, err error) {
	if err != nil {
		http.Error(w, "the simulator refuses", http.StatusUnprocessableEntity)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(what)
}
