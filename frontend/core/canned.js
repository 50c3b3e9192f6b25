// Canned texts: asked for in the order the server gives them (the customer's language first), and put into the box.
import { get, Problem, Unreachable, write } from "./api.js";
import { conversation } from "./conversation.js";
import { draftOf, GAP, keepDraft } from "./drafts.js";
import { langOf } from "./i18n.js";

/** @typedef {import("../types.d.ts").Entry} Entry */
/** @typedef {import("../types.d.ts").Mode} Mode */

const GAPS = new RegExp(GAP.source, "gu");
const NAME = /\{\{?\s*name\s*\}\}?/giu;

/** @param {string} text @returns {string[]} its gaps, each once, in their order */
export const gapsOf = (text) => [...new Set(text.match(GAPS) ?? [])];

/** @param {string} text @param {string} name of the customer; "" leaves the gap open @returns {string} */
export const withName = (text, name) => (name ? text.replace(NAME, () => name) : text);

/** @param {string} language of the customer @returns {Promise<Entry[]>} what may be used @throws {Problem | Unreachable} */
export async function cannedTexts(language) {
  const asked = langOf(language) ? `?language=${encodeURIComponent(language)}` : "";
  const { items } = await get(`canned${asked}`);
  return items.filter((/** @type {Entry} */ { standing }) => standing === "approved");
}

/** @param {string} text what stands in the box @param {string} piece @param {number} from @param {number} to what it replaces @returns {string} */
export const inserted = (text, piece, from, to) => `${text.slice(0, from)}${piece}${text.slice(to)}`;

/**
 * Puts a text at the caret of the reply box; its first gap is selected, so that typing fills it.
 * @param {string} id conversation @param {Mode} mode @param {Entry} entry
 */
export async function putCanned(id, mode, entry) {
  const box = document.getElementById("reply-box");
  const shown = conversation.peek();
  if (!(box instanceof HTMLTextAreaElement) || shown?.case.id !== id) return;
  const draft = draftOf(id, mode);
  const piece = withName(entry.text, shown.case.name);
  const [from, to] = [box.selectionStart, box.selectionEnd];
  const text = inserted(draft?.text ?? "", piece, from, to);
  const since = draft ? { seen: draft.seen, last: draft.last } : { seen: shown.case.talk, last: shown.messages.at(-1)?.id ?? "" };
  keepDraft(id, mode, { ...since, text, canned: piece });
  requestAnimationFrame(() => {
    box.focus();
    const gap = gapsOf(piece)[0];
    const start = from + (gap ? piece.indexOf(gap) : piece.length);
    box.setSelectionRange(start, start + (gap?.length ?? 0));
  });
  try {
    await write("POST", `canned/${entry.id}/uses`, {});
  } catch (error) {
    // The text is in the box; only the count by which texts are sorted misses one.
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
  }
}
