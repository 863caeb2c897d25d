package httpapi_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wxlogin/adapters/httpapi"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

func TestAClientThatLeftIsNoFault(t *testing.T) {
	var log journal
	arrived := make(chan struct{}, 1)
	s := build(world{log: &log, login: held(arrived, nil), cfg: config.HTTP{Stop: patience}})
	c := start(t, s)
	ctx, leave := context.WithCancel(t.Context())
	go func() { <-arrived; leave() }()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+"/v1/login", strings.NewReader(`{"code":"a"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if res, err := c.http.Do(r); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, %v; want to be gone", res, err)
	}
	if err := s.Stop(context.Background()); err != nil { // waits for the handler
		t.Error(err)
	}
	if l := log.only(t, "request failed"); l["level"] != "INFO" {
		t.Errorf("got %v, want level INFO", l)
	}
}

// T-28: a connection that says nothing, or says it slowly, ends.
func TestASlowHeaderEndsTheConnection(t *testing.T) {
	s := build(world{})
	s.HTTP().ReadHeaderTimeout = 50 * time.Millisecond
	start(t, s)
	for _, sent := range []string{"", "GET /livez HTTP/1.1\r\n", "GET /livez HTTP/1.1\r\nHost: x\r\nX-Slow: "} {
		conn, err := net.Dial("tcp", s.Addr())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = conn.Write([]byte(sent))
		_ = conn.SetReadDeadline(time.Now().Add(patience))
		if _, err := io.Copy(io.Discard, conn); err != nil {
			t.Errorf("after %q: got %v, want the end of the connection", sent, err)
		}
		_ = conn.Close()
	}
}

func TestASlowBodyEndsTheConnection(t *testing.T) {
	s := build(world{})
	s.HTTP().ReadTimeout = 50 * time.Millisecond
	start(t, s)
	conn, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, "POST /v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{")
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	if text, err := io.ReadAll(conn); err != nil || !strings.HasPrefix(string(text), "HTTP/1.1 400 ") {
		t.Errorf("got %q, %v; want a 400 and the end of the connection", text, err)
	}
}

func TestSlowConnectionsDoNotHinderOthers(t *testing.T) {
	s := build(world{})
	c := start(t, s)
	for range 200 {
		conn, err := net.Dial("tcp", s.Addr())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		_, _ = io.WriteString(conn, "POST /v1/login HTTP/1.1\r\nHost: x\r\n")
	}
	if status := c.send(t, http.MethodPost, "/v1/login", `{"code":"a"}`); status != http.StatusOK {
		t.Errorf("got %d, want 200", status)
	}
}

func TestHugeHeadersAreRefused(t *testing.T) {
	s := build(world{})
	start(t, s)
	conn, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	go func() {
		_, _ = fmt.Fprintf(conn, "GET /livez HTTP/1.1\r\nHost: x\r\nX-Huge: %s\r\n\r\n", strings.Repeat("x", 32<<10))
	}()
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("got %v, %v; want 431", res, err)
	}
}

// R-HTTP-1.
func TestTheServerHasItsTimeouts(t *testing.T) {
	h := build(world{}).HTTP()
	got := []any{h.ReadHeaderTimeout, h.ReadTimeout, h.WriteTimeout, h.IdleTimeout, h.MaxHeaderBytes}
	want := []any{5 * time.Second, 10 * time.Second, 15 * time.Second, 60 * time.Second, 16 << 10}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %v, want %v", got, want)
			break
		}
	}
}

func TestNoRequestOutlivesItsDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := build(world{login: func(ctx context.Context, _ ports.LoginCommand) (ports.Login, error) {
			<-ctx.Done()
			return ports.Login{}, fmt.Errorf("%w: %w", domain.ErrPlatformUnavailable, ctx.Err())
		}})
		began := time.Now()
		a := ask(t, s, post(`{"code":"a"}`))
		if took := time.Since(began); a.status != http.StatusServiceUnavailable || took != httpapi.HandlerDeadline {
			t.Errorf("got %d after %v, want 503 after %v", a.status, took, httpapi.HandlerDeadline)
		}
		if write := s.HTTP().WriteTimeout; httpapi.HandlerDeadline >= write {
			t.Errorf("the deadline %v leaves no time to answer within %v", httpapi.HandlerDeadline, write)
		}
	})
}

func TestAnAddressInUseFailsTheStart(t *testing.T) {
	taken := build(world{})
	start(t, taken)
	s := build(world{cfg: config.HTTP{Listen: taken.Addr()}})
	if err := s.Start(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "httpapi: ") {
		t.Errorf("got %v, want an error of httpapi's", err)
	}
	if err := s.Stop(t.Context()); s.Addr() != "" || err != nil {
		t.Errorf("got address %q, %v; want none, and nothing to stop", s.Addr(), err)
	}
}
