// How sending stands: under way, or why it was refused. What sends is replies.js, which can come later.
import { signal } from "../vendor/preact-11.2.0.js";
import { conversation } from "./conversation.js";
import { draftOf, keepDraft } from "./drafts.js";

/** @typedef {import("../types.d.ts").Message} Message */
/** @typedef {import("../types.d.ts").Mode} Mode */
/** @typedef {import("../types.d.ts").Finding} Finding */
/** @typedef {import("./drafts.js").Way} Way */

/**
 * Why a reply was not taken; the draft stays untouched beside it.
 * @typedef {{id: string, mode: Mode, kind: "talked" | "owned" | "closed" | "check" | "approval" | "drafted" | "refused", sentence: string, news: Message[], talk: number,
 *   text: string, findings: Finding[], why: string[], mine: boolean, way: Way}} Refusal
 */

/** @type {import("../vendor/preact-11.2.0.js").Signal<Refusal | null>} */
export const refusal = signal(null);
export const sending = signal(false);

/** @param {string} id @param {Mode} mode @param {number} talk the author has read up to here and still wants to send the same text */
export function haveSeen(id, mode, talk) {
  const draft = draftOf(id, mode);
  if (draft) keepDraft(id, mode, { text: draft.text, canned: draft.canned, seen: talk, last: conversation.peek()?.messages.at(-1)?.id ?? "" });
  if (refusal.peek()?.id === id) refusal.value = null;
}
