// One exchange as arrows between the lanes, each of which opens.
import { el, said, t } from "./ui.js";

const client = 0, server = 1, wechat = 2, store = 3;

/** Returns the rows of an exchange: what was sent, what that set off, the answer. */
export function rowsOf(exchange) {
  const away = exchange.kind === "wx.login" || exchange.kind === "getPhoneNumber";
  const rows = away ? asked(exchange) : [sent(exchange), ...(exchange.steps || []).flatMap(stepRows), answered(exchange)];
  return rows.map((row, i) => rowNode(exchange, row, i));
}

const pathOf = (url) => url.replace(location.origin, "");
const took = (ms) => ms === undefined ? "" : t("ms", { n: ms < 10 ? ms.toFixed(1) : Math.round(ms) });

function asked(exchange) {
  const call = { from: client, to: wechat, label: exchange.kind + "()", open: () => about(exchange.kind, exchange) };
  const back = { from: wechat, to: client, dashed: true, meta: took(exchange.took), open: call.open };
  if (!exchange.over) return [call];
  return [call, exchange.failure ? { ...back, bad: true, label: t("noAnswer") } : { ...back, label: "code " + short(JSON.parse(exchange.answer).code) }];
}

function sent(exchange) {
  const label = exchange.method + " " + pathOf(exchange.url);
  const key = exchange.header?.["Idempotency-Key"];
  return { from: client, to: server, strong: true, label, tag: key && "Idempotency-Key " + key.slice(0, 6) + "…", open: () => details(exchange) };
}

function answered(exchange) {
  const row = { from: server, to: client, dashed: true, meta: took(exchange.took), open: () => details(exchange) };
  if (!exchange.over) return { ...row, label: t("waiting"), waiting: true };
  if (exchange.failure) return { ...row, bad: true, lost: true, label: t("noAnswer") };
  const problem = exchange.status >= 400 ? codeOf(exchange.answer) : "";
  const label = exchange.status + (problem && " " + problem);
  if (exchange.lost) return { ...row, bad: true, lost: true, label: label + " — " + t("lostAnswer") };
  return { ...row, strong: true, bad: exchange.status >= 400, good: exchange.status < 400, label };
}

function codeOf(text) {
  try { return JSON.parse(text).code || ""; } catch { return ""; }
}

function stepRows(step) {
  const open = () => about(step.name.split("/").pop(), step);
  if (step.to === "store") {
    return [{ from: server, to: store, label: step.name, result: step.error || outcome(step.outcome), bad: !!step.error && step.error !== "not_found", meta: took(step.took), open }];
  }
  if (!step.name.includes("/")) return [{ from: server, to: server, bad: true, label: t("notAsked"), result: step.error, open }];
  const call = { from: server, to: wechat, label: step.name, open };
  const back = { from: wechat, to: server, dashed: true, meta: took(step.took), open };
  const silent = ["reset", "hang", "consume"].includes(step.fault);
  if (silent) return [call, { ...back, bad: true, lost: true, label: t("fault_" + step.fault) }];
  if (step.errcode) return [call, { ...back, bad: true, label: "errcode " + step.errcode, result: said("err_" + step.errcode) ? t("err_" + step.errcode) : "" }];
  return [call, { ...back, bad: !!step.error, label: step.error || outcome(step.outcome) || "200" }];
}

function outcome(text) {
  const some = /^(\d+) found$/.exec(text);
  return some ? t("out_some", { n: some[1] }) : said("out_" + text) ? t("out_" + text) : text;
}

// A row is a button over its arrow, and below it what it opens.
function rowNode(exchange, row, i) {
  const kinds = ["row", "f" + row.from, "t" + row.to, ...["dashed", "bad", "good", "strong", "waiting", "lost"].filter((kind) => row[kind])];
  const body = el("div", { class: "detail", hidden: true });
  const opened = exchange.opened ??= new Set();
  const button = el("button", { type: "button", class: kinds.join(" "), "aria-expanded": "false" },
    el("span", { class: "say" },
      el("span", { class: "label" }, row.label, row.result && el("span", { class: "result" }, " → " + row.result)),
      row.tag && el("span", { class: "tag" }, row.tag),
      row.meta && el("span", { class: "meta" }, row.meta)),
    el("span", { class: "arrow", "aria-hidden": "true" }));
  const show = (open) => {
    opened[open ? "add" : "delete"](i);
    button.setAttribute("aria-expanded", String(open));
    body.hidden = !open;
    body.replaceChildren(...(open ? [row.open()] : []));
  };
  button.addEventListener("click", () => show(body.hidden));
  if (opened.has(i)) show(true);
  return el("li", {}, button, body);
}

function about(name, { errcode, fault, error, outcome: result, answer }) {
  const facts = [error && "error: " + error, errcode && "errcode: " + errcode, result && "→ " + outcome(result), answer].filter(Boolean);
  return el("div", { class: "about" },
    said("op_" + name) && el("p", {}, t("op_" + name)),
    fault && el("p", { class: "fault" }, t("broken", { fault: said("fault_" + fault) ? t("fault_" + fault) : fault })),
    facts.length > 0 && el("pre", {}, facts.join("\n")));
}

const dull = /^(content-security-policy|referrer-policy|x-content-type-options|date|content-length|vary)$/;

function details(exchange) {
  const { method, url, header = {}, body, answer, answerHeader = {}, status, failure } = exchange;
  const copy = el("button", { type: "button", class: "quiet", do: "curl" }, t("copyCurl"));
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(curl(exchange)).then(() => { copy.textContent = t("copied"); }, () => {});
  });
  const lines = (headers) => Object.entries(headers).filter(([name]) => !dull.test(name)).map(([name, value]) => name + ": " + shortHeader(value)).join("\n");
  const claims = claimsOf(answer);
  return el("div", { class: "pair" },
    el("section", {}, el("h4", {}, t("request"), exchange.kind === "request" && copy), el("pre", {}, [method + " " + pathOf(url), lines(header)].join("\n") + (body ? "\n\n" + pretty(body) : ""))),
    el("section", {}, el("h4", {}, t("answer")), el("pre", {}, failure || [status, lines(answerHeader)].join("\n") + "\n\n" + pretty(answer || ""))),
    claims && el("section", { class: "wide" }, el("h4", {}, t("claims")), el("pre", {}, claims)));
}

/** What a secret is shown as: enough to tell it from another. */
const short = (text) => text.length > 24 ? text.slice(0, 8) + "…" + text.slice(-4) : text;
const shortHeader = (value) => value.startsWith("Bearer ") ? "Bearer " + short(value.slice(7)) : value;
const secret = /^(accessToken|refreshToken)$/;

function pretty(text) {
  try { return JSON.stringify(JSON.parse(text), (key, value) => secret.test(key) ? short(value) : value, 2); } catch { return text; }
}

// The second part of a JWT is readable by anybody; it is signed, not encrypted.
function claimsOf(answer) {
  try {
    const part = JSON.parse(answer).accessToken.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    return JSON.stringify(JSON.parse(atob(part)), null, 2);
  } catch { return ""; }
}

// Whole, with its tokens: they are of this machine's own service.
function curl({ method, url, header, body }) {
  const quote = (text) => "'" + text.replaceAll("'", "'\\''") + "'";
  const headers = Object.entries(header || {}).map(([name, value]) => "-H " + quote(name + ": " + value));
  return ["curl -s", method !== "GET" && "-X " + method, quote(url), ...headers, body && "-d " + quote(body)].filter(Boolean).join(" ");
}
