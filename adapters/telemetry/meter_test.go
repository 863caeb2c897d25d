package telemetry_test

import (
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"wxlogin/adapters/telemetry"
	"wxlogin/config"
	"wxlogin/ports"
)

func meter(t *testing.T) (*telemetry.PlatformMeter, *prometheus.Registry) {
	t.Helper()
	registry := prometheus.NewRegistry()
	m, err := telemetry.NewPlatformMeter(registry)
	if err != nil {
		t.Fatal(err)
	}
	return m, registry
}

// sent are the calls that registry holds, by their labels.
func sent(t *testing.T, registry *prometheus.Registry) map[string]float64 {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]float64{}
	for _, f := range families {
		if f.GetName() != "wxlogin_wechat_calls_total" || !strings.Contains(f.GetHelp(), "quota") {
			t.Errorf("got %s (%s), want calls to WeChat, and a word of its quotas", f.GetName(), f.GetHelp())
		}
		for _, m := range f.GetMetric() {
			name := ""
			for _, l := range m.GetLabel() {
				name += l.GetName() + "=" + l.GetValue() + " "
			}
			all[strings.TrimSpace(name)] = m.GetCounter().GetValue()
		}
	}
	return all
}

func TestCallsToWeChatAreCountedByAppEndpointAndResult(t *testing.T) {
	m, registry := meter(t)
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			m.CountCall("wx1", "jscode2session", "ok")
			m.CountCall("wx1", "jscode2session", "busy")
			m.CountCall("wx2", "stable_token", "ok")
		})
	}
	all.Wait()
	m.CountCall("wx1", "jscode2session", "ok")
	want := map[string]float64{
		"app=wx1 endpoint=jscode2session result=ok":   11,
		"app=wx1 endpoint=jscode2session result=busy": 10,
		"app=wx2 endpoint=stable_token result=ok":     10,
	}
	if diff := cmp.Diff(want, sent(t, registry)); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if problems, err := testutil.GatherAndLint(registry); err != nil || len(problems) != 0 {
		t.Errorf("got %v and %v, want good names", problems, err)
	}
}

func TestCallsOfTwoServicesAreCountedApart(t *testing.T) {
	one, first := meter(t)
	_, second := meter(t)
	one.CountCall("wx1", "jscode2session", "ok")
	if a, b := len(sent(t, first)), len(sent(t, second)); a != 1 || b != 0 {
		t.Errorf("got %d and %d numbers, want 1 and 0", a, b)
	}
	if _, err := telemetry.NewPlatformMeter(first); err == nil {
		t.Error("a second meter in one registry: got no error, want one")
	}
}

// metered is a platform that has its calls counted, as wechatapi's is.
type metered struct {
	ports.PlatformMeter
	*asked
}

func TestWhatIsProbedMayNeedTheMeter(t *testing.T) {
	var s *telemetry.Server
	var m ports.PlatformMeter
	app := fxtest.New(t, telemetry.Module, fx.Populate(&s, &m),
		fx.Supply(config.Admin{Listen: "127.0.0.1:0"}, slog.New(slog.DiscardHandler)),
		fx.Provide(
			func() ports.RevocationProbe { return &asked{} },
			func(m ports.PlatformMeter) ports.PlatformProbe { return metered{m, &asked{}} },
		))
	defer app.RequireStart().RequireStop()
	m.CountCall("wx1", "stable_token", "busy")
	want := `wxlogin_wechat_calls_total{app="wx1",endpoint="stable_token",result="busy"} 1`
	if _, body := ask(t, "GET", "http://"+s.Addr()+"/metrics"); !strings.Contains(body, want) {
		t.Errorf("got %s, want %s in it", body, want)
	}
	http.DefaultClient.CloseIdleConnections()
}
