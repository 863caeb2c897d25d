package compose_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/fx"

	"wxlogin/adapters/wechatsim"
	"wxlogin/cmd/compose"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/testkit"
)

// simulated starts a simulator for cfg's apps.
func simulated(t *testing.T, cfg config.Config) (config.Config, compose.Simulator) {
	t.Helper()
	cfg.Simulator.ManageListen = "127.0.0.1:0"
	cfg, simulator, err := compose.StartSimulator(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = simulator.Stop(context.WithoutCancel(t.Context())) })
	return cfg, simulator
}

func TestPlaygroundIsCompleteOnEveryStore(t *testing.T) {
	for want, set := range map[string]func(*config.Config){
		"memory":  func(*config.Config) {},
		"SQLite":  func(c *config.Config) { c.SQLite.Dir, c.Avatars.Dir = t.TempDir(), t.TempDir() },
		"MongoDB": func(c *config.Config) { c.MongoDB.URI = domain.NewSecret("mongodb://127.0.0.1:1/name") },
	} {
		cfg := testkit.Config(t)
		set(&cfg)
		cfg, simulator := simulated(t, cfg)
		if err := fx.ValidateApp(compose.Service(cfg, slog.New(slog.DiscardHandler), compose.Playground(cfg, simulator))); err != nil {
			t.Errorf("%s: %v", want, err)
		}
		if got := compose.StoreName(cfg); got != want {
			t.Errorf("got the store's name %q, want %q", got, want)
		}
	}
}

// wire is what the playground knows of a request.
type wire struct {
	Store string
	Steps []struct {
		To, Name, Outcome, Error, Fault string
		ErrCode                         int
	}
}

// played is a service with its playground.
func played(t *testing.T) (*testkit.Client, compose.Simulator) {
	t.Helper()
	cfg, simulator := simulated(t, testkit.Config(t))
	return testkit.NewClient(t, testkit.Start(t, cfg, compose.Playground(cfg, simulator))), simulator
}

// wireOf logs person in as the page does, and returns the status and the steps.
func wireOf(t *testing.T, client *testkit.Client, request, person string) (int, []string) {
	t.Helper()
	var fresh struct{ Code string }
	if got := client.Post("/playground/code?person="+person, nil); json.Unmarshal(got.Body, &fresh) != nil || fresh.Code == "" {
		t.Fatalf("got %d %s, want a code", got.Status, got.Body)
	}
	login := client.Post("/v1/login", map[string]any{"code": fresh.Code}, testkit.With("X-Request-Id", request))
	var seen wire
	if got := client.Get("/playground/wire?request="+request+"&code="+fresh.Code, ""); json.Unmarshal(got.Body, &seen) != nil || seen.Store != "memory" {
		t.Fatalf("got %d %s, want steps", got.Status, got.Body)
	}
	var steps []string
	for _, s := range seen.Steps {
		steps = append(steps, strings.TrimSpace(fmt.Sprint(s.To, " ", s.Name, " ", s.Outcome, s.Error, s.Fault)))
	}
	return login.Status, steps
}

func TestPlaygroundNotesWhatALoginDoes(t *testing.T) {
	client, _ := played(t)
	const exchange = "wechat GET /sns/jscode2session openid, session_key"
	for i, user := range []string{"created", "known"} {
		status, got := wireOf(t, client, fmt.Sprint("play-", i), "bob")
		want := []string{exchange, "store users.RecordLogin " + user, "store sessions.Save stored"}
		if diff := cmp.Diff(want, got); status != http.StatusOK || diff != "" {
			t.Errorf("got %d, steps differ (-want +got):\n%s", status, diff)
		}
	}
}

func TestPlaygroundNotesFaultsOfWeChat(t *testing.T) {
	client, simulator := played(t)
	if err := simulator.SetFault(wechatsim.Fault{Kind: "reset", Times: 1}); err != nil {
		t.Fatal(err)
	}
	status, got := wireOf(t, client, "play-1", "bob")
	want := []string{"wechat GET /sns/jscode2session platform_unavailablereset"}
	if diff := cmp.Diff(want, got); status != http.StatusServiceUnavailable || diff != "" {
		t.Errorf("got %d, steps differ (-want +got):\n%s", status, diff)
	}
}

// refusing is a WeChat to which no code is any good.
type refusing struct{ ports.CodeExchanger }

func (refusing) ExchangeCode(context.Context, domain.AppID, domain.Secret) (ports.CodeExchange, error) {
	return ports.CodeExchange{}, domain.ErrCodeInvalid
}

func TestPlaygroundLeavesRoomForSwaps(t *testing.T) {
	cfg, simulator := simulated(t, testkit.Config(t))
	client := testkit.NewClient(t, testkit.Start(t, cfg, compose.Playground(cfg, simulator), testkit.Swap[ports.CodeExchanger](refusing{})))
	status, got := wireOf(t, client, "play-1", "bob")
	want := []string{"wechat jscode2session code_invalid"}
	if diff := cmp.Diff(want, got); status != http.StatusUnauthorized || diff != "" {
		t.Errorf("got %d, steps differ (-want +got):\n%s", status, diff)
	}
}

func TestPlaygroundBreaksAndMendsWeChat(t *testing.T) {
	client, simulator := played(t)
	for _, kind := range []string{"hang", "errcode"} { // the second in place of the first
		got := client.Post("/playground/fault", map[string]any{"kind": kind, "endpoint": "jscode2session", "errcode": 45011, "times": 2, "late": true})
		if got.Status != http.StatusOK {
			t.Fatalf("got %d %s", got.Status, got.Body)
		}
	}
	want := []wechatsim.Fault{{Kind: "errcode", Endpoint: "/sns/jscode2session", ErrCode: 45011, Times: 2, Late: true}}
	if diff := cmp.Diff(want, simulator.Faults()); diff != "" {
		t.Errorf("faults differ (-want +got):\n%s", diff)
	}
	if got := client.Post("/playground/fault", map[string]any{"kind": "none"}); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("got %d for a kind that there is not", got.Status)
	}
	if diff := cmp.Diff(want, simulator.Faults()); diff != "" {
		t.Errorf("what was refused changed the faults (-want +got):\n%s", diff)
	}
	if got := client.Delete("/playground/fault", ""); got.Status != http.StatusOK || len(simulator.Faults()) != 0 {
		t.Errorf("got %d and %v, want a WeChat that is well", got.Status, simulator.Faults())
	}
}

func TestPlaygroundHasPeopleToPlayWith(t *testing.T) {
	client, _ := played(t)
	client.Post("/playground/people", map[string]any{"name": "Zoë"})
	var got struct {
		People []struct{ Name, Phone string }
	}
	if err := json.Unmarshal(client.Get("/playground/people", "").Body, &got); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range got.People {
		if names = append(names, p.Name); p.Phone == "" {
			t.Errorf("%s has no phone number", p.Name)
		}
	}
	if diff := cmp.Diff([]string{"alice", "小红", "bob", "Zoë"}, names); diff != "" {
		t.Errorf("people differ (-want +got):\n%s", diff)
	}
}
