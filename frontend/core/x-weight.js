// X's own rule for the length of a post. It comes with twitter-text, loaded when a public reply on X is first written.
import { signal } from "../vendor/preact-11.2.0.js";

/** @typedef {typeof import("../vendor/twitter-text-3.1.0.js")} TwitterText */

/** @type {import("../vendor/preact-11.2.0.js").Signal<TwitterText | null>} */
const rules = signal(null);

/** Without a connection there is no counter until the next reply box; the server counts in any case. */
export async function loadWeights() {
  if (rules.peek()) return;
  try {
    rules.value = await import("../vendor/twitter-text-3.1.0.js");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

/**
 * @param {string} text
 * @returns {{length: number, links: number} | null} in weighted units (a link is 23, an emoji 2), and the links X will
 *   see; null until the rule is loaded
 */
export function weighed(text) {
  const twitter = rules.value;
  return twitter && { length: twitter.parseTweet(text).weightedLength, links: twitter.extractUrls(text).length };
}
