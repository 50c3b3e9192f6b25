// The listening review: what searches found and nobody has decided about, and the decisions: a case, or none of ours.
import { batch, signal } from "../vendor/preact-11.2.0.js";
import { get, newKey, Problem, Unreachable, write } from "./api.js";
import { sentenceOf } from "./changes.js";
import { reasonOf } from "./health.js";
import { isolate, personName, t } from "./i18n.js";
import { go } from "./route.js";
import { setClock } from "./spans.js";
import { say } from "./toasts.js";

/** @typedef {import("../types.d.ts").Hit} Hit */
/** @typedef {"waiting" | "case" | "not_ours"} State */
/** As the reader has it before their eyes; `over`: somebody else has decided about it meanwhile. @typedef {Hit & {over?: boolean}} Shown */

/** @type {State[]} */
export const STATES = ["waiting", "case", "not_ours"];

/** @type {import("../vendor/preact-11.2.0.js").Signal<Shown[]>} */
export const hits = signal([]);
/** @type {import("../vendor/preact-11.2.0.js").Signal<"loading" | "ready" | "failed">} */
export const phase = signal("loading");
/** Why the last look failed; what is on screen stays. */
export const failure = signal("");
/** @type {import("../vendor/preact-11.2.0.js").Signal<string | null>} */
export const nextCursor = signal(null);
/** @type {import("../vendor/preact-11.2.0.js").Signal<"" | "loading" | "failed">} */
export const more = signal("");

/** Codes of a bad moment of the platform's: the next search makes up for it. */
const PASSING = new Set(["rate_limited", "server_error", "no_answer", "unreachable", "busy"]);

/** @param {string} code @param {string} name of the query @param {number} limit posts a month @returns {string} why a query does not find what it should */
export function troubleOf(code, name, limit) {
  if (code === "listening.limit") return t("listening.limit", { name: isolate(name), n: limit });
  if (code === "listening.gap") return t("listening.gap", { name: isolate(name) });
  if (PASSING.has(code)) return t("listening.passing", { name: isolate(name) });
  return t("listening.failing", { name: isolate(name), why: reasonOf(code) });
}

/** What is on screen: a state, and a query or "" for all. */
let shown = { state: /** @type {State} */ ("waiting"), query: "" };

const address = (cursor = "") => `listening?${new URLSearchParams({ state: shown.state, ...(shown.query ? { query: shown.query } : {}), ...(cursor ? { cursor } : {}) })}`;

/** @param {unknown} error @returns {string} */
function told(error) {
  if (error instanceof Problem || error instanceof Unreachable) return sentenceOf(error);
  throw error;
}

/** @param {State} state @param {string} query */
export async function openHits(state, query) {
  shown = { state, query };
  batch(() => {
    hits.value = [];
    nextCursor.value = null;
    more.value = "";
    failure.value = "";
    phase.value = "loading";
  });
  await refreshHits();
}

/**
 * How the first page as it is now meets the list on screen: nothing moves under the hand, what is new comes behind it,
 * and what somebody else has decided about stays where it is and says so.
 * @param {Shown[]} held @param {Hit[]} polled @param {boolean} complete there are no more than these
 * @returns {Shown[]}
 */
export function mergeHits(held, polled, complete) {
  const latest = new Map(polled.map((hit) => [hit.id, hit]));
  const end = polled.at(-1)?.at ?? "";
  const kept = held.map((hit) => {
    const now = latest.get(hit.id);
    latest.delete(hit.id);
    if (now) return now;
    return complete || hit.at < end ? { ...hit, over: true } : hit;
  });
  return [...kept, ...latest.values()];
}

/** Takes what is there now. */
export async function refreshHits() {
  const asked = shown;
  const first = phase.peek() !== "ready";
  try {
    const page = await get(address());
    if (asked !== shown) return;
    setClock(page.now);
    batch(() => {
      const merging = !first && asked.state === "waiting";
      if (first || merging) hits.value = merging ? mergeHits(hits.peek(), page.items, page.next === null) : page.items;
      if (first) nextCursor.value = page.next;
      failure.value = "";
      phase.value = "ready";
    });
  } catch (error) {
    if (asked !== shown) return;
    batch(() => {
      failure.value = told(error);
      if (first) phase.value = "failed";
    });
  }
}

export async function moreHits() {
  const cursor = nextCursor.peek();
  if (cursor === null || more.peek() === "loading") return;
  const asked = shown;
  more.value = "loading";
  try {
    const page = await get(address(cursor));
    if (asked !== shown) return;
    const known = new Set(hits.peek().map(({ id }) => id));
    batch(() => {
      hits.value = [...hits.peek(), ...page.items.filter((/** @type {Hit} */ hit) => !known.has(hit.id))];
      nextCursor.value = page.next;
      more.value = "";
    });
  } catch (error) {
    told(error);
    if (asked === shown) more.value = "failed";
  }
}

/** Attempts whose answer was lost: the same decision goes out again under the same key. @type {Map<string, string>} */
const keys = new Map();

/**
 * Decides at once on screen; what the server refuses stands there again and says why.
 * @param {Hit} hit @param {"case" | "dismiss" | "undo"} what
 * @returns {Promise<Hit | null>} as it is afterwards; null when it was refused
 */
async function decide(hit, what) {
  const at = hits.peek().findIndex(({ id }) => id === hit.id);
  const name = `${what} ${hit.id}`;
  const key = keys.get(name) ?? newKey();
  keys.set(name, key);
  hits.value = hits.peek().filter(({ id }) => id !== hit.id);
  try {
    const after = await write("POST", `listening/${hit.id}/${what}`, {}, key);
    keys.delete(name);
    return after;
  } catch (error) {
    const words = told(error);
    const decided = error instanceof Problem && (error.code === "decided" || error.status === 404);
    if (error instanceof Problem) keys.delete(name);
    if (at >= 0 && !hits.peek().some(({ id }) => id === hit.id)) {
      hits.value = [...hits.peek().slice(0, at), { ...hit, over: decided }, ...hits.peek().slice(at)];
    }
    say({ text: words, tone: "error" });
    return null;
  }
}

/** @param {Hit} hit */
export async function makeCase(hit) {
  const after = await decide(hit, "case");
  if (after) say({ text: t("listening.toast.case", { name: isolate(personName(hit)) }), tone: "plain", action: { label: t("listening.openCase"), run: () => go("open", after.conversation) } });
}

/** @param {Hit} hit */
export async function dismiss(hit) {
  const after = await decide(hit, "dismiss");
  if (after) say({ text: t("listening.toast.notOurs", { name: isolate(personName(hit)) }), tone: "plain", undo: true, action: { label: t("toast.undo"), run: () => putBack(after) } });
}

/** @param {Hit} hit it waits again, and stands in the list it waits in */
export async function putBack(hit) {
  const after = await decide(hit, "undo");
  if (!after || shown.state !== "waiting" || (shown.query && shown.query !== after.query.id)) return;
  const place = hits.peek().findIndex(({ at }) => at > after.at);
  hits.value = place < 0 ? [...hits.peek(), after] : hits.peek().toSpliced(place, 0, after);
}
