package wechatapi_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"wxlogin/domain"
)

// endings are the ways in which a connection dies once the request was read.
var endings = map[string]func(*net.TCPConn){
	"reset":  func(c *net.TCPConn) { _ = c.SetLinger(0) },
	"closed": func(*net.TCPConn) {},
	"reset in the answer": func(c *net.TCPConn) {
		write(c, "HTTP/1.1 200 OK\r\nContent-Le")
		_ = c.SetLinger(0)
	},
	"closed in the body": func(c *net.TCPConn) { write(c, answer+"100\r\n\r\n"+good) },
}

// breaking answers the first request of its first connection, and lets that
// connection die by ending on the second one. Later connections are fine.
// It counts the requests that it has read whole.
func breaking(ending func(*net.TCPConn), requests *atomic.Int64) script {
	return func(conn *net.TCPConn, number int) {
		for in, served := bufio.NewReader(conn), 0; ; served++ {
			if _, err := http.ReadRequest(in); err != nil {
				return
			}
			requests.Add(1)
			if number == 0 && served == 1 {
				ending(conn)
				return
			}
			write(conn, answer+"62\r\n\r\n"+good+strings.Repeat(" ", 62-len(good)))
		}
	}
}

func TestNoRequestIsRepeatedOnceItWasSent(t *testing.T) {
	for name, ending := range endings {
		t.Run(name, func(t *testing.T) {
			var requests atomic.Int64
			x := connect(t, breaking(ending, &requests).listen(t))
			if _, err := exchange(t, x, oneApp, "first"); err != nil {
				t.Fatalf("first: got %v, want no error", err)
			}
			got, err := exchange(t, x, oneApp, loginCode)
			mustFail(t, got, err, domain.ErrPlatformUnavailable)
			if n := requests.Load(); n != 2 {
				t.Errorf("got %d requests at the server, want 2: one a code", n)
			}
			if _, err := exchange(t, x, oneApp, "third"); err != nil {
				t.Errorf("third: got %v, want no error on a new connection", err)
			}
		})
	}
}

// An ordinary client shows that the test above tests something: it asks again by
// itself, and would use a login code twice.
func TestOrdinaryClientRepeatsARequestOnABrokenConnection(t *testing.T) {
	for _, name := range []string{"reset", "closed"} {
		t.Run(name, func(t *testing.T) {
			var requests atomic.Int64
			base := breaking(endings[name], &requests).listen(t)
			ordinary := &http.Client{Transport: &http.Transport{}}
			defer ordinary.CloseIdleConnections()
			for range 2 {
				res, err := ordinary.Get(base)
				if err != nil {
					t.Fatalf("Get: got %v, want no error", err)
				}
				_, _ = io.Copy(io.Discard, res.Body)
				_ = res.Body.Close()
			}
			if n := requests.Load(); n != 3 {
				t.Errorf("got %d requests at the server, want 3: the second one twice", n)
			}
		})
	}
}

func TestConnectionsAreKept(t *testing.T) {
	var connections atomic.Int64
	p := httptest.NewUnstartedServer(saying(good))
	p.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	p.Start()
	t.Cleanup(p.Close)
	x := connect(t, p.URL)
	for range 10 {
		if _, err := exchange(t, x, oneApp, loginCode); err != nil {
			t.Fatalf("got %v, want no error", err)
		}
	}
	if n := connections.Load(); n != 1 {
		t.Errorf("got %d connections, want 1", n)
	}
}

// What keeps a request from being repeated is not seen on the wire.
func TestRequestIsAnOrdinaryGET(t *testing.T) {
	head := make(chan string, 1)
	base := script(func(conn *net.TCPConn, _ int) {
		in, text := bufio.NewReader(conn), ""
		for !strings.HasSuffix(text, "\r\n\r\n") {
			line, err := in.ReadString('\n')
			if text += line; err != nil {
				break
			}
		}
		write(conn, answer+strconv.Itoa(len(good))+"\r\n\r\n"+good)
		more, _ := io.ReadAll(in) // until the connection is given up
		head <- text + string(more)
	}).listen(t)
	x := connect(t, base)
	if _, err := exchange(t, x, oneApp, loginCode); err != nil {
		t.Fatalf("got %v, want no error", err)
	}
	if err := x.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(`^GET /sns/jscode2session\?\S+ HTTP/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\nUser-Agent: \S+\r\n\r\n$`)
	if got := <-head; !want.MatchString(got) {
		t.Errorf("got %q, want nothing but the request line, Host and User-Agent", got)
	}
}
