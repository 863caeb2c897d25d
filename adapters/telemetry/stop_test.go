package telemetry_test

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"wxlogin/adapters/telemetry"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

func TestStopClosesTheListenerAndMayBeRepeated(t *testing.T) {
	s, url := server(t, &asked{}, "127.0.0.1:0")
	if res, _ := ask(t, "GET", url+"/metrics"); res.StatusCode != 200 {
		t.Errorf("got %d, want 200", res.StatusCode)
	}
	for range 2 {
		if err := s.Stop(t.Context()); err != nil {
			t.Errorf("got %v, want no error", err)
		}
	}
	if conn, err := net.DialTimeout("tcp", s.Addr(), time.Second); err == nil {
		_ = conn.Close()
		t.Error("somebody still listens")
	}
}

func TestScrapeThatHangsDoesNotHoldUpTheStop(t *testing.T) {
	probes := &asked{hang: make(chan struct{})}
	s, _ := server(t, probes, "127.0.0.1:0")
	conn, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, "GET /metrics HTTP/1.1\r\nHost: "+s.Addr()+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	<-probes.hang
	defer close(probes.hang)
	began := time.Now()
	if err := s.Stop(t.Context()); err != nil || time.Since(began) < time.Second || time.Since(began) > 4*time.Second {
		t.Errorf("got %v after %v, want the end after 2s", err, time.Since(began))
	}
	_ = conn.SetReadDeadline(time.Now().Add(time.Second))
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, io.EOF) && !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("got %v from the connection, want its end", err)
	}
}

func TestPortThatIsTakenIsAnErrorThatSaysSo(t *testing.T) {
	first, _ := server(t, &asked{}, "127.0.0.1:0")
	registry, err := telemetry.NewRegistry()
	if err != nil {
		t.Fatal(err)
	}
	second, err := telemetry.NewServer(config.Admin{Listen: first.Addr()}, slog.New(slog.DiscardHandler), registry, &asked{}, &asked{})
	if err != nil {
		t.Fatal(err)
	}
	err = second.Start(t.Context())
	for _, want := range []string{"ADMIN_LISTEN", first.Addr(), "address already in use"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
	if err := second.Stop(t.Context()); err != nil {
		t.Errorf("stop of what never started: got %v, want no error", err)
	}
}

func TestModuleListensOnlyWhereTheServerIsWanted(t *testing.T) {
	probes := &asked{}
	options := func(more ...fx.Option) fx.Option {
		return fx.Options(telemetry.Module, fx.Supply(config.Admin{Listen: "127.0.0.1:0"}, slog.New(slog.DiscardHandler)), fx.Options(more...))
	}
	var events ports.EventSink
	tool := fxtest.New(t, options(fx.Populate(&events))) // which needs no probes either
	tool.RequireStart()
	events.Report(t.Context(), domain.Event{Name: domain.EventUserBanned})
	tool.RequireStop()

	var s *telemetry.Server
	service := fxtest.New(t, options(fx.Populate(&events, &s), fx.Provide(
		func() ports.RevocationProbe { return probes }, func() ports.PlatformProbe { return probes },
	)))
	service.RequireStart()
	events.Report(t.Context(), domain.Event{Name: domain.EventUserBanned})
	if _, body := ask(t, "GET", "http://"+s.Addr()+"/metrics"); !strings.Contains(body, "\nwxlogin_events_total{event=\"user_banned\"} 1\n") {
		t.Errorf("got %s, want the event counted", body)
	}
	http.DefaultClient.CloseIdleConnections()
	service.RequireStop()
}
