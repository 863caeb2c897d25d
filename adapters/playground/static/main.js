// The page: two phones, the lab, the wire, and what is around them.
import { $, ask, el, kept, nextLanguage, t, words, write } from "./ui.js";
import "./words.js";
import { makeLab } from "./lab.js";
import { Phone } from "./phone.js";
import { makeWire } from "./wire.js";

const models = [
  { id: "a", name: "iPhone 16", model: "iPhone 16", platform: "ios" },
  { id: "b", name: "Xiaomi 15", model: "Xiaomi 15", platform: "android" },
];
const themes = ["auto", "light", "dark"];

let people = [];
let current = kept.get("phone") === "b" ? 1 : 0;
let theme = kept.get("theme") || "auto";

const wire = makeWire(() => lab.refresh());
Phone.prototype.people = () => people;
Phone.prototype.meet = meet;
const phones = models.map((about) => new Phone(about, wire, () => { lab.draw(); frame(); }));
const lab = makeLab($("lab"), () => phones[current], () => look("wire"));

async function meet() {
  people = (await ask("people")).people;
  for (const { person } of phones) if (!people.some(({ name }) => name === person)) people.push({ name: person, phone: "" });
}

// What is around the phone and the wire.
function frame() {
  $("switcher").replaceChildren(...phones.map((phone, i) => el("button", { type: "button", do: "phone-" + phone.id, "aria-pressed": String(i === current), on: { click: () => hold(i) } },
    phone.name, el("span", { class: "dot" + (phone.loggedIn() ? " on" : ""), "aria-hidden": "true" }))));
  const tool = (name, text, label) => { const node = document.querySelector(`[data-do="${name}"]`); node.textContent = text; if (label) node.setAttribute("aria-label", label); return node; };
  const called = t("theme" + theme[0].toUpperCase() + theme.slice(1));
  tool("theme", { auto: "◐ ", light: "☀ ", dark: "☾ " }[theme] + called, t("theme", { theme: called }));
  tool("language", t("language"), t("languageHint"));
  document.querySelector('[data-t="emptyTitle"]').textContent = t(phones[current].loggedIn() || phones[current].client.state() === "left" ? "emptyAny" : "emptyTitle");
  tool("view-phone", t("viewPhone")).setAttribute("aria-pressed", String(document.body.dataset.view === "phone"));
  tool("view-wire", t("viewWire") + (wire.count() ? " · " + wire.count() : "")).setAttribute("aria-pressed", String(document.body.dataset.view === "wire"));
}

function hold(i) {
  current = i;
  kept.set("phone", phones[i].id);
  $("phone").replaceChildren(phones[i].node);
  frame();
  lab.draw();
  return phones[i].show();
}

function paint() {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function drawAll() {
  write();
  frame();
  phones.forEach((phone) => phone.draw());
  lab.draw();
  wire.drawAll();
}

const tools = {
  theme() { theme = themes[(themes.indexOf(theme) + 1) % themes.length]; kept.set("theme", theme); paint(); frame(); },
  language() { nextLanguage(); drawAll(); },
  clear() { wire.clear(); frame(); },
  "view-phone"() { look("phone"); },
  "view-wire"() { look("wire"); },
};

function look(view) {
  document.body.dataset.view = view;
  frame();
  scrollTo(0, 0);
}

for (const [name, act] of Object.entries(tools)) document.querySelector(`[data-do="${name}"]`).addEventListener("click", act);
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && phones[current].sheet) phones[current].close(); });

paint();
write();
try {
  await Promise.all([meet(), wire.boot(), lab.refresh()]);
  await hold(current);
  drawAll();
} catch (error) {
  $("phone").replaceChildren(el("p", { class: "card halt", role: "alert" }, words(error)));
}
document.body.dataset.ready = "";
