package httpapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"wxlogin/ports"
)

// handlerDeadline ends the work for one request. It is longer than an exchange
// with WeChat and two writes may take, and shorter than the write timeout.
const handlerDeadline = 12 * time.Second

// edge is what surrounds every route: ids, limits, logs, panics.
type edge struct {
	log      *slog.Logger
	ids      ports.Entropy
	logins   *limiter
	draining atomic.Bool
}

// requestInfo is what the edge has found out of a request.
type requestInfo struct{ id, client string }

type requestKey struct{}

// about returns what is known of the request that ctx belongs to.
func about(ctx context.Context) requestInfo {
	info, _ := ctx.Value(requestKey{}).(requestInfo)
	return info
}

func requestID(ctx context.Context) string { return about(ctx).id }

var saneRequestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// surround gives a request its id, its deadline and the headers that every
// answer has, and writes its line in the log.
func (e *edge) surround(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		r := c.Request()
		id := r.Header.Get("X-Request-Id")
		if !saneRequestID.MatchString(id) {
			id = e.ids.NewID()
		}
		client := c.RealIP()
		ctx, cancel := context.WithTimeout(context.WithValue(r.Context(), requestKey{}, requestInfo{id, client}), handlerDeadline)
		defer cancel()
		c.SetRequest(r.WithContext(ctx))
		setHeaders(c.Response().Header(), id)
		if err := next(c); err != nil {
			c.Error(err)
		}
		// The route, never the path or the query: they may hold anything.
		e.log.LogAttrs(ctx, slog.LevelInfo, "request", slog.String("method", known(r.Method)),
			slog.String("route", c.Path()), slog.Int("status", c.Response().Status),
			slog.Float64("duration_ms", float64(time.Since(start).Microseconds())/1000),
			slog.String("client", client), slog.String("request_id", id))
		return nil
	}
}

func setHeaders(h http.Header, id string) {
	h.Set("X-Request-Id", id)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
}

// known keeps made-up methods out of the log.
func known(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

// rescue turns a panic into an internal error. The value is not shown: it might
// hold what the handler worked on.
func (e *edge) rescue(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			value := recover()
			switch value {
			case nil:
				return
			case http.ErrAbortHandler:
				panic(value)
			}
			e.log.ErrorContext(c.Request().Context(), "panic in a handler", "type", fmt.Sprintf("%T", value),
				"stack", string(debug.Stack()), "request_id", requestID(c.Request().Context()))
			err = errInternal
		}()
		return next(c)
	}
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
		"cause", err.Error(), "request_id", requestID(ctx))
}

// noteWarning logs what did not keep a login from succeeding.
func (e *edge) noteWarning(ctx context.Context, warning error) {
	e.log.InfoContext(ctx, "login has a warning", "cause", warning.Error(), "request_id", requestID(ctx))
}
