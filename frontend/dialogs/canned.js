// Canned texts, the customer's language first; the chosen one goes into the box at the caret and is never sent by itself.
import { html, useEffect, useState } from "../vendor/preact-11.2.0.js";
import { Problem, Unreachable } from "../core/api.js";
import { cannedTexts, putCanned } from "../core/canned.js";
import { sentenceOf } from "../core/changes.js";
import { conversationOf } from "../core/conversation.js";
import { languageName, t } from "../core/i18n.js";
import { Icon } from "../ui/icon.js";
import { closeDialog, Frame } from "./frame.js";
import { Picker } from "./picker.js";

/** @typedef {import("../types.d.ts").Entry} Entry */
/** @typedef {import("../types.d.ts").Mode} Mode */

/** @param {{id: string, about: string}} props the conversation, and the mode of its box */
export default function CannedDialog({ id, about }) {
  const [texts, setTexts] = useState(/** @type {Entry[] | null} */ (null));
  const [failed, setFailed] = useState("");
  const language = conversationOf(id)?.customer.language ?? "";
  const load = async () => {
    setFailed("");
    try {
      setTexts(await cannedTexts(language));
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      setFailed(sentenceOf(error));
    }
  };
  useEffect(() => {
    load();
  }, []);
  const pick = (/** @type {string} */ chosen) => {
    const entry = texts?.find((one) => one.id === chosen);
    closeDialog();
    if (entry) putCanned(id, /** @type {Mode} */ (about), entry);
  };
  const options = (texts ?? []).map((entry) => ({ id: entry.id, label: entry.title, text: entry.text, language: entry.language, detail: languageName(entry.language) }));
  return html`<${Frame} title=${t("canned.title")} kind="wide">
    ${failed ? html`<div class="notice" data-tone="bad" role="alert"><span>${failed}</span><button type="button" class="button small" onClick=${load}>${t("retry")}</button></div>` : null}
    ${texts === null && !failed ? html`<p class="quiet" role="status">${t("loading")}</p>` : null}
    ${texts?.length === 0 ? html`<div class="empty"><${Icon} name="note" /><p>${t("canned.none")}</p></div>` : null}
    ${texts?.length ? html`<${Picker} label=${t("canned.find")} options=${options} onPick=${pick} />` : null}
  <//>`;
}
