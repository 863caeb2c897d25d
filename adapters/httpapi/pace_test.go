package httpapi_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"wxlogin/adapters/httpapi"
	"wxlogin/domain"
	"wxlogin/ports"
)

// pipes is a listener whose connections know no network, so that their time can
// stand still.
type pipes struct {
	calls chan net.Conn
	done  context.Context
}

func (l pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-l.calls:
		return conn, nil
	case <-l.done.Done():
		return nil, net.ErrClosed
	}
}

func (l pipes) Close() error   { return nil }
func (l pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// slow is a picture that a client sends in pieces.
type slow struct {
	bytes, piece int
	every        time.Duration
}

// send sends the picture through conn, until done.
func (p slow) send(done context.Context, conn net.Conn) {
	_, err := fmt.Fprintf(conn, "PUT %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: image/png\r\nContent-Length: %d\r\n\r\n",
		upload, goodToken, p.bytes)
	for sent := 0; sent < p.bytes && err == nil; sent += p.piece {
		select {
		case <-time.After(p.every):
		case <-done.Done():
			return
		}
		_, err = conn.Write(bytes.Repeat([]byte("p"), min(p.piece, p.bytes-sent)))
	}
}

// upload sends the picture to s, as its only client. It returns the status of the
// answer and when it came.
func (p slow) upload(t *testing.T, s *httpapi.Server) (status int, took time.Duration) {
	t.Helper()
	done, hangUp := context.WithCancel(t.Context())
	l := pipes{make(chan net.Conn), done}
	go func() { _ = s.HTTP().Serve(l) }()
	conn, accepted := net.Pipe()
	l.calls <- accepted
	defer func() {
		hangUp()
		_ = conn.Close()
		_ = s.HTTP().Close()
		time.Sleep(time.Second) // net/http lets a refused connection linger for half of it
	}()
	began := time.Now()
	go p.send(done, conn)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("after %v: %v", time.Since(began), err)
	}
	defer func() { _ = res.Body.Close() }()
	took = time.Since(began)
	_, _ = io.Copy(io.Discard, res.Body)
	return res.StatusCode, took
}

func TestASlowUploadIsTakenAndATrickleIsNot(t *testing.T) {
	const kib = 1 << 10
	for name, tt := range map[string]struct {
		picture slow
		status  int
		most    time.Duration
	}{
		"a phone on a bad line":   {slow{200 * kib, 4 * kib, 250 * time.Millisecond}, 200, 13 * time.Second},
		"one whose line stalls":   {slow{200 * kib, 64 * kib, 4 * time.Second}, 200, 17 * time.Second},
		"nothing after the head":  {slow{200 * kib, 200 * kib, time.Hour}, 400, httpapi.UploadSlack},
		"a byte a second":         {slow{200 * kib, 1, time.Second}, 400, httpapi.UploadSlack + time.Second},
		"4 KiB a second":          {slow{2048 * kib, 4 * kib, time.Second}, 400, 10 * time.Second},
		"much, and then too long": {slow{2048 * kib, 32 * kib, time.Second}, 400, httpapi.ReadUpload},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				did := &owner{}
				s := build(world{owner: did})
				status, took := tt.picture.upload(t, s)
				if taken := len(did.picture) == tt.picture.bytes; status != tt.status || taken != (status == 200) || took > tt.most {
					t.Errorf("got %d and %d bytes after %v, want %d within %v", status, len(did.picture), took, tt.status, tt.most)
				}
				wantNobody(t, s)
			})
		})
	}
}

// slowMaker makes pictures, unless it is told to stop.
type slowMaker struct {
	ports.AvatarUseCase
	takes time.Duration
}

func (m slowMaker) SetAvatar(ctx context.Context, _ domain.Caller, _ []byte) (ports.Account, error) {
	select {
	case <-time.After(m.takes):
		return aliceAccount(), nil
	case <-ctx.Done():
		return ports.Account{}, fmt.Errorf("avatar: %w", ctx.Err())
	}
}

// The pace is that of the body alone: what follows has its own time.
func TestAPictureMayTakeLongerThanItsUpload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := build(world{avatar: slowMaker{takes: 3 * httpapi.UploadSlack}})
		if status, took := (slow{1000, 1000, time.Second}).upload(t, s); status != http.StatusOK {
			t.Errorf("got %d after %v, want 200", status, took)
		}
	})
}
