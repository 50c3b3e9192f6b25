// Web addresses and names of accounts inside people's texts.

const SPECIAL = /(?<address>https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}»”’])|(?<![\w@])(?<mention>@\w{1,15})/gu;

/** @typedef {{text: string, kind: "plain" | "address" | "mention"}} Piece */

/** @param {string} text @returns {Piece[]} the text in pieces */
export function piecesOf(text) {
  /** @type {Piece[]} */
  const pieces = [];
  let from = 0;
  for (const found of text.matchAll(SPECIAL)) {
    if (found.index > from) pieces.push({ text: text.slice(from, found.index), kind: "plain" });
    const isAddress = found.groups?.address !== undefined && URL.canParse(found[0]);
    pieces.push({ text: found[0], kind: isAddress ? "address" : found.groups?.mention ? "mention" : "plain" });
    from = found.index + found[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), kind: "plain" });
  return pieces;
}

/**
 * @param {Piece[]} pieces
 * @returns {Piece[]} without the names it is addressed to, which say nothing new in a list; all of it if that is all
 */
export function withoutAddressees(pieces) {
  const start = pieces.findIndex((piece) => piece.kind === "address" || (piece.kind === "plain" && piece.text.trim() !== ""));
  return start < 0 ? pieces : pieces.slice(start);
}
