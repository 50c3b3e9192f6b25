// A reply was not taken: what is new or why, above the untouched draft, and what can be done.
import { html } from "../vendor/preact-11.2.0.js";
import { dropDraft } from "../core/drafts.js";
import { t } from "../core/i18n.js";
import { haveSeen, refusal as refused, reopenAndSend, sendReply, takeAndSend } from "../core/replies.js";
import { News } from "./bubbles.js";
import { Icon } from "./icon.js";

/** @param {{refusal: import("../core/replies.js").Refusal, customer: string, onEdit: () => void}} props */
export function RefusalPanel({ refusal, customer, onEdit }) {
  const { id, mode, kind, sentence, news, talk } = refusal;
  const drop = () => {
    dropDraft(id, mode);
    refused.value = null;
    onEdit();
  };
  const edit = () => {
    if (kind === "talked") haveSeen(id, mode, talk);
    else refused.value = null;
    onEdit();
  };
  const again = () => {
    if (kind === "owned") return takeAndSend(id, mode);
    if (kind === "closed") return reopenAndSend(id, mode);
    if (kind === "talked") haveSeen(id, mode, talk);
    return sendReply(id, mode);
  };
  return html`<div class="refusal" role="alert">
    <p><${Icon} name="warning" /><b>${t(`refusal.${kind}`)}</b></p>
    ${kind === "talked" ? html`<${News} customer=${customer} news=${news} />` : html`<p>${sentence}</p>`}
    <div class="choices">
      <button type="button" class="button main" onClick=${again}>${t(`refusal.again.${kind}`)}</button>
      <button type="button" class="button" onClick=${edit}>${t("refusal.edit")}</button>
      <button type="button" class="button" onClick=${drop}>${t("refusal.drop")}</button>
    </div>
  </div>`;
}
