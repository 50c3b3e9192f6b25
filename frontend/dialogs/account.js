// Preferences of this device, shortcuts, signing out.
import { html, useState } from "../vendor/preact-11.2.0.js";
import { Problem, signedOut, Unreachable, write } from "../core/api.js";
import { sentenceOf } from "../core/changes.js";
import { forgetConversations } from "../core/conversation.js";
import { preferences, prefer } from "../core/device.js";
import { forgetDrafts } from "../core/drafts.js";
import { dialog, showDialog } from "../core/intents.js";
import { t } from "../core/i18n.js";
import { permission, turnOn } from "../core/notify.js";
import { rows } from "../core/queue.js";
import { me } from "../core/session.js";
import { say } from "../core/toasts.js";
import { ScreenLinks } from "../ui/views-nav.js";
import { closeDialog, Frame } from "./frame.js";

/** What each language of `i18n/` calls itself; the server offers the same. */
const LANGUAGES = { en: "English", lv: "Latviešu", ru: "Русский", ms: "Bahasa Melayu", he: "עברית", ar: "العربية" };
const COOKIE = "desk-language";
const COOKIE_DAYS = 400;

/** The language chosen on this device; "" when it is the browser's. */
const chosenLanguage = () => document.cookie.match(new RegExp(`(?:^|; )${COOKIE}=(\\w+)`))?.[1] ?? "";

/** @param {string} tag of `LANGUAGES`, "" for the browser's; the page comes anew in it, drafts and address stay */
function chooseLanguage(tag) {
  document.cookie = `${COOKIE}=${tag}; path=/; samesite=lax; max-age=${tag ? COOKIE_DAYS * 86_400 : 0}`;
  location.reload();
}

/** @type {("auto" | "light" | "dark")[]} */
const THEMES = ["auto", "light", "dark"];

export function Theme() {
  return html`<fieldset class="choice"><legend>${t("account.theme")}</legend>
    ${THEMES.map((theme) => html`<label key=${theme}><input type="radio" name="theme" value=${theme} checked=${preferences.value.theme === theme} onChange=${() => prefer({ theme })} />${t(`account.theme.${theme}`)}</label>`)}
  </fieldset>`;
}

/** Each language by its own name: whoever cannot read the present one finds theirs. */
export function Language() {
  const chosen = chosenLanguage();
  return html`<label class="field"><span>${t("account.language")}</span>
    <select onChange=${(/** @type {Event} */ event) => chooseLanguage(/** @type {HTMLSelectElement} */ (event.target).value)}>
      <option value="" selected=${chosen === ""}>${t("account.language.auto")}</option>
      ${Object.entries(LANGUAGES).map(([tag, name]) => html`<option key=${tag} value=${tag} lang=${tag} selected=${chosen === tag}>${name}</option>`)}
    </select></label>`;
}

const HOLDS = [0, 5, 10, 20, 30];

/** For how long one's replies can be taken back. */
export function Hold() {
  const { hold } = preferences.value;
  const usual = me.value?.brand.undo_seconds ?? 0;
  const onChange = (/** @type {Event} */ event) => {
    const { value } = /** @type {HTMLSelectElement} */ (event.target);
    prefer({ hold: value === "" ? null : Number(value) });
  };
  return html`<label class="field"><span>${t("account.hold")}</span>
    <select onChange=${onChange}>
      <option value="" selected=${hold === null}>${t("account.hold.brand", { seconds: holdName(usual) })}</option>
      ${HOLDS.map((seconds) => html`<option key=${seconds} value=${seconds} selected=${hold === seconds}>${holdName(seconds)}</option>`)}
    </select></label>`;
}

/** @param {number} seconds */
const holdName = (seconds) => (seconds === 0 ? t("account.hold.none") : t("account.hold.seconds", { n: seconds }));

/** @typedef {"missing" | "default" | "granted" | "denied"} Allowed */

/** Asks the browser only when somebody wants them. */
export function Notify() {
  const [allowed, setAllowed] = useState(/** @type {Allowed} */ (permission()));
  const on = preferences.value.notify && allowed === "granted";
  const onChange = async (/** @type {Event} */ event) => {
    const box = /** @type {HTMLInputElement} */ (event.target);
    const wanted = box.checked;
    box.checked = on; // until the browser has said yes
    if (wanted) setAllowed(await turnOn());
    else prefer({ notify: false });
  };
  const shut = allowed === "denied" || allowed === "missing";
  return html`<label class="switch"><input type="checkbox" checked=${on} disabled=${shut} aria-describedby="notify-what" onChange=${onChange} />${t("account.notify")}</label>
    <p class="quiet" id="notify-what" role=${shut ? "status" : undefined}>${t(shut ? `account.notify.${allowed}` : "account.notify.what")}</p>`;
}

/** Ends the session on the server first: a failed sign-out must not look like one. @throws {Problem | Unreachable} */
export async function signOut(path = "/auth/sign-out", said = {}) {
  await write("POST", path, said);
  forgetDrafts();
  forgetConversations();
  rows.value = [];
  me.value = null;
  signedOut.value = true;
}

async function leave() {
  try {
    await signOut();
    dialog.value = null;
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    closeDialog();
    say({ text: sentenceOf(error), tone: "error" });
  }
}

/** @param {import("../core/intents.js").DialogName} name */
function next(name) {
  closeDialog();
  setTimeout(() => showDialog(name));
}

export default function AccountDialog() {
  const agent = me.value?.agent;
  return html`<${Frame} title=${agent?.name ?? t("account.open")}>
    <div class="only-narrow" onClick=${closeDialog}><${ScreenLinks} /></div>
    <${Language} />
    <${Theme} />
    <${Hold} />
    <${Notify} />
    <label class="switch"><input type="checkbox" checked=${preferences.value.letters} onChange=${(/** @type {Event} */ event) => prefer({ letters: /** @type {HTMLInputElement} */ (event.target).checked })} />${t("key.letters")}</label>
    <p class="choices"><button type="button" class="button" onClick=${() => next("search")}>${t("key.search")}<kbd aria-hidden="true">/</kbd></button>
      <button type="button" class="button" onClick=${() => next("accounts")}>${t("accounts.title")}</button>
      <button type="button" class="button" onClick=${() => next("shortcuts")}>${t("key.title")}<kbd aria-hidden="true">?</kbd></button>
      <button type="button" class="button" onClick=${leave}>${t("account.signOut")}</button></p>
    <p class="quiet">${t("account.drafts")}</p>
  <//>`;
}
