// Lengths of a text in the plain units platforms count in.

const encoder = new TextEncoder();

/** @param {string} text @returns {number} Unicode code points: an emoji outside the basic plane is one, not two */
export function codePoints(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** @param {string} text @returns {number} bytes in UTF-8: one for a Latin letter, two for a Hebrew one, four for most emoji */
export function utf8Bytes(text) {
  return encoder.encode(text).length;
}
