// Outside of the phone: what to try, and how to break WeChat.
import { ask, el, kept, t } from "./ui.js";
import { Focus } from "./focus.js";

const faults = {
  Busy: { kind: "errcode", errcode: -1, times: 1 },
  Down: { kind: "errcode", errcode: -1, times: 6 },
  Slow: { kind: "delay", ms: 2000, times: 2 },
  Hang: { kind: "hang", endpoint: "jscode2session", times: 1 },
  Late: { kind: "reset", endpoint: "jscode2session", times: 1, late: true },
  Limit: { kind: "errcode", endpoint: "jscode2session", errcode: 45011, times: 1 },
  Block: { kind: "errcode", endpoint: "jscode2session", errcode: 40226, times: 1 },
};

// Which of these the simulator's fault is. Some differ by how often they strike alone:
// of them it is the one that was chosen last.
function nameOf(fault, chosen) {
  const same = ({ kind, endpoint = "", errcode = 0, late = false }) =>
    kind === fault.kind && fault.endpoint?.endsWith(endpoint) !== false && errcode === (fault.errcode || 0) && late === !!fault.late;
  return [chosen, ...Object.keys(faults)].find((name) => faults[name] && same(faults[name])) || "";
}

/** Makes the lab. phone() is the one in hand; seeWire shows the wire where it is out of sight. */
export function makeLab(node, phone, seeWire) {
  const focus = new Focus(node);
  let chosen = kept.get("fault") || "";
  let fault; // undefined where there is none
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
      [fault] = (await ask("fault", method, body)).faults;
      failed = false;
    } catch { failed = true; }
    draw();
  }

  function strike(which) {
    kept.set("fault", chosen = which);
    return ring("POST", faults[which]);
  }

  function draw() { focus.keep(() => write(phone())); }

  function write(p) {
    const chip = (key, does, act, pressed) => el("button", { type: "button", class: "chip", do: does, disabled: p.busy, "data-hint": key + "Hint", "aria-description": t(key + "Hint"), "aria-pressed": pressed, on: { click: act } }, t(key));
    const name = fault ? nameOf(fault, chosen) : "";
    const told = name ? t("fault" + name) : [fault?.kind, fault?.errcode].filter(Boolean).join(" ");
    node.replaceChildren(
      el("div", { class: "group" }, el("h2", {}, t("try")), el("div", { class: "chips" },
        chip("tryDouble", "double", () => double(p)), chip("tryMany", "many", () => many(p)), chip("trySpoil", "spoil", () => spoil(p)),
        chip("tryLose", "lose", () => lose(p)), chip("tryAgain", "again", () => again(p)))),
      el("p", { class: "outcome", role: "status" }, ...outcome(p)),
      el("div", { class: "group" }, el("h2", {}, t("break")), el("div", { class: "chips" },
        ...Object.keys(faults).map((key) => chip("fault" + key, "fault-" + key.toLowerCase(), () => strike(key), String(name === key))))),
      el("p", { class: "hint" }, t(hint || "hint")),
      el("p", { class: "weather " + (fault ? "ill" : "well") },
        el("span", { class: "lamp", "aria-hidden": "true" }),
        el("span", {}, failed ? t("noAnswer") : fault ? t("ill", { fault: told }) + " · " + (fault.times ? t("left", { n: fault.times }) : t("always")) : t("well")),
        fault && el("button", { type: "button", class: "quiet", do: "mend", on: { click: () => ring("DELETE") } }, t("mend"))));
  }

  // Where the wire is out of sight: how the latest thing ended, and the way there.
  function outcome({ busy, action }) {
    if (busy) return [el("span", {}, t("waiting"))];
    if (!action?.exchanges.length) return [];
    const text = action.said ? action.said.text() : t(action.title.key, action.title);
    return [el("span", { class: action.said?.kind }, text), el("button", { type: "button", class: "quiet", do: "see-wire", on: { click: seeWire } }, t("seeWire"))];
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
const spoil = (p) => p.act({ key: "doSpoil" }, async () => {
  if (!p.loggedIn()) await p.login();
  const stored = p.wx.getStorageSync("wxlogin");
  stored.tokens.accessToken = stored.tokens.accessToken.replace(/.{8}$/, "AAAAAAAA");
  p.wx.setStorageSync("wxlogin", stored);
  p.start();
  await p.client.me();
  await p.list();
  return sentTo(p, "/v1/token/refresh").length === 1 && (() => t("oneRefresh"));
});

// Where WeChat is ill meanwhile, the answer that is lost may be a refusal.
const lose = (p) => p.act({ key: "doLose" }, async () => {
  p.losing = 1;
  try { await p.login({ force: true }); } finally { p.losing = 0; }
  const made = sentTo(p, "/v1/login").filter(({ status }) => status === 200).map(({ answer }) => JSON.parse(answer).session.id);
  return made.length > 1 && new Set(made).size === 1 && (() => t("oneSession"));
});

const again = (p) => p.act({ key: "doAgain" }, () => p.login({ force: true }));
