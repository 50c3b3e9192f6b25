// What everybody decides for themselves: on this device, and of their notices by e-mail.
import { html, useEffect, useState } from "../../vendor/preact-11.2.0.js";
import { get, write } from "../../core/api.js";
import { preferences, prefer } from "../../core/device.js";
import { t } from "../../core/i18n.js";
import { sentenceFor } from "../../core/policy.js";
import { say } from "../../core/toasts.js";
import { Hold, Language, Theme } from "../../dialogs/account.js";
import { Group, ticked, typed } from "./form.js";
import { Sessions } from "./sessions.js";

const LANGUAGES = { en: "English", lv: "Latviešu", ru: "Русский", ms: "Bahasa Melayu", he: "עברית", ar: "العربية" };

/** @typedef {{mail: boolean, language: string}} Wishes */

/** Notices by e-mail; each change is kept by the server at once, and put back when it is refused. */
function Mail() {
  const [wishes, setWishes] = useState(/** @type {Wishes | null} */ (null));
  const [failed, setFailed] = useState("");
  const load = () => get("notices").then(
    (found) => {
      setFailed("");
      setWishes(found);
    },
    (error) => setFailed(sentenceFor(error)),
  );
  useEffect(() => {
    load();
  }, []);
  const wish = async (/** @type {Partial<Wishes>} */ change) => {
    const was = wishes;
    setWishes(/** @type {Wishes} */ ({ ...wishes, ...change }));
    try {
      setWishes(await write("PATCH", "notices", change));
      say({ text: t("settings.saved"), tone: "plain" });
    } catch (error) {
      setWishes(was);
      say({ text: sentenceFor(error), tone: "error" });
    }
  };
  if (failed) return html`<div class="notice" data-tone="bad" role="alert"><span>${failed}</span><button type="button" class="button small" onClick=${load}>${t("retry")}</button></div>`;
  if (!wishes) return html`<p class="quiet" role="status">${t("loading")}</p>`;
  return html`<label class="switch"><input type="checkbox" checked=${wishes.mail} onChange=${(/** @type {Event} */ event) => wish({ mail: ticked(event) })} />${t("settings.me.mail")}</label>
    <p class="hint">${t("settings.me.mail.hint")}</p>
    <label class="field"><span>${t("settings.me.mailLanguage")}</span><select onChange=${(/** @type {Event} */ event) => wish({ language: typed(event) })}>${Object.entries(LANGUAGES).map(([tag, name]) => html`<option key=${tag} value=${tag} lang=${tag} selected=${wishes.language === tag}>${name}</option>`)}</select></label>`;
}

export default function MyOwn() {
  return html`<div class="set-part" aria-labelledby="set-title">
    <header><h2 id="set-title" tabindex="-1">${t("settings.part.me")}</h2><p class="quiet">${t("settings.about.me")}</p></header>
    <${Group} title=${t("settings.me.device")} hint=${t("settings.me.device.hint")}><${Language} /><${Theme} />
      <label class="switch"><input type="checkbox" checked=${preferences.value.letters} onChange=${(/** @type {Event} */ event) => prefer({ letters: ticked(event) })} />${t("key.letters")}</label><//>
    <${Group} title=${t("settings.me.sending")}><${Hold} /><//>
    <${Group} title=${t("settings.me.notices")}><${Mail} /><//>
    <${Group} title=${t("settings.me.sessions")} hint=${t("settings.me.sessions.hint")}><${Sessions} /><//>
  </div>`;
}
