package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestTheKeyboardIsNeverLost(t *testing.T) {
	p := open(t)
	p.enter("login")
	p.shows(".nickname", "WeChat user")
	p.focused("profile") // "login" is gone: the first of the page
	p.enter("profile")
	p.do(chromedp.KeyEvent(kb.Escape))
	p.focused("profile")
	p.enter("bind")
	p.do(chromedp.KeyEvent(kb.Escape))
	p.focused("bind")
	p.enter("bind")
	p.enter("deny")
	p.shows(".toast", "No number given")
	p.focused("bind")
	p.enter("bind")
	p.enter("allow")
	p.until("the number is bound", `document.querySelector('[data-do="unbind"]')`)
	p.focused("profile") // "bind" is gone
	p.enter("again")
	p.focused("again")
	p.enter("leave")
	p.enter("cancel")
	p.focused("leave")
	p.enter("leave")
	p.enter("confirm")
	p.shows(".page", "Account deleted")
	p.focused("come-back")
}

func TestTabStaysInTheSheet(t *testing.T) {
	p := open(t)
	p.login("alice")
	for _, sheet := range []string{"profile", "bind", "leave"} {
		p.enter(sheet)
		p.until("the sheet is modal, and named by its own heading",
			`(() => { const sheet = document.querySelector('.sheet[aria-modal="true"]'); return sheet?.contains(document.getElementById(sheet.getAttribute("aria-labelledby"))) })()`)
		for _, key := range []chromedp.Action[chromedp.Void]{chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift))} {
			for i := range 9 {
				p.do(key)
				if !get[bool](p, `!!document.activeElement.closest(".sheet")`) {
					t.Fatalf("%s: Tab left the sheet at %d", sheet, i+1)
				}
			}
		}
		p.do(chromedp.KeyEvent(kb.Escape))
		p.until("Escape closes the sheet", `!document.querySelector(".sheet")`)
	}
	p.tap("profile")
	p.tap("again")
	p.until("the lab closes the sheet", `!document.querySelector(".sheet")`)
}

// enter presses a button from the keyboard, as soon as it can be.
func (p *page) enter(does string) {
	p.Helper()
	p.until("focus "+does, fmt.Sprintf(`(() => { const button = document.querySelector(%q); button?.focus(); return button && document.activeElement === button })()`, `[data-do="`+does+`"]`))
	p.do(chromedp.KeyEvent(kb.Enter))
}

// focused waits until a control has the focus, and nothing is under way.
func (p *page) focused(does string) {
	p.Helper()
	p.idle()
	p.until("the focus is on "+does, fmt.Sprintf(`document.activeElement.dataset.do === %q`, does))
}
