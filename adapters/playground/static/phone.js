// A phone with the demo mini program on it: one client of the SDK.
import { el, kept, t, words } from "./ui.js";
import { Focus } from "./focus.js";
import { makeWx } from "./wx.js";
import { screenOf } from "./screens.js";
import { confirmStay } from "./sheets.js";

export class Phone {
  /** about: {id, name, model, platform}; wire: the board; changed: called when there is something to draw. */
  constructor(about, wire, changed) {
    Object.assign(this, about, { wire, changed, busy: false, sessions: [], losing: 0 });
    this.deletionAt = kept.get(this.id + ".deletionAt");
    this.person = kept.get(this.id + ".person") || "alice";
    this.screen = el("div", { class: "screen" });
    this.spoken = el("div", { class: "toast", role: "status" }); // stays, for screen readers to follow
    this.node = el("div", { class: "device" }, this.screen, this.spoken);
    this.focus = new Focus(this.node);
    this.wx = makeWx({
      id: this.id, model: this.model, platform: this.platform,
      person: () => this.person,
      note: (exchange) => wire.add(this.action ??= wire.begin({ key: "doMe", phone: this.name }, this), exchange),
      drop: (exchange) => this.losing > 0 && exchange.url.endsWith("/v1/login") && this.losing-- ? "answer" : "",
    });
    this.start();
  }

  /** Starts the mini program: a client that finds in the storage what the one before left. */
  start() {
    this.ended = false;
    this.client = window.wxlogin.createClient({ baseURL: location.origin, platform: this.wx, onRestored: () => this.welcomeBack() });
    this.client.onSessionLost((error) => this.toast(t("sessionLost") + ": " + words(error)));
  }

  become(person) {
    this.person = person;
    kept.set(this.id + ".person", person);
    this.close();
  }

  loggedIn() { return this.client.state() === "in" && !!this.client.user() && !this.ended; }

  // The deletion that was asked for on another phone is taken back: who did not mean
  // that can delete again, as soon as nothing else is under way.
  welcomeBack() {
    Object.assign(this, { isNew: false, restored: true, untold: true });
    if (!this.busy) this.tell();
  }

  tell() {
    if (this.untold && this.loggedIn()) this.open(confirmStay);
    this.untold = false;
  }

  /** Does something that shows on the wire as a block of its own. One at a time. */
  async act(title, what, fold = false) {
    if (this.busy) return;
    this.busy = true;
    this.hush();
    if (this.sheet) this.close();
    const action = this.action = this.wire.begin({ who: this.person, phone: this.name, ...title }, this);
    action.fold = fold;
    this.draw();
    this.changed();
    try {
      const verdict = await what();
      if (verdict) this.wire.say(action, "fine", verdict);
    } catch (error) {
      this.toast(words(error), error);
      this.wire.say(action, "failed", () => words(error) + " (" + (error.code || error.message) + ")");
    } finally {
      this.busy = false;
      this.draw();
      this.changed();
      this.tell();
    }
  }

  /** What a page's onShow would do. */
  async show() {
    this.draw();
    if (this.loggedIn()) await this.act({ key: "doMe" }, async () => { await this.client.me(); await this.list(); });
    // The answer may have been lost. Where it was not, this sends nothing.
    else if (this.client.state() === "left" && !this.deletionAt) await this.act({ key: "doLeave" }, () => this.leave());
  }

  async login(options) {
    this.entered(await this.client.login(options));
    await Promise.all([this.list(), this.meet()]);
  }

  entered({ newUser, restored }) { Object.assign(this, { isNew: newUser, restored, ended: false }); }

  async logout() { await this.client.logout(); this.forget(); }

  async logoutEverywhere() { await this.client.logoutEverywhere(); this.forget(); }

  async leave() {
    this.goes("");
    try {
      this.goes(await this.client.leave());
    } catch (error) {
      this.ended = error.code === "no_session"; // the person is asked to log in
      throw error;
    }
    this.forget();
  }

  goes(when) {
    this.deletionAt = when;
    kept.set(this.id + ".deletionAt", when);
  }

  async comeBack() {
    this.entered(await this.client.comeBack());
    await this.list();
  }

  forget() { Object.assign(this, { isNew: false, restored: false, sessions: [] }); }

  async list() { this.sessions = await this.client.sessions(); }

  toast(text, error) {
    this.spoken.replaceChildren(el("div", {}, text, error?.code && el("code", {}, error.code)));
    clearTimeout(this.fading);
    this.fading = setTimeout(() => this.hush(), error ? 4000 : 2000);
  }

  hush() { this.spoken.replaceChildren(); }

  /** Opens a sheet over the screen. */
  open(build) {
    this.opener = this.node.contains(document.activeElement) ? document.activeElement.dataset.do : "";
    Object.assign(this, { sheet: build, draft: undefined });
    this.draw();
    this.node.querySelector(".sheet button, .sheet input").focus();
  }

  /** Closes the sheet, with what was typed, and returns the focus to what opened it. */
  close() {
    const inside = this.node.querySelector(".sheet")?.contains(document.activeElement);
    Object.assign(this, { sheet: undefined, draft: undefined });
    if (inside) this.focus.give(this.opener, () => this.write(), () => this.firstButton());
    else this.draw();
  }

  draw() { this.focus.keep(() => this.write(), () => this.firstButton()); }

  write() {
    const scrolled = this.screen.querySelector(".page")?.scrollTop;
    this.screen.replaceChildren(...screenOf(this));
    this.screen.querySelector(".page").scrollTop = scrolled || 0;
  }

  // While something is under way there is none.
  firstButton() { return this.busy ? undefined : this.node.querySelector(this.sheet ? ".sheet button" : ".page button"); }
}
