package httpapi_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"wxlogin/adapters/httpapi"
	"wxlogin/ports"
	"wxlogin/test/testkit"
)

// patience is how long a test waits for what should happen at once.
const patience = 10 * time.Second

// client is a client of a server that listens, with connections of its own.
type client struct {
	http *http.Client
	url  string
}

// start makes s listen, and checks at the end that nothing of it is left.
func start(t *testing.T, s *httpapi.Server) client {
	t.Helper()
	before := goleak.IgnoreCurrent()
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(func() {
		now, cancel := context.WithCancel(context.Background())
		cancel()
		_ = s.Stop(now)
		transport.CloseIdleConnections()
		for end := time.Now().Add(patience); goleak.Find(before) != nil && time.Now().Before(end); {
			time.Sleep(10 * time.Millisecond) // net/http lets a refused connection linger for half a second
		}
		goleak.VerifyNone(t, before)
	})
	return client{&http.Client{Transport: transport, Timeout: patience}, "http://" + s.Addr()}
}

// send sends a request and returns its answer's status, 0 if there was none.
func (c client) send(t *testing.T, method, path, body string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	res, err := c.http.Do(r)
	if err != nil {
		return 0
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return 0
	}
	testkit.CheckAnswer(t, spec(), r, res, text)
	return res.StatusCode
}

// wants sends a request, a login's body in it, and wants its answer's status.
func (c client) wants(t *testing.T, status int, method, path string) {
	t.Helper()
	if got := c.send(t, method, path, `{"code":"a"}`); got != status {
		t.Errorf("%s %s: got %d, want %d", method, path, got, status)
	}
}

// held is a login that waits until it is released.
func held(arrived chan<- struct{}, release <-chan struct{}) loginFunc {
	return func(ctx context.Context, _ ports.LoginCommand) (ports.Login, error) {
		arrived <- struct{}{}
		select {
		case <-release:
			return aliceLogin(), nil
		case <-ctx.Done():
			return ports.Login{}, fmt.Errorf("login: %w", ctx.Err())
		}
	}
}
