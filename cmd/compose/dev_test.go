package compose_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"wxlogin/cmd/compose"
	"wxlogin/test/testkit"
)

func TestSimulatorPushesEventsToWhereTheServiceListens(t *testing.T) {
	cfg := testkit.Config(t)
	cfg.HTTP.Listen, cfg.Simulator.ManageListen = "127.0.0.1:38080", "127.0.0.1:0"
	_, simulator, err := compose.StartSimulator(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = simulator.Stop(context.WithoutCancel(t.Context())) }()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	got, err := client.Get(simulator.ManageURL + "/sim/")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	help, err := io.ReadAll(got.Body)
	want := "http://127.0.0.1:38080/v1/wechat/events/" + string(cfg.WeChat.Apps[0].ID)
	if err != nil || !strings.Contains(string(help), want) {
		t.Errorf("got error %v and help without %s:\n%s", err, want, help)
	}
}
