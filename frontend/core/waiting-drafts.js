// Drafts that others have to approve: read beside their conversation, submitted by `sendReply`, decided here.
import { signal } from "../vendor/preact-11.2.0.js";
import { get, Problem, Unreachable, write } from "./api.js";
import { sentenceOf } from "./changes.js";
import { refresh } from "./conversation.js";
import { hurry } from "./poll.js";

/** @typedef {import("../types.d.ts").Conversation} Conversation */
/** @typedef {import("../types.d.ts").Draft} Draft */

/** Of the conversation last asked about. */
/** @type {import("../vendor/preact-11.2.0.js").Signal<{id: string, items: Draft[], sentence: string}>} */
export const drafts = signal({ id: "", items: [], sentence: "" });

/** @param {string} id */
export async function loadDrafts(id) {
  try {
    drafts.value = { id, items: (await get(`conversations/${id}/drafts`)).items, sentence: "" };
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    drafts.value = { id, items: drafts.peek().id === id ? drafts.peek().items : [], sentence: sentenceOf(error) };
  }
}

/**
 * @param {Draft[]} items oldest first @param {string} agent @param {Conversation} shown
 * @returns {Draft[]} those that wait, and the agent's own newest when it came back and nothing was answered since
 */
export function worthShowing(items, agent, shown) {
  const waiting = items.filter(({ state }) => state === "waiting");
  const own = items.findLast(({ by }) => by.id === agent);
  const back = own && (own.state === "returned" || own.state === "expired") ? own : null;
  const ended = back?.ended_at ?? "";
  const answered = shown.messages.some((message) => message.own && message.at > ended) || shown.replies.some((reply) => reply.at > ended);
  return back && !answered ? [...waiting, back] : waiting;
}

/**
 * @param {string} id @param {Draft} draft @param {"approve" | "return" | ""} what "" takes it back @param {unknown} body
 * @returns {Promise<Problem | Unreachable | null>} why the server refused
 */
export async function settle(id, draft, what, body) {
  /** @type {Problem | Unreachable | null} */
  let refused = null;
  try {
    await write(what ? "POST" : "DELETE", `conversations/${id}/drafts/${draft.id}${what ? `/${what}` : ""}`, body);
    hurry();
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    refused = error;
  }
  await Promise.all([refresh(id, true), loadDrafts(id)]);
  return refused;
}
