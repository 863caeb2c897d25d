// Package telemetry lets operators see what the service does: it counts events
// and logs them, and serves the numbers on a listener of their own. No number and
// no line holds a secret or says who somebody is.
package telemetry

import (
	"context"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"wxlogin/domain"
	"wxlogin/ports"
)

// levels says how loudly each event is logged. What comes with every request of
// a busy service is for those who look closely, and counted all the same.
var levels = map[domain.EventName]slog.Level{
	domain.EventRefreshed:       slog.LevelDebug,
	domain.EventRefreshRepeated: slog.LevelDebug,
	domain.EventRefreshReused:   slog.LevelInfo,
	domain.EventRefreshUnknown:  slog.LevelDebug,
	domain.EventRefreshBanned:   slog.LevelInfo,
	domain.EventLoginRetried:    slog.LevelDebug,
	domain.EventSessionEnded:    slog.LevelInfo,
	domain.EventSessionRevoked:  slog.LevelInfo,
	domain.EventUserBanned:      slog.LevelInfo,
	domain.EventUserUnbanned:    slog.LevelInfo,
	domain.EventUserLinked:      slog.LevelInfo,
	domain.EventLinkConflict:    slog.LevelWarn,
	domain.EventUserUnlinked:    slog.LevelInfo,
	domain.EventPhoneBound:      slog.LevelInfo,
	domain.EventProfileCleared:  slog.LevelInfo,
	domain.EventDeletionAsked:   slog.LevelInfo,
	domain.EventUserRestored:    slog.LevelInfo,
	domain.EventUserErased:      slog.LevelInfo,
}

// EventSink implements ports.EventSink.
type EventSink struct {
	log    *slog.Logger
	counts map[domain.EventName]prometheus.Counter
}

var _ ports.EventSink = (*EventSink)(nil)

// NewEventSink makes a sink that writes to log and counts in registry, every
// event from zero.
func NewEventSink(log *slog.Logger, registry *prometheus.Registry) (*EventSink, error) {
	all := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "wxlogin_events_total",
		Help: "What happened to sessions and users, by name.",
	}, []string{"event"})
	if err := registry.Register(all); err != nil {
		return nil, err
	}
	s := &EventSink{log: log, counts: make(map[domain.EventName]prometheus.Counter, len(levels))}
	for name := range levels {
		s.counts[name] = all.WithLabelValues(string(name))
	}
	return s, nil
}

// Report implements ports.EventSink. The names that are counted are fixed: no
// event, whatever it is called, makes a new number.
func (s *EventSink) Report(ctx context.Context, event domain.Event) {
	if count, ok := s.counts[event.Name]; ok {
		count.Inc()
	}
	level, text := levels[event.Name], "event"
	if event.Grave() {
		level, text = slog.LevelWarn, "security event"
	}
	if s.log.Enabled(ctx, level) {
		s.log.LogAttrs(ctx, level, text, fields(event)...)
	}
}

// fields are the event's name and those of its ids that are known.
func fields(event domain.Event) []slog.Attr {
	all := []slog.Attr{slog.String("event", string(event.Name))}
	for _, id := range []slog.Attr{
		slog.String("user_id", string(event.UserID)),
		slog.String("session_id", string(event.SessionID)),
		slog.String("app_id", string(event.AppID)),
	} {
		if id.Value.String() != "" {
			all = append(all, id)
		}
	}
	return all
}
