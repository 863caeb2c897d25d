package telemetry_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"wxlogin/adapters/telemetry"
	"wxlogin/domain"
)

// sink is an event sink with what it writes to.
func sink(t testing.TB, level slog.Level) (*telemetry.EventSink, *prometheus.Registry, *bytes.Buffer) {
	t.Helper()
	var text bytes.Buffer
	registry := prometheus.NewRegistry()
	s, err := telemetry.NewEventSink(slog.New(slog.NewJSONHandler(&text, &slog.HandlerOptions{Level: level})), registry)
	if err != nil {
		t.Fatal(err)
	}
	return s, registry, &text
}

// eventNames are those that the domain declares, by its source.
func eventNames(t *testing.T) []domain.EventName {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../domain/event.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []domain.EventName
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "EventName" {
			t.Fatalf("%v is no EventName", spec.Names)
		}
		for _, v := range spec.Values {
			literal, _ := v.(*ast.BasicLit)
			name, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, domain.EventName(name))
		}
		return true
	})
	if len(names) < 10 {
		t.Fatalf("got %v, want all events", names)
	}
	return names
}

// counts are the events that registry holds.
func counts(t *testing.T, registry *prometheus.Registry) map[domain.EventName]float64 {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	all := map[domain.EventName]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if labels := m.GetLabel(); f.GetName() != "wxlogin_events_total" || len(labels) != 1 || labels[0].GetName() != "event" {
				t.Errorf("got %s with %v, want events by name alone", f.GetName(), labels)
			} else {
				all[domain.EventName(labels[0].GetValue())] = m.GetCounter().GetValue()
			}
		}
	}
	return all
}

func TestEveryEventIsCountedFromZero(t *testing.T) {
	s, registry, _ := sink(t, slog.LevelError)
	want := map[domain.EventName]float64{}
	for _, name := range eventNames(t) {
		want[name] = 0
	}
	if diff := cmp.Diff(want, counts(t, registry)); diff != "" {
		t.Errorf("at the start (-want +got):\n%s", diff)
	}
	n := 0
	for name := range want {
		for n++; want[name] < float64(n); want[name]++ {
			s.Report(t.Context(), domain.Event{Name: name, UserID: "u", SessionID: "s", AppID: "a"})
		}
	}
	if diff := cmp.Diff(want, counts(t, registry)); diff != "" {
		t.Errorf("after some (-want +got):\n%s", diff)
	}
}

func TestNoEventMakesANewNumber(t *testing.T) { // T-29
	s, registry, text := sink(t, slog.LevelInfo)
	before := counts(t, registry)
	s.Report(t.Context(), domain.Event{Name: "made_up"})
	if diff := cmp.Diff(before, counts(t, registry)); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if !strings.Contains(text.String(), `"made_up"`) {
		t.Errorf("got log %q, want the event in it", text)
	}
}

func TestEventsAreLoggedAsLoudlyAsTheyMatter(t *testing.T) {
	want := map[domain.EventName]string{
		domain.EventRefreshed: "DEBUG", domain.EventRefreshRepeated: "DEBUG", domain.EventRefreshUnknown: "DEBUG",
		domain.EventLoginRetried: "DEBUG", domain.EventRefreshReused: "WARN", domain.EventRefreshBanned: "INFO",
		domain.EventSessionEnded: "INFO", domain.EventSessionRevoked: "INFO", domain.EventUserBanned: "INFO", domain.EventUserUnbanned: "INFO",
		domain.EventUserLinked: "INFO", domain.EventLinkConflict: "WARN", domain.EventUserUnlinked: "INFO", domain.EventPhoneBound: "INFO",
		domain.EventProfileCleared: "INFO", domain.EventDeletionAsked: "INFO", domain.EventUserRestored: "INFO", domain.EventUserErased: "INFO",
	}
	for _, name := range eventNames(t) {
		s, _, text := sink(t, slog.LevelDebug)
		s.Report(t.Context(), domain.Event{Name: name, UserID: "user-1", SessionID: "session-1", AppID: "wx1"})
		var got map[string]any
		if err := json.Unmarshal(text.Bytes(), &got); err != nil {
			t.Fatalf("%s: got %q, want one line", name, text)
		}
		delete(got, "time")
		line := map[string]any{
			"level": want[name], "msg": "event", "event": string(name), "user_id": "user-1", "session_id": "session-1", "app_id": "wx1",
		}
		if name == domain.EventRefreshReused {
			line["msg"] = "security event"
		}
		if diff := cmp.Diff(line, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestIDsThatAreNotKnownAreNotLogged(t *testing.T) {
	s, _, text := sink(t, slog.LevelDebug)
	s.Report(t.Context(), domain.Event{Name: domain.EventRefreshUnknown})
	if got := text.String(); strings.Contains(got, "_id") || !strings.Contains(got, `"event":"refresh_unknown"`) {
		t.Errorf("got %s, want the event and no ids", got)
	}
}

func TestAnEventThatIsNotLoggedCostsNextToNothing(t *testing.T) {
	s, _, _ := sink(t, slog.LevelInfo)
	event := domain.Event{Name: domain.EventRefreshed, UserID: "u", SessionID: "s", AppID: "a"}
	if got := testing.AllocsPerRun(100, func() { s.Report(t.Context(), event) }); got != 0 {
		t.Errorf("got %v allocations, want none", got)
	}
}

func TestEventsOfTwoServicesAreCountedApart(t *testing.T) {
	one, first, _ := sink(t, slog.LevelError)
	_, second, _ := sink(t, slog.LevelError)
	one.Report(t.Context(), domain.Event{Name: domain.EventRefreshed})
	if got := counts(t, first)[domain.EventRefreshed] - counts(t, second)[domain.EventRefreshed]; got != 1 {
		t.Errorf("got a difference of %v, want 1", got)
	}
	if _, err := telemetry.NewEventSink(slog.New(slog.DiscardHandler), first); err == nil {
		t.Error("a second sink in one registry: got no error, want one")
	}
	if problems, err := testutil.GatherAndLint(first); err != nil || len(problems) != 0 {
		t.Errorf("got %v and %v, want good names", problems, err)
	}
}
