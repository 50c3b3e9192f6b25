// When the brand is there: its zone, the hours of each weekday, public holidays, and single days that differ.
import { html } from "../../vendor/preact-11.2.0.js";
import { language, t } from "../../core/i18n.js";
import { edit, valueOf } from "../../core/policy.js";
import { Away, Choice, Group, Part, Small, Text, typed, wrongUnder } from "./form.js";

/** @typedef {{start: string, end: string}} Interval `09:00:00`; an end that is not later is on the next day */
/** @typedef {Interval & {days: number[]}} Hours 0 is Monday */

const PART = "hours";
const DAYS = [0, 1, 2, 3, 4, 5, 6];
const MONDAY = Date.UTC(2026, 0, 5);
/** Codes that `Intl` names and that are no country. */
const NO_COUNTRY = new Set(["EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"]);

/** @param {number} day 0 is Monday @returns {string} */
export const dayName = (day) => new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" }).format(MONDAY + day * 86_400_000);

/** @param {string} said `09:00` of a time field @returns {string} as the server writes it */
const whole = (said) => (said.length === 5 ? `${said}:00` : said);

/** @param {Interval} one @returns {boolean} from midnight to midnight */
const isWholeDay = (one) => one.start === "00:00:00" && one.end === "00:00:00";

/** @param {Hours[]} hours @param {number} day @returns {Interval[]} in order */
const ofDay = (hours, day) => hours.filter(({ days }) => days.includes(day)).map(({ start, end }) => ({ start, end })).sort((one, other) => one.start.localeCompare(other.start));

/** @param {Interval[][]} week the intervals of each day @returns {Hours[]} the same, each interval once with its days */
export function merged(week) {
  /** @type {Map<string, Hours>} */
  const found = new Map();
  week.forEach((intervals, day) => intervals.forEach(({ start, end }) => {
    const key = `${start} ${end}`;
    const one = found.get(key) ?? { start, end, days: [] };
    found.set(key, { ...one, days: [...one.days, day] });
  }));
  return [...found.values()].sort((one, other) => one.days[0] - other.days[0] || one.start.localeCompare(other.start));
}

/** @param {Hours[]} hours @returns {boolean} never shut */
const isAlways = (hours) => DAYS.every((day) => ofDay(hours, day).some(isWholeDay));

/** @returns {[string, string][]} codes and names of countries, by name */
function countries() {
  const names = new Intl.DisplayNames([language], { type: "region", fallback: "none" });
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  const found = letters.flatMap((first) => letters.flatMap((second) => {
    const name = names.of(first + second);
    const [present] = Intl.getCanonicalLocales(`und-${first}${second}`);
    // Names are there for countries of the past, too; those are written as what they have become.
    return name && present === `und-${first}${second}` && !NO_COUNTRY.has(first + second) ? [/** @type {[string, string]} */ ([first + second, name])] : [];
  }));
  return [["", t("settings.hours.noHolidays")], ...found.sort((one, other) => one[1].localeCompare(other[1], language))];
}

/** @param {{name: string, intervals: Interval[], onChange: (next: Interval[]) => void, closed?: string}} props the stretches of one day */
export function Intervals({ name, intervals, onChange, closed = t("settings.hours.closed") }) {
  const put = (/** @type {number} */ at, /** @type {Partial<Interval>} */ change) => onChange(intervals.map((one, index) => (index === at ? { ...one, ...change } : one)));
  return html`<ul class="intervals">
    ${intervals.length === 0 ? html`<li class="quiet">${closed}</li>` : null}
    ${intervals.map((one, at) => html`<li key=${at}>
      <input type="time" aria-label=${t("settings.hours.from", { name })} value=${one.start.slice(0, 5)} required onInput=${(/** @type {Event} */ event) => typed(event) && put(at, { start: whole(typed(event)) })} /><span aria-hidden="true">–</span>
      <input type="time" aria-label=${t("settings.hours.to", { name })} value=${one.end.slice(0, 5)} required onInput=${(/** @type {Event} */ event) => typed(event) && put(at, { end: whole(typed(event)) })} />
      ${one.end <= one.start ? html`<span class="chip">${t(isWholeDay(one) ? "settings.hours.wholeDay" : "settings.hours.nextDay")}</span>` : null}
      <${Away} label=${t("settings.hours.drop", { name })} onClick=${() => onChange(intervals.filter((_, index) => index !== at))} /></li>`)}
    <li><${Small} label=${t(intervals.length ? "settings.hours.more" : "settings.hours.open")} onClick=${() => onChange([...intervals, intervals.length ? { start: "13:00:00", end: "17:00:00" } : { start: "09:00:00", end: "17:00:00" }])} /></li>
  </ul>`;
}

function Week() {
  const hours = /** @type {Hours[]} */ (valueOf("calendar.hours"));
  const week = DAYS.map((day) => ofDay(hours, day));
  const put = (/** @type {Interval[][]} */ next) => edit(PART, "calendar.hours", merged(next));
  const always = isAlways(hours);
  const wrong = wrongUnder(PART, "calendar");
  return html`<label class="switch"><input type="checkbox" checked=${always} onChange=${() => put(DAYS.map((day) => (always && day > 4 ? [] : always ? [{ start: "09:00:00", end: "17:00:00" }] : [{ start: "00:00:00", end: "00:00:00" }])))} />${t("settings.hours.always")}</label>
    ${always ? null : html`<dl class="week" id="set-calendar-hours" tabindex="-1">${DAYS.map((day) => html`<div key=${day}><dt>${dayName(day)}</dt><dd><${Intervals} name=${dayName(day)} intervals=${week[day]} onChange=${(/** @type {Interval[]} */ next) => put(week.map((old, at) => (at === day ? next : old)))} /></dd></div>`)}</dl>
      <p><${Small} label=${t("settings.hours.copy", { name: dayName(0) })} onClick=${() => put(week.map((old, at) => (at < 5 ? week[0] : old)))} /></p>`}
    ${wrong ? html`<p class="wrong">${wrong}</p>` : null}`;
}

function Exceptions() {
  const all = /** @type {Record<string, Interval[]>} */ (valueOf("calendar.exceptions"));
  const put = (/** @type {Record<string, Interval[]>} */ next) => edit(PART, "calendar.exceptions", next);
  const dates = Object.keys(all);
  const rename = (/** @type {string} */ old, /** @type {string} */ date) => {
    // At the same place in the list: a row must not go away under the hand that changes it.
    if (date && !(date in all)) put(Object.fromEntries(Object.entries(all).map(([one, kept]) => [one === old ? date : one, kept])));
  };
  const add = () => {
    const day = new Date();
    do day.setDate(day.getDate() + 1);
    while (day.toLocaleDateString("sv") in all);
    put({ ...all, [day.toLocaleDateString("sv")]: [] });
  };
  return html`${dates.length === 0 ? html`<p class="quiet">${t("settings.hours.noExceptions")}</p>` : null}
    <ul class="rows-of">${dates.map((date, at) => html`<li key=${at} class="exception"><input type="date" aria-label=${t("settings.hours.date")} value=${date} onChange=${(/** @type {Event} */ event) => rename(date, typed(event))} />
      <${Intervals} name=${date} intervals=${all[date]} onChange=${(/** @type {Interval[]} */ next) => put({ ...all, [date]: next })} />
      <${Away} label=${t("settings.hours.dropDay", { name: date })} onClick=${() => put(Object.fromEntries(Object.entries(all).filter(([one]) => one !== date)))} /></li>`)}</ul>
    <p><${Small} label=${t("settings.hours.addDay")} onClick=${add} /></p>`;
}

/** @param {{readOnly: boolean}} props */
export default function HoursPart({ readOnly }) {
  return html`<${Part} part=${PART} readOnly=${readOnly}>
    <datalist id="zones">${Intl.supportedValuesOf("timeZone").map((zone) => html`<option key=${zone} value=${zone}></option>`)}</datalist>
    <${Group} title=${t("settings.hours.week")} hint=${t("settings.hours.week.hint")}><${Text} part=${PART} path="calendar.zone" label=${t("settings.hours.zone")} hint=${t("settings.hours.zone.hint")} list="zones" /><${Week} /><//>
    <${Group} title=${t("settings.hours.holidays")} hint=${t("settings.hours.holidays.hint")}>
      <${Choice} part=${PART} path="calendar.country" label=${t("settings.hours.country")} options=${countries()} />
      ${valueOf("calendar.country") ? html`<${Text} part=${PART} path="calendar.subdivision" label=${t("settings.hours.subdivision")} hint=${t("settings.hours.subdivision.hint")} />` : null}<//>
    <${Group} title=${t("settings.hours.exceptions")} hint=${t("settings.hours.exceptions.hint")}><${Exceptions} /><//>
  <//>`;
}
