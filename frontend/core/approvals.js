// All drafts of the brand that wait for somebody's approval, the oldest first: loading, paging, deciding, and what
// others do to them meanwhile.
import { batch, signal } from "../vendor/preact-11.2.0.js";
import { get, newKey, Problem, Unreachable, write } from "./api.js";
import { sentenceOf } from "./changes.js";

/** @typedef {import("../types.d.ts").Finding} Finding */
/** @typedef {import("../types.d.ts").Message} Message */
/** @typedef {import("../types.d.ts").Reply} Reply */
/** @typedef {import("../types.d.ts").Waiting} Waiting */
/**
 * One on screen: as the reader has it before their eyes. `later` is how it stands now where words or conversation are
 * others by then, `over` says that it waits no more; neither changes what is being read.
 * @typedef {Waiting & {later?: Waiting, over?: boolean}} Shown
 */
/** Why the server refused: its sentence, and what its code brings. */
/** @typedef {{code: string, sentence: string, findings: Finding[], news: Message[]}} Refused */

const PAGE = 25;
const LARGEST_PAGE = 100;

/** @type {import("../vendor/preact-11.2.0.js").Signal<Shown[]>} */
export const waiting = signal([]);
/** @type {import("../vendor/preact-11.2.0.js").Signal<"loading" | "ready" | "failed">} */
export const phase = signal("loading");
/** Why the last look failed; what is on screen stays. */
export const failure = signal("");
/** @type {import("../vendor/preact-11.2.0.js").Signal<string | null>} */
export const nextCursor = signal(null);
/** @type {import("../vendor/preact-11.2.0.js").Signal<"" | "loading" | "failed">} */
export const more = signal("");

/** @param {Waiting} one @param {Waiting} other @returns {boolean} whoever has read one has read the other */
const reads = ({ draft: one }, { draft: other }) => one.text === other.text && one.talk === other.talk;

/**
 * How the list as it is now meets the one on screen: what is read stays as it is, what is new comes behind it.
 * @param {Shown[]} shown @param {Waiting[]} polled the first ones that wait now
 * @param {boolean} complete there are no more than these
 * @returns {Shown[]}
 */
export function mergeWaiting(shown, polled, complete) {
  const latest = new Map(polled.map((item) => [item.draft.id, item]));
  const end = polled.at(-1)?.draft.at ?? "";
  const held = shown.map((item) => {
    const now = latest.get(item.draft.id);
    latest.delete(item.draft.id);
    if (now) return reads(item, now) ? now : { ...item, later: now, over: false };
    return complete || item.draft.at < end ? { ...item, over: true } : item;
  });
  return [...held, ...latest.values()];
}

/** Takes the list as it is now, or what of it is new. */
export async function refreshApprovals() {
  const first = phase.peek() !== "ready";
  const limit = Math.min(LARGEST_PAGE, Math.max(PAGE, waiting.peek().length));
  try {
    const page = await get(`approvals?limit=${limit}`);
    batch(() => {
      waiting.value = first && waiting.peek().length === 0 ? page.items : mergeWaiting(waiting.peek(), page.items, page.next === null);
      if (first || page.next === null) nextCursor.value = page.next;
      failure.value = "";
      phase.value = "ready";
    });
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    batch(() => {
      failure.value = sentenceOf(error);
      if (first) phase.value = "failed";
    });
  }
}

/** Opens the list anew; one that was looked at before is not shown as if it still waited. */
export async function openApprovals() {
  batch(() => {
    waiting.value = [];
    nextCursor.value = null;
    more.value = "";
    failure.value = "";
    phase.value = "loading";
  });
  await refreshApprovals();
}

export async function moreApprovals() {
  const cursor = nextCursor.peek();
  if (cursor === null || more.peek() === "loading") return;
  more.value = "loading";
  try {
    const page = await get(`approvals?limit=${PAGE}&cursor=${encodeURIComponent(cursor)}`);
    const known = new Set(waiting.peek().map(({ draft }) => draft.id));
    batch(() => {
      waiting.value = [...waiting.peek(), ...page.items.filter((/** @type {Waiting} */ item) => !known.has(item.draft.id))];
      nextCursor.value = page.next;
      more.value = "";
    });
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    more.value = "failed";
  }
}

/** @param {string} id @param {(item: Shown) => Shown} change */
function alter(id, change) {
  waiting.value = waiting.peek().map((item) => (item.draft.id === id ? change(item) : item));
}

/** @param {string} id takes it from the screen */
export function dismiss(id) {
  waiting.value = waiting.peek().filter(({ draft }) => draft.id !== id);
}

/** @param {string} id shows how it stands now */
export function showLater(id) {
  alter(id, (item) => item.later ?? item);
}

/** Attempts whose answer was lost: the same request goes out again under the same key. @type {Map<string, string>} */
const keys = new Map();

/**
 * @param {Shown} item @param {"POST" | "PATCH" | "DELETE"} method @param {string} what behind the draft's address
 * @param {unknown} body
 * @returns {Promise<{answer?: any, refused?: Refused}>}
 */
async function ask({ draft }, method, what, body) {
  const path = `conversations/${draft.conversation}/drafts/${draft.id}${what}`;
  const attempt = `${method} ${path} ${JSON.stringify(body)}`;
  const key = keys.get(attempt) ?? newKey();
  keys.set(attempt, key);
  try {
    const answer = await write(method, path, body, key);
    keys.delete(attempt);
    return { answer };
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    if (error instanceof Problem) keys.delete(attempt);
    return { refused: await heard(draft.id, error) };
  }
}

/** @param {string} id @param {Problem | Unreachable} error @returns {Promise<Refused>} after the screen shows what it tells */
async function heard(id, error) {
  const told = error instanceof Problem ? error : null;
  const refused = { code: told?.code ?? "", sentence: sentenceOf(error), findings: told?.findings ?? [], news: told?.news ?? [] };
  if (refused.code === "talked" && told?.talk) {
    const talk = told.talk;
    alter(id, (item) => ({ ...item, later: undefined, draft: { ...item.draft, talk, stale: true } }));
  } else if (refused.code === "decided" || told?.status === 404) {
    alter(id, (item) => ({ ...item, over: true }));
  } else if (refused.code === "stale") {
    await refreshApprovals();
    showLater(id);
  }
  return refused;
}

/**
 * Agrees to the words on screen.
 * @param {Shown} item @param {number} seen how far the conversation was read (`talk`) @param {boolean} assign gives the
 *   case to the draft's author along with it
 * @returns {Promise<{reply?: Reply | null, refused?: Refused}>} no reply: somebody else has to agree as well
 */
export async function approve(item, seen, assign) {
  const { answer, refused } = await ask(item, "POST", "/approve", { rev: item.draft.rev, seen, ...(assign ? { assign } : {}) });
  if (refused) return { refused };
  if (answer.reply) dismiss(item.draft.id);
  else alter(item.draft.id, (held) => ({ ...held, draft: answer.draft, may_approve: false }));
  return { reply: answer.reply };
}

/** @param {Shown} item @param {string} text @param {string[]} confirmed codes of warnings that were read @returns {Promise<{item?: Shown, refused?: Refused}>} */
export async function changeWords(item, text, confirmed) {
  const { answer, refused } = await ask(item, "PATCH", "", { text, rev: item.draft.rev, ...(confirmed.length > 0 ? { confirmed } : {}) });
  if (refused) return { refused };
  const changed = { ...item, draft: { ...answer, talk: item.draft.talk } };
  alter(item.draft.id, () => changed);
  return { item: changed };
}

/** @param {Shown} item @param {string} reason for its author @returns {Promise<{refused?: Refused}>} */
export async function sendBack(item, reason) {
  const { refused } = await ask(item, "POST", "/return", { reason });
  if (!refused) dismiss(item.draft.id);
  return { refused };
}

/** @param {Shown} item one's own @returns {Promise<{refused?: Refused}>} */
export async function withdraw(item) {
  const { refused } = await ask(item, "DELETE", "", {});
  if (!refused) dismiss(item.draft.id);
  return { refused };
}
