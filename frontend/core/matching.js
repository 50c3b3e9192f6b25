// Whether a text holds what was typed, whatever the script, case, accents or vowel signs; and which part of it does.

/** What NFKD leaves as it is, and people type plainly; one letter or two. @type {Record<string, string>} */
const PLAIN = {
  ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", ħ: "h", ł: "l", þ: "th", ı: "i", ς: "σ",
  // Hebrew: letters at the end of a word, and its own quotation marks.
  ך: "כ", ם: "מ", ן: "נ", ף: "פ", ץ: "צ", "׳": "'", "״": '"',
  // Arabic: alef of the article, alef without dots, teh at the end of a word; Persian letters on Arabic keys.
  ٱ: "ا", ى: "ي", ة: "ه", ک: "ك", ی: "ي",
  "‘": "'", "’": "'", "“": '"', "”": '"', "‐": "-", "–": "-",
};
/** Marks on letters (accents, niqqud, harakat), the line that stretches Arabic words, and what only steers direction. */
const UNSEEN = /[\p{Mn}\p{Cf}\u0640]/gu;
const ARABIC_DIGITS = /[\u0660-\u0669\u06f0-\u06f9]/g;
const LATIN_ZERO = 0x30;

/**
 * Letter by letter, so that the fold of two texts one after the other is that of the one and that of the other.
 * @param {string} text
 * @returns {string} plain letters: without case, accents and vowel signs; digits of Arabic as those of Latin
 */
export function fold(text) {
  const bare = text.normalize("NFKD").replace(UNSEEN, "").toLowerCase();
  const digits = bare.replace(ARABIC_DIGITS, (digit) => String.fromCharCode(LATIN_ZERO + (digit.charCodeAt(0) & 15)));
  return [...digits].map((letter) => PLAIN[letter] ?? letter).join("");
}

/** @param {string} typed @returns {string[]} its words, folded; none of nothing but spaces and marks */
export const wordsOf = (typed) => fold(typed).split(/\s+/).filter(Boolean);

/** @param {string[]} texts @param {string[]} words folded @returns {boolean} each word stands in one of the texts */
export function holds(texts, words) {
  const folded = texts.map(fold);
  return words.every((word) => folded.some((text) => text.includes(word)));
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * @param {string} text @param {string[]} words folded
 * @returns {{text: string, found: boolean}[]} the text in pieces, cut only between what people see as characters
 */
export function piecesOf(text, words) {
  const characters = [...graphemes.segment(text)].map(({ segment }) => ({ segment, folded: fold(segment) }));
  const whole = characters.map(({ folded }) => folded).join("");
  /** @type {boolean[]} by place in `whole` */
  const lit = Array.from({ length: whole.length }, () => false);
  for (const word of words) {
    for (let at = whole.indexOf(word); at >= 0; at = whole.indexOf(word, at + 1)) lit.fill(true, at, at + word.length);
  }
  /** @type {{text: string, found: boolean}[]} */
  const pieces = [];
  let at = 0;
  for (const { segment, folded } of characters) {
    // What is not seen (a stretched line between letters) goes with its neighbours.
    const found = folded ? lit.slice(at, at + folded.length).includes(true) : at > 0 && lit[at - 1] && lit[at] === true;
    at += folded.length;
    const last = pieces.at(-1);
    if (last && last.found === found) last.text += segment;
    else pieces.push({ text: segment, found });
  }
  return pieces;
}

/**
 * So much of what stands before the first found part that this is in sight in two short lines.
 * @param {{text: string, found: boolean}[]} pieces @param {number} [most] characters before it
 */
export function inSight(pieces, most = 40) {
  const [first, second] = pieces;
  if (!second || first.found) return pieces;
  const before = [...graphemes.segment(first.text)].map(({ segment }) => segment);
  if (before.length <= most) return pieces;
  return [{ text: `…${before.slice(-most).join("")}`, found: false }, ...pieces.slice(1)];
}
