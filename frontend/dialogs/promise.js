// By when the customer is promised an answer: kept on the case, reminded of, and missed when nothing came.
import { html, useState } from "../vendor/preact-11.2.0.js";
import { brandDay, brandHour, elsewhere, fieldValue } from "../core/brand-time.js";
import { caseOf } from "../core/changes.js";
import { t } from "../core/i18n.js";
import { promise } from "../core/promising.js";
import { me } from "../core/session.js";
import { dayTime, now } from "../core/spans.js";
import { closeDialog, Frame } from "./frame.js";
import { Picker } from "./picker.js";

const HOUR = 3_600_000;
const NOON = 12;
const EVENING = 17;
const MONDAY = 1;

/** @param {number} present @param {string} zone of the brand @returns {{id: string, at: number}[]} */
export function promiseTimes(present, zone) {
  const toMonday = (MONDAY - brandDay(zone, present) + 7) % 7 || 7;
  const times = [
    { id: "hours", at: present + 2 * HOUR },
    { id: "today", at: brandHour(zone, present, 0, EVENING) },
    { id: "tomorrow", at: brandHour(zone, present, 1, NOON) },
    { id: "monday", at: brandHour(zone, present, toMonday, NOON) },
  ];
  return times.filter(({ id, at }) => (id !== "today" || at > present + HOUR) && (id !== "monday" || toMonday > 1));
}

/** @param {{id: string}} props */
export default function PromiseDialog({ id }) {
  const row = caseOf(id);
  const zone = me.value?.brand.zone ?? "UTC";
  const [times] = useState(() => promiseTimes(now.peek(), zone));
  const open = row?.promise?.state === "open" ? row.promise.by : "";
  const [exact, setExact] = useState(() => fieldValue(open ? Date.parse(open) : times[times.length - 1].at));
  const [told, setTold] = useState(true);
  if (!row) return null;
  const make = (/** @type {string | null} */ at) => {
    closeDialog();
    promise(row, at, told);
  };
  const options = times.map((time) => {
    const local = dayTime(new Date(time.at).toISOString());
    return { id: time.id, label: t(`promise.${time.id}`), detail: time.id !== "hours" && elsewhere(zone, time.at) ? t("sendLater.yourTime", { time: local }) : local };
  });
  const pick = (/** @type {string} */ chosen) => make(new Date(times.find((time) => time.id === chosen)?.at ?? 0).toISOString());
  const onSubmit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    make(new Date(exact).toISOString());
  };
  return html`<${Frame} title=${t("promise.title")}>
    ${open ? html`<p class="notice"><span>${t("promise.now", { time: dayTime(open) })}</span><button type="button" class="button small" onClick=${() => make(null)}>${t("promise.back")}</button></p>` : null}
    <${Picker} label=${t("promise.find")} options=${options} onPick=${pick} />
    <label class="switch"><input type="checkbox" checked=${told} onChange=${(/** @type {Event} */ event) => setTold(/** @type {HTMLInputElement} */ (event.target).checked)} />${t("promise.told")}</label>
    <form class="exact" onSubmit=${onSubmit}>
      <label for="promise-at">${t("snooze.exact")}</label>
      <input id="promise-at" type="datetime-local" required min=${fieldValue(now.value)} value=${exact} onInput=${(/** @type {InputEvent} */ event) => setExact(/** @type {HTMLInputElement} */ (event.target).value)} />
      <button type="submit" class="button">${t("promise.make")}</button>
    </form>
  <//>`;
}
