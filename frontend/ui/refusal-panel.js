// A reply was not taken: what is new or why, above the untouched draft, and what can be done.
import { html } from "../vendor/preact-11.2.0.js";
import { dropDraft } from "../core/drafts.js";
import { t } from "../core/i18n.js";
import { reopenAndSend, sendReply, takeAndSend } from "../core/replies.js";
import { haveSeen, refusal as refused } from "../core/sending.js";
import { Text, Time } from "./bubbles.js";
import { Icon } from "./icon.js";
import { loadStyle } from "./later.js";

await loadStyle("ui/refusal-panel.css");

/** @typedef {import("../core/sending.js").Refusal} Refusal */
/** @typedef {import("../core/drafts.js").Way} Way */
/** @typedef {import("../types.d.ts").Message} Message */

/** @param {{text: string, findings: Refusal["findings"]}} props each sentence with the words it speaks of; they are counted in code points */
export function Findings({ text, findings }) {
  const points = [...text];
  return html`<ul class="findings">${findings.map(({ code, level, sentence, start, end }) => html`<li key=${`${code}${start}`} data-level=${level}>${sentence}
    ${end > start ? html`<q dir="auto">${points.slice(start, end).join("")}</q>` : null}</li>`)}</ul>`;
}

/** @param {{why: string[]}} props names the brand has given to its conditions */
export const Why = ({ why }) => (why.length === 0 ? null : html`<p class="quiet">${t("approval.why")} ${why.map((name, index) => html`${index ? ", " : ""}<bdi key=${name}>${name.replaceAll("_", " ")}</bdi>`)}</p>`);

/** @param {Refusal} refusal @returns {{label: string, way: Way}[]} what may be tried next */
function ways({ kind, findings, mine, way }) {
  if (kind === "approval") return [{ label: "refusal.again.approval", way: { ...way, approval: true } }];
  if (kind === "drafted") {
    const beside = { label: "refusal.again.beside", way: { ...way, competing: /** @type {const} */ ("beside") } };
    return mine ? [{ label: "refusal.again.replace", way: { ...way, competing: /** @type {const} */ ("replace") } }, beside] : [beside];
  }
  if (kind !== "check") return [{ label: `refusal.again.${kind}`, way }];
  if (findings.some(({ level }) => level === "block")) return [];
  return [{ label: way.approval ? "refusal.again.confirmedDraft" : "refusal.again.check", way: { ...way, confirmed: [...(way.confirmed ?? []), ...findings.map(({ code }) => code)] } }];
}

/** @param {Refusal} refusal @returns {string} */
function titleOf({ kind, findings }) {
  if (kind !== "check") return t(`refusal.${kind}`);
  return t(findings.some(({ level }) => level === "block") ? "refusal.blocked" : "refusal.check");
}

/** @param {{customer: string, news: Message[]}} props the messages that came in between, above the untouched draft */
export function News({ customer, news }) {
  return html`<ul class="news">${news.map((message) => html`<li key=${message.id}>
    <span class="meta"><b><bdi>${message.own ? message.by || t("message.brand") : customer}</bdi></b> <${Time} at=${message.at} /></span>
    ${message.gone ? html`<p class="text gone">${t("message.gone")}</p>` : html`<${Text} text=${message.text} language=${message.language} />`}
  </li>`)}</ul>`;
}

/** @param {{refusal: Refusal, customer: string, onEdit: () => void}} props */
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
  const again = (/** @type {Way} */ way) => {
    if (kind === "owned") return takeAndSend(id, mode, way);
    if (kind === "closed") return reopenAndSend(id, mode, way);
    if (kind === "talked") haveSeen(id, mode, talk);
    return sendReply(id, mode, way);
  };
  return html`<div class="refusal" role="alert" data-kind=${kind}>
    <p><${Icon} name="warning" /><b>${titleOf(refusal)}</b></p>
    ${kind === "talked" ? html`<${News} customer=${customer} news=${news} />` : kind === "check" ? html`<${Findings} text=${refusal.text} findings=${refusal.findings} />` : html`<p>${sentence}</p>`}
    <${Why} why=${refusal.why} />
    <div class="choices">
      ${ways(refusal).map(({ label, way }, index) => html`<button key=${label} type="button" class=${index ? "button" : "button main"} onClick=${() => again(way)}>${t(label)}</button>`)}
      <button type="button" class="button" onClick=${edit}>${t("refusal.edit")}</button>
      <button type="button" class="button" onClick=${drop}>${t("refusal.drop")}</button>
    </div>
  </div>`;
}
