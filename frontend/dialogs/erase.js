// Erasing a customer wherever they are: what goes, what stays, and the name typed by hand. Nothing brings it back.
import { html, useState } from "../vendor/preact-11.2.0.js";
import { newKey, write } from "../core/api.js";
import { conversationOf } from "../core/conversation.js";
import { t } from "../core/i18n.js";
import { sentenceFor } from "../core/policy.js";
import { Progress } from "../ui/erasure.js";
import { Icon } from "../ui/icon.js";
import { Frame } from "./frame.js";

/** @typedef {import("../ui/erasure.js").Erasure} Erasure */

/** @param {string} said @returns {string} as the server compares it */
const plain = (said) => said.trim().replace(/^@/, "").toLowerCase();

/** @param {{id: string}} props the conversation */
export default function EraseDialog({ id }) {
  // Kept from the moment it opened: while it stands open, the customer's name goes.
  const [customer] = useState(() => conversationOf(id)?.customer);
  const [typed, setTyped] = useState("");
  const [failed, setFailed] = useState("");
  const [busy, setBusy] = useState(false);
  const [key] = useState(newKey);
  const [erasure, setErasure] = useState(/** @type {Erasure | null} */ (null));
  if (!customer) return null;
  const wanted = customer.handle || customer.name || customer.id;
  const right = plain(typed) === plain(wanted);
  const erase = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!right || busy) return;
    setBusy(true);
    setFailed("");
    try {
      setErasure(await write("POST", `conversations/${id}/erasure`, { typed }, key));
    } catch (error) {
      setFailed(sentenceFor(error));
    }
    setBusy(false);
  };
  return html`<${Frame} title=${t("erase.title")}>
    ${erasure ? html`<${Progress} first=${erasure} />` : html`<form class="erase" onSubmit=${erase}>
      <p>${t("erase.goes")}</p><p>${t("erase.stays")}</p><p>${t("erase.later")}</p>
      <div class="notice" data-tone="bad"><${Icon} name="warning" /><span>${t("erase.final")}</span></div>
      <div class="set-field"><label for="erase-typed">${t("erase.type")} <b><bdi>${wanted}</bdi></b></label>
        <input id="erase-typed" dir="auto" autocomplete="off" autocapitalize="off" spellcheck=${false} autofocus value=${typed} onInput=${(/** @type {InputEvent} */ event) => setTyped(/** @type {HTMLInputElement} */ (event.target).value)} /></div>
      ${failed ? html`<p class="wrong" role="alert"><${Icon} name="warning" /><span>${failed}</span></p>` : null}
      <p class="choices"><button type="submit" class="button danger" aria-disabled=${right && !busy ? undefined : "true"}>${t("erase.do")}</button></p>
    </form>`}
  <//>`;
}
