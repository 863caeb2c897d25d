// A phone with the demo mini program on it: one client of the SDK.
import { el, kept, said, t } from "./ui.js";
import { makeWx } from "./wx.js";
import { screenOf } from "./screens.js";

/** What a person is told of an error. */
export const words = (error) => said("code_" + error.code) ? t("code_" + error.code) : t("code_other");

export class Phone {
  /** about: {id, name, model, platform}; wire: the board; changed: called when there is something to draw. */
  constructor(about, wire, changed) {
    Object.assign(this, about, { wire, changed, busy: false, sessions: [], losing: 0 });
    this.deletionAt = kept.get(this.id + ".deletionAt");
    this.person = kept.get(this.id + ".person") || "alice";
    this.screen = el("div", { class: "screen" });
    this.spoken = el("div", { class: "toast", role: "status" }); // stays, for screen readers to follow
    this.node = el("div", { class: "device" }, this.screen, this.spoken);
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
    this.client = window.wxlogin.createClient({ baseURL: location.origin, platform: this.wx, onRestored: () => { this.restored = true; } });
    this.client.onSessionLost((error) => this.toast(t("sessionLost") + ": " + words(error)));
  }

  become(person) {
    this.person = person;
    kept.set(this.id + ".person", person);
    this.draw();
  }

  loggedIn() { return this.client.state() === "in" && !!this.client.user(); }

  /** Does something that shows on the wire as a block of its own. One at a time. */
  async act(title, what, fold = false) {
    if (this.busy) return;
    this.busy = true;
    this.hush();
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
    }
  }

  /** What a page's onShow would do. */
  async show() {
    this.draw();
    if (this.loggedIn()) await this.act({ key: "doMe" }, async () => { await this.client.me(); await this.list(); });
  }

  async login(options) {
    const result = await this.client.login(options);
    Object.assign(this, { isNew: result.newUser, restored: result.restored });
    await Promise.all([this.list(), this.meet()]);
  }

  async logout() { await this.client.logout(); this.forget(); }

  async logoutEverywhere() { await this.client.logoutEverywhere(); this.forget(); }

  async leave() {
    this.deletionAt = await this.client.leave();
    kept.set(this.id + ".deletionAt", this.deletionAt);
    this.forget();
  }

  async comeBack() {
    const result = await this.client.comeBack();
    Object.assign(this, { isNew: result.newUser, restored: result.restored });
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

  /** Opens a sheet over the screen; close returns the focus. */
  open(build) { this.sheet = build; this.draw(); this.node.querySelector(".sheet button, .sheet input")?.focus(); }
  close() { this.sheet = undefined; this.draw(); }

  draw() {
    const focus = this.node.contains(document.activeElement) ? document.activeElement.dataset.do : "";
    this.screen.replaceChildren(...screenOf(this));
    if (focus) this.node.querySelector(`[data-do="${CSS.escape(focus)}"]`)?.focus();
  }
}
