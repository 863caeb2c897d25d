package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/chromedp/chromedp"
)

// tap taps the button that does something, as soon as a finger could: it is there,
// on the screen, not disabled, and nothing lies over it.
func (p *page) tap(does string) {
	p.Helper()
	p.until("tap "+does, fmt.Sprintf(`(() => {
		const button = document.querySelector(%q);
		if (!button || button.disabled || button.closest("fieldset:disabled")) return false;
		button.scrollIntoView({ block: "center" });
		const box = button.getBoundingClientRect();
		const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
		if (!button.contains(top)) return false;
		button.click();
		return true;
	})()`, `[data-do="`+does+`"]`))
}

// shows waits until the part of the page that a selector names has the text.
func (p *page) shows(selector, text string) {
	p.Helper()
	p.until(fmt.Sprintf("%s shows %q", selector, text),
		fmt.Sprintf(`[...document.querySelectorAll(%q)].some((node) => node.checkVisibility() && node.textContent.includes(%q))`, selector, text))
}

// idle waits until nothing is under way: no tap, and no row without its answer.
func (p *page) idle() {
	p.Helper()
	p.until("all is done", `document.querySelector('[data-do="again"]:not(:disabled)') && !document.querySelector('[aria-busy="true"]')`)
}

// steps are the arrows of the latest block on the board, as one reads them.
func (p *page) steps() []string {
	p.Helper()
	p.idle()
	return get[[]string](p, `[...document.querySelector(".action:not([hidden])").querySelectorAll(".label")].map((node) => node.textContent)`)
}

// login logs person in on the phone in hand.
func (p *page) login(person string) {
	p.Helper()
	p.tap("person-" + person)
	p.tap("login")
	p.shows(".nickname", "WeChat user")
	p.idle()
}

// loginCalls is how often WeChat was asked whose a login code is.
func (p *page) loginCalls() int {
	n := 0
	for _, c := range p.wechat.Calls() {
		if c.Endpoint == "/sns/jscode2session" {
			n++
		}
	}
	return n
}

// wants checks that the latest block on the board has these arrows, in this order,
// with any others between them.
func (p *page) wants(arrows ...string) {
	p.Helper()
	got := p.steps()
	left := got
	for _, want := range arrows {
		i := slices.IndexFunc(left, func(arrow string) bool { return strings.HasPrefix(arrow, want) })
		if i < 0 {
			p.Errorf("got the arrows\n  %s\nwant %q among them, after those before it", strings.Join(got, "\n  "), want)
			return
		}
		left = left[i+1:]
	}
}

// tapRow opens the arrow that begins with a text.
func (p *page) tapRow(label string) {
	p.Helper()
	if !get[bool](p, `(() => { const row = [...document.querySelectorAll(".row")].find((row) => row.textContent.includes(`+"`"+label+"`"+`)); row?.click(); return !!row; })()`) {
		p.Fatalf("no arrow says %q", label)
	}
}

// shoot keeps a screenshot.
func (p *page) shoot(name string) {
	p.Helper()
	dir := os.Getenv("SCREENSHOTS_DIR")
	if dir == "" {
		dir = p.ArtifactDir()
	}
	ctx, cancel := p.within()
	defer cancel()
	_ = get[bool](p, `(document.activeElement.blur(), scrollTo(0, 0), document.getAnimations().forEach((one) => { try { one.finish() } catch { one.cancel() } }), true)`)
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.MkdirAll(dir, 0o750)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name), picture, 0o600)
	}
	if err != nil {
		p.Errorf("screenshot %s: %v", name, err)
	}
}
