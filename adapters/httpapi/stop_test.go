package httpapi_test

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"wxlogin/adapters/httpapi"
	"wxlogin/config"
)

// soon waits until happened.
func soon(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !happened(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("after %v still not: %s", patience, what)
		}
	}
}

// stop stops s in the background.
func stop(s *httpapi.Server) <-chan error {
	stopped := make(chan error, 1)
	go func() { stopped <- s.Stop(context.Background()) }()
	return stopped
}

// R-OPS-3: not ready, then a while of grace, then no new connections, then the
// end of what is under way.
func TestStopLetsRequestsFinish(t *testing.T) {
	const load = 50
	var log journal
	arrived, release := make(chan struct{}, load), make(chan struct{})
	s := build(world{log: &log, login: held(arrived, release), cfg: config.HTTP{DrainDelay: time.Second, Stop: patience}})
	c := start(t, s)
	var clients sync.WaitGroup
	for range load {
		clients.Go(func() { c.wants(t, http.StatusOK, http.MethodPost, "/v1/login") })
	}
	for range load {
		<-arrived
	}
	c.wants(t, http.StatusOK, http.MethodGet, "/readyz")
	stopped := stop(s)
	soon(t, "/readyz says 503", func() bool { return c.send(t, http.MethodGet, "/readyz", "") == http.StatusServiceUnavailable })
	c.wants(t, http.StatusOK, http.MethodGet, "/livez")
	soon(t, "new connections are refused", func() bool { return refuses(s.Addr()) })
	if len(stopped) > 0 {
		t.Error("stopped before its requests were done")
	}
	close(release)
	clients.Wait()
	if err := <-stopped; err != nil {
		t.Errorf("got %v, want a clean stop", err)
	}
	if text := log.String(); !strings.Contains(text, "shutting_down") || strings.Contains(text, `"ERROR"`) {
		t.Errorf("a stop is no fault; got log\n%s", text)
	}
}

func refuses(address string) bool {
	conn, err := net.Dial("tcp", address)
	if err == nil {
		_ = conn.Close()
	}
	return err != nil
}

func TestStopCutsOffWhatDoesNotFinish(t *testing.T) {
	var log journal
	arrived := make(chan struct{}, 1)
	s := build(world{log: &log, login: held(arrived, nil), cfg: config.HTTP{Stop: 50 * time.Millisecond}})
	c := start(t, s)
	answered := make(chan int, 1)
	go func() { answered <- c.send(t, http.MethodPost, "/v1/login", `{"code":"a"}`) }()
	<-arrived
	began := time.Now()
	if err := <-stop(s); err != nil || time.Since(began) > patience/2 {
		t.Errorf("got %v after %v", err, time.Since(began))
	}
	if status := <-answered; status != 0 {
		t.Errorf("got %d, want no answer", status)
	}
	log.only(t, "requests were cut off")
}

func TestStopEndsWithItsContext(t *testing.T) {
	s := build(world{cfg: config.HTTP{DrainDelay: time.Hour, Stop: time.Hour}})
	start(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 2 {
		if err := s.Stop(ctx); err != nil {
			t.Errorf("got %v, want a clean stop, twice", err)
		}
	}
}
