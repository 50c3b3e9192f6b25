// What can be written in a conversation, and who will read it. A mode is a verb that says something, or "note"; where
// a platform lets us say nothing at all there is "by_hand" instead.

/** @typedef {import("../types.d.ts").Conversation} Conversation */
/** @typedef {import("../types.d.ts").Mode} Mode */
/** @typedef {import("../types.d.ts").Verb} Verb */
/** What an agent may ask for: a certain mode, or just to answer, in public, or in private. */
/** @typedef {Mode | "answer" | "public" | "private"} Wanted */
/** @typedef {"public" | "private" | "note"} Audience */

/** @type {Record<Mode, Audience>} */
const AUDIENCES = { public_reply: "public", private_reply: "private", dm: "private", by_hand: "public", note: "note" };

/** @param {Mode} mode @param {boolean} isPublic the thread is, which decides where an answer by hand is read @returns {Audience} */
export function audienceOf(mode, isPublic) {
  return mode === "by_hand" && !isPublic ? "private" : AUDIENCES[mode];
}

/** @param {Verb} verb @returns {boolean} it says something to the customer */
const says = ({ verb }) => verb === "public_reply" || verb === "private_reply" || verb === "dm";

/** @param {Conversation} conversation @returns {boolean} nothing of what was said is left, and nothing new was said */
export const isEmpty = ({ case: { removed }, messages }) => Boolean(removed) && messages.length === 0;

/** @param {Pick<Conversation, "verbs">} conversation @returns {Mode[]} in the server's order, the note last */
export function modesOf({ verbs }) {
  const saying = verbs.filter(says).map(({ verb }) => /** @type {Mode} */ (verb));
  return [...(saying.length > 0 ? saying : [/** @type {Mode} */ ("by_hand")]), "note"];
}

/** @param {Pick<Conversation, "verbs">} conversation @param {Mode} mode @returns {Verb | undefined} */
export function verbOf({ verbs }, mode) {
  return verbs.find(({ verb }) => verb === mode);
}

/**
 * The mode a conversation opens in: that of the customer's last message. What is read by more people than the customer
 * chose is never the first choice.
 * @param {Pick<Conversation, "verbs" | "case">} conversation @returns {Mode}
 */
export function openingMode(conversation) {
  const modes = modesOf(conversation);
  const wanted = conversation.case.public ? "public" : "private";
  return modes.find((mode) => AUDIENCES[mode] === wanted) ?? (wanted === "public" ? modes[0] : (modes.find((mode) => mode === "by_hand") ?? "note"));
}

/**
 * @param {Pick<Conversation, "verbs" | "case">} conversation @param {Wanted} wanted
 * @returns {Mode | null} null when this conversation has no such mode
 */
export function modeFor(conversation, wanted) {
  const modes = modesOf(conversation);
  if (wanted === "answer") return openingMode(conversation);
  if (wanted === "public" || wanted === "private") {
    const able = modes.filter((mode) => mode !== "by_hand" && AUDIENCES[mode] === wanted);
    return able.find((mode) => verbOf(conversation, mode)?.allowed) ?? able[0] ?? null;
  }
  return modes.includes(wanted) ? wanted : null;
}
