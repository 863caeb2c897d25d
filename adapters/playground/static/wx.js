// A browser's `wx`: the part of it that the SDK uses. Every call shows on the wire.
import { ask, kept, silent } from "./ui.js";

/**
 * Makes the `wx` of one phone, whose storage is its own.
 * phone: {id, model, platform, person(), note(exchange), drop(exchange)}. note is
 * called when something is sent, and exchange.done() when it is over. drop returns
 * "answer" where the answer is to be lost on its way.
 */
export function makeWx(phone) {
  const files = new Map();

  function begin(exchange) {
    Object.assign(exchange, { id: "play-" + hex(random(8)), at: Date.now(), began: performance.now() });
    exchange.end = (result) => {
      Object.assign(exchange, result, { took: performance.now() - exchange.began, over: true });
      exchange.done?.();
    };
    phone.note(exchange);
    return exchange;
  }

  // Resolves to {statusCode, data, header}, or rejects where no answer came.
  async function send(exchange, init) {
    init.headers = { ...init.headers, "X-Request-Id": exchange.id };
    exchange.header = init.headers;
    const lose = phone.drop(exchange);
    try {
      const response = await fetch(exchange.url, { ...init, credentials: "omit", cache: "no-store" }).catch(() => { throw new Error(silent); });
      const result = { statusCode: response.status, data: await response.text(), header: Object.fromEntries(response.headers) };
      exchange.end({ status: result.statusCode, answer: result.data, answerHeader: result.header, lost: lose === "answer" });
    } catch (error) {
      exchange.end({ failure: String(error.message || error) });
      throw error;
    }
    if (exchange.lost) throw new Error("the answer was lost");
    return { statusCode: exchange.status, data: exchange.answer, header: exchange.answerHeader };
  }

  async function code(path, name) {
    const exchange = begin({ kind: name, method: "POST", url: "/playground/" + path + "?person=" + encodeURIComponent(phone.person()) });
    try {
      const { code } = await ask(exchange.url.slice("/playground/".length), "POST");
      exchange.end({ status: 200, answer: JSON.stringify({ code }) });
      return code;
    } catch (error) {
      exchange.end({ failure: error.message });
      throw error;
    }
  }

  return {
    login: (options) => settle(code("code", "wx.login").then((code) => ({ code, errMsg: "login:ok" })), options, "login"),
    request(options) {
      const { url, method = "GET", data, header = {} } = options;
      const init = { method, headers: { "Content-Type": "application/json", ...header } };
      let address = url;
      if (data !== undefined && method === "GET") address += (url.includes("?") ? "&" : "?") + new URLSearchParams(data);
      else if (data !== undefined) init.body = typeof data === "string" ? data : JSON.stringify(data);
      else delete init.headers["Content-Type"];
      settle(send(begin({ kind: "request", method, url: address, body: init.body }), init).then(parse), options, "request");
    },
    uploadFile(options) {
      const { url, filePath, name, formData = {}, header = {} } = options;
      const file = files.get(filePath);
      const form = new FormData();
      if (file) form.append(name, file, "avatar.png");
      for (const key of Object.keys(formData)) form.append(key, formData[key]);
      const body = "multipart/form-data; " + name + " = " + (file ? file.type + ", " + file.size + " B" : "");
      settle(send(begin({ kind: "upload", method: "POST", url, body }), { method: "POST", headers: { ...header }, body: form }), options, "uploadFile");
    },
    getRandomValues: ({ length, success }) => success({ randomValues: random(length).buffer }),
    getStorageSync: (key) => kept.get(phone.id + "." + key) ?? "",
    setStorageSync: (key, value) => kept.set(phone.id + "." + key, value),
    removeStorageSync: (key) => kept.remove(phone.id + "." + key),
    getDeviceInfo: () => ({ model: phone.model, platform: phone.platform }),

    /** A picture as chooseAvatar gives it: the path of a temporary file. */
    tempFile(blob) {
      const path = "wxfile://tmp_" + hex(random(6)) + ".png";
      files.set(path, blob);
      return path;
    },
    /** event.detail of the phone button, where the person allows it. */
    phoneDetail: async () => ({ errMsg: "getPhoneNumber:ok", code: await code("phonecode", "getPhoneNumber") }),
  };
}

function settle(promise, { success, fail, complete }, name) {
  promise.then(
    (result) => { success?.(result); complete?.(result); },
    (error) => { const failure = { errMsg: name + ":fail " + error.message }; fail?.(failure); complete?.(failure); });
}

// wx.request parses what is JSON; wx.uploadFile never does.
function parse(result) {
  try { return { ...result, data: JSON.parse(result.data) }; } catch { return result; }
}

const random = (length) => crypto.getRandomValues(new Uint8Array(length));
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
