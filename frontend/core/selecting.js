// Several cases at once: which are selected, and one change for all of them with one sentence about it and one way back.
import { batch, effect } from "../vendor/preact-11.2.0.js";
import { Problem, Unreachable } from "./api.js";
import { applied, assign, carryOut, caseOf, close, inverse, ownerOf, recount, reopen, sentenceOf, snooze } from "./changes.js";
import { refresh, renewCase } from "./conversation.js";
import { isolate, t } from "./i18n.js";
import { instead, showDialog } from "./intents.js";
import { belongs, highlighted, putBack, rows, selected, selecting, takeOut, writing } from "./queue.js";
import { go, route } from "./route.js";
import { myId } from "./session.js";
import { dismiss, say } from "./toasts.js";

/** @typedef {import("../types.d.ts").Row} Row */
/** @typedef {import("../types.d.ts").Change} Change */
/** @typedef {import("./changes.js").Outcome} Outcome */

/** Changes that are on their way together: more would wait for each other in the browser, and crowd out polling. */
const AT_ONCE = 4;
/** As many as can be selected: whoever wants more closes them by a rule, not by hand. */
const MOST = 100;
const PATIENCE = 1_000;
/** Sentences of refusals that a toast has room for; each row has its own. */
const REASONS = 2;

const wide = matchMedia("(width >= 48rem)");

/** The row that was selected or taken out of the selection last. */
let anchor = "";

/** @param {Map<string, string>} next */
function select(next) {
  const kept = [...next].slice(0, MOST);
  if (kept.length < next.size) say({ text: t("select.most", { n: MOST }), tone: "plain" });
  batch(() => {
    selected.value = new Map(kept);
    selecting.value ||= "some";
  });
}

/** @param {string} id of a row of the list */
export function toggle(id) {
  const next = new Map(selected.peek());
  if (!next.delete(id)) next.set(id, "");
  anchor = id;
  select(next);
}

/** Selects all rows from the last one that was toggled. @param {string} id of the row where they end */
export function extend(id) {
  const ids = rows.peek().map((row) => row.id);
  const [from, to] = [ids.indexOf(anchor), ids.indexOf(id)];
  if (from < 0 || to < 0) {
    if (!selected.peek().has(id)) toggle(id);
    return;
  }
  const range = ids.slice(Math.min(from, to), Math.max(from, to) + 1);
  // From the anchor on, so that a range that is too long ends far from it.
  if (to < from) range.reverse();
  select(new Map([...selected.peek(), ...range.map((one) => /** @type {[string, string]} */ ([one, selected.peek().get(one) ?? ""]))]));
}

/** @param {string} id takes it out of the selection, for a change of its own */
function drop(id) {
  selected.value = new Map([...selected.peek()].filter(([one]) => one !== id));
}

export function clear() {
  batch(() => {
    selected.value = new Map();
    selecting.value = "some";
  });
}

/** @returns {Row[]} those that are selected, in the order of the list */
export const chosen = () => rows.value.filter((row) => selected.value.has(row.id));

// What has left the list is selected no more.
effect(() => {
  const listed = new Set(rows.value.map((row) => row.id));
  const stay = [...selected.peek()].filter(([id]) => listed.has(id));
  if (stay.length < selected.peek().size) selected.value = new Map(stay);
});

/** @typedef {"done" | "reopen" | "take" | "assign" | "snooze" | "tag"} Bulk */

/** @param {Row[]} cases @returns {Bulk[]} what can be done to at least one of them */
export function offered(cases) {
  const open = cases.some((row) => row.status === "open");
  const others = cases.some((row) => row.owner?.id !== myId.value);
  return [open ? "done" : "reopen", ...(others ? /** @type {Bulk[]} */ (["take"]) : []), "assign", ...(open ? /** @type {Bulk[]} */ (["snooze"]) : []), "tag"];
}

/** @param {Bulk} what for all that are selected, and only for those that it can be done to */
export function doAll(what) {
  const cases = chosen();
  const [only] = cases;
  if (!offered(cases).includes(what)) return;
  if (what === "assign" || what === "snooze" || what === "tag") {
    const fit = what === "snooze" ? cases.filter((row) => row.status === "open") : cases;
    showDialog(what === "tag" ? "tags" : what, fit.map((row) => row.id).join(" "));
  } else if (cases.length === 1) {
    drop(only.id);
    if (what === "done") close(only);
    else if (what === "reopen") reopen(only);
    else assign(only, "me");
  } else if (what === "done") changeAll(cases.filter((row) => row.status === "open"), () => ({ state: "closed" }), (n) => t("select.closed", { n }));
  else if (what === "reopen") changeAll(cases, () => ({ state: "open" }), (n) => t("select.reopened", { n }));
  else assignAll(cases.filter((row) => row.owner?.id !== myId.peek()), "me");
}

/** @param {Row[]} cases @param {string | null} assignee @param {string} [note] for whoever gets them @returns {Promise<boolean>} whether all were given */
export function assignAll(cases, assignee, note = "") {
  if (cases.length === 1) {
    drop(cases[0].id);
    return assign(cases[0], assignee, note);
  }
  const owner = ownerOf(assignee);
  const sentence = (/** @type {number} */ n) => (owner ? t("select.assigned", { n, name: isolate(owner.name) }) : t("select.unassigned", { n }));
  return changeAll(cases, () => (note.trim() ? { assignee, note } : { assignee }), sentence);
}

/** @param {Row[]} cases @param {string} until RFC 3339 @param {string} shown the same time for people @returns {Promise<boolean>} */
export function snoozeAll(cases, until, shown) {
  if (cases.length === 1) {
    drop(cases[0].id);
    return snooze(cases[0], until, shown);
  }
  return changeAll(cases, () => ({ state: "snoozed", snoozed_until: until }), (n) => t("select.snoozed", { n, until: shown }));
}

/**
 * @param {Row[]} cases as they stand @param {(row: Row) => Change} changeOf
 * @param {(n: number) => string} sentence what the toast says of so many
 * @returns {Promise<boolean>} whether the server took all of them
 */
export async function changeAll(cases, changeOf, sentence) {
  const changes = new Map(cases.map((row) => [row.id, changeOf(row)]));
  const wish = (/** @type {Row} */ row) => /** @type {Change} */ (changes.get(row.id));
  const { view } = route.peek();
  const order = rows.peek().map((row) => row.id);
  batch(() => {
    stepAside(cases.filter((row) => !belongs(applied(row, wish(row)), view, myId.peek())).map((row) => row.id));
    for (const row of cases) {
      const after = applied(row, wish(row));
      if (!belongs(after, view, myId.peek())) takeOut(row.id);
      renewCase(after);
      recount(row, after);
      // Until its turn comes no poll brings back what it was.
      writing.add(row.id);
    }
    clear();
  });
  const outcomes = await inTurn(cases, (row) => carryOut(row, wish(row)));
  const refused = outcomes.filter((outcome) => outcome.error !== null);
  const done = outcomes.filter((outcome) => outcome.error === null);
  batch(() => {
    for (const { before } of refused) {
      restore(before, view, order);
      renewCase(before);
      recount(applied(before, wish(before)), before);
    }
    const listed = new Set(rows.peek().map((row) => row.id));
    const stay = refused.flatMap(({ before, error }) => (error && listed.has(before.id) ? [/** @type {[string, string]} */ ([before.id, sentenceOf(error)])] : []));
    if (stay.length > 0) selected.value = new Map([...stay, ...selected.peek()]);
  });
  const action = { label: t("toast.undo"), run: () => undoAll(done, wish, view, order) };
  say({ text: told(sentence(done.length), refused, done.length), tone: refused.length > 0 ? "error" : "plain", ...(done.length > 0 ? { undo: true, action } : {}) });
  // What has changed meanwhile is seen before it is tried again.
  for (const { before, error } of refused) if (error instanceof Problem && error.code === "stale") refresh(before.id, true);
  return refused.length === 0;
}

/** @param {Outcome[]} done @param {(row: Row) => Change} wish @param {import("../types.d.ts").View} view @param {string[]} order the list when it was done */
async function undoAll(done, wish, view, order) {
  const outcomes = await inTurn(done.map(({ after }) => after), (row) => {
    const was = /** @type {Outcome} */ (done.find(({ after }) => after.id === row.id)).before;
    return carryOut(row, inverse(was, wish(row)), () => true);
  });
  const undone = outcomes.filter(({ error }) => error === null);
  batch(() => {
    for (const { before, after } of undone) {
      restore(after, view, order);
      recount(before, after);
    }
  });
  const refused = outcomes.filter(({ error }) => error !== null);
  say({ text: told(t("select.undone", { n: undone.length }), refused, undone.length), tone: refused.length > 0 ? "error" : "plain" });
}

/** @param {string} sentence of what was done @param {Outcome[]} refused @param {number} done @returns {string} */
function told(sentence, refused, done) {
  const reasons = [...new Set(refused.flatMap(({ error }) => (error ? [sentenceOf(error)] : [])))].slice(0, REASONS).join(" · ");
  const not = t("select.refused", { n: refused.length, reason: isolate(reasons) });
  if (refused.length === 0) return sentence;
  return done > 0 ? t("select.partly", { done: sentence, refused: not }) : not;
}

/**
 * A few at a time. When nobody answers, or the sign-in has ended, the others are not tried.
 * @param {Row[]} cases @param {(row: Row) => Promise<Outcome>} ask
 * @returns {Promise<Outcome[]>} in the order of the cases
 */
async function inTurn(cases, ask) {
  /** @type {Outcome[]} */
  const outcomes = [];
  /** @type {Problem | Unreachable | null} */
  let lost = null;
  let next = 0;
  let note = 0;
  const timer = setTimeout(() => { note = say({ text: t("select.working", { n: cases.length }), tone: "plain" }); }, PATIENCE);
  const work = async () => {
    while (next < cases.length) {
      const at = next++;
      const row = cases[at];
      outcomes[at] = lost ? { before: row, after: row, error: lost } : await ask(row);
      writing.delete(row.id);
      const { error } = outcomes[at];
      if (error instanceof Unreachable || error?.status === 401) lost = error;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  clearTimeout(timer);
  if (note) dismiss(note);
  return outcomes;
}

/** @param {Row} row stands again where it stood, if its view is on screen @param {import("../types.d.ts").View} view @param {string[]} order */
function restore(row, view, order) {
  if (route.peek().view !== view || !belongs(row, view, myId.peek()) || rows.peek().some(({ id }) => id === row.id)) return;
  const after = new Set(order.slice(order.indexOf(row.id) + 1));
  const index = rows.peek().findIndex(({ id }) => after.has(id));
  putBack(row, index < 0 ? rows.peek().length : index);
}

/** The open conversation and the keyboard go on to the nearest row that stays, once for all. @param {string[]} leaving */
function stepAside(leaving) {
  const ids = rows.peek().map((row) => row.id);
  const near = (/** @type {string} */ id) => {
    const at = ids.indexOf(id);
    const stays = (/** @type {string} */ one) => !leaving.includes(one);
    return ids.slice(at).find(stays) ?? ids.slice(0, at).findLast(stays) ?? "";
  };
  const { view, id } = route.peek();
  if (leaving.includes(highlighted.peek())) highlighted.value = near(highlighted.peek());
  if (!leaving.includes(id)) return;
  go(view, wide.matches ? near(id) : "", { replace: wide.matches });
}

/** @param {string} command @returns {command is Bulk} */
const isBulk = (command) => ["done", "take", "assign", "snooze", "tag"].includes(command);

/** Keys mean the selection while its list is in sight, unless the keyboard is in the conversation beside it. */
const meant = () => selected.peek().size > 0 && (wide.matches || !route.peek().id) && !document.activeElement?.closest(".conversation");

instead.of = (command, key) => {
  if (route.peek().screen) return false;
  const id = highlighted.peek() || route.peek().id;
  if (command === "select" && id) toggle(id);
  else if (command === "select.range" && id) extend(id);
  else if (command === "back" && key === "Escape" && (selected.peek().size > 0 || selecting.peek() === "all")) clear();
  else if (isBulk(command) && meant()) doAll(command);
  else return command.startsWith("select");
  return true;
};

/** @param {string} ids parted by spaces @returns {Row[]} the newest we know of them */
export const casesOf = (ids) => ids.split(" ").flatMap((id) => caseOf(id) ?? []);
