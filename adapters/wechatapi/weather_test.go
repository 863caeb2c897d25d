package wechatapi_test

import (
	"bufio"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wxlogin/domain"
)

// script is a server below HTTP: it is given each connection, and how many came
// before it.
type script func(conn *net.TCPConn, number int)

// listen runs s on loopback and returns the address. All of it has ended when t
// has.
func (s script) listen(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("Listen: got %v, want no error", err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for number := 0; ; number++ {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
			all.Go(func() {
				defer func() { _ = conn.Close() }()
				s(conn.(*net.TCPConn), number)
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		all.Wait()
	})
	return "http://" + listener.Addr().String()
}

// answer is a good one, on a connection that is kept.
const answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "

func write(conn net.Conn, text string) { _, _ = io.WriteString(conn, text) }

func TestAnswerThatIsNoHTTPIsNotQuoted(t *testing.T) {
	for name, text := range map[string]string{
		"a bare body":        good + "\r\n\r\n",
		"a status of text":   "HTTP/1.1 " + sessionKey + "\r\n\r\n",
		"a header of text":   "HTTP/1.1 200 OK\r\n" + sessionKey + "\r\n\r\n",
		"a length of text":   answer + sessionKey + "\r\n\r\n",
		"an unknown coding":  "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + sessionKey + "\r\n\r\n",
		"a broken chunk":     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + sessionKey + "\r\n",
		"headers for ever":   "HTTP/1.1 200 OK\r\n" + strings.Repeat("X-"+sessionKey+": "+sessionKey+"\r\n", 3000),
		"early hints enough": strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 20),
		"a switch":           "HTTP/1.1 101 Switching Protocols\r\nUpgrade: " + sessionKey + "\r\nConnection: Upgrade\r\n\r\n",
		"nothing":            "",
	} {
		t.Run(name, func(t *testing.T) {
			base := script(func(conn *net.TCPConn, _ int) {
				_, _ = http.ReadRequest(bufio.NewReader(conn))
				write(conn, text)
			}).listen(t)
			got, err := exchange(t, connect(t, base), oneApp, loginCode)
			mustFail(t, got, err, domain.ErrPlatformUnavailable)
		})
	}
}

// An exchange must end soon after its deadline, whatever the platform does.
const patience = 200 * time.Millisecond

func TestExchangeEndsAtItsDeadline(t *testing.T) {
	drip := func(conn net.Conn, text string) {
		for i := range text {
			if _, err := io.WriteString(conn, text[i:i+1]); err != nil {
				return
			}
			time.Sleep(patience / 4)
		}
	}
	for name, weather := range map[string]script{
		"nothing is read":          func(conn *net.TCPConn, _ int) { time.Sleep(2 * patience) },
		"the request is read":      func(conn *net.TCPConn, _ int) { _, _ = io.Copy(io.Discard, conn) },
		"the headers come by drop": func(conn *net.TCPConn, _ int) { drip(conn, answer+"62\r\n\r\n") },
		"the body comes by drop": func(conn *net.TCPConn, _ int) {
			write(conn, answer+"1000\r\n\r\n")
			drip(conn, strings.Repeat(" ", 1000))
		},
		"the body does not come": func(conn *net.TCPConn, _ int) {
			write(conn, answer+"62\r\n\r\n")
			_, _ = io.Copy(io.Discard, conn)
		},
	} {
		t.Run(name, func(t *testing.T) {
			x := connect(t, weather.listen(t), deadline(patience))
			begin := time.Now()
			got, err := exchange(t, x, oneApp, loginCode)
			mustFail(t, got, err, domain.ErrPlatformUnavailable)
			if took := time.Since(begin); took > 8*patience {
				t.Errorf("took %v, want about %v", took, patience)
			}
		})
	}
}

func TestEndlessBodyEnds(t *testing.T) {
	ended := make(chan int, 1)
	p := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		written := 0
		for {
			n, err := io.WriteString(w, strings.Repeat(" ", 4<<10))
			if written += n; err != nil {
				ended <- written
				return
			}
		}
	})
	got, err := exchange(t, connect(t, p.URL), oneApp, loginCode)
	mustFail(t, got, err, domain.ErrPlatformUnavailable)
	if written := <-ended; written > 32<<20 {
		t.Errorf("the server could write %d bytes, want it cut short", written)
	}
}

func TestRefusedConnectionIsAnOutageAtOnce(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("Listen: got %v, want no error", err)
	}
	base := "http://" + listener.Addr().String()
	_ = listener.Close()
	begin := time.Now()
	got, err := exchange(t, connect(t, base), oneApp, loginCode)
	mustFail(t, got, err, domain.ErrPlatformUnavailable)
	if took := time.Since(begin); took > 1100*time.Millisecond {
		t.Errorf("took %v, want less than 1.1s", took)
	}
	if err == nil || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("got %q, want the cause in it, for the log", err)
	}
}

func TestUnknownHostIsAnOutage(t *testing.T) {
	got, err := exchange(t, connect(t, "http://wechat.invalid", deadline(2*time.Second)), oneApp, loginCode)
	mustFail(t, got, err, domain.ErrPlatformUnavailable)
}

func TestCertificateThatNobodyVouchesForIsRefused(t *testing.T) {
	var asked atomic.Int64
	p := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		saying(good)(w, r)
	}))
	p.Config.ErrorLog = log.New(io.Discard, "", 0)
	p.StartTLS()
	t.Cleanup(p.Close)
	got, err := exchange(t, connect(t, p.URL), oneApp, loginCode)
	mustFail(t, got, err, domain.ErrPlatformUnavailable)
	if err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("got %q, want the cause in it, for the log", err)
	}
	if asked.Load() != 0 {
		t.Error("got a request over it, want none")
	}
}

func TestPlainHTTPWhereTLSIsMeantIsAnOutage(t *testing.T) {
	p := serve(t, saying(good))
	got, err := exchange(t, connect(t, strings.Replace(p.URL, "http:", "https:", 1)), oneApp, loginCode)
	mustFail(t, got, err, domain.ErrPlatformUnavailable)
	if p.calls() != 0 {
		t.Errorf("got %d requests, want none: no insecure fallback", p.calls())
	}
}

func TestAddressThatIsNoneIsAnOutage(t *testing.T) {
	got, err := exchange(t, connect(t, "http://[::1"), oneApp, loginCode)
	mustFail(t, got, err, domain.ErrPlatformUnavailable)
	if errors.Is(err, io.EOF) {
		t.Errorf("got %v, want no network in it", err)
	}
}
