// Customer, why the case is here, and what happened to it.
import { html } from "../vendor/preact-11.2.0.js";
import { firstLetter, languageName, personName, t } from "../core/i18n.js";
import { isLead } from "../core/incidents.js";
import { avatarAddress } from "../core/media.js";
import { dayTime, fullTime } from "../core/spans.js";
import { Avatar, DueChip, EscalationMark, PlatformBadge, PlatformMark, PriorityMark } from "./chips.js";
import { Icon } from "./icon.js";
import { showDialog } from "../core/intents.js";
import { Channels, Earlier } from "./earlier.js";
import { loadStyle } from "./later.js";
import { Reason } from "./reason.js";

await loadStyle("ui/about.css");

/** @typedef {import("../types.d.ts").Conversation} Conversation */

const MOODS = new Set(["negative", "neutral", "positive"]);

/** @param {{at: string}} props */
const At = ({ at }) => html`<time dir="auto" datetime=${at} title=${fullTime(at)}>${dayTime(at)}</time>`;

/** @param {{conversation: Conversation}} props */
export function About({ conversation }) {
  const { customer, history, notes, verbs } = conversation;
  const row = conversation.case;
  const name = personName(customer);
  return html`
    <div class="customer">
      <${Avatar} id=${customer.handle || customer.id} letters=${firstLetter(name)} picture=${avatarAddress(row.platform, customer.id)} />
      <div><p class="name"><bdi>${name}</bdi></p><p class="handle">${customer.handle ? html`<${PlatformMark} platform=${row.platform} /><bdi>@${customer.handle}</bdi>` : html`<${PlatformBadge} platform=${row.platform} />`}</p></div>
    </div>
    <dl class="facts">
      ${languageName(customer.language) ? html`<dt>${t("about.language")}</dt><dd>${languageName(customer.language)}</dd>` : null}
      <dt>${t("about.owner")}</dt><dd>${row.owner ? html`<bdi>${row.owner.name}</bdi>` : t("row.unowned")}</dd>
      <dt>${t("about.asked")}</dt><dd><${At} at=${row.asked_at} /></dd>
      ${MOODS.has(row.triage.sentiment) ? html`<dt>${t("about.mood")}</dt><dd>${t(`about.mood.${row.triage.sentiment}`)}</dd>` : null}
      ${row.triage.topic ? html`<dt>${t("about.topic")}</dt><dd><bdi>${row.triage.topic}</bdi></dd>` : null}
      ${row.triage.reference ? html`<dt>${t("about.reference")}</dt><dd><bdi>${row.triage.reference}</bdi></dd>` : null}
      <${Channels} shown=${conversation} />
    </dl>
    <p class="marks">${row.vip ? html`<span class="chip" data-tone="good">${t("about.vip")}</span>` : null}<${DueChip} row=${row} /><${PriorityMark} row=${row} /><${EscalationMark} row=${row} /></p>
    <p class="choices"><button type="button" class="button small" aria-haspopup="dialog" aria-keyshortcuts="w" onClick=${() => showDialog("workflow", row.id)}>${t("workflow.open")}</button>
      ${isLead() && customer.id ? html`<button type="button" class="button small" aria-haspopup="dialog" onClick=${() => showDialog("erase", row.id)}>${t("erase.open")}</button>` : null}</p>
    <${Earlier} shown=${conversation} />
    ${notes.length ? html`<details open>
      <summary>${t("about.notes")} <span class="quiet">${t("count", { n: notes.length })}</span></summary>
      <ul class="notes">${notes.toReversed().map((note) => html`<li key=${note.id}><p dir="auto">${note.text}</p><p class="quiet"><bdi>${note.by}</bdi> · <${At} at=${note.at} /></p></li>`)}</ul>
    </details>` : null}
    <details open>
      <summary>${t("about.why")}</summary>
      ${row.triage.recommended || row.lane ? html`<p class="marks">${row.triage.recommended ? html`<span class="chip" data-audience=${row.triage.recommended}><${Icon} name=${row.triage.recommended} />${t(`about.recommended.${row.triage.recommended}`)}</span>` : null}${row.lane ? html`<span class="chip">${t(`about.lane.${row.lane}`)}</span>` : null}</p>` : null}
      <ul class="reasons">${conversation.case.reasons.map((reason) => html`<li key=${`${reason.code}${reason.at}`}><span><${Reason} of=${reason} /></span> <code>${reason.code}</code></li>`)}</ul>
      ${conversation.case.reasons.length === 0 ? html`<p class="quiet">${t("about.noReasons")}</p>` : null}
    </details>
    <details>
      <summary>${t("about.verbs")}</summary>
      <ul class="reasons">${verbs.map((verb) => html`<li key=${verb.verb}><b>${t(`verb.${verb.verb}`)}</b> <span>${verb.reason || t("verb.allowed")}</span></li>`)}</ul>
    </details>
    <details open>
      <summary>${t("about.history")}</summary>
      <ol class="history">${history.toReversed().map((line, index) => html`<li key=${`${line.at}${index}`}><span><${Reason} of=${line} />${line.tag ? html` <bdi class="chip tag">${line.tag}</bdi>` : null}</span><span class="quiet"><${At} at=${line.at} /> · ${line.by ? html`<bdi>${line.by}</bdi>` : t("about.byDesk")}</span></li>`)}</ol>
    </details>`;
}
