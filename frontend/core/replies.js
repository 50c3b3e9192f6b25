// Replies and notes: sending, what comes back, and deciding about a doubtful one.
import { signal } from "../vendor/preact-11.2.0.js";
import { newKey, Problem, Unreachable, write } from "./api.js";
import { alter, sentenceOf } from "./changes.js";
import { conversation, edit, refresh } from "./conversation.js";
import { draftOf, dropDraft, keepDraft } from "./drafts.js";
import { t } from "./i18n.js";
import { hurry } from "./poll.js";
import { renewRow } from "./queue.js";
import { say } from "./toasts.js";

/** @typedef {import("../types.d.ts").Message} Message */
/** @typedef {import("../types.d.ts").Mode} Mode */
/** @typedef {import("../types.d.ts").Reply} Reply */

/**
 * Why a reply was not taken; the draft stays untouched beside it.
 * @typedef {{id: string, mode: Mode, kind: "talked" | "owned" | "closed" | "refused", sentence: string, news: Message[], talk: number}} Refusal
 */

/** @type {import("../vendor/preact-11.2.0.js").Signal<Refusal | null>} */
export const refusal = signal(null);
export const sending = signal(false);

/** @param {string} id conversation @param {Mode} mode verb by which its draft of that mode is sent @returns {Promise<boolean>} whether it was taken */
export async function sendReply(id, mode) {
  const draft = draftOf(id, mode);
  if (!draft || sending.peek()) return false;
  const key = draft.key ?? newKey();
  keepDraft(id, mode, { ...draft, key });
  sending.value = true;
  refusal.value = null;
  try {
    const reply = /** @type {Reply} */ (await write("POST", `conversations/${id}/replies`, { text: draft.text, seen: draft.seen, verb: mode }, key));
    dropDraft(id, mode);
    edit(id, (held) => ({ ...held, replies: [...held.replies.filter((other) => other.id !== reply.id), reply], case: { ...held.case, reply_state: reply.state } }));
    markRow(id, reply.state);
    hurry();
    return true;
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    // Only a lost answer may be repeated under the same key; a refusal has to be answered with a new attempt.
    if (error instanceof Problem) keepDraft(id, mode, { text: draft.text, seen: draft.seen, last: draft.last });
    refusal.value = refusalOf(id, mode, error);
    await refresh(id, true);
    return false;
  } finally {
    sending.value = false;
  }
}

/** @param {string} id @param {Mode} mode @param {Problem | Unreachable} error @returns {Refusal} */
function refusalOf(id, mode, error) {
  const known = error instanceof Problem && error.status === 409;
  const kind = known && (error.code === "talked" || error.code === "owned" || error.code === "closed") ? error.code : "refused";
  const unsure = error instanceof Unreachable;
  return {
    id,
    mode,
    kind,
    sentence: unsure ? t("reply.unreachable") : sentenceOf(error),
    news: error instanceof Problem ? error.news : [],
    talk: (error instanceof Problem && error.talk) || 0,
  };
}

/** @param {string} id @param {import("../types.d.ts").ReplyState} state */
function markRow(id, state) {
  const open = conversation.peek();
  if (open?.case.id === id) renewRow({ ...open.case, reply_state: state });
}

/** @param {string} id @param {Mode} mode @param {number} talk the author has read up to here and still wants to send the same text */
export function haveSeen(id, mode, talk) {
  const draft = draftOf(id, mode);
  if (draft) keepDraft(id, mode, { text: draft.text, seen: talk, last: conversation.peek()?.messages.at(-1)?.id ?? "" });
  if (refusal.peek()?.id === id) refusal.value = null;
}

/** @param {string} id takes over a case that somebody else owns, then sends the same text @param {Mode} mode */
export async function takeAndSend(id, mode) {
  if (await alter(id, { assignee: "me" }, t("toast.taken"))) await sendReply(id, mode);
}

/** @param {string} id opens the case again, then sends the same text @param {Mode} mode */
export async function reopenAndSend(id, mode) {
  if (await alter(id, { state: "open" }, t("toast.opened"))) await sendReply(id, mode);
}

/** @param {string} id @param {string} reply @param {boolean} found whether the agent saw it on the platform */
export async function decide(id, reply, found) {
  try {
    const next = /** @type {Reply} */ (await write("POST", `conversations/${id}/replies/${reply}/decision`, { found }));
    edit(id, (held) => ({ ...held, replies: held.replies.map((other) => (other.id === reply ? next : other)) }));
    markRow(id, next.state);
    hurry();
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    say({ text: sentenceOf(error), tone: "error" });
  }
  await refresh(id, true);
}

/** @param {string} id @returns {Promise<boolean>} */
export async function addNote(id) {
  const draft = draftOf(id, "note");
  if (!draft || sending.peek()) return false;
  const key = draft.key ?? newKey();
  keepDraft(id, "note", { ...draft, key });
  sending.value = true;
  try {
    const note = await write("POST", `conversations/${id}/notes`, { text: draft.text }, key);
    dropDraft(id, "note");
    edit(id, (held) => ({ ...held, notes: [...held.notes.filter((other) => other.id !== note.id), note] }));
    refresh(id, true);
    return true;
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    if (error instanceof Problem) keepDraft(id, "note", { text: draft.text, seen: draft.seen, last: draft.last });
    say({ text: sentenceOf(error), tone: "error" });
    return false;
  } finally {
    sending.value = false;
  }
}
