package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

func TestBothLanguagesLightAndDark(t *testing.T) {
	p := open(t, command(emulation.SetLocaleOverride, emulation.SetLocaleOverrideParams{Locale: "en-GB"}))
	p.login("小红")
	p.tap("language")
	p.shows("h2", "网络上发生了什么")
	if got := get[string](p, `document.documentElement.lang`); got != "zh-CN" {
		t.Errorf("got lang %q", got)
	}
	light := get[string](p, `getComputedStyle(document.querySelector(".card")).backgroundColor`)
	p.tap("theme")
	p.tap("theme")
	if dark := get[string](p, `getComputedStyle(document.querySelector(".card")).backgroundColor`); dark == light {
		t.Errorf("got %s for both", dark)
	}
	p.shoot("zh-dark.png")
	p.load()
	p.shows("h2", "网络上发生了什么")
	p.tap("language")
	p.shows("h2", "On the wire")
}

func TestNarrowScreensShowOneSideAtATime(t *testing.T) {
	p := open(t, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch))
	p.fits("the phone")
	p.login("alice")
	p.fits("logged in")
	p.shoot("narrow-phone.png")
	p.tap("double")
	p.shows(".outcome", "1 login")
	p.fits("an outcome")
	p.tap("see-wire")
	p.shows(".verdict", "1 login")
	p.tap("view-phone")
	p.tap("view-wire")
	p.shows(".lanes", "WeChat")
	p.fits("the wire")
	p.shoot("narrow.png")
	p.tapRow("POST /v1/login")
	p.shows(".detail", "Idempotency-Key")
	p.fits("details")
}

func TestALongNameMovesNothing(t *testing.T) {
	const name = "欧阳尉迟慕容司徒上官诸葛东方皇甫令狐宇文长孙公孙轩辕端木百里呼延"
	p := open(t)
	for _, width := range []int64{1360, 360} {
		p.do(chromedp.EmulateViewport(width, 800))
		p.load()
		if width == 1360 {
			p.tap("new-person")
			p.do(chromedp.SendKeys(chromedp.CSS("#new-name"), name))
			p.tap("add-person")
		}
		p.shows(".whose", name)
		p.fits("a long name")
		if over := get[int](p, `(() => { const name = document.querySelector('.person[aria-pressed="true"] span:last-child'); return name.scrollWidth - name.clientWidth })()`); over <= 0 {
			t.Errorf("%d pixels wide: the name is not cut short", width)
		}
		if wide := get[bool](p, `document.querySelector(".device").offsetWidth > document.querySelector("#phones").clientWidth`); wide {
			t.Errorf("%d pixels wide: the phone is wider than its column", width)
		}
		p.shoot(fmt.Sprintf("long-name-%d.png", width))
	}
	p.tap("login")
	p.idle()
	p.fits("logged in with a long name")
}

func TestEverySessionIsThere(t *testing.T) {
	p := open(t)
	p.login("alice")
	get[bool](p, `(async () => {
		for (let n = 0; n < 5; n++) {
			const { code } = await (await fetch("/playground/code?person=alice", { method: "POST" })).json();
			await fetch("/v1/login", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ code }) });
		}
		return true;
	})()`)
	for _, width := range []int64{1360, 360} {
		p.do(chromedp.EmulateViewport(width, 800))
		p.load()
		p.shows(".sessions", "no device named (curl)")
		p.idle()
		if cut := get[[]string](p, `[...document.querySelectorAll(".cells")].filter((cells) => cells.clientHeight !== cells.scrollHeight).map((cells) => cells.textContent)`); len(cut) > 0 {
			t.Errorf("%d pixels wide: cut off: %v", width, cut)
		}
		if n := get[int](p, `document.querySelectorAll(".sessions li").length`); n != 6 {
			t.Errorf("got %d sessions, want 6", n)
		}
		p.shoot(fmt.Sprintf("six-sessions-%d.png", width))
		p.tap("leave")
		p.tap("cancel")
	}
}

func TestTheBoardCanBeCleared(t *testing.T) {
	p := open(t)
	p.login("alice")
	p.tap("clear")
	p.shows("#empty", "Do something on the phone.")
	p.tap("logout")
	p.idle()
	p.tap("clear")
	p.shows("#empty", "Log in with WeChat")
}

// fits checks that nothing reaches beyond the sides of the screen.
func (p *page) fits(what string) {
	p.Helper()
	if wide := get[[]string](p, `[...document.querySelectorAll("body *")].filter((node) => node.checkVisibility() && node.getBoundingClientRect().right > innerWidth + 1).map((node) => node.className || node.tagName)`); len(wide) > 0 {
		p.Errorf("%s: wider than the screen: %v", what, wide)
	}
	if over := get[int](p, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
		p.Errorf("%s: scrolls sideways by %d pixels", what, over)
	}
}

func TestEveryControlHasANameAndCanBeReached(t *testing.T) {
	p := open(t)
	p.named("at first")
	p.login("alice")
	p.named("logged in")
	p.tap("profile")
	p.named("the sheet")
	p.do(chromedp.KeyEvent("\u001b"))
	p.until("Escape closes the sheet", `!document.querySelector(".sheet")`)
}

// named checks what people who do not see the page, or use no mouse, depend on.
func (p *page) named(what string) {
	p.Helper()
	const nameless = `[...document.querySelectorAll("button, input, a, [role=dialog], [role=group]")].filter((node) => node.checkVisibility() &&
		!(node.getAttribute("aria-label") || node.textContent.trim() || (node.labels && node.labels.length))).map((node) => node.outerHTML)`
	if got := get[[]string](p, nameless); len(got) > 0 {
		p.Errorf("%s: nobody can tell what these are: %v", what, got)
	}
	if got := get[[]string](p, `[...document.querySelectorAll("img:not([alt]), [tabindex]:not([tabindex='0']), [onclick]")].map((node) => node.outerHTML)`); len(got) > 0 {
		p.Errorf("%s: %v", what, got)
	}
}

func TestEveryTextCanBeRead(t *testing.T) {
	p := open(t)
	p.login("小红")
	p.tap("fault-down")
	p.tap("again")
	p.shows(".verdict.failed", "is not available")
	p.tapRow("GET /sns/jscode2session")
	for _, theme := range []string{"light", "dark"} {
		p.tap("theme")
		for _, faint := range get[[]string](p, contrast) {
			t.Errorf("%s: too faint: %s", theme, faint)
		}
	}
}

// contrast finds text that has less contrast than WCAG's level AA asks for.
const contrast = `(() => {
	const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
	const rgba = (colour) => { pen.clearRect(0, 0, 1, 1); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1); return pen.getImageData(0, 0, 1, 1).data; };
	const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
	const behind = (node) => { for (; node; node = node.parentElement) { const back = rgba(getComputedStyle(node).backgroundColor); if (back[3] > 240) return back; } return [255, 255, 255]; };
	const faint = [];
	for (const node of document.querySelectorAll("body *")) {
		const words = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
		if (!words || !node.checkVisibility() || node.closest("[aria-hidden], :disabled")) continue;
		const style = getComputedStyle(node);
		const [one, two] = [light(rgba(style.color)), light(behind(node))].sort((a, b) => b - a);
		const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
		const ratio = (one + .05) / (two + .05);
		if (ratio < (large ? 3 : 4.5)) faint.push(node.className + " " + node.textContent.slice(0, 30) + " " + ratio.toFixed(2));
	}
	return faint;
})()`
