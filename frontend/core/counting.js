// How long a text is by the platform's own rule. X's rule comes with twitter-text, loaded when a reply box first opens.
import { signal } from "../vendor/preact-11.2.0.js";

/** @typedef {typeof import("../vendor/twitter-text-3.1.0.js")} TwitterText */

const WARN_SHARE = 0.1;

/** @type {import("../vendor/preact-11.2.0.js").Signal<TwitterText | null>} */
const rules = signal(null);

/** Without a connection there is no counter until the next reply box; the server counts in any case. */
export async function loadRules() {
  if (rules.peek()) return;
  try {
    rules.value = await import("../vendor/twitter-text-3.1.0.js");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

/**
 * @typedef {object} Measure
 * @property {number} left weighted units that may still be typed; negative when too long
 * @property {"fine" | "near" | "over"} level near: a tenth or less is left
 * @property {number} links links the platform will see in the text
 */

/**
 * @param {TwitterText} twitter @param {string} text @param {number} limit weighted units: a link counts 23, an emoji 2
 * @returns {Measure}
 */
export function measureWith(twitter, text, limit) {
  const left = limit - twitter.parseTweet(text).weightedLength;
  const level = left < 0 ? "over" : left <= limit * WARN_SHARE ? "near" : "fine";
  return { left, level, links: twitter.extractUrls(text).length };
}

/** @param {string} text @param {number} limit @returns {Measure | null} null until the rules are loaded */
export function measure(text, limit) {
  return rules.value ? measureWith(rules.value, text, limit) : null;
}
