// Replies and notes: sending, what comes back, and deciding about a doubtful one.
import { newKey, Problem, Unreachable, write } from "./api.js";
import { alter, changed, sentenceOf } from "./changes.js";
import { conversation, edit, refresh } from "./conversation.js";
import { preferences } from "./device.js";
import { draftOf, dropDraft, keepDraft } from "./drafts.js";
import { t } from "./i18n.js";
import { compose } from "./intents.js";
import { hurry } from "./poll.js";
import { renewRow } from "./queue.js";
import { refusal, sending } from "./sending.js";
import { myId } from "./session.js";
import { dayTime, present } from "./spans.js";
import { say, undoLast, undoableSince } from "./toasts.js";

/** @typedef {import("../types.d.ts").Message} Message */
/** @typedef {import("../types.d.ts").Mode} Mode */
/** @typedef {import("../types.d.ts").Reply} Reply */
/** @typedef {import("./drafts.js").Way} Way */
/** @typedef {import("./sending.js").Refusal} Refusal */

/**
 * Sends the draft, or submits it for approval.
 * @param {string} id conversation @param {Mode} mode verb by which its draft of that mode is sent @param {Way} [asked]
 * @returns {Promise<boolean>} whether it was taken
 */
export async function sendReply(id, mode, asked = {}) {
  const draft = draftOf(id, mode);
  if (!draft || sending.peek()) return false;
  const key = draft.key ?? newKey();
  const { hold } = preferences.peek();
  const way = draft.way ?? { ...asked, ...(hold === null ? {} : { hold }) };
  keepDraft(id, mode, { ...draft, key, way });
  sending.value = true;
  refusal.value = null;
  let taken = false;
  try {
    await changed(id);
    const body = { text: draft.text, seen: draft.seen, verb: mode, ...(way.confirmed?.length ? { confirmed: way.confirmed } : {}), ...(way.competing ? { competing: way.competing } : {}), ...(way.sendAt ? { send_at: way.sendAt } : {}), ...(way.hold === undefined ? {} : { hold: way.hold }) };
    const answer = await write("POST", `conversations/${id}/${way.approval ? "drafts" : "replies"}`, body, key);
    dropDraft(id, mode);
    taken = true;
    if (way.approval) say({ text: t("toast.submitted"), tone: "plain" });
    else show(id, /** @type {Reply} */ (answer));
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    // Only a lost answer may be repeated under the same key; a refusal has to be answered with a new attempt.
    if (error instanceof Problem) keepDraft(id, mode, { text: draft.text, canned: draft.canned, seen: draft.seen, last: draft.last });
    refusal.value = refusalOf(id, mode, draft.text, way, error);
  } finally {
    sending.value = false;
  }
  // Sending is over by now: what a refusal offers can be pressed while the conversation is being read again.
  if (!taken || way.approval) await refresh(id, true);
  return taken;
}

/** @param {string} id @param {Reply} reply one that the server has just taken */
function show(id, reply) {
  edit(id, (held) => ({ ...held, replies: [...held.replies.filter((other) => other.id !== reply.id), reply], case: { ...held.case, reply_state: reply.state } }));
  markRow(id, reply.state);
  if (reply.send_at) say({ text: t("sendLater.toast", { time: dayTime(reply.send_at) }), tone: "plain", undo: true, action: { label: t("toast.undo"), run: () => takeBack(id, reply) } });
  hurry();
}

/** @type {Record<string, Refusal["kind"]>} */
const KINDS = { talked: "talked", owned: "owned", closed: "closed", check: "check", approval_needed: "approval" };

/** @param {Problem | Unreachable} error @returns {Refusal["kind"]} */
function kindOf(error) {
  if (!(error instanceof Problem)) return "refused";
  if (error.code === "drafted") return error.drafts.length > 0 ? "drafted" : "refused";
  return Object.hasOwn(KINDS, error.code) ? KINDS[error.code] : "refused";
}

/** @param {string} id @param {Mode} mode @param {string} text @param {Way} way @param {Problem | Unreachable} error @returns {Refusal} */
function refusalOf(id, mode, text, way, error) {
  const unsure = error instanceof Unreachable;
  const told = error instanceof Problem ? error : null;
  return {
    id,
    mode,
    kind: kindOf(error),
    sentence: unsure ? t("reply.unreachable") : sentenceOf(error),
    news: told?.news ?? [],
    talk: told?.talk ?? 0,
    text,
    findings: told?.findings ?? [],
    why: told?.why ?? [],
    mine: told?.drafts.some(({ by }) => by === myId.peek()) ?? false,
    way,
  };
}

/** @param {string} id @param {import("../types.d.ts").ReplyState} state its row in the list tells of the reply too */
export function markRow(id, state) {
  const open = conversation.peek();
  if (open?.case.id === id) renewRow({ ...open.case, reply_state: state });
}

/** @param {string} id takes over a case that somebody else owns, then sends the same text @param {Mode} mode @param {Way} way */
export async function takeAndSend(id, mode, way) {
  if (await alter(id, { assignee: "me" }, t("toast.taken"))) await sendReply(id, mode, way);
}

/** @param {string} id opens the case again, then sends the same text @param {Mode} mode @param {Way} way */
export async function reopenAndSend(id, mode, way) {
  if (await alter(id, { state: "open" }, t("toast.opened"))) await sendReply(id, mode, way);
}

/** @param {string} id @param {Reply} reply one that has not left: its words go back into the box, before what stands there already */
export async function takeBack(id, reply) {
  const mode = /** @type {Mode} */ (reply.verb);
  try {
    await write("DELETE", `conversations/${id}/replies/${reply.id}`, {});
    const shown = conversation.peek();
    const draft = draftOf(id, mode);
    const since = { seen: shown?.case.talk ?? 0, last: shown?.messages.at(-1)?.id ?? "" };
    keepDraft(id, mode, draft ? { ...since, text: `${reply.text}\n\n${draft.text}` } : { ...since, text: reply.text });
    edit(id, (held) => ({ ...held, replies: held.replies.filter((other) => other.id !== reply.id), case: { ...held.case, reply_state: "" } }));
    markRow(id, "");
    say({ text: t("toast.takenBack"), tone: "plain" });
    if (shown?.case.id === id) compose(/** @type {import("../types.d.ts").Saying} */ (reply.verb));
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    say({ text: sentenceOf(error), tone: "error" });
  }
  await refresh(id, true);
}

/** Takes back the reply of the open conversation that is still held, or undoes the last change: what was done later. */
export function undoNewest() {
  const open = conversation.peek();
  const held = open?.replies.findLast((reply) => reply.state === "held" && !reply.send_at && !reply.automatic);
  if (!open || !held) return undoLast();
  const passed = present() - Date.parse(held.at);
  return undoableSince(Date.now() - passed) ? undoLast() : takeBack(open.case.id, held);
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
