// Package httpapi is the service's public face: routes, strict JSON, problem
// documents, limits, and the server that carries them. It decides every HTTP
// status, and nothing else: what happens is the use cases' business. Echo's types
// stay inside.
package httpapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/net/netutil"

	"wxlogin/config"
	"wxlogin/domain"
)

// maxConnections bounds open connections; further ones wait to be accepted.
const maxConnections = 16_384

// Server is the public listener.
type Server struct {
	cfg      config.HTTP
	edge     *edge
	log      *slog.Logger
	http     *http.Server
	listener net.Listener
	served   chan error
}

// NewServer makes the server with all routes; mounts are those of other inbound
// adapters. It listens from Start on.
func NewServer(cfg config.HTTP, tokens config.Tokens, log *slog.Logger, parts Parts, mounts []Mount) *Server {
	around := &edge{
		log: log, ids: parts.Entropy, cloudRun: cfg.CloudRun,
		logins: newLimiter(cfg, loginWindows), refreshes: newLimiter(cfg, refreshWindows), strangers: newLimiter(cfg, strangerWindows),
		costly: newLimiter(cfg, costlyWindows), people: newLimiterOf[domain.IdentityKey](personWindows), uploads: newSeats(),
	}
	e := echo.New()
	e.HTTPErrorHandler = around.writeProblem
	e.IPExtractor = clientAddress(cfg.TrustedProxies)
	e.Use(around.surround)
	api := &API{Parts: parts, edge: around, server: newServerMetadata(tokens)}
	api.routes(e, mounts)
	return &Server{cfg: cfg, edge: around, log: log, http: &http.Server{
		Handler:           e,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      15 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		// "OPTIONS *" is answered like any other unknown path.
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}}
}

// Start opens the listener and serves in the background.
func (s *Server) Start(ctx context.Context) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.cfg.Listen)
	if err != nil {
		return fmt.Errorf("httpapi: LISTEN: %w", err)
	}
	s.listener = listener
	s.served = make(chan error, 1)
	go func() {
		defer close(s.served)
		s.served <- s.http.Serve(netutil.LimitListener(listener, maxConnections))
	}()
	return nil
}

// Addr returns the address that the server listens on, its port included. It is
// empty before Start.
func (s *Server) Addr() string {
	if s.listener == nil {
		return ""
	}
	return s.listener.Addr().String()
}

// Handler returns the routes without a listener.
func (s *Server) Handler() http.Handler { return s.http.Handler }

// Stop says "not ready" for the drain delay, then lets requests under way finish
// and ends. What is not done by then is cut off. Stopping twice is no error.
func (s *Server) Stop(ctx context.Context) error {
	if s.listener == nil {
		return nil
	}
	s.edge.draining.Store(true)
	select {
	case <-time.After(s.cfg.DrainDelay):
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Stop)
	defer cancel()
	if err := s.http.Shutdown(ctx); err != nil {
		s.log.WarnContext(ctx, "requests were cut off", "cause", err)
		_ = s.http.Close()
	}
	if err, first := <-s.served; first && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("httpapi: %w", err)
	}
	return nil
}

func ipNet(prefix netip.Prefix) *net.IPNet {
	addr := prefix.Addr()
	return &net.IPNet{IP: addr.AsSlice(), Mask: net.CIDRMask(prefix.Bits(), addr.BitLen())}
}
