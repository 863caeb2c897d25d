package wechatsim

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Server is a simulator that listens.
type Server struct {
	APIURL    string // scheme, host and port, no trailing slash
	ManageURL string

	servers []*http.Server
	release context.CancelFunc // of calls that wait
	served  chan error         // one for each server
}

// Start serves the platform and the management API on two addresses (host:port,
// port 0 for a free one) until Stop. It fails if either cannot be had, or is not
// a loopback address and Config.AllowRemote is not set. One simulator may be
// started again after Stop, which is how WeChat comes back from an outage.
func (s *Simulator) Start(apiAddr, manageAddr string) (*Server, error) {
	api, err := s.listen(apiAddr)
	if err != nil {
		return nil, err
	}
	manage, err := s.listen(manageAddr)
	if err != nil {
		return nil, errors.Join(err, api.Close())
	}
	ctx, release := context.WithCancel(context.Background())
	srv := &Server{release: release, served: make(chan error, 2)}
	srv.APIURL = srv.serve(ctx, api, s.API())
	srv.ManageURL = srv.serve(ctx, manage, s.Management())
	return srv, nil
}

// Stop ends the server: calls under way are answered, those made to wait are
// cut off. It fails where that is not done when ctx ends, or where a listener
// broke before.
func (srv *Server) Stop(ctx context.Context) error {
	srv.release()
	var errs []error
	for _, server := range srv.servers {
		if err := server.Shutdown(ctx); err != nil {
			errs = append(errs, err, server.Close())
		}
	}
	for range srv.servers {
		if err := <-srv.served; !errors.Is(err, http.ErrServerClosed) {
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("wechatsim: stop: %w", err)
	}
	return nil
}

func (s *Simulator) listen(addr string) (net.Listener, error) {
	if !s.cfg.AllowRemote && !local(addr) {
		return nil, fmt.Errorf("wechatsim: %q is not a loopback address, and others are not allowed", addr)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("wechatsim: %w", err)
	}
	return l, nil
}

// serve has no timeout for writing: slowness is one of the products here.
func (srv *Server) serve(ctx context.Context, l net.Listener, h http.Handler) string {
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	srv.servers = append(srv.servers, server)
	go func() { srv.served <- server.Serve(l) }()
	return "http://" + l.Addr().String()
}
