// What keeps an open desk up to date: what has changed, who else is here, and only then what of it has to be read.
import { batch, effect } from "../vendor/preact-11.2.0.js";
import { ask, Problem, signedOut, Unreachable } from "./api.js";
import { conversationOf, openId, pollConversation } from "./conversation.js";
import { preferences } from "./device.js";
import { revision } from "./drafts.js";
import { isolate, t } from "./i18n.js";
import { hurried, pollNow, schedule, setRound } from "./poll.js";
import { company, drafted, phase, pollQueue, renewRow, rows, writing } from "./queue.js";
import { loadMe, me } from "./session.js";
import { setClock } from "./spans.js";
import { joinTabs, leads, retire, takeOver, tell } from "./tabs.js";

/** @typedef {import("../types.d.ts").Changes} Changes */
/** @typedef {import("../types.d.ts").Row} Row */

/** Who is here and how our accounts are changes seldom. */
const ME_EVERY = 120_000;
/** A view is the dearest thing to read: however much changes, not more often than this. */
const QUEUE_APART = 10_000;
/** What no change tells of: cases that were deleted. */
const QUEUE_AT_LEAST = 300_000;
/** A message may learn something without its case: that it was delivered, liked, hidden. */
const CONVERSATION_AT_LEAST = 30_000;
const TYPED_LATELY = 20_000;
/** Cases of which we remember how they last were. */
const REMEMBERED = 500;

let cursor = "";
let queueRead = performance.now();
let conversationRead = 0;
let meRead = performance.now();
let queueDue = false;
let conversationDue = false;
let typedAt = 0;
let later = 0;

/** As the changes told them; views hold a part of them only. @type {Map<string, Row>} */
const heard = new Map();

/** @param {string} id @returns {Row | undefined} the newest we know of a case */
const known = (id) => rows.peek().find((row) => row.id === id) ?? conversationOf(id)?.case ?? heard.get(id);

/** @param {Row} row @returns {string} all by which views and their counts go */
const placeOf = (row) => [row.status, row.owner?.id ?? "", row.awaiting, row.due_at ?? "", row.snoozed_until ?? ""].join();

/** @param {Row} row */
function learn(row) {
  const before = known(row.id);
  if (!before || placeOf(before) !== placeOf(row)) queueDue = true;
  if (row.id === openId.peek()) conversationDue = true;
  heard.delete(row.id);
  heard.set(row.id, row);
  if (heard.size > REMEMBERED) heard.delete(heard.keys().next().value ?? "");
  if (!writing.has(row.id) && row.version >= (before?.version ?? 0)) renewRow(row);
}

/** @param {string} id a member @returns {string} */
const nameOf = (id) => me.peek()?.members.find((member) => member.id === id)?.name || t("company.somebody");

/** @param {Changes["company"]} present @returns {typeof company.value} a sentence for each conversation that somebody else looks at */
function sentences(present) {
  /** @type {typeof company.value} */
  const found = new Map();
  for (const { case: id } of present) {
    if (found.has(id)) continue;
    const here = present.filter((one) => one.case === id).toSorted((one, other) => Number(other.writing) - Number(one.writing));
    const [{ member, writing: writes }] = here;
    const others = here.length - 1;
    const say = (/** @type {string} */ name) => t(writes ? "company.writing" : "company.viewing", { name: isolate(name) });
    const whole = others ? t("company.more", { said: say(nameOf(member)), n: others }) : say(nameOf(member));
    const [first] = nameOf(member).split(" ");
    found.set(id, { whole, short: others ? t("company.short", { name: isolate(first), n: others }) : say(first), writing: writes });
  }
  return found;
}

/** @param {Changes} answer */
function take(answer) {
  batch(() => {
    setClock(answer.now);
    company.value = sentences(answer.company);
    answer.items.forEach(learn);
  });
  if (answer.everything) queueDue = conversationDue = true;
}

/** Reads what the changes have made out of date. @throws {Problem | Unreachable} */
async function catchUp() {
  const moment = performance.now();
  if (!me.peek() || moment - meRead > ME_EVERY) {
    await loadMe();
    meRead = moment;
  }
  const since = moment - queueRead;
  if (phase.peek() === "failed" || since > QUEUE_AT_LEAST || (queueDue && since >= QUEUE_APART)) {
    await pollQueue();
    queueRead = moment;
    queueDue = false;
  }
  const id = openId.peek();
  if (id && (conversationDue || hurried() || moment - conversationRead > CONVERSATION_AT_LEAST)) {
    await pollConversation(id);
    conversationRead = moment;
    conversationDue = false;
  }
}

function question() {
  const asked = new URLSearchParams();
  if (cursor) asked.set("since", cursor);
  // Who has the desk out of sight looks at nothing.
  if (openId.peek() && !document.hidden) {
    asked.set("open", openId.peek());
    asked.set("writing", Date.now() - typedAt < TYPED_LATELY ? "1" : "0");
  }
  return `changes?${asked}`;
}

/** @returns {Promise<Changes | null>} null: nothing new. @throws {Problem | Unreachable} */
async function askOnce() {
  try {
    return await ask(question());
  } catch (error) {
    if (!(cursor && error instanceof Problem && error.code === "bad_cursor")) throw error;
    // Another session has begun: what came since is read as a whole.
    cursor = "";
    queueDue = conversationDue = true;
    return ask(question());
  }
}

/** One round of polling. @throws {Problem | Unreachable} */
async function round() {
  /** @type {Changes | null} */
  let answer;
  do {
    answer = await askOnce();
    if (answer) {
      cursor = answer.cursor;
      take(answer);
      tell({ kind: "news", answer });
      ring(answer.calls);
    }
  } while (answer?.more);
  await catchUp();
}

/** @param {Changes["calls"]} calls rings for what is new where nobody looks at the desk */
async function ring(calls) {
  if (calls.length === 0 || !preferences.peek().notify || document.hasFocus()) return;
  const { ringFor } = await import("./notify.js");
  await ringFor(calls, (id) => heard.get(id), pollNow);
}

/** In a tab that listens: reads what it shows, unless nobody sees it. */
async function follow() {
  clearTimeout(later);
  if (document.hidden || leads()) return;
  try {
    await catchUp();
  } catch (error) {
    // The tab that asks is in trouble too, and tries again.
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
  }
  if (queueDue) later = window.setTimeout(follow, QUEUE_APART);
}

/** @param {{kind: "news", answer: Changes} | {kind: "unseen"}} message */
function hear(message) {
  if (message.kind === "news") {
    cursor = message.answer.cursor;
    take(message.answer);
    follow();
  } else if (!document.hidden) takeOver();
}

function seen() {
  if (leads()) pollNow();
  else takeOver();
}

export function startLive() {
  effect(() => {
    revision.value;
    typedAt = drafted.peek().has(openId.peek()) ? Date.now() : 0;
  });
  typedAt = 0; // what lay there already
  effect(() => {
    if (signedOut.value) retire();
  });
  joinTabs({
    asks: (again) => {
      setRound(round);
      if (again) pollNow();
    },
    listens: () => setRound(null),
    hears: hear,
  });
  addEventListener("focus", seen);
  addEventListener("online", () => leads() && pollNow());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) seen();
    else if (leads()) {
      schedule();
      tell({ kind: "unseen" });
    }
  });
}
