// Preferences of this device, shortcuts, signing out.
import { html } from "../vendor/preact-11.2.0.js";
import { Problem, Unreachable } from "../core/api.js";
import { sentenceOf } from "../core/changes.js";
import { preferences, prefer } from "../core/device.js";
import { dialog, showDialog } from "../core/intents.js";
import { t } from "../core/i18n.js";
import { me, signOut } from "../core/session.js";
import { say } from "../core/toasts.js";
import { ScreenLinks } from "../ui/views-nav.js";
import { closeDialog, Frame } from "./frame.js";

/** @param {{name: "theme" | "direction", options: string[]}} props */
function Choice({ name, options }) {
  const onChange = (/** @type {Event} */ event) => prefer({ [name]: /** @type {HTMLInputElement} */ (event.target).value });
  return html`<fieldset class="choice"><legend>${t(`account.${name}`)}</legend>
    ${options.map((option) => html`<label key=${option}><input type="radio" name=${name} value=${option} checked=${preferences.value[name] === option} onChange=${onChange} />${t(`account.${name}.${option}`)}</label>`)}
  </fieldset>`;
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
    <${Choice} name="theme" options=${["auto", "light", "dark"]} />
    <${Choice} name="direction" options=${["auto", "ltr", "rtl"]} />
    <label class="switch"><input type="checkbox" checked=${preferences.value.letters} onChange=${(/** @type {Event} */ event) => prefer({ letters: /** @type {HTMLInputElement} */ (event.target).checked })} />${t("key.letters")}</label>
    <p class="choices"><button type="button" class="button" onClick=${() => next("accounts")}>${t("accounts.title")}</button>
      <button type="button" class="button" onClick=${() => next("shortcuts")}>${t("key.title")}<kbd aria-hidden="true">?</kbd></button>
      <button type="button" class="button" onClick=${leave}>${t("account.signOut")}</button></p>
    <p class="quiet">${t("account.drafts")}</p>
  <//>`;
}
