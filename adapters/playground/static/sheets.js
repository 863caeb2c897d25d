// What slides over a screen: forms, and what WeChat itself asks.
import { ask, el, t } from "./ui.js";
import { fileOf, picture, pictures } from "./pieces.js";

const button = (name, label, act, kind = "") => el("button", { type: "button", class: kind, do: name, on: { click: act } }, label);

/** A name and a picture, as a mini program collects them since 2022. */
export function editProfile(phone) {
  const draft = phone.draft ??= { nickname: phone.client.user().nickname || "", picture: undefined };
  const choose = (n, blob) => { draft.picture = { n, blob }; phone.draw(); };
  const file = el("input", { type: "file", accept: "image/*", id: "file", do: "file", on: { change: (e) => e.target.files[0] && choose("file", e.target.files[0]) } });
  const name = el("input", { type: "text", id: "nickname", do: "nickname", maxlength: "32", autocomplete: "off", on: { input: (e) => { draft.nickname = e.target.value; } } });
  name.value = draft.nickname;
  const submit = (event) => { event.preventDefault(); phone.draft = undefined; phone.close(); save(phone, draft); };
  return [
    el("h3", {}, t("profileTitle")),
    el("form", { on: { submit } },
      el("div", { class: "pictures", role: "group", "aria-label": t("choosePicture") },
        ...Array.from({ length: pictures }, (_, n) => {
          const pick = el("button", { type: "button", do: "picture-" + n, "aria-label": t("picture", { n: n + 1 }), "aria-pressed": String(draft.picture?.n === n) }, picture(n, 96));
          pick.addEventListener("click", async () => choose(n, await fileOf(picture(n))));
          return pick;
        }),
        el("label", { class: "file", for: "file", "data-chosen": draft.picture?.n === "file" }, t("ownPicture"), file)),
      el("label", { for: "nickname" }, t("nickname")), name,
      el("div", { class: "answers" }, button("cancel", t("cancel"), () => { phone.draft = undefined; phone.close(); }), el("button", { type: "submit", class: "main", do: "save" }, t("save")))),
  ];
}

function save(phone, draft) {
  return phone.act({ key: "doProfile" }, async () => {
    if (draft.picture) await phone.client.uploadAvatar(phone.wx.tempFile(draft.picture.blob));
    const nickname = draft.nickname.trim();
    if (nickname) await phone.client.updateProfile({ nickname });
    phone.toast(t("saved"));
  });
}

/** What WeChat asks when a button with open-type="getPhoneNumber" is tapped. */
export function askPhone(phone) {
  const number = phone.people().find(({ name }) => name === phone.person)?.phone || "";
  const answer = (title, detail) => { phone.close(); return phone.act({ key: title }, async () => { await phone.client.bindPhone(await detail()); }); };
  return [
    el("p", { class: "ask" }, t("asksPhone")),
    el("p", { class: "number" }, number && number.slice(0, 3) + "****" + number.slice(-4)),
    el("div", { class: "answers" },
      button("deny", t("deny"), () => answer("doDeny", async () => ({ errMsg: "getPhoneNumber:fail user deny" }))),
      button("allow", t("allow"), () => answer("doBind", () => phone.wx.phoneDetail()), "main")),
  ];
}

/** Asks before an account is deleted. */
export function confirmLeave(phone) {
  return [
    el("h3", {}, t("confirmLeave")), el("p", {}, t("confirmLeaveText")),
    el("div", { class: "answers" },
      button("cancel", t("cancel"), () => phone.close()),
      button("confirm", t("confirm"), () => { phone.close(); return phone.act({ key: "doLeave" }, () => phone.leave()); }, "danger")),
  ];
}

/** Somebody new gets WeChat. */
export function newPerson(phone) {
  const name = el("input", { type: "text", id: "new-name", do: "new-name", maxlength: "32", autocomplete: "off", required: true });
  const submit = async (event) => {
    event.preventDefault();
    const made = name.value.trim() && await ask("people", "POST", { name: name.value.trim() }).catch(() => undefined);
    if (!made) return;
    await phone.meet();
    phone.sheet = undefined;
    phone.become(made.name);
  };
  return [
    el("form", { on: { submit } },
      el("label", { for: "new-name" }, t("newName")), name,
      el("div", { class: "answers" }, button("cancel", t("cancel"), () => phone.close()), el("button", { type: "submit", class: "main", do: "add-person" }, t("add")))),
  ];
}
