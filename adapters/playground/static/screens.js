// The screens of the demo mini program.
import { el, locale, t } from "./ui.js";
import { hold } from "./focus.js";
import { badge, day } from "./pieces.js";
import { askPhone, confirmLeave, editProfile, newPerson } from "./sheets.js";

/** Everything that is on a phone, from the clock down. */
export function screenOf(phone) {
  const page = phone.client.state() === "left" ? left(phone) : phone.loggedIn() ? account(phone) : welcome(phone);
  return [
    el("div", { class: "status", "aria-hidden": "true" }, el("span", {}, "9:41"), el("span", { class: "island" }), el("span", { class: "signal" }, "5G ▮▮▮")),
    el("div", { class: "nav" }, el("h2", {}, t("app")), el("span", { class: "capsule", "aria-hidden": "true" }, el("i", {}, "•••"), el("i", {}, "◎"))),
    el("div", { class: "page", inert: !!phone.sheet }, ...page),
    phone.sheet && el("div", { class: "shade" }, el("section", { class: "sheet", role: "dialog", "aria-modal": "true", "aria-labelledby": "sheet-title", on: { keydown: hold } }, ...phone.sheet(phone))),
    el("div", { class: "home", "aria-hidden": "true" }),
  ].filter(Boolean);
}

const button = (phone, name, label, act, kind = "") =>
  el("button", { type: "button", class: kind, do: name, disabled: phone.busy, on: { click: act } }, label);

function welcome(phone) {
  return [
    el("div", { class: "hero" }, el("div", { class: "cup", "aria-hidden": "true" }), el("h3", {}, t("hello")), el("p", {}, t("helloText"))),
    button(phone, "login", phone.busy ? t("loggingIn") : t("login"), () => phone.act({ key: "doLogin" }, () => phone.login()), "main"),
    el("fieldset", { class: "whose", disabled: phone.busy },
      el("legend", {}, t("whose")),
      ...phone.people().map(({ name }) => el("button", { type: "button", class: "person", do: "person-" + name, "aria-pressed": String(name === phone.person), on: { click: () => phone.become(name) } },
        badge(name), el("span", {}, name))),
      el("button", { type: "button", class: "person", do: "new-person", on: { click: () => phone.open(newPerson) } }, el("span", { class: "badge plus", "aria-hidden": "true" }, "+"), el("span", {}, t("newPerson")))),
  ];
}

// The picture, which the service has at this origin, by whatever name the page was
// opened. One that WeChat had is elsewhere, and not shown.
function face(phone, { nickname, avatarUrl = "" }) {
  const path = /^https?:\/\/[^/]+(\/v1\/avatars\/[^/?#]+)$/.exec(avatarUrl)?.[1];
  return path ? el("img", { src: path, alt: "", width: "60", height: "60" }) : badge(nickname || phone.person);
}

function account(phone) {
  const user = phone.client.user();
  const act = (title, what) => phone.act({ key: title }, what);
  return [
    el("div", { class: "me" },
      face(phone, user),
      el("div", {}, el("h3", { class: "nickname" }, user.nickname || t("noName")), el("p", {}, t("member", { when: day(user.createdAt, locale()) })),
        phone.isNew && el("span", { class: "pill" }, t("isNew")), phone.restored && el("span", { class: "pill" }, t("restored")))),
    el("ul", { class: "cells" },
      el("li", {}, button(phone, "profile", [el("span", {}, t("editProfile")), el("b", { "aria-hidden": "true" }, "›")], () => phone.open(editProfile), "cell")),
      el("li", { class: "cell" }, el("span", {}, t("phone")), el("span", { class: "value phone-number" }, user.phone || t("notBound")),
        user.phone ? button(phone, "unbind", t("unbind"), () => act("doUnbind", () => phone.client.removePhone()), "small")
          : button(phone, "bind", t("bind"), () => phone.open(askPhone), "small main"))),
    el("h4", {}, t("sessions")),
    el("ul", { class: "cells sessions" }, ...phone.sessions.map((s) => el("li", { class: "cell" }, el("span", {}, s.device?.name || t("unknownPhone")),
      s.current ? el("span", { class: "value" }, t("thisPhone")) : button(phone, "end-" + s.id, t("end"), () => act("doEnd", async () => { await phone.client.endSession(s.id); await phone.list(); }), "small")))),
    el("div", { class: "ends" },
      button(phone, "logout", t("logout"), () => act("doLogout", () => phone.logout())),
      button(phone, "logout-all", t("logoutAll"), () => act("doLogoutAll", () => phone.logoutEverywhere())),
      button(phone, "leave", t("leave"), () => phone.open(confirmLeave), "danger")),
  ];
}

function left(phone) {
  return [
    el("div", { class: "hero" }, el("div", { class: "cup drained", "aria-hidden": "true" }), el("h3", {}, t(phone.deletionAt ? "gone" : "leaving")),
      el("p", {}, phone.deletionAt ? t("goneText", { when: day(phone.deletionAt, locale()) }) : t("leavingText"))),
    button(phone, "come-back", t("comeBack"), () => phone.act({ key: "doBack" }, () => phone.comeBack()), "main"),
  ];
}
