// What each command of the keyboard table does.
import { assign, caseOf, close } from "./changes.js";
import { preferences } from "./device.js";
import { t } from "./i18n.js";
import { compose, dialog, showDialog, writing } from "./intents.js";
import { matchKey } from "./keys.js";
import { highlighted, neighbour, rows } from "./queue.js";
import { undoNewest } from "./replies.js";
import { go, route, screenHref, SCREENS, VIEWS, visit } from "./route.js";
import { say } from "./toasts.js";

/** @typedef {import("../types.d.ts").Row} Row */

const FOLLOW_AFTER = 80;
const PAIR_WITHIN = 1_500;

const wide = matchMedia("(width >= 48rem)");
let followTimer = 0;

/** The case a command is about: the open one, else the one the highlight stands on. @returns {Row | undefined} */
const present = () => (route.peek().screen ? undefined : caseOf(route.peek().id || highlighted.peek()));

/** @param {string} id puts the keyboard on a row of the list */
export function standOn(id) {
  highlighted.value = id;
  requestAnimationFrame(() => document.getElementById(`row-${id}`)?.focus());
}

/** @param {number} step */
function move(step) {
  if (route.peek().screen) return;
  const from = highlighted.peek() || route.peek().id;
  const row = neighbour(from, step);
  if (!row) return;
  standOn(row.id);
  clearTimeout(followTimer);
  // Holding the key moves only the highlight; the thread follows once it rests.
  if (wide.matches && route.peek().id) followTimer = window.setTimeout(() => go(route.peek().view, row.id, { replace: true }), FOLLOW_AFTER);
}

function back() {
  const { view, id, screen } = route.peek();
  if (screen) go(view);
  const { activeElement } = document;
  if (!id) return;
  const leavesThread = activeElement instanceof HTMLElement && activeElement.closest(".composer, .thread, .thread-head") && wide.matches;
  if (!leavesThread) go(view);
  if (rows.peek().some((row) => row.id === id)) standOn(id);
}

/** @param {(row: Row) => void} act */
const onCase = (act) => () => {
  const row = present();
  if (row) act(row);
};

/** @param {import("./modes.js").Wanted} mode */
const write = (mode) => onCase((row) => {
  if (route.peek().id !== row.id) go(route.peek().view, row.id);
  compose(mode);
});

/** Of the message that has the keyboard, else of the customer's newest, else of the newest that has any. */
function openActs() {
  const here = document.activeElement?.closest(".bubble")?.querySelector(".acts-open");
  const newest = (/** @type {string} */ side) => [...document.querySelectorAll(`.bubble${side} .acts-open`)].at(-1);
  const button = here ?? newest('[data-side="theirs"]') ?? newest("");
  if (!(button instanceof HTMLElement)) {
    if (route.peek().id) say({ text: t("acts.none"), tone: "plain" });
    return;
  }
  button.scrollIntoView({ block: "nearest" });
  button.focus();
  button.click();
}

/** @param {"canned" | "send-later"} name what needs a box for a reply on screen */
function aid(name) {
  const { id, mode, blocked } = writing.peek();
  if (!id || id !== route.peek().id) return;
  const box = document.getElementById("reply-box");
  if (!box || mode === "note" || (name === "send-later" && blocked)) say({ text: t(mode === "note" ? "tools.note" : "tools.blocked"), tone: "plain" });
  else showDialog(name, id, mode);
}

/** @type {Record<string, () => void>} */
const COMMANDS = {
  next: () => move(1),
  previous: () => move(-1),
  back,
  reply: write("answer"),
  private: write("private"),
  note: write("note"),
  done: onCase((row) => row.status === "open" && close(row)),
  assign: onCase((row) => showDialog("assign", row.id)),
  take: onCase((row) => assign(row, "me")),
  snooze: onCase((row) => row.status === "open" && showDialog("snooze", row.id)),
  acts: openActs,
  accounts: () => showDialog("accounts"),
  workflow: () => route.peek().id && showDialog("workflow", route.peek().id),
  about: () => route.peek().id && showDialog("about", route.peek().id),
  undo: undoNewest,
  canned: () => aid("canned"),
  later: () => aid("send-later"),
  promise: onCase((row) => row.status !== "closed" && showDialog("promise", row.id)),
  palette: () => showDialog("palette"),
  shortcuts: () => showDialog("shortcuts"),
  ...Object.fromEntries(VIEWS.map((view) => [`go.${view}`, () => go(view)])),
  ...Object.fromEntries(SCREENS.map((screen) => [`go.${screen}`, () => visit(screenHref(screen))])),
};

/** @param {string} command @returns {boolean} it is one that can be given by name */
export const can = (command) => Object.hasOwn(COMMANDS, command);

/** @param {string} command one that `can` be given */
export const run = (command) => COMMANDS[command]();

/** @param {EventTarget | null} target @returns {boolean} */
function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button])");
}

export function listenToKeys() {
  let previous = { name: "", at: 0 };
  addEventListener("keydown", (event) => {
    // A dialog has its own keys; half-composed text belongs to the input method.
    if (event.defaultPrevented || event.isComposing || dialog.peek()) return;
    const first = event.timeStamp - previous.at < PAIR_WITHIN ? previous.name : "";
    const state = { typing: isTyping(event.target), letters: preferences.peek().letters };
    const { command, pending } = matchKey(event, first, state);
    previous = { name: pending, at: event.timeStamp };
    if (!Object.hasOwn(COMMANDS, command)) {
      arrows(event);
      return;
    }
    event.preventDefault();
    COMMANDS[command]();
  });
}

/** Arrows move in the list only from inside the list; elsewhere they scroll. @param {KeyboardEvent} event */
function arrows(event) {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!(event.target instanceof HTMLElement) || !event.target.closest(".rows")) return;
  event.preventDefault();
  move(step);
}
