// How much of a text a platform still takes, by the way of counting its verb names. The server counts again.
import { codePoints, utf8Bytes } from "./lengths.js";
import { piecesOf } from "./links.js";
import { loadWeights, weighed } from "./x-weight.js";

/** @typedef {import("../types.d.ts").Verb} Verb */

const WARN_SHARE = 0.1;

/**
 * @typedef {object} Measure
 * @property {number} left units that may still be typed; negative when too long
 * @property {"fine" | "near" | "over"} level near: a tenth or less is left
 * @property {number} links links the platform will see in the text
 */

/** @param {string} text */
const linksIn = (text) => piecesOf(text).filter((piece) => piece.kind === "address").length;

/** @type {Record<import("../types.d.ts").Counting, (text: string) => {length: number, links: number} | null>} */
const WAYS = {
  x_weighted: weighed,
  characters: (text) => ({ length: codePoints(text), links: linksIn(text) }),
  utf8_bytes: (text) => ({ length: utf8Bytes(text), links: linksIn(text) }),
};

/** @param {Verb} verb makes ready what its way of counting needs */
export function prepareCounting(verb) {
  if (verb.counting === "x_weighted") loadWeights();
}

/** @param {string} text @param {Verb} verb @returns {Measure | null} null where nothing is counted, or not yet */
export function measure(text, verb) {
  if (verb.counting === null || verb.limit === null) return null;
  const counted = WAYS[verb.counting](text);
  if (!counted) return null;
  const left = verb.limit - counted.length;
  return { left, level: left < 0 ? "over" : left <= verb.limit * WARN_SHARE ? "near" : "fine", links: counted.links };
}
