// What every part of the page uses: elements, what the browser keeps, languages.
import { texts } from "./text.js";

/** Makes an element. Text goes in as text, whatever is in it. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (name === "do") node.dataset.do = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

export const $ = (id) => document.getElementById(id);

const prefix = "wxlogin.playground.";

/** The browser's storage, below a prefix of the page's own. */
export const kept = {
  get(key) {
    try { return JSON.parse(localStorage.getItem(prefix + key)) ?? undefined; } catch { return undefined; }
  },
  set(key, value) {
    try { localStorage.setItem(prefix + key, JSON.stringify(value)); } catch { /* memory serves */ }
  },
  remove(key) {
    try { localStorage.removeItem(prefix + key); } catch { /* there is nothing */ }
  },
};

const languages = ["en", "zh"];
let language = kept.get("language") || ((navigator.language || "").toLowerCase().startsWith("zh") ? "zh" : "en");

/** The text of a key in the language of the page, with its blanks filled. */
export function t(key, blanks = {}) {
  const text = texts[language][key] ?? texts.en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => blanks[name] ?? "");
}

/** Whether there is a text of that key. */
export const said = (key) => key in texts.en;

export const locale = () => language === "zh" ? "zh-CN" : "en";

/** Goes to the next language. */
export function nextLanguage() {
  language = languages[(languages.indexOf(language) + 1) % languages.length];
  kept.set("language", language);
}

/** Writes the page's fixed texts. */
export function write() {
  document.documentElement.lang = locale();
  document.title = "wxlogin · " + t("playground");
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", t(node.dataset.tLabel));
}

/** What errors say where "wxlogin dev" does not answer at all. */
export const silent = "wxlogin dev does not answer";

/** What a person is told of an error. */
export function words({ code, message = "" }) {
  if (message.includes(silent)) return t("code_silent");
  return said("code_" + code) ? t("code_" + code) : t("code_other");
}

const patience = 5000; // ms

/** Asks the page's own endpoints, and returns what they answer. */
export async function ask(path, method = "GET", body) {
  const init = { method, signal: AbortSignal.timeout(patience), body: body && JSON.stringify(body) };
  const response = await fetch("/playground/" + path, init).catch(() => { throw new Error(silent); });
  if (!response.ok) throw new Error(path.split("?")[0] + ": " + response.status);
  return response.json();
}
