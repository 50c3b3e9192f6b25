// Conditions as rows of "this is that", where they are of that kind; whoever writes more than that writes the words.

/** @typedef {import("../types.d.ts").Fact} Fact */
/** @typedef {{name: string, sign: string, value: string | number | boolean | string[]}} Row */
/** @typedef {{rows: Row[], joint: "and" | "or"}} Simple */

/** Signs by kind of fact; `has` is written the other way round. */
export const SIGNS = {
  yes_no: ["is"],
  number: [">=", "<=", "==", "!="],
  text: ["==", "!=", "in"],
  texts: ["has"],
};

/** @param {unknown} value @returns {string} */
const quoted = (value) => `"${String(value).replaceAll(/["\\\n]/g, "")}"`;

/** @param {Row} row @returns {string} */
function wordsOf({ name, sign, value }) {
  if (sign === "is") return value ? name : `not ${name}`;
  if (sign === "has") return `${quoted(value)} in ${name}`;
  if (sign === "in") return `${name} in [${/** @type {string[]} */ (value).map(quoted).join(", ")}]`;
  return `${name} ${sign} ${typeof value === "number" ? value : quoted(value)}`;
}

/** @param {Simple} simple @returns {string} the condition in words */
export const written = ({ rows, joint }) => rows.map(wordsOf).join(` ${joint} `);

const TEXT = /"([^"\\\n]*)"|'([^'\\\n]*)'/y;
const NAME = /[A-Za-z_]\w*/y;
const SIGN = /==|!=|<=|>=/y;
const NUMBER = /\d+(?:\.\d+)?/y;
const LIST = /\[\s*(?:"[^"\\\n]*"|'[^'\\\n]*')(?:\s*,\s*(?:"[^"\\\n]*"|'[^'\\\n]*'))*\s*\]/y;
const BLANK = /\s*/y;

/** Reads a text from its beginning, piece by piece. */
class Reading {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.place = 0;
    this.take(BLANK);
  }

  /** @param {RegExp} kind a sticky one @returns {string | null} what stands here, if it is of that kind; the place moves behind it */
  take(kind) {
    kind.lastIndex = this.place;
    const found = kind.exec(this.text)?.[0] ?? null;
    if (found === null) return null;
    this.place += found.length;
    if (kind !== BLANK) this.take(BLANK);
    return found;
  }

  get over() {
    return this.place >= this.text.length;
  }
}

/** @param {string} text */
const bare = (text) => text.slice(1, -1);

/** @param {Reading} reading @param {Record<string, Fact>} words @returns {Row | null} */
function rowOf(reading, words) {
  const text = reading.take(TEXT);
  if (text !== null) {
    const name = reading.take(NAME) === "in" ? reading.take(NAME) : null;
    return name && words[name]?.kind === "texts" ? { name, sign: "has", value: bare(text) } : null;
  }
  let name = reading.take(NAME);
  const no = name === "not";
  if (no) name = reading.take(NAME);
  const kind = name && words[name]?.kind;
  if (!name || !kind) return null;
  if (kind === "yes_no") return { name, sign: "is", value: !no };
  if (no) return null;
  const sign = reading.take(SIGN);
  if (kind === "number") {
    const value = sign && reading.take(NUMBER);
    return sign && value ? { name, sign, value: Number(value) } : null;
  }
  if (kind !== "text") return null;
  if (sign === null) {
    const list = reading.take(NAME) === "in" ? reading.take(LIST) : null;
    return list ? { name, sign: "in", value: [...list.matchAll(/"([^"]*)"|'([^']*)'/g)].map(([one]) => bare(one)) } : null;
  }
  const value = sign === "==" || sign === "!=" ? reading.take(TEXT) : null;
  return value === null ? null : { name, sign, value: bare(value) };
}

/**
 * @param {string} text @param {Record<string, Fact>} words what it may speak of
 * @returns {Simple | null} null for what rows cannot show: brackets, both `and` and `or`, other comparisons
 */
export function simple(text, words) {
  const reading = new Reading(text);
  /** @type {Row[]} */
  const rows = [];
  /** @type {Set<string>} */
  const joints = new Set();
  for (;;) {
    const row = rowOf(reading, words);
    if (row === null) return null;
    rows.push(row);
    if (reading.over) break;
    const joint = reading.take(NAME);
    if (joint !== "and" && joint !== "or") return null;
    joints.add(joint);
  }
  return joints.size > 1 ? null : { rows, joint: joints.has("or") ? "or" : "and" };
}
