// Asking for what is done to a message, and for the way back; what is asked for is shown by acts.js.
import { actOn, asked, placeOf } from "./acts.js";
import { Problem, Unreachable, write } from "./api.js";
import { sentenceOf } from "./changes.js";
import { conversationOf, edit, refresh } from "./conversation.js";
import { t } from "./i18n.js";
import { hurry } from "./poll.js";
import { say } from "./toasts.js";

/** @typedef {import("../types.d.ts").Acting} Acting */
/** @typedef {import("../types.d.ts").Message} Message */
/** @typedef {import("../types.d.ts").Reply} Reply */

/** What leads back; a deletion has no way back. @type {Partial<Record<Acting, Acting>>} */
const BACK = { like: "unlike", unlike: "like", hide: "unhide", unhide: "hide" };
const LOOK_EVERY = 1_000;
const PATIENCE = 60;

/** @param {string} place @param {Acting | null} verb */
function mark(place, verb) {
  const next = new Map(asked.peek());
  next.delete(place);
  if (verb) next.set(place, verb);
  asked.value = next;
}

/**
 * @param {string} id conversation @param {string} message @param {Acting} verb one of the message's `acts`
 * @returns {Promise<boolean>} whether the server took it
 */
async function ask(id, message, verb) {
  const place = placeOf(id, message);
  if (asked.peek().has(place)) return false;
  mark(place, verb);
  try {
    const reply = /** @type {Reply} */ (await write("POST", `conversations/${id}/acts`, { verb, message }));
    edit(id, (held) => ({ ...held, replies: [...held.replies.filter((other) => other.id !== reply.id), reply] }));
    hurry();
    return true;
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    say({ text: sentenceOf(error), tone: "error" });
    refresh(id, true);
    return false;
  } finally {
    mark(place, null);
  }
}

/** @param {string} id conversation @param {Message} message @param {Acting} verb */
export async function act(id, message, verb) {
  if (!(await ask(id, message.id, verb))) return;
  const back = BACK[verb];
  const undo = back && { label: t("toast.undo"), run: () => takeBack(id, message.id, back) };
  say({ text: t(`act.toast.${verb}`), tone: "plain", undo: undo !== undefined, action: undo });
}

/**
 * The way back exists only once the act is done, so this waits for it.
 * @param {string} id @param {string} message @param {Acting} verb
 */
async function takeBack(id, message, verb) {
  for (let looks = 0; looks < PATIENCE; looks += 1) {
    const held = conversationOf(id);
    const under = held && actOn(held.replies, message);
    if (under?.state === "failed") return; // It was never done, and the message says why.
    if (!under && held?.messages.some((one) => one.id === message && one.acts?.some((offered) => offered.verb === verb))) {
      if (await ask(id, message, verb)) say({ text: t("toast.undone"), tone: "plain" });
      return;
    }
    await new Promise((go) => setTimeout(go, LOOK_EVERY));
    await refresh(id, true);
  }
  say({ text: t("act.notUndone"), tone: "error" });
}
