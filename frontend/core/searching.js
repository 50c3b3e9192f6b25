// Search in one view: first the rows the page has, then further pages of it, until there is enough to choose from.
import { computed, signal } from "../vendor/preact-11.2.0.js";
import { get, Problem, Unreachable } from "./api.js";
import { sentenceOf } from "./changes.js";
import { holds, wordsOf } from "./matching.js";
import { platformName } from "./platforms.js";
import { nextCursor, phase, rows } from "./queue.js";

/** @typedef {import("../types.d.ts").Row} Row */
/** @typedef {import("../types.d.ts").View} View */

const PAGE = 100;
/** Hits that are enough: who wants others types one more word. */
export const ENOUGH = 20;
/** Conversations after which no further page is asked for. */
export const REACH = 2_000;
/** Milliseconds without a key before the server is asked. */
const REST = 200;

/** @param {Row} row @returns {string[]} what a conversation is found by */
function textsOf(row) {
  return [row.name, row.handle && `@${row.handle}`, row.snippet, row.platform, platformName(row.platform), ...row.tags];
}

/**
 * What was read stays read while one types on. Pages are asked for one after the other.
 * @param {View} view the one whose rows are in the list
 */
export function searchIn(view) {
  const known = new Map(rows.peek().map((row) => [row.id, row]));
  /** Of the page to ask for next: "" the first, null none. */
  const cursor = signal(phase.peek() === "ready" ? nextCursor.peek() : "");
  const read = signal(known.size);
  const words = signal(/** @type {string[]} */ ([]));
  const asking = signal(false);
  const failure = signal("");
  const hits = computed(() => (read.value && words.value.length ? [...known.values()].filter((row) => holds(textsOf(row), words.value)) : []));
  /** The next page would be asked for. */
  const goesOn = computed(() => words.value.length > 0 && hits.value.length < ENOUGH && cursor.value !== null && read.value < REACH);
  let closed = false;
  let timer = 0;

  async function ask() {
    if (asking.peek()) return;
    asking.value = true;
    failure.value = "";
    try {
      while (!closed && goesOn.peek()) {
        const after = cursor.peek();
        const page = /** @type {import("../types.d.ts").Queue} */ (await get(`queue?view=${view}&limit=${PAGE}${after ? `&cursor=${encodeURIComponent(after)}` : ""}`));
        for (const row of page.items) if (!known.has(row.id)) known.set(row.id, row);
        cursor.value = page.next;
        read.value = known.size;
      }
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      failure.value = sentenceOf(error);
    } finally {
      asking.value = false;
    }
  }

  return {
    hits, read, words, failure, asking, goesOn,
    /** Nothing is left to ask for. */
    whole: computed(() => cursor.value === null),
    retry: ask,
    /** @param {string} typed */
    type(typed) {
      words.value = wordsOf(typed);
      clearTimeout(timer);
      timer = window.setTimeout(ask, REST);
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
