// Times for people. All arithmetic is on UTC milliseconds corrected to the server's clock.
import { signal } from "../vendor/preact-11.2.0.js";
import { locale, t } from "./i18n.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SOON = 30 * MINUTE;
const REDRAW_EVERY = 20_000;

let ahead = 0;
const hourCycle = new Intl.DateTimeFormat(navigator.language, { hour: "numeric" }).resolvedOptions().hourCycle;
const timeOfDay = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle });
const dayAndTime = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short", hourCycle });
const weekday = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });
const shortDay = new Intl.DateTimeFormat(locale, { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle });
const relativeDay = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });

/** Server time in milliseconds, advanced often enough for spans in minutes. */
export const now = signal(Date.now());

/** @param {string} serverNow `now` of an answer; sets the clock that due chips go by */
export function setClock(serverNow) {
  ahead = Date.parse(serverNow) - Date.now();
  now.value = Date.now() + ahead;
}

/** @returns {number} server time in milliseconds at this moment, for what is counted in seconds */
export const present = () => Date.now() + ahead;

export function startClock() {
  setInterval(() => {
    now.value = Date.now() + ahead;
  }, REDRAW_EVERY);
}

/** To make one takes longer than to draw the row that needs it. @type {Map<string, Intl.NumberFormat>} */
const units = new Map();

/** @param {number} value @param {"minute" | "hour" | "day"} unit @param {"narrow" | "long"} unitDisplay */
function withUnit(value, unit, unitDisplay) {
  const name = unit + unitDisplay;
  const made = units.get(name) ?? new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay });
  units.set(name, made);
  return made.format(value);
}

/**
 * @param {number} milliseconds a length of time, its sign ignored
 * @param {"narrow" | "long"} [display]
 * @returns {string} "12m", "3h", "5d"
 */
export function span(milliseconds, display = "narrow") {
  const length = Math.abs(milliseconds);
  if (length < HOUR) return withUnit(Math.max(1, Math.floor(length / MINUTE)), "minute", display);
  if (length < 2 * DAY) return withUnit(Math.floor(length / HOUR), "hour", display);
  return withUnit(Math.floor(length / DAY), "day", display);
}

/** @param {string} at @param {number} present @returns {string} age for a list: "now", "12m", "3h" */
export function age(at, present) {
  const passed = present - Date.parse(at);
  return passed < MINUTE ? t("time.now") : span(passed);
}

/**
 * A promise of more than 30 minutes is plain, under 30 amber, broken red.
 * @param {string | null} dueAt @param {number} present
 * @returns {{level: "later" | "soon" | "late", text: string} | null} null when nothing is promised
 */
export function due(dueAt, present) {
  if (dueAt === null) return null;
  const left = Date.parse(dueAt) - present;
  if (left < 0) return { level: "late", text: t("due.late", { span: span(left) }) };
  if (left < SOON) return { level: "soon", text: t("due.soon", { span: span(left) }) };
  return { level: "later", text: t("due.later", { span: span(left) }) };
}

/**
 * @param {number} milliseconds
 * @returns {string} a length of time to the minute, while that matters: "6d 3h", "23h 12m", "4m", "<1m"
 */
function toTheMinute(milliseconds) {
  const minutes = Math.floor(milliseconds / MINUTE);
  if (minutes < 1) return `<${withUnit(1, "minute", "narrow")}`;
  const [whole, part, large, small] = /** @type {[number, number, "day" | "hour", "hour" | "minute"]} */ (
    milliseconds < 2 * DAY ? [Math.floor(minutes / 60), minutes % 60, "hour", "minute"] : [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), "day", "hour"]
  );
  return [whole > 0 ? withUnit(whole, large, "narrow") : "", part > 0 ? withUnit(part, small, "narrow") : ""].filter(Boolean).join(" ");
}

/**
 * A window that closes: plain with more than 30 minutes left, amber under 30, red once it is over.
 * @param {string | null} until the first moment at which it is over @param {number} present
 * @returns {{level: "later" | "soon" | "late", text: string} | null} null when it does not close
 */
export function closing(until, present) {
  if (until === null) return null;
  const left = Date.parse(until) - present;
  if (left <= 0) return { level: "late", text: t("window.over") };
  return { level: left < SOON ? "soon" : "later", text: t("window.left", { span: toTheMinute(left) }) };
}

/** @param {string} at @returns {string} local time of day */
export const clockTime = (at) => timeOfDay.format(new Date(at));

/** @param {string} at @returns {string} full local date and time, for tooltips */
export const fullTime = (at) => dayAndTime.format(new Date(at));

/** @param {string} at @returns {string} "Tue 09:00" */
export const dayTime = (at) => shortDay.format(new Date(at));

/** @param {Date} date */
const startOfDay = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

/** @param {string} at @param {number} present @returns {string} "today", "yesterday" or the date */
export function dayLabel(at, present) {
  const days = Math.round((startOfDay(new Date(at)) - startOfDay(new Date(present))) / DAY);
  return days > -2 && days < 1 ? relativeDay.format(days, "day") : weekday.format(new Date(at));
}
