package telemetry_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/goleak"

	"wxlogin/adapters/telemetry"
	"wxlogin/config"
	"wxlogin/ports"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// asked are probes that say what they are told.
type asked struct {
	state     ports.RevocationState
	reachable bool
	hang      chan struct{} // nil: answer at once; else say that it was asked, then wait for the end
}

func (a *asked) RevocationState() ports.RevocationState {
	if a.hang != nil {
		a.hang <- struct{}{}
		<-a.hang
	}
	return a.state
}

func (a *asked) PlatformReachable() bool { return a.reachable }

// server starts a server on a free port, or on listen, and returns its URL.
func server(t *testing.T, probes *asked, listen string) (*telemetry.Server, string) {
	t.Helper()
	registry, err := telemetry.NewRegistry()
	if err != nil {
		t.Fatal(err)
	}
	s, err := telemetry.NewServer(config.Admin{Listen: listen}, slog.New(slog.DiscardHandler), registry, probes, probes)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Addr(); got != "" {
		t.Errorf("before the start: got address %q, want none", got)
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(context.Background()); err != nil {
			t.Errorf("stop: %v", err)
		}
		http.DefaultClient.CloseIdleConnections()
	})
	return s, "http://" + s.Addr()
}

func ask(t *testing.T, method, url string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

// gauges is what the probes say as Prometheus reads it.
const gauges = `
# HELP wxlogin_platform_reachable 1, or 0 while calls to WeChat are held back because they fail.
# TYPE wxlogin_platform_reachable gauge
wxlogin_platform_reachable REACHABLE
# HELP wxlogin_revocations_current 1 while what other replicas revoke is known here in time, else 0.
# TYPE wxlogin_revocations_current gauge
wxlogin_revocations_current CURRENT
# HELP wxlogin_revocations_known Revoked sessions that are remembered.
# TYPE wxlogin_revocations_known gauge
wxlogin_revocations_known KNOWN
# HELP wxlogin_revocations_read_timestamp_seconds When revocations were read last, successfully; 0: never.
# TYPE wxlogin_revocations_read_timestamp_seconds gauge
wxlogin_revocations_read_timestamp_seconds READ
`

func TestMetricsSayWhatTheProbesSayWhenAsked(t *testing.T) {
	probes := &asked{}
	_, url := server(t, probes, "127.0.0.1:0")
	tests := []struct {
		name string
		give asked
		want []string
	}{
		{"nothing works", asked{}, []string{"REACHABLE", "0", "CURRENT", "0", "KNOWN", "0", "READ", "0"}},
		{"all is well", asked{
			state:     ports.RevocationState{Current: true, Known: 12, ReadAt: time.Date(2026, 5, 4, 3, 2, 1, 500e6, time.UTC)},
			reachable: true,
		}, []string{"REACHABLE", "1", "CURRENT", "1", "KNOWN", "12", "READ", "1777863721.5"}},
	}
	for _, tt := range tests {
		*probes = tt.give
		err := testutil.ScrapeAndCompare(url+"/metrics", strings.NewReader(strings.NewReplacer(tt.want...).Replace(gauges)),
			"wxlogin_platform_reachable", "wxlogin_revocations_current", "wxlogin_revocations_known", "wxlogin_revocations_read_timestamp_seconds")
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if _, body := ask(t, "GET", url+"/metrics"); !strings.Contains(body, "\ngo_goroutines ") || !strings.Contains(body, "\nprocess_resident_memory_bytes ") {
		t.Errorf("got %s, want the process among it", body)
	}
}

func TestOnlyMetricsAreServed(t *testing.T) { // R-OPS-1, T-25
	_, url := server(t, &asked{}, "127.0.0.1:0")
	for _, tt := range []struct {
		method, path string
		want         int
	}{
		{"GET", "/metrics", 200},
		{"HEAD", "/metrics", 200},
		{"POST", "/metrics", 405},
		{"DELETE", "/metrics", 405},
		{"GET", "/", 404},
		{"GET", "/metrics/", 404},
		{"GET", "/metrics/x", 404},
		{"GET", "/debug/pprof/", 404},
		{"GET", "/v1/me", 404},
		{"POST", "/v1/login", 404},
		{"GET", "/readyz", 404},
	} {
		if res, _ := ask(t, tt.method, url+tt.path); res.StatusCode != tt.want {
			t.Errorf("%s %s: got %d, want %d", tt.method, tt.path, res.StatusCode, tt.want)
		}
	}
}
