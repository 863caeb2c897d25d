package wechatsim_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"wxlogin/adapters/wechatsim"
)

func (w *world) fault(f wechatsim.Fault) {
	w.t.Helper()
	if err := w.SetFault(f); err != nil {
		w.t.Fatalf("SetFault: %v", err)
	}
}

// dial sends one login over a bare connection, and hands over that connection.
func (w *world) dial(code string) *net.TCPConn {
	w.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.server.APIURL, "http://"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = conn.Close() })
	query := login(shop, shopSecret, code).Encode()
	if _, err := fmt.Fprintf(conn, "GET %s?%s HTTP/1.1\r\nHost: x\r\n\r\n", loginPath, query); err != nil {
		w.t.Fatal(err)
	}
	return conn.(*net.TCPConn)
}

// await returns once so many calls have arrived; they may still hang.
func (w *world) await(calls int) {
	for len(w.Calls()) < calls {
		time.Sleep(time.Millisecond)
	}
}

// wantUsed fails unless the code is used up already, or still works, as said.
func (w *world) wantUsed(code string, used bool) {
	w.t.Helper()
	want := 0
	if used {
		want = 40163
	}
	wantCode(w.t, w.login(shop, shopSecret, code), want)
}

func TestGzipBombIsSmallOnTheWire(t *testing.T) {
	w := start(t)
	w.fault(wechatsim.Fault{Kind: "gzip_bomb"})
	resp, err := http.ReadResponse(bufio.NewReader(w.dial(w.code("", ""))), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.Header.Get("Content-Encoding") != "gzip" || resp.ContentLength > 64<<10 || resp.ContentLength <= 0 {
		t.Errorf("%d bytes, encoded %q", resp.ContentLength, resp.Header.Get("Content-Encoding"))
	}
}

func TestResetsAreSeenAsResets(t *testing.T) {
	for _, tt := range []struct {
		fault wechatsim.Fault
		used  bool
	}{
		{wechatsim.Fault{Kind: "reset"}, false},
		{wechatsim.Fault{Kind: "reset", Late: true}, true},
		{wechatsim.Fault{Kind: "consume"}, true},
	} {
		t.Run(fmt.Sprintf("%s late %t", tt.fault.Kind, tt.fault.Late), func(t *testing.T) {
			w := start(t)
			code := w.code("", "")
			tt.fault.Times = 1
			w.fault(tt.fault)
			got, err := io.ReadAll(w.dial(code))
			if !errors.Is(err, syscall.ECONNRESET) || len(got) > 0 {
				t.Errorf("got %q and %v, want a reset without a byte", got, err)
			}
			w.wantUsed(code, tt.used)
		})
	}
}

func TestHungCallIsListedAndSilentUntilTheSimulatorCloses(t *testing.T) {
	w := start(t)
	code := w.code("", "")
	w.fault(wechatsim.Fault{Kind: "hang", Times: 1})
	conn := w.dial(code)
	_ = conn.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	var timeout net.Error
	if n, err := conn.Read(make([]byte, 1)); n > 0 || !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Fatalf("read %d bytes and %v from a call that hangs", n, err)
	}
	if calls := w.Calls(); len(calls) != 1 || calls[0].Fault != "hang" {
		t.Fatalf("listed: %+v", calls)
	}
	w.wantUsed(code, false)
	w.Close()
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("after Close: %v, want a reset", err)
	}
}

func TestHungCallEndsWithItsClientAndWithTheServer(t *testing.T) {
	w := start(t)
	w.fault(wechatsim.Fault{Kind: "hang"})
	w.client.Timeout = 50 * time.Millisecond
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if _, err := w.send(method, w.server.APIURL+loginPath, "{}"); err == nil {
			t.Error("a call that hangs was answered")
		}
	}
	w.dial("x") // still waits when the server stops, which must not wait for it
	w.await(3)
}

func TestSlowAnswerComesByteByByteAndWhole(t *testing.T) {
	w := start(t)
	code := w.code("", "")
	const over = 300 * time.Millisecond
	w.fault(wechatsim.Fault{Kind: "slow", Duration: over, Times: 1})
	began, reads := time.Now(), 0
	conn := w.dial(code)
	resp, err := http.ReadResponse(bufio.NewReaderSize(conn, 16), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var body []byte
	for err == nil {
		part := make([]byte, 512)
		var n int
		n, err = resp.Body.Read(part)
		body = append(body, part[:n]...)
		reads++
	}
	if took := time.Since(began); took < over/2 || reads < 10 {
		t.Errorf("came in %d pieces after %v", reads, took)
	}
	openID, _, _ := w.Identity("", "")
	if got := w.object(string(body)); got["openid"] != openID {
		t.Errorf("got %v", got)
	}
	w.wantUsed(code, true)
}

func TestSlowAnswerIsCutOffWithTheServer(t *testing.T) {
	w := start(t)
	w.fault(wechatsim.Fault{Kind: "slow", Duration: time.Hour})
	w.dial(w.code("", ""))
	w.await(1) // the cleanup stops the server, or reports that it cannot
}

func TestDelayedAnswerIsGood(t *testing.T) {
	w := start(t)
	const wait = 50 * time.Millisecond
	w.fault(wechatsim.Fault{Kind: "delay", Duration: wait, Times: 1})
	began := time.Now()
	wantCode(t, w.login(shop, shopSecret, w.code("", "")), 0)
	if took := time.Since(began); took < wait {
		t.Errorf("answered after %v, want %v", took, wait)
	}
}

func TestLatencyIsAddedToEveryAnswer(t *testing.T) {
	const latency = 30 * time.Millisecond
	w := start(t, func(c *wechatsim.Config) { c.Latency = latency })
	began := time.Now()
	w.accessToken(shop, shopSecret)
	if took := time.Since(began); took < latency {
		t.Errorf("answered after %v, want %v", took, latency)
	}
}

func TestLatencyEndsWithTheSimulator(t *testing.T) {
	w := start(t, func(c *wechatsim.Config) { c.Latency = time.Hour })
	conn := w.dial("x")
	w.await(1)
	w.Close()
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("got %v, want a reset", err)
	}
}

func TestDelayEndsWithTheServer(t *testing.T) {
	w := start(t)
	w.fault(wechatsim.Fault{Kind: "delay", Duration: time.Hour})
	w.dial("x")
	w.await(1) // the cleanup stops the server, or reports that it cannot
}
