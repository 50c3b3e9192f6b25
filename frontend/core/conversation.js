// The conversation on screen, and a small store of those lately seen or likely next.
import { batch, computed, effect, signal } from "../vendor/preact-11.2.0.js";
import { forgetEtag, get, getIfChanged, Problem, Unreachable } from "./api.js";
import { neighbour, renewRow, rows, writing } from "./queue.js";
import { route } from "./route.js";
import { setClock } from "./spans.js";

/** @typedef {import("../types.d.ts").Conversation} Conversation */
/** @typedef {import("../types.d.ts").Message} Message */
/** @typedef {import("../types.d.ts").Row} Row */

const KEPT = 30;

/** Id on screen, "" when none. */
export const openId = signal("");
/** @type {import("../vendor/preact-11.2.0.js").Signal<Map<string, Conversation>>} */
const store = signal(new Map());
/** Why the open one could not be loaded: the server's sentence, "" without an answer, null when nothing failed. */
/** @type {import("../vendor/preact-11.2.0.js").Signal<{status: number, sentence: string} | null>} */
export const loadFailure = signal(null);
export const loadingOlder = signal(false);

export const conversation = computed(() => store.value.get(openId.value) ?? null);

/** @param {string} id @param {Conversation | null} value */
function keep(id, value) {
  const next = new Map(store.peek());
  next.delete(id);
  if (value) next.set(id, value);
  for (const oldest of next.keys()) {
    if (next.size <= KEPT) break;
    if (oldest !== openId.peek()) next.delete(oldest);
  }
  store.value = next;
}

/**
 * Newest page from the server, older pages that are on screen already.
 * @param {Conversation | undefined} held @param {Conversation} latest @returns {Conversation}
 */
export function joinPages(held, latest) {
  if (!held || held.messages.length === 0 || latest.messages.length === 0) return latest;
  const first = latest.messages[0].id;
  const overlap = held.messages.findIndex((message) => message.id === first);
  if (overlap <= 0) return latest;
  return { ...latest, messages: [...held.messages.slice(0, overlap), ...latest.messages], older: held.older };
}

/** @param {string} id opens what is stored at once and asks for the present state */
export async function openConversation(id) {
  batch(() => {
    openId.value = id;
    loadFailure.value = null;
  });
  if (id) await refresh(id);
}

/** @param {string} id @param {boolean} [force] */
export async function refresh(id, force = false) {
  try {
    await pollConversation(id, force);
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    if (id === openId.peek()) loadFailure.value = { status: error instanceof Problem ? error.status : 0, sentence: error instanceof Problem ? error.message : "" };
  }
}

/** @param {string} id @param {boolean} [force] @throws {Problem | Unreachable} for the poller's back-off */
export async function pollConversation(id, force = false) {
  const held = store.peek().get(id);
  const path = `conversations/${id}`;
  const latest = await getIfChanged(path, force || !held);
  if (latest === null) return;
  if (writing.has(id)) {
    // Ours is newer than this answer; without this the next poll would be told that nothing changed.
    forgetEtag(path);
    return;
  }
  batch(() => {
    keep(id, joinPages(store.peek().get(id), latest));
    if (id === openId.peek()) loadFailure.value = null;
    renewRow(rowOf(latest));
    setClock(latest.now);
  });
}

/** @param {Conversation} latest @returns {Row} */
function rowOf(latest) {
  const { reasons, generation, triage, ...row } = latest.case;
  return row;
}

/** Opens what the address names, from now on. */
export function followAddress() {
  effect(() => {
    const { id } = route.value;
    openConversation(id).then(() => id && loadNeighbours(id));
  });
}

/** Loads the likely next conversations while the browser has nothing else to do. @param {string} id the open one */
function loadNeighbours(id) {
  const ids = [1, 2, -1].flatMap((step) => neighbour(id, step)?.id ?? []);
  if ("requestIdleCallback" in window) requestIdleCallback(() => loadAhead(ids));
  else setTimeout(() => loadAhead(ids));
}

/** @param {string[]} ids of rows of the list */
async function loadAhead(ids) {
  for (const id of ids) {
    const listed = rows.peek().find((row) => row.id === id);
    const held = store.peek().get(id);
    if (!listed || (held && held.case.version >= listed.version)) continue;
    try {
      // With its mark, so that opening it is told that nothing has changed and draws it once.
      keep(id, await getIfChanged(`conversations/${id}`, true));
    } catch (error) {
      // Only a head start is lost: opening the row asks again and shows what is wrong.
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      return;
    }
  }
}

export async function loadOlder() {
  const present = conversation.peek();
  if (!present?.older || loadingOlder.peek()) return;
  loadingOlder.value = true;
  try {
    const id = present.case.id;
    const page = /** @type {Conversation} */ (await get(`conversations/${id}?before=${encodeURIComponent(present.older)}`));
    const held = store.peek().get(id);
    if (!held) return;
    const known = new Set(held.messages.map((message) => message.id));
    const older = page.messages.filter((message) => !known.has(message.id));
    keep(id, { ...held, messages: [...older, ...held.messages], older: page.older });
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    loadFailure.value = { status: error instanceof Problem ? error.status : 0, sentence: error instanceof Problem ? error.message : "" };
  } finally {
    loadingOlder.value = false;
  }
}

/** @param {string} id @returns {Conversation | undefined} what is held of it, open or not */
export const conversationOf = (id) => store.peek().get(id);

/** @param {string} id @param {(held: Conversation) => Conversation} change edits the stored one, if there is one */
export function edit(id, change) {
  const held = store.peek().get(id);
  if (held) keep(id, change(held));
}

/** @param {Row} row new contents of the case, in the list and in the thread */
export function renewCase(row) {
  batch(() => {
    renewRow(row);
    edit(row.id, (held) => ({ ...held, case: { ...held.case, ...row } }));
  });
}

export function forgetConversations() {
  store.value = new Map();
}
