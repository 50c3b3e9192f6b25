// The brand's settings: what is in force, what was changed on this screen and is not saved yet, and what the server said.
import { computed, signal } from "../vendor/preact-11.2.0.js";
import { get, newKey, Problem, Unreachable, write } from "./api.js";
import { sentenceOf } from "./changes.js";
import { t } from "./i18n.js";
import { say } from "./toasts.js";

/** @typedef {import("../types.d.ts").Settings} Settings */
/** @typedef {{at: (string | number)[], sentence: string}} Wrong */
/** @typedef {{part: string, value: any, base: string}} Edit base: what the policy said there when it was changed, as JSON */
/** @template T @typedef {import("../vendor/preact-11.2.0.js").Signal<T>} Signal */

/** @type {Signal<Settings | null>} */
export const settings = signal(null);
/** @type {Signal<"" | "loading" | "failed">} */
export const phase = signal("");
export const failure = signal("");
/** By path in the policy (`calendar.zone`): kept while the tab is open, whatever screen is. @type {Signal<Map<string, Edit>>} */
export const edits = signal(new Map());
/** What is wrong with what was sent last, by part. @type {Signal<Record<string, Wrong[]>>} */
export const wrongs = signal({});
/** Parts that are being saved. @type {Signal<Set<string>>} */
export const saving = signal(new Set());
/** What somebody else changed meanwhile under the own changes, by part. @type {Signal<Record<string, string[]>>} */
export const clashes = signal({});

/** The key of an attempt whose answer was lost: tried again under the same. @type {Map<string, {body: string, key: string}>} */
const lost = new Map();

export const unsaved = computed(() => new Set([...edits.value.values()].map(({ part }) => part)));

/** @param {unknown} error @returns {string} what the server said, or that it did not answer; any other error is ours */
export function sentenceFor(error) {
  if (error instanceof Problem || error instanceof Unreachable) return sentenceOf(error);
  throw error;
}

/** @param {Settings | null} held @param {string} path @returns {any} */
function stored(held, path) {
  const [group, name] = path.split(".");
  const found = held?.policy[group];
  return name === undefined ? found : found?.[name];
}

/** @param {string} path `answer_all`, `calendar.zone` @returns {any} as changed here, else as it is in force */
export function valueOf(path) {
  const edit = edits.value.get(path);
  return edit ? edit.value : stored(settings.value, path);
}

/** @param {string} part @param {string} path @param {any} value */
export function edit(part, path, value) {
  const next = new Map(edits.peek());
  const base = next.get(path)?.base ?? JSON.stringify(stored(settings.peek(), path));
  if (JSON.stringify(value) === base) next.delete(path);
  else next.set(path, { part, value, base });
  edits.value = next;
}

/** @param {string} part */
export function discard(part) {
  edits.value = new Map([...edits.peek()].filter(([, one]) => one.part !== part));
  wrongs.value = { ...wrongs.peek(), [part]: [] };
  clashes.value = { ...clashes.peek(), [part]: [] };
}

export async function loadSettings() {
  if (phase.peek() === "loading") return;
  phase.value = "loading";
  try {
    settings.value = await get("policy");
    phase.value = "";
  } catch (error) {
    failure.value = sentenceFor(error);
    phase.value = "failed";
  }
}

/** @param {string[]} paths @param {(path: string) => any} value @returns {Record<string, any>} as `PATCH policy` takes them */
function grouped(paths, value) {
  /** @type {Record<string, any>} */
  const changes = {};
  for (const path of paths) {
    const [group, name] = path.split(".");
    if (name === undefined) changes[group] = value(path);
    else (changes[group] ??= {})[name] = value(path);
  }
  return changes;
}

/** @param {string} part @returns {string[]} paths that were changed in it */
const pathsOf = (part) => [...edits.peek()].filter(([, one]) => one.part === part).map(([path]) => path);

/** Lists of lines are kept as they are typed. @param {any} value @returns {any} without empty lines and blanks around them */
const plain = (value) => (Array.isArray(value) && value.every((one) => typeof one === "string") ? value.map((line) => line.trim()).filter(Boolean) : value);

/** @param {string} part @returns {Record<string, any>} what was changed in it and is not saved; whoever draws it is drawn anew with each change */
export function changesOf(part) {
  const present = edits.value;
  return grouped(pathsOf(part), (path) => plain(present.get(path)?.value));
}

/** @param {string} part @param {unknown} error */
function refused(part, error) {
  if (error instanceof Problem && error.code === "unusable") wrongs.value = { ...wrongs.peek(), [part]: error.errors };
  else say({ text: sentenceFor(error), tone: "error" });
}

/** @param {Record<string, any>} changes @param {string} part */
async function send(changes, part) {
  const body = JSON.stringify({ version: settings.peek()?.version, changes });
  const before = lost.get(part);
  const key = before?.body === body ? before.key : newKey();
  lost.set(part, { body, key });
  settings.value = await write("PATCH", "policy", JSON.parse(body), key);
  lost.delete(part);
}

/** Those of the own changes under which somebody else changed something, too; seen from now on. @param {string[]} paths */
function clashing(paths) {
  const next = new Map(edits.peek());
  const found = paths.filter((path) => {
    const present = JSON.stringify(stored(settings.peek(), path));
    const one = /** @type {Edit} */ (next.get(path));
    next.set(path, { ...one, base: present });
    return one.base !== present;
  });
  edits.value = next;
  return found;
}

/**
 * Puts what was changed in a part in force. What somebody else changed elsewhere meanwhile is no matter; what they
 * changed at the same place is shown first.
 * @param {string} part @returns {Promise<boolean>}
 */
export async function save(part) {
  const paths = pathsOf(part);
  if (paths.length === 0 || saving.peek().has(part)) return false;
  const was = grouped(paths, (path) => stored(settings.peek(), path));
  saving.value = new Set([...saving.peek(), part]);
  wrongs.value = { ...wrongs.peek(), [part]: [] };
  clashes.value = { ...clashes.peek(), [part]: [] };
  try {
    await sendAgainOnceStale(part, paths);
  } catch (error) {
    refused(part, error);
    return false;
  } finally {
    saving.value = new Set([...saving.peek()].filter((one) => one !== part));
  }
  if (clashes.peek()[part]?.length) return false;
  discard(part);
  say({ text: t("settings.saved"), tone: "plain", undo: true, action: { label: t("toast.undo"), run: () => putBack(part, was) } });
  return true;
}

/** @param {string} part @param {string[]} paths */
async function sendAgainOnceStale(part, paths) {
  try {
    await send(changesOf(part), part);
  } catch (error) {
    if (!(error instanceof Problem && error.code === "stale")) throw error;
    settings.value = await get("policy");
    const found = clashing(paths);
    if (found.length > 0) clashes.value = { ...clashes.peek(), [part]: found };
    else await send(changesOf(part), part);
  }
}

/** @param {string} part @param {Record<string, any>} was */
async function putBack(part, was) {
  try {
    await send(was, part);
    say({ text: t("toast.undone"), tone: "plain" });
  } catch (error) {
    refused(part, error);
    if (error instanceof Problem && error.code === "unusable") say({ text: error.message, tone: "error" });
  }
}

addEventListener("beforeunload", (event) => {
  // The browser asks in its own words.
  if (edits.peek().size > 0) event.preventDefault();
});
