// What is seldom done to a reply that was sent already: another time for one that waits, a word about a doubtful one.
import { Problem, Unreachable, write } from "./api.js";
import { sentenceOf } from "./changes.js";
import { edit, refresh } from "./conversation.js";
import { t } from "./i18n.js";
import { hurry } from "./poll.js";
import { markRow } from "./replies.js";
import { dayTime } from "./spans.js";
import { say } from "./toasts.js";

/** @typedef {import("../types.d.ts").Reply} Reply */

/** @param {string} id @param {Reply} reply one that waits for its time @param {string} sendAt another time, RFC 3339 */
export async function moveReply(id, reply, sendAt) {
  try {
    const moved = /** @type {Reply} */ (await write("PATCH", `conversations/${id}/replies/${reply.id}`, { send_at: sendAt }));
    edit(id, (held) => ({ ...held, replies: held.replies.map((other) => (other.id === moved.id ? moved : other)) }));
    say({ text: t("sendLater.toast", { time: dayTime(moved.send_at ?? sendAt) }), tone: "plain" });
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    say({ text: sentenceOf(error), tone: "error" });
  }
  await refresh(id, true);
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
