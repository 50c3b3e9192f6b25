// Puts a case away until a time, by a usual span or an exact hour.
import { html, useState } from "../vendor/preact-11.2.0.js";
import { t } from "../core/i18n.js";
import { casesOf, snoozeAll } from "../core/selecting.js";
import { dayTime, now } from "../core/spans.js";
import { closeDialog, Frame } from "./frame.js";
import { Picker } from "./picker.js";

const MORNING = 9;
const HOUR = 3_600_000;
const MONDAY = 1;

/** @param {Date} from @param {number} days @returns {Date} nine in the morning, local time, so many days on */
function morningAfter(from, days) {
  return new Date(from.getFullYear(), from.getMonth(), from.getDate() + days, MORNING);
}

/** @param {number} present milliseconds @returns {{id: string, until: Date}[]} */
export function usualTimes(present) {
  const from = new Date(present);
  const toMonday = (MONDAY - from.getDay() + 7) % 7 || 7;
  const times = [
    { id: "hour", until: new Date(present + HOUR) },
    { id: "hours", until: new Date(present + 3 * HOUR) },
    { id: "tomorrow", until: morningAfter(from, 1) },
    { id: "monday", until: morningAfter(from, toMonday) },
  ];
  // On a Sunday, tomorrow is that Monday.
  return toMonday === 1 ? times.slice(0, -1) : times;
}

/** @param {Date} date @returns {string} value of a datetime-local field, in local time */
function fieldValue(date) {
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** @param {{id: string}} props of the case, or of several, parted by spaces */
export default function SnoozeDialog({ id }) {
  const [cases] = useState(() => casesOf(id));
  const [times] = useState(() => usualTimes(now.peek()));
  const [exact, setExact] = useState(() => fieldValue(times[2].until));
  if (cases.length === 0) return null;
  const put = (/** @type {Date} */ until) => {
    closeDialog();
    snoozeAll(cases, until.toISOString(), dayTime(until.toISOString()));
  };
  const options = times.map((time) => ({ id: time.id, label: t(`snooze.${time.id}`), detail: dayTime(time.until.toISOString()) }));
  const pick = (/** @type {string} */ chosen) => put(/** @type {{until: Date}} */ (times.find((time) => time.id === chosen)).until);
  const onSubmit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    put(new Date(exact));
  };
  return html`<${Frame} title=${cases.length > 1 ? t("snooze.many", { n: cases.length }) : t("snooze.title")}>
    <${Picker} label=${t("snooze.find")} options=${options} onPick=${pick} />
    <form class="exact" onSubmit=${onSubmit}>
      <label for="snooze-until">${t("snooze.exact")}</label>
      <input id="snooze-until" type="datetime-local" required min=${fieldValue(new Date(now.value))} value=${exact} onInput=${(/** @type {InputEvent} */ event) => setExact(/** @type {HTMLInputElement} */ (event.target).value)} />
      <button type="submit" class="button">${t("action.snooze")}</button>
    </form>
  <//>`;
}
