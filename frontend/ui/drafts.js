// Drafts at the end of a thread: who wrote them, who has to agree, and what may be done about them.
import { html, useEffect, useRef, useState } from "../vendor/preact-11.2.0.js";
import { Problem } from "../core/api.js";
import { sentenceOf } from "../core/changes.js";
import { t, tNodes } from "../core/i18n.js";
import { compose } from "../core/intents.js";
import { myId } from "../core/session.js";
import { dayTime } from "../core/spans.js";
import { drafts, loadDrafts, settle, worthShowing } from "../core/waiting-drafts.js";
import { Audience, Text, Time } from "./bubbles.js";
import { Icon } from "./icon.js";
import { Why } from "./refusal-panel.js";

/** @typedef {import("../types.d.ts").Conversation} Conversation */
/** @typedef {import("../types.d.ts").Draft} Draft */
/** @typedef {"approve" | "return" | ""} What "" takes it back */

/** @param {{onSend: (reason: string) => void, onClose: () => void}} props */
export function Reason({ onSend, onClose }) {
  const [reason, setReason] = useState("");
  const box = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  useEffect(() => box.current?.focus(), []);
  const missing = reason.trim() === "";
  return html`<label class="field"><span>${t("approval.reason")}</span>
      <textarea ref=${box} rows="2" maxlength="1000" aria-required="true" dir=${reason ? "auto" : undefined} value=${reason} onInput=${(/** @type {InputEvent} */ event) => setReason(/** @type {HTMLTextAreaElement} */ (event.target).value)}></textarea></label>
    <p class="choices"><button type="button" class="button main" aria-disabled=${missing ? "true" : undefined} onClick=${() => !missing && onSend(reason)}>${t("approval.return")}</button>
      <button type="button" class="button" onClick=${onClose}>${t("assign.cancel")}</button></p>`;
}

/** @param {{shown: Conversation, draft: Draft}} props */
function DraftBubble({ shown, draft }) {
  const [asks, setAsks] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState(/** @type {{code: string, sentence: string} | null} */ (null));
  const { id, talk } = shown.case;
  const mine = draft.by.id === myId.value;
  const waits = draft.state === "waiting";
  const missing = draft.number - draft.approved_by.length;
  const act = async (/** @type {What} */ what, /** @type {unknown} */ body) => {
    if (busy) return;
    setBusy(true);
    const error = await settle(id, draft, what, body);
    setBusy(false);
    setRefused(error && { code: error instanceof Problem ? error.code : "", sentence: sentenceOf(error) });
    if (!error) setAsks(false);
  };
  const approve = (/** @type {boolean} */ assign) => act("approve", { rev: draft.rev, seen: talk, ...(assign ? { assign } : {}) });
  return html`<li class="bubble" data-side="ours" data-draft=${draft.state}>
    <p class="meta"><b><bdi>${draft.by.name}</bdi></b> <span>${t("approval.kind")}</span></p>
    <div class="body"><${Text} text=${draft.text} /></div>
    <p class="foot"><${Time} at=${draft.at} /><${Audience} isPublic=${draft.verb === "public_reply"} /><span class="state">${waits ? t("approval.missing", { n: missing }) : t(`approval.${draft.state}`)}</span>
      ${draft.approved_by.length > 0 ? html`<span>${t("approval.by")} <bdi>${draft.approved_by.map(({ name }) => name).join(", ")}</bdi></span>` : null}
      ${draft.edited_by.length > 0 ? html`<span>${t("approval.editedBy")} <bdi>${draft.edited_by.map(({ name }) => name).join(", ")}</bdi></span>` : null}
      ${draft.send_at ? html`<span>${t("held.at", { time: dayTime(draft.send_at) })}</span>` : null}</p>
    <${Why} why=${draft.why} />
    ${waits && draft.stale ? html`<p class="why"><${Icon} name="warning" /><span>${t("approval.stale")}</span></p>` : null}
    ${draft.reason ? html`<p class="why"><${Icon} name="info" /><span>${draft.ended_by ? html`<b><bdi>${draft.ended_by}</bdi></b> ` : null}<bdi>${draft.reason}</bdi></span></p>` : null}
    ${refused ? html`<p class="why" role="alert"><${Icon} name="warning" /><span>${refused.sentence}</span></p>` : null}
    ${asks ? html`<div class="return"><${Reason} onSend=${(/** @type {string} */ reason) => act("return", { reason })} onClose=${() => setAsks(false)} /></div>` : html`<div class="choices">
      ${waits && !mine ? html`<button type="button" class="button main" onClick=${() => approve(refused?.code === "not_owner")}>${refused?.code === "not_owner" ? html`<span>${tNodes("approval.approveGive", { name: draft.by.name })}</span>` : t("approval.approve")}</button>
        <button type="button" class="button" onClick=${() => setAsks(true)}>${t("approval.sendBack")}</button>` : null}
      ${waits && mine ? html`<button type="button" class="button" onClick=${() => act("", {})}>${t("approval.withdraw")}</button>` : null}
      ${waits ? null : html`<button type="button" class="button" onClick=${() => compose(draft.verb, draft.text)}>${t("refusal.edit")}</button>`}
    </div>`}
  </li>`;
}

/** @param {{shown: Conversation}} props that had some; read anew whenever the case has moved on */
export function Drafts({ shown }) {
  const { id, version, talk, approval } = shown.case;
  const lines = shown.history.length;
  useEffect(() => {
    loadDrafts(id);
  }, [id, version, talk, approval, lines]);
  const { items, sentence, id: of } = drafts.value;
  if (of !== id) return null;
  return html`${sentence ? html`<li class="notice" data-tone="bad" role="alert"><span>${sentence}</span><button type="button" class="button small" onClick=${() => loadDrafts(id)}>${t("retry")}</button></li>` : null}
    ${worthShowing(items, myId.value, shown).map((draft) => html`<${DraftBubble} key=${draft.id} shown=${shown} draft=${draft} />`)}`;
}
