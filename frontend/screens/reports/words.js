// How figures are said, and where a number leads.
import { locale, money, t } from "../../core/i18n.js";
import { screenHref } from "../../core/route.js";

/** @typedef {import("../../types.d.ts").Figures} Figures */
/** @typedef {{from: string, to: string, platform: string, account: string, agent: string}} Asked what a report is about; "" is all */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NARROWED = /** @type {const} */ (["from", "to", "platform", "account", "agent"]);

const percents = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
const stars = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const wholes = new Intl.NumberFormat(locale);
const shortDay = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" });
const fullDay = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const weekday = new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" });
const clock = new Intl.DateTimeFormat(locale, { hour: "numeric", timeZone: "UTC" });

/** @param {number} value @param {string} unit */
const withUnit = (value, unit) => new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "narrow" }).format(value);

/** @param {number | null} milliseconds @returns {string} "45s", "12m", "3h 5m", "2d 4h"; a dash for nothing */
export function length(milliseconds) {
  if (milliseconds === null) return t("reports.none");
  if (milliseconds < MINUTE) return withUnit(Math.round(milliseconds / SECOND), "second");
  const minutes = Math.round(milliseconds / MINUTE);
  if (minutes < 60) return withUnit(minutes, "minute");
  const [large, small, whole, part] = milliseconds < 2 * DAY
    ? ["hour", "minute", Math.floor(minutes / 60), minutes % 60]
    : ["day", "hour", Math.floor(milliseconds / DAY), Math.floor((milliseconds % DAY) / HOUR)];
  return [withUnit(Number(whole), String(large)), Number(part) > 0 ? withUnit(Number(part), String(small)) : ""].filter(Boolean).join(" ");
}

/** @param {number} part @param {number} whole @returns {string} a dash for a share of nothing */
export const share = (part, whole) => (whole > 0 ? percents.format(part / whole) : t("reports.none"));

/** @param {number} n @returns {string} */
export const number = (n) => wholes.format(n);

/** @param {number | null} average @returns {string} */
export const rating = (average) => (average === null ? t("reports.none") : stars.format(average));

/** @param {number | null} dollars @returns {string} */
export const price = (dollars) => (dollars === null ? t("reports.none") : money(dollars));

/** @param {string} day as in an address @returns {string} "22 Nov" */
export const dayName = (day) => shortDay.format(new Date(`${day}T00:00:00Z`));

/** @param {string} day @returns {string} with its weekday and year */
export const dayInFull = (day) => fullDay.format(new Date(`${day}T00:00:00Z`));

/** @param {number} day 0 is Monday @returns {string} */
export const weekdayName = (day) => weekday.format(new Date(Date.UTC(2024, 0, 1 + day)));

/** @param {number} hour @returns {string} "9 am" or "09" */
export const hourName = (hour) => clock.format(new Date(Date.UTC(2024, 0, 1, hour)));

/** @param {string} zone IANA name @param {number} at milliseconds @returns {string} the day there, as in an address */
export const dayOf = (zone, at) => new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);

/** @param {string} day @param {number} days @returns {string} so many days on */
export function daysFrom(day, days) {
  const moved = new Date(`${day}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}

/** @param {Asked} asked @param {Record<string, string>} [more] @returns {Record<string, string>} what of it is said in an address */
export function saidOf(asked, more = {}) {
  const said = Object.fromEntries(NARROWED.filter((name) => asked[name]).map((name) => [name, asked[name]]));
  return { ...said, ...more };
}

/** @param {Asked} asked @param {string} what a counter's name @param {Partial<Asked>} [more] @returns {string} address of the cases behind a number */
export const casesHref = (asked, what, more = {}) => screenHref("reports", "cases", saidOf({ ...asked, ...more }, { what }));

/** @param {Figures} figures @returns {number} */
export const cameOf = ({ came }) => came.public + came.private;

/** @param {Figures} figures @returns {number} */
export const answersOf = ({ answers }) => answers.public + answers.private;
