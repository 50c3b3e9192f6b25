// Drafts live on the device, one per agent, conversation and mode, until they are sent, dropped or the agent signs out.
import { effect, signal } from "../vendor/preact-11.2.0.js";
import { keysUnder, read, remove, write } from "./device.js";
import { drafted } from "./queue.js";
import { myId } from "./session.js";

/** @typedef {import("../types.d.ts").Mode} Mode */
/**
 * `seen` is the `talk` number in view when the first letter was typed, `last` the newest message then. `key` is there once a send was tried without
 * an answer: the same request must go out again under the same idempotency key, or a lost answer would post it twice.
 * `canned` is the canned text it was made of. Of a way, `confirmed` are warnings its author has read, `approval` says that it was submitted to others and not sent, `sendAt` and
 * `hold` (seconds) when it is to leave.
 * @typedef {{approval?: boolean, confirmed?: string[], competing?: "" | "replace" | "beside", sendAt?: string, hold?: number}} Way
 * @typedef {{text: string, seen: number, last: string, canned?: string, key?: string, way?: Way}} Draft
 */

/** A gap of a canned text that is still to be filled: a name in curly brackets. */
export const GAP = /\{\{?\s*[\p{L}_][^{}\n]{0,60}\}\}?/u;

const PREFIX = "hark.draft.";

/** Moves on with every change of any draft; read it to be drawn again. */
export const revision = signal(0);

/** @param {string} conversation @param {Mode} mode */
const keyOf = (conversation, mode) => `${PREFIX}${myId.peek()}.${conversation}.${mode}`;

/** Those of the signed-in agent; drafts of other agents on this device stay out of reach. */
function listDrafted() {
  const prefix = `${PREFIX}${myId.peek()}.`;
  drafted.value = new Set(keysUnder(prefix).map((key) => key.slice(prefix.length, key.lastIndexOf("."))));
}

effect(() => {
  myId.value;
  listDrafted();
});

/** @param {string} conversation @param {Mode} mode @returns {Draft | null} */
export function draftOf(conversation, mode) {
  const stored = read(keyOf(conversation, mode));
  return stored === null ? null : JSON.parse(stored);
}

/** @param {string} conversation @param {Mode} mode @param {Draft} draft an empty text removes it */
export function keepDraft(conversation, mode, draft) {
  if (draft.text === "") {
    dropDraft(conversation, mode);
    return;
  }
  write(keyOf(conversation, mode), JSON.stringify(draft));
  if (!drafted.peek().has(conversation)) listDrafted();
  revision.value += 1;
}

/** @param {string} conversation @param {Mode} mode */
export function dropDraft(conversation, mode) {
  remove(keyOf(conversation, mode));
  if (drafted.peek().has(conversation)) listDrafted();
  revision.value += 1;
}

/** Signing out leaves nothing of any agent's drafts on a shared device. */
export function forgetDrafts() {
  for (const key of keysUnder(PREFIX)) remove(key);
  drafted.value = new Set();
}
