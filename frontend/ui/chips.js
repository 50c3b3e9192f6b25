// The small marks of a case and its people: platform, public, due, priority, escalation, state of the reply; a face.
import { html, useComputed, useState } from "../vendor/preact-11.2.0.js";
import { t } from "../core/i18n.js";
import { platformName, shapeOf } from "../core/platforms.js";
import { company } from "../core/queue.js";
import { dayTime, due, fullTime, now } from "../core/spans.js";
import { Icon } from "./icon.js";

/** @typedef {import("../types.d.ts").Row} Row */

const URGENT = 2;

/** @param {{platform: string}} props */
export function PlatformMark({ platform }) {
  const name = platformName(platform);
  return html`<span class="platform" data-platform=${platform} title=${name}><svg viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d=${shapeOf(platform)} /></svg><span class="hidden">${name}</span></span>`;
}

/** @param {{platform: string}} props the mark with its name beside it */
export function PlatformBadge({ platform }) {
  return html`<span class="badge"><span aria-hidden="true"><${PlatformMark} platform=${platform} /></span>${platformName(platform)}</span>`;
}

/** @param {{row: Row, short?: boolean}} props who can read the thread; short: the words are left to screen readers and the tooltip */
export function AudienceMark({ row, short }) {
  const audience = row.public ? "public" : "private";
  return html`<span class=${short ? "chip bare" : "chip"} data-audience=${audience} title=${t(`${audience}.long`)}><${Icon} name=${audience} /><span class=${short ? "hidden" : undefined}>${t(`${audience}.short`)}</span></span>`;
}

const SURFACES = new Set(["post", "comment", "live_comment", "mention", "review", "direct", "encrypted"]);

/** @param {{row: Row}} props where the customer spoke */
export function SurfaceMark({ row }) {
  return SURFACES.has(row.surface) ? html`<span class="surface">${t(`surface.${row.surface}`)}</span>` : null;
}

/** @param {{row: Row}} props */
export function DueChip({ row }) {
  if (row.status === "snoozed" && row.snoozed_until) {
    return html`<span class="chip" title=${fullTime(row.snoozed_until)}><${Icon} name="snoozed" />${t("due.until", { time: dayTime(row.snoozed_until) })}</span>`;
  }
  const state = row.status === "open" ? due(row.due_at, now.value) : null;
  if (!state) return null;
  return html`<span class="chip" data-due=${state.level} title=${fullTime(row.due_at ?? "")}><${Icon} name="snoozed" />${state.text}</span>`;
}

/** @param {{row: Row}} props said only where nothing is owed by us; an open question needs no word for it */
export function StatusChip({ row }) {
  if (row.status === "closed") return html`<span class="chip"><${Icon} name="done" />${t("status.closed")}</span>`;
  if (row.status !== "open" || row.awaiting === "us") return null;
  return html`<span class="chip">${t("status.them")}</span>`;
}

/** @param {{row: Row}} props */
export function PriorityMark({ row }) {
  if (row.priority > URGENT) return null;
  const burning = row.priority === 1;
  return html`<span class="chip" data-tone=${burning ? "bad" : "quiet"}><${Icon} name="flame" />${t(burning ? "priority.1" : "priority.2")}</span>`;
}

/** @param {{row: Row, most?: number}} props what agents call it by; there is room for so many */
export function Tags({ row: { tags }, most = tags.length }) {
  const more = tags.length - most;
  if (tags.length === 0) return null;
  return html`<span class="tags"><span class="hidden">${t("row.tags")}</span>${tags.slice(0, most).map((tag) => html`<bdi class="chip tag" key=${tag}>${tag}</bdi>`)}${more > 0 ? html`<span class="chip bare" title=${tags.slice(most).join(", ")}>+${t("count", { n: more })}</span>` : null}</span>`;
}

/** @param {{row: Row, short?: boolean}} props */
export function EscalationMark({ row, short }) {
  if (!row.escalation) return null;
  const title = row.reminders ? t("reminders", { n: row.reminders }) : undefined;
  return html`<span class="chip" data-tone=${row.escalation === "lead" ? "bad" : "warn"} title=${title}><${Icon} name=${row.escalation === "owner" ? "bell" : "flag"} /><span class=${short && row.escalation === "owner" ? "hidden" : undefined}>${t(`escalation.${row.escalation}${short ? ".short" : ""}`)}</span></span>`;
}

/** @param {{row: Row}} props a draft waits for somebody else to agree */
export function ApprovalMark({ row }) {
  return row.approval === "waiting" ? html`<span class="chip" data-tone="warn"><${Icon} name="draft" />${t("approval.mark")}</span>` : null;
}

/** @param {{id: string, short?: boolean}} props somebody else has this conversation before them */
export function CompanyMark({ id, short }) {
  const here = useComputed(() => company.value.get(id)).value;
  return here ? html`<span class="chip company" data-tone=${here.writing ? "warn" : "quiet"} title=${here.whole}><${Icon} name=${here.writing ? "draft" : "eye"} /><span>${short ? here.short : here.whole}</span></span>` : null;
}

/** Reply states worth a mark in a list; "sent" is the normal end and shows as a message. */
const REPLY_TONE = { held: "quiet", withdrawn: "quiet", pending: "quiet", sending: "quiet", failed: "bad", unknown: "warn", human: "bad" };

/** @param {{state: import("../types.d.ts").ReplyState}} props the words are short; the thread holds the whole sentence */
export function ReplyMark({ state }) {
  if (state === "" || state === "sent" || state === "withdrawn") return null;
  return html`<span class="chip" data-tone=${REPLY_TONE[state]}><${Icon} name=${state === "held" ? "snoozed" : state === "pending" || state === "sending" ? "send" : "warning"} />${t(`reply.mark.${state}`)}</span>`;
}

const HUES = 8;

/** @param {string} id @returns {number} 0 to 7, the same for the same id */
export function hueOf(id) {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % HUES;
}

/** @param {{address: string}} props keyed by address */
function Face({ address }) {
  const [there, setThere] = useState(/** @type {boolean | null} */ (null));
  if (there === false) return null;
  // Not seen before it is whole: the letter stays when there is no picture.
  return html`<img src=${address} alt="" data-there=${there ? "" : undefined} decoding="async" onLoad=${() => setThere(true)} onError=${() => setThere(false)} />`;
}

/**
 * A disc with a person's first letter or initials, and their picture on it once it is there. The hue comes from the id, so
 * that it never changes.
 * @param {{id: string, letters: string, small?: boolean, title?: string, picture?: string}} props picture: its address here
 */
export function Avatar({ id, letters, small, title, picture = "" }) {
  return html`<span class=${small ? "avatar small" : "avatar"} data-hue=${hueOf(id)} aria-hidden="true" title=${title}><bdi>${letters}</bdi>${picture ? html`<${Face} key=${picture} address=${picture} />` : null}</span>`;
}
