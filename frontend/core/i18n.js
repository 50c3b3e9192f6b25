// Language of the desk itself: strings, plural forms, direction. Customers' texts carry their own direction.
import { html } from "../vendor/preact-11.2.0.js";

/** @typedef {import("../vendor/preact-11.2.0.js").Child} Child */
/** @typedef {string | Record<string, string>} Entry one string, or one per plural category of Intl.PluralRules */

const FIRST_STRONG_ISOLATE = "\u2068";
const POP_ISOLATE = "\u2069";

/** The server has chosen it, by this device's choice or what the browser asks for, and the page came in it. */
export const language = document.documentElement.lang;

/** The same with the agent's region, for numbers and dates: 22/11 and 11/22 are both English. */
export const locale = navigator.languages.find((tag) => tag.split("-")[0] === language) ?? language;

/** @type {Record<string, Entry>} */
let strings = {};
const plural = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(locale);

/** @param {string} path below `i18n/` @throws {Error} when the strings cannot be loaded */
async function load(path) {
  const answer = await fetch(new URL(`../i18n/${path}`, import.meta.url));
  if (!answer.ok) throw new Error(`strings of ${path}: ${answer.status}`);
  strings = { ...strings, ...(await answer.json()) };
}

/** Those of queue and conversation. @throws {Error} when they cannot be loaded */
export const loadStrings = () => load(`${language}.json`);

/** @type {Promise<void> | null} */
let others = null;

/** Those of screens, dialogs and whatever else comes later; asked for once. @returns {Promise<void>} rejects when they cannot be loaded */
export function loadOtherStrings() {
  others ??= load(`later/${language}.json`).catch((error) => {
    others = null;
    throw error;
  });
  return others;
}

/** @param {string} name a name or other foreign text for a plain string, kept from reordering its neighbours */
export function isolate(name) {
  return `${FIRST_STRONG_ISOLATE}${name}${POP_ISOLATE}`;
}

/** @param {{name: string, handle: string}} person @returns {string} how people call them; not every platform has handles */
export function personName({ name, handle }) {
  return name || (handle && `@${handle}`) || t("person.unnamed");
}

/** @param {string} key @param {Record<string, unknown>} values @returns {string} */
function template(key, values) {
  const entry = strings[key];
  if (entry === undefined) throw new Error(`no string for ${key}`);
  if (typeof entry === "string") return entry;
  return entry[plural.select(Number(values.n))] ?? entry.other;
}

/** @param {string} key @returns {boolean} there are words for it */
export const has = (key) => Object.hasOwn(strings, key);

/** @param {unknown} value @returns {string} */
const shown = (value) => (typeof value === "number" ? numbers.format(value) : String(value));

/**
 * A plain string, for attributes and sentences without names; pass names through `isolate`.
 * @param {string} key @param {Record<string, string | number>} [values] `n` also chooses the plural form
 * @returns {string}
 */
export function t(key, values = {}) {
  return template(key, values).replace(/\{(\w+)\}/g, (_, name) => shown(values[name]));
}

/**
 * The same as children for a template, each value inside its own `<bdi>`.
 * @param {string} key @param {Record<string, Child>} values
 * @returns {Child[]}
 */
export function tNodes(key, values) {
  return template(key, values)
    .split(/(\{\w+\})/)
    .map((part) => (/^\{\w+\}$/.test(part) ? html`<bdi>${values[part.slice(1, -1)]}</bdi>` : part));
}

/** @param {string} tag BCP 47 tag of a text @returns {string | undefined} value for `lang`; "und" says nothing */
export function langOf(tag) {
  return tag && tag !== "und" ? tag : undefined;
}

/** @param {string} tag BCP 47 tag @returns {string} its name in the desk's language, empty for "und" */
export function languageName(tag) {
  if (!langOf(tag)) return "";
  return new Intl.DisplayNames([language], { type: "language" }).of(tag) ?? tag;
}

/** @type {Intl.NumberFormat | undefined} */
let prices;

/** @param {number} dollars @returns {string} */
export function money(dollars) {
  prices ??= new Intl.NumberFormat(locale, { style: "currency", currency: "USD", currencyDisplay: "narrowSymbol", minimumFractionDigits: 2, maximumFractionDigits: 3 });
  return prices.format(dollars);
}

const graphemes = new Intl.Segmenter(language, { granularity: "grapheme" });

/** @param {string} text @returns {string} the first character as a person sees it */
export function firstLetter(text) {
  for (const { segment } of graphemes.segment(text.trim())) return segment.toLocaleUpperCase(language);
  return "?";
}
