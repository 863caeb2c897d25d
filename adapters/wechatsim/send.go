package wechatsim

import (
	"context"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// reply is an answer as bytes.
type reply struct {
	status      int
	contentType string
	encoding    string
	body        []byte
}

func (r reply) head(w http.ResponseWriter) {
	w.Header().Set("Content-Type", r.contentType)
	if r.encoding != "" {
		w.Header().Set("Content-Encoding", r.encoding)
	}
}

func (r reply) write(w http.ResponseWriter) {
	r.head(w)
	w.Header().Set("Content-Length", strconv.Itoa(len(r.body)))
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body) // the client may be gone
}

// hang says nothing. The connection stays open until someone gives up: the
// client, the server or the simulator.
func hang(s *Simulator, w http.ResponseWriter, r *http.Request, _ Fault, _ reply) {
	select {
	case <-r.Context().Done():
	case <-s.done:
	}
	cut(w)
}

func reset(_ *Simulator, w http.ResponseWriter, _ *http.Request, _ Fault, _ reply) {
	cut(w)
}

// delay keeps back an answer whose effect has happened.
func delay(s *Simulator, w http.ResponseWriter, r *http.Request, f Fault, good reply) {
	if !s.pause(r.Context(), f.Duration) {
		cut(w)
		return
	}
	good.write(w)
}

// drip announces the length, so that no client takes a part for the whole.
func drip(s *Simulator, w http.ResponseWriter, r *http.Request, f Fault, good reply) {
	good.head(w)
	w.Header().Set("Content-Length", strconv.Itoa(len(good.body)))
	flusher := http.NewResponseController(w)
	for i := range good.body {
		if !s.pause(r.Context(), f.Duration/time.Duration(len(good.body))) {
			cut(w)
			return
		}
		_, _ = w.Write(good.body[i : i+1])
		_ = flusher.Flush()
	}
}

// huge announces no length: a client has to count for itself.
func huge(_ *Simulator, w http.ResponseWriter, _ *http.Request, f Fault, good reply) {
	good.head(w)
	_, _ = io.Copy(w, padded(f, good)) // the client may have had enough
}

// pause waits, and reports whether it waited to the end.
func (s *Simulator) pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-s.done:
	}
	return false
}

// cut ends the connection with a reset instead of an orderly close. Where the
// server cannot (HTTP/2, a recorder), the client gets a 502.
func cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
