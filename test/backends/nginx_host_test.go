package backends

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// What a client says of the host is for the backend to judge. wxlogin, which would
// refuse a host that is none, does not hear of it.
func TestNginxAsksAboutTheTokenWhateverTheHost(t *testing.T) {
	onEveryConfiguration(t, func(t *testing.T, conf string) {
		w, b := inWorld(t, "ES256"), newEasyBackend(t)
		front, token := startNginx(t, conf, w.Base, b.address), w.login(t).AccessToken
		for name, host := range map[string]string{
			"HTTP/1.0 without a host": "", "marks": `a"{}|c`, "no ASCII": "主机.example", "a good one": "shop.example",
		} {
			if got := ask(t, front.Base, host, token); got != http.StatusOK || b.served.Swap(0) != 1 {
				t.Errorf("%s, a good token: got %d, want the backend's answer", name, got)
			}
			if got := ask(t, front.Base, host, "garbage"); got != http.StatusUnauthorized || b.served.Swap(0) != 0 {
				t.Errorf("%s, a bad token: got %d, want 401 and nothing for the backend", name, got)
			}
		}
	})
}

// ask sends a request by hand: Go's client sends no host like these. Without a host
// it is one of HTTP/1.0.
func ask(t testing.TB, base, host, token string) (status int) {
	t.Helper()
	conn, err := net.DialTimeout("tcp", strings.TrimPrefix(base, "http://"), patience)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(patience))
	head := "GET / HTTP/1.0\r\n"
	if host != "" {
		head = "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n"
	}
	if _, err := fmt.Fprintf(conn, "%sAuthorization: Bearer %s\r\n\r\n", head, token); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	_, _ = io.Copy(io.Discard, res.Body)
	return res.StatusCode
}

// easyBackend serves whatever arrives: Go's server takes no host like these.
type easyBackend struct {
	address string
	served  atomic.Int64
}

func newEasyBackend(t testing.TB) *easyBackend {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	b := &easyBackend{address: listener.Addr().String()}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			b.serve(conn)
		}
	}()
	return b
}

func (b *easyBackend) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(patience))
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		if lines.Text() == "" {
			b.served.Add(1)
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nserved")
			return
		}
	}
}
