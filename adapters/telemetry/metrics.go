package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"wxlogin/ports"
)

// NewRegistry makes a registry with the numbers of the process. It is not the
// library's default one: two services in one process are two.
func NewRegistry() (*prometheus.Registry, error) {
	registry := prometheus.NewRegistry()
	if err := registry.Register(collectors.NewGoCollector()); err != nil {
		return nil, err
	}
	if err := registry.Register(collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})); err != nil {
		return nil, err
	}
	return registry, nil
}

// What the probes say. No number has labels.
var (
	revocationsKnown = describe("wxlogin_revocations_known",
		"Revoked sessions that are remembered.")
	revocationsCurrent = describe("wxlogin_revocations_current",
		"1 while what other replicas revoke is known here in time, else 0.")
	revocationsRead = describe("wxlogin_revocations_read_timestamp_seconds",
		"When revocations were read last, successfully; 0: never.")
	platformReachable = describe("wxlogin_platform_reachable",
		"1, or 0 while calls to WeChat are held back because they fail.")
)

func describe(name, help string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, nil, nil)
}

// probes implements prometheus.Collector: it asks them when it is asked.
type probes struct {
	revocations ports.RevocationProbe
	platform    ports.PlatformProbe
}

// Describe implements prometheus.Collector.
func (p probes) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{revocationsKnown, revocationsCurrent, revocationsRead, platformReachable} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (p probes) Collect(to chan<- prometheus.Metric) {
	state := p.revocations.RevocationState()
	for desc, value := range map[*prometheus.Desc]float64{
		revocationsKnown:   float64(state.Known),
		revocationsCurrent: truth(state.Current),
		revocationsRead:    seconds(state.ReadAt),
		platformReachable:  truth(p.platform.PlatformReachable()),
	} {
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value)
	}
}

func truth(holds bool) float64 {
	if holds {
		return 1
	}
	return 0
}

func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}
