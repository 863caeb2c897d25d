package httpapi_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"

	"wxlogin/adapters/httpapi"
	"wxlogin/adapters/system"
	"wxlogin/config"
	"wxlogin/domain"
)

// bareVerdict is what an answer to a proxy costs at the least: Echo, a look at one
// header, three headers.
func bareVerdict() http.Handler {
	e := echo.New()
	e.GET("/v1/verify", func(c echo.Context) error {
		if c.Request().Header.Get("Authorization") != "Bearer "+goodToken {
			return c.NoContent(http.StatusUnauthorized)
		}
		h := c.Response().Header()
		h.Set("X-User-Id", string(alice.UserID))
		h.Set("X-Session-Id", string(alice.SessionID))
		h.Set("X-App-Id", string(alice.AppID))
		return c.NoContent(http.StatusOK)
	})
	return e
}

// ourVerdict is the service as it runs, save that it knows the one token by heart:
// what checking tokens costs is measured elsewhere.
func ourVerdict() http.Handler {
	p := parts(world{caller: func(_ context.Context, token domain.Secret) (domain.Caller, error) {
		if token.Reveal() != goodToken {
			return domain.Caller{}, domain.ErrTokenInvalid
		}
		return alice, nil
	}})
	p.Entropy = system.NewEntropy()
	return httpapi.NewServer(config.HTTP{RateLimits: true}, config.Tokens{}, slog.New(slog.DiscardHandler), p, nil).Handler()
}

var verdicts = []struct {
	name    string
	handler func() http.Handler
}{{"wxlogin", ourVerdict}, {"bare", bareVerdict}}

// taker takes an answer and does nothing with it.
type taker struct {
	header http.Header
	status int
}

func (t *taker) Header() http.Header         { return t.header }
func (t *taker) Write(b []byte) (int, error) { return len(b), nil }
func (t *taker) WriteHeader(status int)      { t.status = status }

// BenchmarkVerdict is the work between net/http and the check of a token.
func BenchmarkVerdict(b *testing.B) {
	for _, v := range verdicts {
		b.Run(v.name, func(b *testing.B) {
			handler, r := v.handler(), get("/v1/verify", "Authorization", "Bearer "+goodToken)
			b.ReportAllocs()
			for b.Loop() {
				answer := taker{header: http.Header{}}
				handler.ServeHTTP(&answer, r)
				if answer.status != http.StatusOK || answer.header.Get("X-User-Id") != string(alice.UserID) {
					b.Fatalf("got %d %v", answer.status, answer.header)
				}
			}
		})
	}
}

// BenchmarkVerdictOverTheWire is the same with a server around it, asked by one
// connection, which writes requests as they are and looks at the answer's status
// alone: most of what it measures is the server's.
func BenchmarkVerdictOverTheWire(b *testing.B) {
	for _, v := range verdicts {
		b.Run(v.name, func(b *testing.B) { overTheWire(b, v.handler()) })
	}
}

func overTheWire(b *testing.B, handler http.Handler) {
	b.Helper()
	server := httptest.NewServer(handler)
	b.Cleanup(server.Close)
	conn, err := (&net.Dialer{}).DialContext(b.Context(), "tcp", server.Listener.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close() })
	request := []byte("GET /v1/verify HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + goodToken + "\r\n\r\n")
	answer := make([]byte, 4096)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := conn.Write(request); err != nil {
			b.Fatal(err)
		}
		if n, err := conn.Read(answer); err != nil || n < len("HTTP/1.1 200") || string(answer[9:12]) != "200" {
			b.Fatalf("got %q, %v", answer[:n], err)
		}
	}
}
