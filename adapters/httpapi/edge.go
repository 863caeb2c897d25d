package httpapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

// handlerDeadline ends the work for one request. It is longer than an exchange
// with WeChat and two writes may take, and shorter than the write timeout.
const handlerDeadline = 12 * time.Second

// edge is what surrounds every route: ids, limits, logs, panics.
type edge struct {
	log      *slog.Logger
	ids      ports.Entropy
	cloudRun config.CloudRun
	draining atomic.Bool

	logins, refreshes, costly, strangers *limiter
	people                               *limiterOf[domain.IdentityKey] // who log in without a code

	uploads *seats
}

type requestKey struct{}

// RequestID returns the id of the request that ctx belongs to; "" of none.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// maxRequestID is the longest id that is taken over from a caller.
const maxRequestID = 64

// sane reports whether an id that a caller made up may stand in logs and headers.
func sane(id string) bool {
	for i := range len(id) {
		switch c := id[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '.', c == '_', c == '-':
		default:
			return false
		}
	}
	return id != "" && len(id) <= maxRequestID
}

// surround gives a request its id, its deadline and the headers that every
// answer has, takes from it what it may not say, and writes its line in the log.
func (e *edge) surround(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		r := c.Request()
		id := r.Header.Get("X-Request-Id")
		if !sane(id) {
			id = e.ids.NewID()
		}
		ctx := context.WithValue(r.Context(), requestKey{}, id)
		if d := deadlineOf(c); d > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, d)
			defer cancel()
		}
		c.SetRequest(r.WithContext(ctx))
		setHeaders(c.Response().Header(), id)
		err := e.arrive(c)
		if err == nil {
			err = e.rescue(c, next)
		}
		if err != nil {
			c.Error(err)
		}
		e.noteRequest(ctx, c, start)
		return nil
	}
}

// deadlineOf is the time that the work for a request has. A verdict waits for
// nothing, and has none.
func deadlineOf(c echo.Context) time.Duration {
	switch {
	case forVerdict(c):
		return 0
	case c.Path() == uploadPath:
		return uploadDeadline
	}
	return handlerDeadline
}

// noteRequest writes a request's line in the log: its route, never its path or
// query, which may hold anything. A proxy asks for a verdict on every request of
// every backend, and has a log of its own: that it may pass is told to those who
// debug.
func (e *edge) noteRequest(ctx context.Context, c echo.Context, start time.Time) {
	level, status := slog.LevelInfo, c.Response().Status
	if status == http.StatusOK && forVerdict(c) {
		level = slog.LevelDebug
	}
	if !e.log.Enabled(ctx, level) {
		return
	}
	e.log.LogAttrs(ctx, level, "request", slog.String("method", known(c.Request().Method)),
		slog.String("route", c.Path()), slog.Int("status", status),
		slog.Float64("duration_ms", float64(time.Since(start).Microseconds())/1000),
		slog.String("client", c.RealIP()), slog.String("request_id", RequestID(ctx)))
}

// protection are the headers that every answer has. The values are shared: an
// answer that needs another one replaces it, and never changes it.
var protection = []struct {
	name  string
	value []string
}{
	{"X-Content-Type-Options", []string{"nosniff"}},
	{"Referrer-Policy", []string{"no-referrer"}},
	{"Cache-Control", []string{"no-store"}},
	{"Content-Security-Policy", []string{"default-src 'none'; frame-ancestors 'none'"}},
}

func setHeaders(h http.Header, id string) {
	h["X-Request-Id"] = []string{id}
	for _, p := range protection {
		h[p.name] = p.value
	}
}

// known keeps made-up methods out of the log.
func known(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

// rescue calls next and turns its panic into an internal error. The value is not
// shown: it might hold what the handler worked on.
func (e *edge) rescue(c echo.Context, next echo.HandlerFunc) (err error) {
	defer func() {
		value := recover()
		switch value {
		case nil:
			return
		case http.ErrAbortHandler:
			panic(value)
		}
		e.log.ErrorContext(c.Request().Context(), "panic in a handler", "type", fmt.Sprintf("%T", value),
			"stack", string(debug.Stack()), "request_id", RequestID(c.Request().Context()))
		err = errInternal
	}()
	return next(c)
}

// noteFailure logs why a request failed; its cause goes nowhere else.
func (e *edge) noteFailure(c echo.Context, err error) {
	ctx := c.Request().Context()
	status, code := classify(err)
	level := slog.LevelInfo
	switch {
	case errors.Is(ctx.Err(), context.Canceled): // the client went away
	case errors.Is(err, errShuttingDown): // as told
	case status >= http.StatusInternalServerError:
		level = slog.LevelError
	}
	e.log.Log(ctx, level, "request failed", "route", c.Path(), "status", status, "code", code,
		"cause", err.Error(), "request_id", RequestID(ctx))
}

// noteWarning logs what did not keep a login from succeeding.
func (e *edge) noteWarning(ctx context.Context, warning error) {
	e.log.InfoContext(ctx, "login has a warning", "cause", warning.Error(), "request_id", RequestID(ctx))
}
