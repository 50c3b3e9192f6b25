// What is done to a message rather than said: like, hide, delete. It goes through the server's outbox as a reply does,
// so a message shows what is asked for, but only claims what the platform has done.
import { signal } from "../vendor/preact-11.2.0.js";

/** @typedef {import("../types.d.ts").Acting} Acting */
/** @typedef {import("../types.d.ts").Message} Message */
/** @typedef {import("../types.d.ts").Reply} Reply */

const ACTING = new Set(["like", "unlike", "hide", "unhide", "delete"]);

/** What was clicked and the server has not taken yet, by `placeOf`. @type {import("../vendor/preact-11.2.0.js").Signal<Map<string, Acting>>} */
export const asked = signal(new Map());

/** @param {string} id conversation @param {string} message */
export const placeOf = (id, message) => `${id} ${message}`;

/** @param {Reply} reply @returns {boolean} it does something to a message and says nothing */
export const isAct = (reply) => ACTING.has(reply.verb);

/** @param {Reply} reply @returns {boolean} it may still happen, or may have happened */
const unfinished = (reply) => reply.state !== "failed";

/** @param {Reply[]} replies @param {string} message @returns {Reply | undefined} the newest act on it that is not done: under way, doubtful or failed */
export function actOn(replies, message) {
  return replies.findLast((reply) => isAct(reply) && reply.message === message);
}

/** @param {Message} message @param {Reply | undefined} present the newest act on it @returns {NonNullable<Message["acts"]>} what may be asked for now */
export function offered(message, present) {
  return present && unfinished(present) ? [] : (message.acts ?? []);
}
