// The small marks of a case: platform, public, due, priority, escalation, state of the reply.
import { html } from "../vendor/preact-11.2.0.js";
import { t } from "../core/i18n.js";
import { dayTime, due, fullTime, now } from "../core/spans.js";
import { Icon } from "./icon.js";

/** @typedef {import("../types.d.ts").Row} Row */

const URGENT = 2;

/** @param {{platform: string}} props */
export function PlatformMark({ platform }) {
  return html`<span class="platform" data-platform=${platform}>
    ${platform === "x" ? html`<svg viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="M3.500 3l9 10M12.500 3l-9 10" /></svg>` : null}
    <span class="hidden">${t(`platform.${platform}`)}</span>
  </span>`;
}

/** @param {{row: Row, short?: boolean}} props short: the words are left to screen readers and the tooltip */
export function PublicMark({ row, short }) {
  if (!row.public) return null;
  return html`<span class="chip bare" title=${t("public.long")}><${Icon} name="public" /><span class=${short ? "hidden" : undefined}>${t("public.short")}</span></span>`;
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

/** @param {{row: Row, short?: boolean}} props */
export function EscalationMark({ row, short }) {
  if (!row.escalation) return null;
  const title = row.reminders ? t("reminders", { n: row.reminders }) : undefined;
  return html`<span class="chip" data-tone=${row.escalation === "lead" ? "bad" : "warn"} title=${title}><${Icon} name=${row.escalation === "owner" ? "bell" : "flag"} /><span class=${short && row.escalation === "owner" ? "hidden" : undefined}>${t(`escalation.${row.escalation}${short ? ".short" : ""}`)}</span></span>`;
}

/** Reply states worth a mark in a list; "sent" is the normal end and shows as a message. */
const REPLY_TONE = { pending: "quiet", sending: "quiet", failed: "bad", unknown: "warn", human: "bad" };

/** @param {{state: import("../types.d.ts").ReplyState}} props the words are short; the thread holds the whole sentence */
export function ReplyMark({ state }) {
  if (state === "" || state === "sent") return null;
  return html`<span class="chip" data-tone=${REPLY_TONE[state]}><${Icon} name=${state === "pending" || state === "sending" ? "send" : "warning"} />${t(`reply.mark.${state}`)}</span>`;
}
