// A reply that leaves by itself at a time: when it is written, or another time for one that waits.
import { html, useState } from "../vendor/preact-11.2.0.js";
import { brandDay, brandHour, elsewhere, fieldValue } from "../core/brand-time.js";
import { conversationOf } from "../core/conversation.js";
import { t } from "../core/i18n.js";
import { verbOf } from "../core/modes.js";
import { sendReply } from "../core/replies.js";
import { moveReply } from "../core/settling.js";
import { me } from "../core/session.js";
import { dayTime, now } from "../core/spans.js";
import { Icon } from "../ui/icon.js";
import { closeDialog, Frame } from "./frame.js";
import { Picker } from "./picker.js";

/** @typedef {import("../types.d.ts").Mode} Mode */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const FARTHEST = 7 * 24 * HOUR;
const MORNING = 9;
const MONDAY = 1;

/** @param {number} present @param {string} zone of the brand @returns {{id: string, at: number}[]} */
export function laterTimes(present, zone) {
  const toMonday = (MONDAY - brandDay(zone, present) + 7) % 7 || 7;
  const today = brandHour(zone, present, 0, MORNING);
  const times = [
    { id: "hour", at: present + HOUR },
    { id: "today", at: today },
    { id: "tomorrow", at: brandHour(zone, present, 1, MORNING) },
    { id: "monday", at: brandHour(zone, present, toMonday, MORNING) },
  ];
  // Before nine the morning is today's; on a Sunday tomorrow is that Monday, and a week from now is too far to the minute.
  return times.filter(({ id, at }) => (id !== "today" || today > present + MINUTE) && (id !== "monday" || toMonday > 1) && at < present + FARTHEST);
}

/** @param {{id: string, about: string}} props the conversation, and the mode of its box or the id of a reply that waits */
export default function SendLaterDialog({ id, about }) {
  const shown = conversationOf(id);
  const reply = shown?.replies.find((one) => one.id === about);
  const zone = me.value?.brand.zone ?? "UTC";
  const [times] = useState(() => laterTimes(now.peek(), zone));
  const [exact, setExact] = useState(() => fieldValue(reply?.send_at ? Date.parse(reply.send_at) : (times.find((one) => one.id === "tomorrow") ?? times[0]).at));
  const [wrong, setWrong] = useState("");
  if (!shown) return null;
  const mode = /** @type {Mode} */ (reply ? reply.verb : about);
  const until = verbOf(shown, mode)?.until ?? null;
  const ends = until === null ? Infinity : Date.parse(until);
  const put = (/** @type {number} */ at) => {
    if (at <= now.peek() || at > now.peek() + FARTHEST) return setWrong(t("sendLater.range"));
    if (at >= ends) return setWrong(t("sendLater.window", { time: dayTime(until ?? "") }));
    closeDialog();
    const sendAt = new Date(at).toISOString();
    return reply ? moveReply(id, reply, sendAt) : sendReply(id, mode, { sendAt });
  };
  const open = times.filter(({ at }) => at < ends);
  const options = open.map((time) => {
    const local = dayTime(new Date(time.at).toISOString());
    return { id: time.id, label: t(`sendLater.${time.id}`), detail: time.id !== "hour" && elsewhere(zone, time.at) ? t("sendLater.yourTime", { time: local }) : local };
  });
  const onSubmit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    put(Date.parse(exact));
  };
  return html`<${Frame} title=${t(reply ? "sendLater.move" : "sendLater.title")}>
    ${open.length > 0 ? html`<${Picker} label=${t("sendLater.find")} options=${options} onPick=${(/** @type {string} */ chosen) => put(open.find((time) => time.id === chosen)?.at ?? 0)} />` : null}
    ${until === null ? null : html`<p class="hint"><${Icon} name="info" /><span>${t("sendLater.window", { time: dayTime(until) })}</span></p>`}
    <form class="exact" onSubmit=${onSubmit}>
      <label for="send-at">${t("snooze.exact")}</label>
      <input id="send-at" type="datetime-local" required min=${fieldValue(now.value)} max=${fieldValue(Math.min(ends, now.value + FARTHEST))} value=${exact} aria-describedby=${wrong ? "send-at-wrong" : undefined} onInput=${(/** @type {InputEvent} */ event) => setExact(/** @type {HTMLInputElement} */ (event.target).value)} />
      <button type="submit" class="button">${t(reply ? "sendLater.moveTo" : "sendLater.send")}</button>
    </form>
    ${wrong ? html`<p class="why" id="send-at-wrong" role="alert"><${Icon} name="warning" /><span>${wrong}</span></p>` : null}
    <p class="quiet">${t("sendLater.stays")}</p>
  <//>`;
}
