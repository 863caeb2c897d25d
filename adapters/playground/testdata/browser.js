"use strict";
// Runs the page's script (argv[2]) in a browser of stubs, taps the buttons, and
// prints the requests that it makes and what it shows of them, as JSON.
const { readFileSync } = require("node:fs");

const elements = {};
const element = (id) => (elements[id] ??= {
  id, value: "", disabled: false, children: [], listeners: {}, textContent: "",
  append(...parts) { this.children.push(...parts); },
  prepend(...parts) { this.children.unshift(...parts); },
  addEventListener(type, listener) { this.listeners[type] = listener; },
});
const text = (e) => typeof e === "string" ? e : e.textContent + e.children.map(text).join(" ");

let made = 0;
global.document = { getElementById: element, createElement: () => element(`made-${++made}`) };

const requests = [];
const answers = JSON.parse(process.argv[3]);
global.fetch = async (path, init) => {
  requests.push({ method: init.method, path, headers: init.headers, body: init.body ?? "" });
  const { status, body } = answers.shift();
  return { ok: status < 400, status, text: async () => body };
};

(0, eval)(readFileSync(process.argv[2], "utf8"));

const tap = async (id, type) => {
  if (!element(id).disabled) await elements[id].listeners[type]({ preventDefault() {} });
};
(async () => {
  for (const id of ["again", "me"]) element(id).disabled = true;
  element("person").value = " 小红 & co ";
  await tap("me", "click"); // not before a login
  await tap("controls", "submit");
  await tap("again", "click");
  await tap("me", "click");
  console.log(JSON.stringify({ requests, shown: elements.wire.children.map(text) }));
})();
