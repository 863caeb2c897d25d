package browser

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"wxlogin/cmd/compose"
	"wxlogin/config"
	"wxlogin/test/testkit"
)

// patience is how long anything may take on a machine that is busy.
const patience = 20 * time.Second

// page is the playground in a tab of its own, over a service of its own.
type page struct {
	testing.TB
	ctx    context.Context
	base   string
	wechat compose.Simulator

	mu       sync.Mutex
	requests []string // every address that was asked for
	faults   []string // what the browser complained of
}

// developing is the configuration of "wxlogin dev" on free ports.
func developing(t testing.TB) config.Config {
	t.Helper()
	settings := map[string]string{"DATA_DIR": t.TempDir(), "LISTEN": "127.0.0.1:0", "ADMIN_LISTEN": "127.0.0.1:0", "SIM_LISTEN": "127.0.0.1:0", "DRAIN_DELAY": "0s"}
	cfg, err := config.Load(config.Dev, func(name string) (string, bool) {
		value, ok := settings[name]
		return value, ok
	})
	if err == nil {
		cfg, _, err = compose.PrepareKeys(cfg)
	}
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// open starts the service as "wxlogin dev" does, and opens its page. When the test
// ends, nothing may have left the origin, and the browser may have no complaint.
func open(t testing.TB, first ...chromedp.Action[chromedp.Void]) *page {
	t.Helper()
	if chromium == nil {
		missing(t, "Chromium")
	}
	cfg, simulator, err := compose.StartSimulator(developing(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := simulator.Stop(ctx); err != nil {
			t.Errorf("stop the simulator: %v", err)
		}
	})
	p := &page{TB: t, wechat: simulator, base: testkit.Start(t, cfg, compose.Playground(cfg, simulator))}
	tab, closeTab := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext(), chromedp.WithListener(p.hear))
	t.Cleanup(closeTab)
	p.ctx = tab
	t.Cleanup(p.judge)
	p.do(command(network.Enable, network.EnableParams{}), command(log.Enable, cdp.Empty{}), command(audits.Enable, cdp.Empty{}),
		chromedp.EmulateViewport(1360, 940))
	p.do(first...)
	p.load()
	return p
}

// command makes an action of a command of the protocol.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}

// hear notes what is asked for, and what goes wrong. That an answer was a 4xx or a
// 5xx is no fault of the page's.
func (p *page) hear(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		p.requests = append(p.requests, e.Request.URL)
	case *runtime.EventExceptionThrown:
		p.faults = append(p.faults, "exception: "+e.ExceptionDetails.Text+fmt.Sprint(e.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		p.faults = append(p.faults, "console."+string(e.Type))
	case *log.EventEntryAdded:
		if e.Entry.Source != log.EntrySourceNetwork {
			p.faults = append(p.faults, string(e.Entry.Source)+": "+e.Entry.Text)
		}
	case *audits.EventIssueAdded:
		if e.Issue.Details.ContentSecurityPolicyIssueDetails != nil {
			p.faults = append(p.faults, "content security policy")
		}
	}
}

// judge checks what the browser saw of the whole test.
func (p *page) judge() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, url := range p.requests {
		if !strings.HasPrefix(url, p.base+"/") && !strings.HasPrefix(url, "data:") && !strings.HasPrefix(url, "blob:") {
			p.Errorf("a request left the origin: %s", url)
		}
	}
	for _, fault := range p.faults {
		p.Errorf("the browser complains: %s", fault)
	}
}

// within bounds a step.
func (p *page) within() (context.Context, context.CancelFunc) {
	return context.WithTimeout(p.ctx, patience)
}

// do runs actions.
func (p *page) do(actions ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	// The first action of a tab must have no deadline: it would be the tab's.
	if err := chromedp.Do(p.ctx); err != nil {
		p.Fatal(err)
	}
	ctx, cancel := p.within()
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		p.Fatal(err)
	}
}

// load opens the page, again if it was open, and waits until it can be used.
func (p *page) load() {
	p.Helper()
	p.do(chromedp.Navigate(p.base + "/"))
	p.until("the page is ready", `"ready" in document.body.dataset`)
}

// get evaluates an expression.
func get[T any](p *page, expression string) T {
	p.Helper()
	ctx, cancel := p.within()
	defer cancel()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.Fatalf("%s: %v", expression, err)
	}
	return got
}

// until waits until an expression is true.
func (p *page) until(what, expression string) {
	p.Helper()
	ctx, cancel := p.within()
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Poll[chromedp.Void]("!!("+expression+")", chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(patience))); err != nil {
		p.shoot(strings.ReplaceAll(p.Name(), "/", "_") + ".png")
		p.Fatalf("%s: %v", what, err)
	}
}
