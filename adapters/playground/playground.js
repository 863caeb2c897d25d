"use strict";
// The page's script: what a mini program does at login, step by step.
const $ = (id) => document.getElementById(id);
const state = { code: "", token: "" };

// show puts one exchange on the page, newest first, and returns its answer.
async function show(method, path, { body, headers = {} } = {}) {
  const init = { method, headers: { ...headers } };
  if (body !== undefined) {
    init.headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  const started = performance.now();
  const response = await fetch(path, init);
  const took = Math.round(performance.now() - started);
  const text = await response.text();
  let answer = null;
  try { answer = JSON.parse(text); } catch { /* shown as it is */ }

  const item = document.createElement("li");
  item.className = response.ok ? "good" : "bad";
  const title = document.createElement("h2");
  const status = document.createElement("b");
  status.textContent = `${response.status} · ${took} ms`;
  title.append(status, `${method} ${path}`);
  item.append(title);
  const sent = Object.entries(init.headers).map(([k, v]) => `${k}: ${v}`).join("\n");
  for (const part of [[sent, init.body && pretty(body)].filter(Boolean).join("\n\n"), answer ? pretty(answer) : text]) {
    if (!part) continue;
    const block = document.createElement("pre");
    block.textContent = part;
    item.append(block);
  }
  $("wire").prepend(item);
  return { ok: response.ok, answer };
}

const pretty = (value) => JSON.stringify(value, null, 2);

async function login() {
  const person = encodeURIComponent($("person").value.trim() || "alice");
  const wx = await show("POST", `/playground/code?person=${person}`);
  if (!wx.ok) return;
  state.code = wx.answer.code;
  await send();
}

async function send() {
  const { ok, answer } = await show("POST", "/v1/login", {
    body: { code: state.code, device: { id: "playground-1", name: "Browser", platform: "devtools" } },
  });
  if (ok) state.token = answer.accessToken;
  $("again").disabled = !state.code;
  $("me").disabled = !state.token;
}

// once keeps a button from being used twice at a time.
function once(action) {
  let busy = false;
  return async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    try { await action(); } finally { busy = false; }
  };
}

$("controls").addEventListener("submit", once(login));
$("again").addEventListener("click", once(send));
$("me").addEventListener("click", once(() =>
  show("GET", "/v1/me", { headers: { Authorization: `Bearer ${state.token}` } })));
