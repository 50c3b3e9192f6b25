// Claim, assign, snooze, close: done on screen at once, undone by ten seconds of Undo or by the server's refusal.
import { get, Problem, Unreachable, write } from "./api.js";
import { conversation, refresh, renewCase } from "./conversation.js";
import { noteWanted, NOBODY } from "./handover.js";
import { isolate, personName, t } from "./i18n.js";
import { dialog, showDialog } from "./intents.js";
import { belongs, counts, highlighted, neighbour, putBack, rows, takeOut, writing } from "./queue.js";
import { go, route } from "./route.js";
import { me, myId } from "./session.js";
import { say } from "./toasts.js";

/** @typedef {import("../types.d.ts").Row} Row */
/** @typedef {import("../types.d.ts").Change} Change */
/** @typedef {import("../types.d.ts").Counts} Counts */

/** @param {string} id @returns {Row | undefined} the newest we know of a case */
export function caseOf(id) {
  const open = conversation.peek();
  return open?.case.id === id ? open.case : rows.peek().find((row) => row.id === id);
}

/** @param {Row} row @param {Change} change @returns {Row} the row as the change will leave it */
export function applied(row, change) {
  const next = { ...row };
  if (change.assignee !== undefined) next.owner = ownerOf(change.assignee);
  if (change.state !== undefined) {
    next.status = change.state;
    next.snoozed_until = change.state === "snoozed" ? (change.snoozed_until ?? null) : null;
  }
  return next;
}

/** @param {string | null} assignee */
function ownerOf(assignee) {
  const id = assignee === "me" ? myId.peek() : assignee;
  const member = me.peek()?.members.find((person) => person.id === id);
  return member ? { id: member.id, name: member.name, initials: member.initials } : null;
}

/** @param {Row} before @param {Change} change @returns {Change} the change that leads back */
export function inverse(before, change) {
  /** @type {Change} */
  const back = {};
  if (change.assignee !== undefined) back.assignee = before.owner?.id ?? null;
  if (change.state !== undefined) {
    back.state = before.status;
    if (before.status === "snoozed") back.snoozed_until = before.snoozed_until;
  }
  return back;
}

/** @param {Row} before @param {Row} after keeps the counts beside the views right until the next poll */
function recount(before, after) {
  const present = counts.peek();
  if (!present) return;
  const next = { ...present };
  for (const view of /** @type {(keyof Counts)[]} */ (Object.keys(present))) {
    const step = Number(belongs(after, view, myId.peek())) - Number(belongs(before, view, myId.peek()));
    if (present[view] < 100) next[view] = Math.max(0, present[view] + step);
  }
  counts.value = next;
}

/** @param {Row} before @param {Row} after @returns {() => void} puts the screen back */
function showOnScreen(before, after) {
  const view = route.peek().view;
  const leaves = !belongs(after, view, myId.peek());
  if (leaves && route.peek().id === before.id) moveOn(before.id);
  const place = leaves ? takeOut(before.id) : null;
  renewCase(after);
  recount(before, after);
  return () => {
    if (place) putBack(before, place.index);
    renewCase(before);
    recount(after, before);
  };
}

/** Done → next conversation of the list, or the previous at its end. @param {string} id */
function moveOn(id) {
  const next = neighbour(id, 1) ?? neighbour(id, -1);
  const wide = matchMedia("(width >= 48rem)").matches;
  highlighted.value = next?.id ?? "";
  go(route.peek().view, wide && next ? next.id : "", { replace: wide });
}

/** Changes on their way, by case. @type {Map<string, Promise<boolean>>} */
const underWay = new Map();

/** @param {string} id @returns {Promise<unknown>} once nothing is on its way that a reply would overtake: taking the case, opening it again */
export const changed = (id) => Promise.resolve(underWay.get(id));

/**
 * @param {string} id @param {Change} change
 * @param {string} sentence what the toast says once it is done
 * @returns {Promise<boolean>} whether the server took it
 */
export async function alter(id, change, sentence) {
  const done = ask(id, change, sentence);
  underWay.set(id, done);
  try {
    return await done;
  } finally {
    if (underWay.get(id) === done) underWay.delete(id);
  }
}

/** @param {string} id @param {Change} change @param {string} sentence @returns {Promise<boolean>} */
async function ask(id, change, sentence) {
  const before = caseOf(id);
  if (!before) throw new Error(`no case ${id} on screen`);
  const back = showOnScreen(before, applied(before, change));
  writing.add(id);
  try {
    const after = await patch(before, change, sameForPeople);
    renewCase(after);
    say({ text: sentence, tone: "plain", undo: true, action: { label: t("toast.undo"), run: () => undo(before, after, change) } });
    return true;
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    back();
    refuse(before, change, sentence, error);
    return false;
  } finally {
    writing.delete(id);
  }
}

/** @param {Row} before @param {Row} after what our own change made of it @param {Change} change */
async function undo(before, after, change) {
  try {
    const row = await patch(after, inverse(before, change), () => true);
    const view = route.peek().view;
    const listed = rows.peek().some((other) => other.id === row.id);
    renewCase(row);
    recount(after, row);
    if (!listed && belongs(row, view, myId.peek())) {
      putBack(row, placeOf(row));
      go(view, row.id, { replace: true });
    }
    say({ text: t("toast.undone"), tone: "plain" });
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    say({ text: sentenceOf(error), tone: "error" });
  }
}

/**
 * A case moves on by itself too: reminders, notes, the fate of a reply each give it a new version. Whether that
 * matters to the agent decides the caller; if not, the change goes out once more on the present version.
 * @param {Row} known the case as the agent saw it @param {Change} change
 * @param {(known: Row, present: Row) => boolean} harmless @returns {Promise<Row>}
 */
async function patch(known, change, harmless) {
  const address = `conversations/${known.id}`;
  try {
    return await write("PATCH", address, { version: known.version, ...change });
  } catch (error) {
    if (!(error instanceof Problem && error.code === "stale")) throw error;
    const present = (await get(address)).case;
    if (!harmless(known, present)) throw error;
    return write("PATCH", address, { version: present.version, ...change });
  }
}

/** @param {Row} known @param {Row} present @returns {boolean} nobody has written, taken, closed or put it off since */
export function sameForPeople(known, present) {
  const facts = (/** @type {Row} */ row) => [row.talk, row.owner?.id ?? "", row.status, row.snoozed_until ?? ""].join();
  return facts(known) === facts(present);
}

/** @param {Row} row @returns {number} where it stands in due order */
function placeOf(row) {
  const present = rows.peek().findIndex((other) => other.id === row.id);
  if (present >= 0) return present;
  const due = row.due_at ?? "9";
  const index = rows.peek().findIndex((other) => (other.due_at ?? "9") > due);
  return index < 0 ? rows.peek().length : index;
}

/** @param {Problem | Unreachable} error @returns {string} */
export function sentenceOf(error) {
  if (error instanceof Problem) return error.message || t("failed.refused", { n: error.status });
  return t("failed.unreachable");
}

/** @param {Row} row @param {Change} change @param {string} sentence @param {Problem | Unreachable} error */
function refuse(row, change, sentence, error) {
  const { id } = row;
  const text = t("toast.refused", { customer: nameIn(row), reason: sentenceOf(error) });
  if (error instanceof Problem && error.code === "stale") {
    const again = async () => {
      await refresh(id, true);
      await alter(id, change, sentence);
    };
    refresh(id, true);
    say({ text, tone: "error", action: { label: t("toast.again"), run: again } });
    return;
  }
  if (error instanceof Problem && error.code === "note_needed") {
    const ask = () => {
      noteWanted.set(id, sentenceOf(error));
      showDialog("assign", id, change.assignee ?? NOBODY);
    };
    // Whoever has opened something else meanwhile is not interrupted.
    if (dialog.peek()) say({ text, tone: "error", action: { label: t("assign.leaveNote"), run: ask } });
    else ask();
    return;
  }
  say({ text, tone: "error" });
}

/** @param {Row} row */
const nameIn = (row) => isolate(personName(row));

/** @param {Row} row @param {string | null} assignee @param {string} [note] for whoever gets it @returns {Promise<boolean>} */
export function assign(row, assignee, note = "") {
  const owner = ownerOf(assignee);
  const sentence = owner ? t("toast.assigned", { customer: nameIn(row), name: isolate(owner.name) }) : t("toast.unassigned", { customer: nameIn(row) });
  return alter(row.id, note.trim() ? { assignee, note } : { assignee }, sentence);
}

/** @param {Row} row */
export function close(row) {
  return alter(row.id, { state: "closed" }, t("toast.done", { customer: nameIn(row) }));
}

/** @param {Row} row @param {string} until RFC 3339 @param {string} shown the same time for people */
export function snooze(row, until, shown) {
  return alter(row.id, { state: "snoozed", snoozed_until: until }, t("toast.snoozed", { customer: nameIn(row), until: shown }));
}

/** @param {Row} row */
export function reopen(row) {
  return alter(row.id, { state: "open" }, t("toast.reopened", { customer: nameIn(row) }));
}
