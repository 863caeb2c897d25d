// What slides over a screen: forms, and what WeChat itself asks.
import { ask, el, t, words } from "./ui.js";
import { fileOf, picture, pictures } from "./pieces.js";

/** The heading of a sheet, which names it. */
const title = (...text) => el("h3", { id: "sheet-title" }, ...text);

const button = (name, label, act, kind = "") => el("button", { type: "button", class: kind, do: name, on: { click: act } }, label);

/** A name and a picture, as a mini program collects them since 2022. */
export function editProfile(phone) {
  const draft = phone.draft ??= { nickname: phone.client.user().nickname || "", picture: undefined };
  const choose = (n, blob) => { draft.picture = { n, blob }; phone.draw(); };
  const file = el("input", { type: "file", accept: "image/jpeg,image/png,image/webp,image/gif", id: "file", do: "file", on: { change: (e) => e.target.files[0] && choose("file", e.target.files[0]) } });
  const name = el("input", { type: "text", id: "nickname", do: "nickname", maxlength: "32", autocomplete: "off", on: { input: (e) => { draft.nickname = e.target.value; } } });
  name.value = draft.nickname;
  const submit = (event) => { event.preventDefault(); phone.close(); save(phone, draft); };
  return [
    title(t("profileTitle")),
    el("form", { on: { submit } },
      el("div", { class: "pictures", role: "group", "aria-label": t("choosePicture") },
        ...Array.from({ length: pictures }, (_, n) => {
          const pick = el("button", { type: "button", do: "picture-" + n, "aria-label": t("picture", { n: n + 1 }), "aria-pressed": String(draft.picture?.n === n) }, picture(n, 96));
          pick.addEventListener("click", async () => choose(n, await fileOf(picture(n))));
          return pick;
        }),
        el("label", { class: "file", for: "file", "data-chosen": draft.picture?.n === "file" }, t("ownPicture"), file)),
      el("label", { for: "nickname" }, t("nickname")), name,
      el("div", { class: "answers" }, button("cancel", t("cancel"), () => phone.close()), el("button", { type: "submit", class: "main", do: "save" }, t("save")))),
  ];
}

function save(phone, draft) {
  return phone.act({ key: "doProfile" }, async () => {
    const { picture, nickname } = draft;
    if (picture) await phone.client.uploadAvatar(phone.wx.tempFile(picture.blob));
    // As it is, and an empty one too: what is wrong with it is the service's to say.
    if (!picture || nickname !== (phone.client.user().nickname || "")) await phone.client.updateProfile({ nickname });
    phone.toast(t("saved"));
  });
}

/** What WeChat asks when a button with open-type="getPhoneNumber" is tapped. */
export function askPhone(phone) {
  const number = phone.people().find(({ name }) => name === phone.person)?.phone || "";
  const answer = (title, detail) => { phone.close(); return phone.act({ key: title }, async () => { await phone.client.bindPhone(await detail()); }); };
  return [
    title(t("asksPhone")),
    el("p", { class: "number" }, number && number.slice(0, 3) + "****" + number.slice(-4)),
    el("div", { class: "answers" },
      button("deny", t("deny"), () => answer("doDeny", async () => ({ errMsg: "getPhoneNumber:fail user deny" }))),
      button("allow", t("allow"), () => answer("doBind", () => phone.wx.phoneDetail()), "main")),
  ];
}

/** Asks before an account is deleted. */
export function confirmLeave(phone) {
  return [
    title(t("confirmLeave")), el("p", {}, t("confirmLeaveText")),
    el("div", { class: "answers" },
      button("cancel", t("cancel"), () => phone.close()),
      button("confirm", t("confirm"), () => { phone.close(); return phone.act({ key: "doLeave" }, () => phone.leave()); }, "danger")),
  ];
}

/** Tells who had left on another phone that logging in has taken it back, and asks. */
export function confirmStay(phone) {
  return [
    title(t("takenBack")), el("p", {}, t("takenBackText")),
    el("div", { class: "answers" },
      button("stay", t("stay"), () => phone.close(), "main"),
      button("leave-again", t("leaveAgain"), () => { phone.close(); return phone.act({ key: "doLeave" }, () => phone.leave()); }, "danger")),
  ];
}

/** Somebody new gets WeChat. */
export function newPerson(phone) {
  const draft = phone.draft ??= { name: "" };
  const name = el("input", { type: "text", id: "new-name", do: "new-name", maxlength: "32", autocomplete: "off", required: true, on: { input: (e) => { draft.name = e.target.value; } } });
  name.value = draft.name;
  const submit = async (event) => {
    event.preventDefault();
    try {
      const made = await ask("people", "POST", { name: draft.name.trim() });
      await phone.meet();
      phone.become(made.name);
    } catch (error) { phone.toast(words(error), error); }
  };
  return [
    el("form", { on: { submit } },
      title(el("label", { for: "new-name" }, t("newName"))), name,
      el("div", { class: "answers" }, button("cancel", t("cancel"), () => phone.close()), el("button", { type: "submit", class: "main", do: "add-person" }, t("add")))),
  ];
}
