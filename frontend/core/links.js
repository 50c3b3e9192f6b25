// Web addresses and names of accounts inside people's texts.

const SPECIAL = /(?<address>https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}»”’])|(?<![\w@])(?<mention>@\w{1,15})/gu;

/**
 * @param {string} text
 * @returns {{text: string, kind: "plain" | "address" | "mention"}[]} the text in pieces
 */
export function piecesOf(text) {
  /** @type {{text: string, kind: "plain" | "address" | "mention"}[]} */
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
