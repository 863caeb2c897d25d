// The right side: what went over the wire, one block for each thing that was done.
import { $, ask, el, locale, t } from "./ui.js";
import { rowsOf } from "./rows.js";

const most = 40; // blocks that are kept

/** Makes the board. watch is called when something was added or is over. */
export function makeWire(watch) {
  const actions = []; // newest first
  let storeName = "";

  function begin(title, phone) {
    const action = { title, phone, at: new Date(), exchanges: [], folded: new Map(), open: 0 };
    action.node = el("article", { class: "action" });
    actions.unshift(action);
    $("actions").prepend(action.node);
    for (const old of actions.splice(most)) old.node.remove();
    draw(action);
    return action;
  }

  // Where many requests of one kind are expected, all but the first are counted only.
  function add(action, exchange) {
    const key = exchange.method + exchange.url;
    const first = action.fold && exchange.kind === "request" && action.folded.get(key);
    if (first) {
      first.more = (first.more || 0) + 1;
      exchange.done = () => drawLater(action);
      return drawLater(action);
    }
    action.folded.set(key, exchange);
    action.exchanges.push(exchange);
    exchange.done = () => over(action, exchange);
    draw(action);
  }

  async function over(action, exchange) {
    action.open++;
    draw(action);
    if (exchange.kind === "request" || exchange.kind === "upload") {
      try {
        exchange.steps = (await ask("wire?request=" + exchange.id + "&code=" + encodeURIComponent(codeIn(exchange)))).steps;
      } catch { /* the service is gone: what was sent is shown all the same */ }
    }
    action.open--;
    draw(action);
    watch();
  }

  function drawLater(action) {
    action.soon ??= setTimeout(() => { action.soon = undefined; draw(action); }, 50);
  }

  function draw(action) {
    const count = action.exchanges.reduce((sum, exchange) => sum + 1 + (exchange.more || 0), 0);
    const focused = [...action.node.querySelectorAll(".row")].indexOf(document.activeElement);
    action.node.replaceChildren(
      el("header", {}, el("h3", {}, t(action.title.key, action.title)), el("span", { class: "when" },
        [action.phone.name, count > 1 && t("summary", { n: count }), action.at.toLocaleTimeString(locale())].filter(Boolean).join(" · "))),
      el("ol", { class: "seq" }, action.exchanges.flatMap((exchange) => [...rowsOf(exchange), exchange.more && el("li", { class: "more" }, t("same", { n: exchange.more }))])),
      ...(action.said ? [el("p", { class: "verdict " + action.said.kind }, action.said.text())] : []));
    if (focused >= 0) action.node.querySelectorAll(".row")[focused]?.focus();
    action.node.hidden = count === 0 && !action.said;
    action.node.setAttribute("aria-busy", String(action.open > 0 || action.exchanges.some(({ over }) => !over)));
    $("empty").hidden = actions.some(({ node }) => !node.hidden);
  }

  function drawAll() {
    const lane = (key, name, note) => el("li", { class: key }, el("b", {}, name), note && el("small", {}, note));
    $("lanes").replaceChildren(lane("client", t("laneClient"), t("laneClientNote")), lane("server", t("laneServer")), lane("wechat", t("laneWechat"), t("simulated")),
      lane("store", storeName || t("laneStore"), storeName === "MongoDB" ? "" : t("inProduction")));
    actions.forEach(draw);
  }

  return {
    begin, add, drawAll,
    /** How the action ended, for the person who reads it. */
    say(action, kind, text) { action.said = { kind, text }; draw(action); },
    clear() { actions.splice(0).forEach((action) => action.node.remove()); $("empty").hidden = false; },
    count: () => actions.reduce((sum, action) => sum + action.exchanges.length, 0),
    async boot() { storeName = (await ask("wire?request=")).store; drawAll(); },
  };
}

function codeIn(exchange) {
  try { return JSON.parse(exchange.body).code || ""; } catch { return ""; }
}
