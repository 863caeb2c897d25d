package wechatsim

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
)

// Management returns the API that makes codes, people and faults. It belongs on
// a listener of its own. Because it runs on developers' machines, it answers no
// web page but its own: a request with another Origin is refused, and one for a
// Host that is not this machine (unless Config.AllowRemote) as well, which keeps
// out pages that rebind their name to 127.0.0.1.
func (s *Simulator) Management() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /sim/{$}", s.help)
	mux.HandleFunc("POST /sim/code", managed(s.makeCode))
	mux.HandleFunc("POST /sim/phonecode", managed(s.makePhoneCode))
	mux.HandleFunc("POST /sim/opendata", managed(s.makeOpenData))
	mux.HandleFunc("POST /sim/rotate", managed(s.rotate))
	mux.HandleFunc("POST /sim/unionid", managed(s.setUnionID))
	mux.HandleFunc("POST /sim/revoketokens", managed(s.revokeTokens))
	mux.HandleFunc("POST /sim/people", managed(s.putPerson))
	mux.HandleFunc("GET /sim/people", s.listPeople)
	mux.HandleFunc("POST /sim/fault", managed(s.setFault))
	mux.HandleFunc("GET /sim/fault", s.listFaults)
	mux.HandleFunc("DELETE /sim/fault", s.dropFaults)
	mux.HandleFunc("POST /sim/event", s.pushEvent)
	mux.HandleFunc("POST /sim/event/verify", s.verifyURL)
	mux.HandleFunc("GET /sim/calls", s.listCalls)
	mux.HandleFunc("DELETE /sim/calls", s.dropCalls)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusNotFound, "no "+r.Method+" "+r.URL.Path+" here; GET /sim/ tells what there is")
	})
	return s.guarded(mux)
}

// guarded stands before everything else. Answers are for nobody to keep.
func (s *Simulator) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		origin := r.Header.Get("Origin")
		switch {
		case !s.cfg.AllowRemote && !local(r.Host):
			refuse(w, http.StatusForbidden, "the simulator is managed as localhost or a loopback address, not as "+r.Host)
		case origin != "" && origin != "http://"+r.Host:
			refuse(w, http.StatusForbidden, "the simulator takes no orders from web pages of "+origin)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// local reports whether host, with or without a port, is this machine by name or
// number. Names that merely resolve to it are not believed.
func local(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// managed makes a handler of a function: it reads the JSON body strictly (none
// is the zero In), and answers the function's error with its text, because
// whatever goes wrong here is in the request.
func managed[In any](do func(In) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in In
		if err := decode(w, r, &in); err != nil {
			refuse(w, http.StatusBadRequest, "wechatsim: body: "+err.Error())
			return
		}
		out, err := do(in)
		if err != nil {
			refuse(w, http.StatusBadRequest, err.Error())
			return
		}
		show(w, r, out)
	}
}

// decode refuses members it does not know: a typing error that went unnoticed
// would be a test that tests nothing.
func decode(w http.ResponseWriter, r *http.Request, into any) error {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err = d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the JSON object")
	}
	return nil
}

// bare is a result that is one word unless the client asks for JSON, so that it
// can be pasted.
type bare interface{ word() string }

func show(w http.ResponseWriter, r *http.Request, out any) {
	if b, ok := out.(bare); ok && !strings.Contains(r.Header.Get("Accept"), "application/json") {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, b.word()+"\n")
		return
	}
	writeJSON(w, http.StatusOK, out)
}

func refuse(w http.ResponseWriter, status int, text string) {
	writeJSON(w, status, map[string]string{"error": text})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(encode(v), '\n'))
}
