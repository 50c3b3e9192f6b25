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
  if (change.tags) next.tags = change.tags;
  return next;
}

/** @param {string | null} assignee */
export function ownerOf(assignee) {
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
  if (change.tags) back.tags = before.tags;
  return back;
}

/** @param {Row} before @param {Row} after keeps the counts beside the views right until the next poll */
export function recount(before, after) {
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
    if (place && route.peek().view === view) putBack(before, place.index);
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

/** Changes on their way, by case. @type {Map<string, Promise<unknown>>} */
const underWay = new Map();

/** @param {string} id @returns {Promise<unknown>} once nothing is on its way that a reply would overtake: taking the case, opening it again */
export const changed = (id) => Promise.resolve(underWay.get(id));

/** @typedef {{before: Row, after: Row, error: Problem | Unreachable | null}} Outcome after is before when the server refused */

/**
 * Has a change done, without a word about it. Tags get into nobody's way: those a colleague changed meanwhile stay as they are.
 * @param {Row} before the case as the agent saw it @param {Change} change
 * @param {(known: Row, present: Row) => boolean} [harmless] as `patch` asks it
 * @returns {Promise<Outcome>}
 */
export function carryOut(before, change, harmless = change.tags ? () => true : sameForPeople) {
  const { id } = before;
  writing.add(id);
  const done = attempt(before, change, harmless).finally(() => {
    writing.delete(id);
    if (underWay.get(id) === done) underWay.delete(id);
  });
  underWay.set(id, done);
  return done;
}

/** @param {Row} before @param {Change} change @param {(known: Row, present: Row) => boolean} harmless @returns {Promise<Outcome>} */
async function attempt(before, change, harmless) {
  try {
    const after = await patch(before, change, harmless);
    renewCase(after);
    return { before, after, error: null };
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    return { before, after: before, error };
  }
}

/**
 * @param {string} id @param {Change} change
 * @param {string} sentence what the toast says once it is done
 * @returns {Promise<boolean>} whether the server took it
 */
export async function alter(id, change, sentence) {
  const before = caseOf(id);
  if (!before) throw new Error(`no case ${id} on screen`);
  const back = showOnScreen(before, applied(before, change));
  const { after, error } = await carryOut(before, change);
  if (error) {
    back();
    refuse(before, change, sentence, error);
    return false;
  }
  say({ text: sentence, tone: "plain", undo: true, action: { label: t("toast.undo"), run: () => undo(before, after, change) } });
  return true;
}

/** @param {Row} before @param {Row} after what our own change made of it @param {Change} change */
async function undo(before, after, change) {
  const { after: row, error } = await carryOut(after, inverse(before, change), () => true);
  if (error) {
    say({ text: sentenceOf(error), tone: "error" });
    return;
  }
  const view = route.peek().view;
  const listed = rows.peek().some((other) => other.id === row.id);
  recount(after, row);
  if (!listed && belongs(row, view, myId.peek())) {
    putBack(row, placeOf(row));
    go(view, row.id, { replace: true });
  }
  say({ text: t("toast.undone"), tone: "plain" });
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
    return write("PATCH", address, { version: present.version, ...change, ...(change.tags && { tags: tagsOn(present, known, change.tags) }) });
  }
}

/** @param {Row} present @param {Row} known @param {string[]} wanted @returns {string[]} what is there now, with what the wish adds to what was known and takes off it */
function tagsOn(present, known, wanted) {
  const added = wanted.filter((tag) => !known.tags.includes(tag) && !present.tags.includes(tag));
  return [...present.tags.filter((tag) => wanted.includes(tag) || !known.tags.includes(tag)), ...added];
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
