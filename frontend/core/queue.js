// The list of one view: loading, paging, and polled changes that wait behind "3 new — show".
import { batch, computed, signal } from "../vendor/preact-11.2.0.js";
import { get, getIfChanged, Problem, Unreachable } from "./api.js";
import { setClock } from "./spans.js";

/** @typedef {import("../types.d.ts").Row} Row */
/** @typedef {import("../types.d.ts").View} View */
/** @typedef {import("../types.d.ts").Queue} Queue */

const PAGE = 25;
const LARGEST_PAGE = 100;

/** @type {import("../vendor/preact-11.2.0.js").Signal<Row[]>} */
export const rows = signal([]);
/** @type {import("../vendor/preact-11.2.0.js").Signal<{mine: number, unassigned: number, open: number, snoozed: number} | null>} */
export const counts = signal(null);
/** @type {import("../vendor/preact-11.2.0.js").Signal<"loading" | "ready" | "failed">} */
export const phase = signal("loading");
/** The server's sentence when phase is "failed"; empty when there was no answer. */
export const failure = signal("");
/** @type {import("../vendor/preact-11.2.0.js").Signal<string | null>} */
export const nextCursor = signal(null);
export const loadingMore = signal(false);
export const moreFailed = signal(false);
/** What waits behind the bar. */
export const waiting = signal({ fresh: 0, moved: false });
/** @type {import("../vendor/preact-11.2.0.js").Signal<Set<string>>} */
export const gone = signal(new Set());
/** Who else looks at a conversation, in words. @type {import("../vendor/preact-11.2.0.js").Signal<Map<string, {whole: string, short: string, writing: boolean}>>} */
export const company = signal(new Map());
/** Conversations that have a draft of any mode on this device. @type {import("../vendor/preact-11.2.0.js").Signal<Set<string>>} */
export const drafted = signal(new Set());
/** The row the keyboard stands on. */
export const highlighted = signal("");
/** Rows that are selected, each with the sentence by which its last change was refused, or "". @type {import("../vendor/preact-11.2.0.js").Signal<Map<string, string>>} */
export const selected = signal(new Map());
/** What is needed to select comes with the first wish for it; "all": every row shows its box, as without a pointer or keys. @type {import("../vendor/preact-11.2.0.js").Signal<"" | "some" | "all">} */
export const selecting = signal("");

/** @type {(first: void) => void} */
let tellAnswered;
/** Fulfilled when the first list has come or could not be had: what is not needed before it waits for that. */
export const answered = /** @type {Promise<void>} */ (new Promise((resolve) => { tellAnswered = resolve; }));

/** The order on screen is no longer the order of the view. */
export const disordered = computed(() => waiting.value.moved || gone.value.size > 0);

/** @type {View} */
let view = "open";
/** Rows we took out of this view ourselves, with their version then: a poll from before must not bring them back. */
/** @type {Map<string, number>} */
const removed = new Map();
/** Rows with a write of ours under way. @type {Set<string>} */
export const writing = new Set();

/** @param {number} limit */
const address = (limit) => `queue?view=${view}&limit=${limit}`;

/** @param {Row[]} items */
const withoutRemoved = (items) => items.filter((row) => row.version > (removed.get(row.id) ?? -1));

/** @param {Queue} queue */
function replaceWith(queue) {
  batch(() => {
    rows.value = withoutRemoved(queue.items);
    nextCursor.value = queue.next;
    counts.value = queue.counts;
    gone.value = new Set();
    waiting.value = { fresh: 0, moved: false };
    phase.value = "ready";
    setClock(queue.now);
  });
}

/** @param {View} wanted opens a view; the rows of the former one leave at once */
export async function openView(wanted) {
  view = wanted;
  batch(() => {
    rows.value = [];
    nextCursor.value = null;
    phase.value = "loading";
    gone.value = new Set();
    waiting.value = { fresh: 0, moved: false };
    moreFailed.value = false;
  });
  removed.clear();
  // Drawn first: a promise's turn would come before the browser's.
  await reload().finally(() => setTimeout(tellAnswered));
}

/** Takes the view as the server has it now; rows that are on screen stay there when this fails. */
export async function reload() {
  const asked = view;
  try {
    const queue = await getIfChanged(address(PAGE), true);
    if (asked === view) replaceWith(queue);
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    if (asked !== view) return;
    batch(() => {
      failure.value = error.message && error instanceof Problem ? error.message : "";
      phase.value = "failed";
    });
  }
}

/** One poll. @throws {Problem | Unreachable} for the poller's back-off */
export async function pollQueue() {
  const asked = view;
  const limit = Math.min(LARGEST_PAGE, Math.max(PAGE, rows.peek().length));
  const queue = await getIfChanged(address(limit));
  if (asked !== view) return;
  if (phase.peek() === "failed") {
    await reload();
    return;
  }
  if (queue !== null) take(queue);
}

/**
 * @typedef {object} Merge
 * @property {Row[]} rows the list on screen, same order, contents renewed
 * @property {number} fresh rows of the window that belong between or above those on screen
 * @property {Set<string>} gone rows on screen that have left the view
 * @property {boolean} moved rows on screen stand elsewhere now
 */

/**
 * How a polled window of the queue meets the list on screen: nothing moves until the agent says so.
 * @param {Row[]} shown the list on screen
 * @param {Row[]} polled the first rows of the view as they are now
 * @param {{complete: boolean, endShown: boolean}} known complete: the view has no rows after `polled`; endShown: the
 *   list on screen reached the view's end when it was loaded
 * @param {(row: Row) => boolean} [settled] false for rows with a write of ours under way: their contents stay
 * @returns {Merge}
 */
export function mergeRows(shown, polled, { complete, endShown }, settled = () => true) {
  const latest = new Map(polled.map((row) => [row.id, row]));
  const onScreen = new Map(shown.map((row, index) => [row.id, index]));
  const common = polled.filter((row) => onScreen.has(row.id)).map((row) => Number(onScreen.get(row.id)));
  // What follows the last common row is the next page, which was not asked for yet.
  const lastCommon = polled.findLastIndex((row) => onScreen.has(row.id));
  const missing = shown.slice(0, complete ? shown.length : Math.max(-1, ...common) + 1).filter((row) => !latest.has(row.id));
  return {
    rows: shown.map((row) => renewed(row, latest.get(row.id), settled)),
    fresh: polled.filter((row, index) => !onScreen.has(row.id) && (endShown || index < lastCommon)).length,
    gone: new Set(complete ? missing.map((row) => row.id) : []),
    moved: common.some((index, position) => position > 0 && index < common[position - 1]) || (!complete && missing.length > 0),
  };
}

/** @param {Row} row @param {Row | undefined} latest @param {(row: Row) => boolean} settled */
function renewed(row, latest, settled) {
  return latest && settled(row) && latest.version >= row.version ? latest : row;
}

/** @param {Queue} queue */
function take(queue) {
  const polled = withoutRemoved(queue.items);
  if (rows.peek().length === 0) {
    replaceWith(queue);
    return;
  }
  const known = { complete: queue.next === null, endShown: nextCursor.peek() === null };
  const merge = mergeRows(rows.peek(), polled, known, (row) => !writing.has(row.id));
  batch(() => {
    rows.value = merge.rows;
    gone.value = merge.gone;
    waiting.value = { fresh: merge.fresh, moved: merge.moved };
    counts.value = queue.counts;
    setClock(queue.now);
  });
}

export async function loadMore() {
  const cursor = nextCursor.peek();
  if (cursor === null || loadingMore.peek()) return;
  const asked = view;
  loadingMore.value = true;
  moreFailed.value = false;
  try {
    const queue = /** @type {Queue} */ (await get(`${address(LARGEST_PAGE)}&cursor=${encodeURIComponent(cursor)}`));
    if (asked !== view) return;
    const known = new Set(rows.peek().map((row) => row.id));
    batch(() => {
      rows.value = [...rows.peek(), ...withoutRemoved(queue.items).filter((row) => !known.has(row.id))];
      nextCursor.value = queue.next;
    });
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    moreFailed.value = true;
  } finally {
    loadingMore.value = false;
  }
}

/** @param {Row} row @param {View} inView @param {string} agent @returns {boolean} whether the row belongs to the view */
export function belongs(row, inView, agent) {
  if (inView === "snoozed") return row.status === "snoozed";
  if (inView === "done") return row.status === "closed";
  if (row.status !== "open") return false;
  if (inView === "mine") return row.owner?.id === agent;
  return inView === "open" || row.owner === null;
}

/** @param {Row} changed puts a row's new contents on screen where it stands */
export function renewRow(changed) {
  if (rows.peek().some((row) => row.id === changed.id)) {
    rows.value = rows.peek().map((row) => (row.id === changed.id ? { ...row, ...changed } : row));
  }
}

/** @param {string} id @returns {{row: Row, index: number} | null} what `putBack` needs; null when it is not in the list */
export function takeOut(id) {
  const index = rows.peek().findIndex((row) => row.id === id);
  if (index < 0) return null;
  const row = rows.peek()[index];
  removed.set(id, row.version);
  rows.value = rows.peek().filter((other) => other.id !== id);
  return { row, index };
}

/** @param {Row} row @param {number} index */
export function putBack(row, index) {
  removed.delete(row.id);
  const others = rows.peek().filter((other) => other.id !== row.id);
  rows.value = [...others.slice(0, index), row, ...others.slice(index)];
}

/** @param {string} id @param {number} step 1 for the next row, -1 for the previous @returns {Row | undefined} */
export function neighbour(id, step) {
  const index = rows.peek().findIndex((row) => row.id === id);
  if (index < 0) return rows.peek()[0];
  return rows.peek()[index + step];
}
