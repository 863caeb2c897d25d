// Outside of the phone: what to try, and how to break WeChat.
import { ask, el, kept, t } from "./ui.js";

const faults = {
  Busy: { kind: "errcode", errcode: -1, times: 1 },
  Down: { kind: "errcode", errcode: -1, times: 6 },
  Slow: { kind: "delay", ms: 2000, times: 2 },
  Hang: { kind: "hang", endpoint: "jscode2session", times: 1 },
  Late: { kind: "reset", endpoint: "jscode2session", times: 1, late: true },
  Limit: { kind: "errcode", endpoint: "jscode2session", errcode: 45011, times: 1 },
  Block: { kind: "errcode", endpoint: "jscode2session", errcode: 40226, times: 1 },
};

/** Makes the lab. phone() is the one in hand. */
export function makeLab(node, phone) {
  let name = kept.get("fault") || "";
  let left; // of the fault: undefined where there is none
  let failed = false;
  let hint = "";

  // What a button is for shows before it is pressed, and stays.
  function tell(event) {
    const named = event.target.closest?.("[data-hint]")?.dataset.hint;
    if (named && named !== hint) node.querySelector(".hint").textContent = t(hint = named);
  }
  node.addEventListener("pointerover", tell);
  node.addEventListener("focusin", tell);
  node.addEventListener("click", tell);

  async function ring(method, body) {
    try {
      const { faults: now } = await ask("fault", method, body);
      left = now[0]?.times ?? (now.length ? 0 : undefined);
      failed = false;
    } catch { failed = true; }
    draw();
  }

  function strike(which) {
    name = which;
    kept.set("fault", which);
    return ring("POST", faults[which]);
  }

  function draw() {
    const p = phone();
    const focus = node.contains(document.activeElement) ? document.activeElement.dataset.do : "";
    const chip = (key, does, act, pressed) => el("button", { type: "button", class: "chip", do: does, disabled: p.busy, "data-hint": key + "Hint", "aria-description": t(key + "Hint"), "aria-pressed": pressed, on: { click: act } }, t(key));
    const broken = left !== undefined;
    node.replaceChildren(
      el("div", { class: "group" }, el("h2", {}, t("try")), el("div", { class: "chips" },
        chip("tryDouble", "double", () => double(p)), chip("tryMany", "many", () => many(p)), chip("tryExpire", "expire", () => expire(p)),
        chip("tryLose", "lose", () => lose(p)), chip("tryAgain", "again", () => again(p)))),
      el("div", { class: "group" }, el("h2", {}, t("break")), el("div", { class: "chips" },
        ...Object.keys(faults).map((key) => chip("fault" + key, "fault-" + key.toLowerCase(), () => strike(key), String(broken && name === key))))),
      el("p", { class: "hint" }, t(hint || "hint")),
      el("p", { class: "weather " + (broken ? "ill" : "well") },
        el("span", { class: "lamp", "aria-hidden": "true" }),
        el("span", {}, failed ? t("noAnswer") : broken ? t("ill", { fault: name ? t("fault" + name) : "?" }) + " · " + (left ? t("left", { n: left }) : t("always")) : t("well")),
        broken && el("button", { type: "button", class: "quiet", do: "mend", on: { click: () => ring("DELETE") } }, t("mend"))));
    if (focus) node.querySelector(`[data-do="${focus}"]`)?.focus();
  }

  return { draw, refresh: () => ring("GET") };
}

const verdict = (action) => {
  const logins = action.exchanges.filter(({ kind }) => kind === "wx.login").length;
  const all = action.exchanges.reduce((sum, { more = 0 }) => sum + 1 + more, 0);
  return () => t("oneLogin", { n: all - logins, logins });
};

// What the latest block sent to an address.
const sentTo = (p, path) => p.action.exchanges.filter(({ url }) => url.endsWith(path));

// Logged out and tapped twice before anything came back.
const double = (p) => p.act({ key: "doDouble" }, async () => {
  if (p.loggedIn()) await p.client.logout();
  p.draw();
  await Promise.all([p.login(), p.login()]);
  return verdict(p.action);
}, true);

// A phone that knows nothing, and a mini program that asks for everything at once.
const many = (p) => p.act({ key: "doMany" }, async () => {
  p.wx.removeStorageSync("wxlogin");
  p.start();
  await Promise.all(Array.from({ length: 50 }, () => p.client.request("/v1/me")));
  await p.list();
  return verdict(p.action);
}, true);

// The stored token is spoilt while the mini program is not running.
const expire = (p) => p.act({ key: "doExpire" }, async () => {
  if (!p.loggedIn()) await p.login();
  const stored = p.wx.getStorageSync("wxlogin");
  stored.tokens.accessToken = stored.tokens.accessToken.replace(/.{8}$/, "AAAAAAAA");
  p.wx.setStorageSync("wxlogin", stored);
  p.start();
  await p.client.me();
  await p.list();
  return sentTo(p, "/v1/token/refresh").length === 1 && (() => t("oneRefresh"));
});

const lose = (p) => {
  p.losing = 1;
  return p.act({ key: "doLose" }, async () => {
    await p.login({ force: true });
    const made = new Set(sentTo(p, "/v1/login").map(({ answer }) => JSON.parse(answer).session.id));
    return made.size === 1 && (() => t("oneSession"));
  });
};

const again = (p) => p.act({ key: "doAgain" }, () => p.login({ force: true }));
