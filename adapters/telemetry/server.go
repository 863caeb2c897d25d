package telemetry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"wxlogin/config"
	"wxlogin/ports"
)

const (
	// scrapes may run at once; further ones are told to come back.
	scrapes = 4
	// stopBound is how long a stop waits for scrapes under way.
	stopBound = 2 * time.Second
)

// Server is the operators' listener. It shows numbers and changes nothing.
type Server struct {
	cfg      config.Admin
	http     *http.Server
	listener net.Listener
	served   chan error
}

// NewServer makes the server of what is in registry, and of what the probes say
// when it is asked. It listens from Start on.
func NewServer(cfg config.Admin, log *slog.Logger, registry *prometheus.Registry,
	revocations ports.RevocationProbe, platform ports.PlatformProbe,
) (*Server, error) {
	if err := registry.Register(probes{revocations, platform}); err != nil {
		return nil, err
	}
	errorLog := slog.NewLogLogger(log.Handler(), slog.LevelDebug)
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{
		ErrorLog:            errorLog,
		ErrorHandling:       promhttp.ContinueOnError,
		MaxRequestsInFlight: scrapes,
	}))
	return &Server{cfg: cfg, http: &http.Server{
		Handler:           mux,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       5 * time.Second,
		WriteTimeout:      10 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    8 << 10,
		ErrorLog:          errorLog,
	}}, nil
}

// Start opens the listener and serves in the background.
func (s *Server) Start(ctx context.Context) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.cfg.Listen)
	if err != nil {
		return fmt.Errorf("telemetry: ADMIN_LISTEN: %w", err)
	}
	s.listener = listener
	s.served = make(chan error, 1)
	go func() {
		defer close(s.served)
		s.served <- s.http.Serve(listener)
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

// Stop lets scrapes under way finish for a moment and ends. Stopping twice is no
// error.
func (s *Server) Stop(ctx context.Context) error {
	if s.listener == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, stopBound)
	defer cancel()
	if s.http.Shutdown(ctx) != nil {
		_ = s.http.Close() // who is that slow reads numbers, and can read them again
	}
	if err, first := <-s.served; first && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("telemetry: %w", err)
	}
	return nil
}
