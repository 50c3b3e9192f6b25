// Messages, notes and replies under way as one line of time.

import { isAct } from "./acts.js";

/** @typedef {import("../types.d.ts").Message} Message */
/** @typedef {import("../types.d.ts").Note} Note */
/** @typedef {import("../types.d.ts").Reply} Reply */
/**
 * @typedef {{kind: "day", key: string, at: string}
 *   | {kind: "message", key: string, at: string, message: Message, follows: boolean}
 *   | {kind: "note", key: string, at: string, note: Note}
 *   | {kind: "reply", key: string, at: string, reply: Reply}} Entry
 */

const TOGETHER = 10 * 60_000;

/** @param {string} at @returns {string} the local day */
const dayOf = (at) => new Date(at).toDateString();

/**
 * @param {{messages: Message[], notes: Note[], replies: Reply[], older: string | null}} conversation
 * @returns {Entry[]} in order of time with a mark at each new day; replies that are not out yet stand last.
 *   An act stands at its message, and only without it in the line.
 *   Notes older than the first loaded message wait until its page is loaded.
 */
export function timelineOf({ messages, notes, replies, older }) {
  const from = older && messages.length > 0 ? messages[0].at : "";
  /** @type {Entry[]} */
  const said = messages.map((message) => ({ kind: "message", key: `m-${message.id}`, at: message.at, message, follows: false }));
  /** @type {Entry[]} */
  const noted = notes.filter((note) => note.at >= from).map((note) => ({ kind: "note", key: `n-${note.id}`, at: note.at, note }));
  const shown = new Set(messages.map((message) => message.id));
  /** @type {Entry[]} */
  const underWay = replies.filter((reply) => !isAct(reply) || !shown.has(reply.message)).map((reply) => ({ kind: "reply", key: `r-${reply.id}`, at: reply.at, reply }));
  const ordered = [...said, ...noted].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  return withDays([...ordered, ...underWay]);
}

/** @param {Entry[]} entries @returns {Entry[]} */
function withDays(entries) {
  /** @type {Entry[]} */
  const result = [];
  entries.forEach((entry, index) => {
    const before = entries[index - 1];
    const sameDay = before !== undefined && dayOf(before.at) === dayOf(entry.at);
    if (!sameDay) result.push({ kind: "day", key: `d-${entry.key}`, at: entry.at });
    result.push(entry.kind === "message" ? { ...entry, follows: sameDay && follows(before, entry.message) } : entry);
  });
  return result;
}

/** @param {Entry} before @param {Message} message @returns {boolean} the same person goes on within ten minutes */
function follows(before, message) {
  if (before.kind !== "message" || before.message.own !== message.own || before.message.by !== message.by) return false;
  return Date.parse(message.at) - Date.parse(before.at) < TOGETHER;
}

/** @param {import("../types.d.ts").Conversation} shown @returns {boolean} only then the server is asked for its drafts */
export const hadDrafts = (shown) => shown.case.approval === "waiting" || shown.history.some(({ code }) => code.startsWith("draft."));
