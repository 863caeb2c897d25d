package telemetry

import (
	"github.com/prometheus/client_golang/prometheus"

	"wxlogin/domain"
	"wxlogin/ports"
)

// PlatformMeter implements ports.PlatformMeter.
type PlatformMeter struct{ calls *prometheus.CounterVec }

var _ ports.PlatformMeter = (*PlatformMeter)(nil)

// NewPlatformMeter makes a meter that counts in registry. There are as many
// numbers as there are apps, endpoints and results: callers name configured apps
// only, and nothing that came with a request.
func NewPlatformMeter(registry *prometheus.Registry) (*PlatformMeter, error) {
	calls := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "wxlogin_wechat_calls_total",
		Help: "Calls that were sent to WeChat, by app, endpoint and result. WeChat's quotas of the minute and of the day " +
			"are by app and endpoint; what it counts is at most the sum over the results, of all replicas.",
	}, []string{"app", "endpoint", "result"})
	if err := registry.Register(calls); err != nil {
		return nil, err
	}
	return &PlatformMeter{calls}, nil
}

// CountCall implements ports.PlatformMeter.
func (m *PlatformMeter) CountCall(app domain.AppID, endpoint, result string) {
	m.calls.WithLabelValues(string(app), endpoint, result).Inc()
}
