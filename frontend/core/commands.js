// What each command of the keyboard table does.
import { assign, caseOf, close } from "./changes.js";
import { preferences } from "./device.js";
import { t } from "./i18n.js";
import { compose, dialog, instead, showDialog, writing } from "./intents.js";
import { matchKey } from "./keys.js";
import { highlighted, neighbour, rows, selecting } from "./queue.js";
import { undoNewest } from "./replies.js";
import { go, route, screenHref, SCREENS, VIEWS, visit } from "./route.js";
import { say } from "./toasts.js";

/** @typedef {import("../types.d.ts").Row} Row */

const FOLLOW_AFTER = 80;
const PAIR_WITHIN = 1_500;
const HOLD_AT_MOST = 10_000;

const wide = matchMedia("(width >= 48rem)");
let followTimer = 0;
/** The row that focus is on its way to. */
let coming = "";

/** The case a command is about: the open one, else the one the highlight stands on. @returns {Row | undefined} */
const present = () => (route.peek().screen ? undefined : caseOf(route.peek().id || highlighted.peek()));

/** @param {string} id puts the keyboard on a row of the list */
export function standOn(id) {
  highlighted.value = id;
  coming = id;
  requestAnimationFrame(() => {
    // A key may have gone further within the frame.
    if (coming !== id) return;
    coming = "";
    if (highlighted.peek() === id) document.getElementById(`row-${id}`)?.focus();
  });
}

/** @param {number} step */
function move(step) {
  if (!route.peek().screen) moveTo(neighbour(highlighted.peek() || route.peek().id, step));
}

/** @param {Row | undefined} row none at the end of the list */
function moveTo(row) {
  if (!row) return;
  standOn(row.id);
  clearTimeout(followTimer);
  followTimer = 0;
  // Holding the key moves only the highlight; the thread follows once it rests.
  if (wide.matches && route.peek().id) followTimer = window.setTimeout(follow, FOLLOW_AFTER);
}

/** The thread comes to where the highlight is. */
function follow() {
  clearTimeout(followTimer);
  if (followTimer && route.peek().id) go(route.peek().view, highlighted.peek(), { replace: true });
  followTimer = 0;
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

/** The first wish to select: what comes after it waits until the module is there, which then takes such commands itself. @param {string} command */
function select(command) {
  selecting.value ||= "some";
  const given = [[command, ""]];
  instead.of = (...next) => given.push(next) > 0;
  import("./selecting.js").then(
    () => given.forEach(([next, key]) => run(next, key)),
    () => {
      // The frame says so, and the next press asks again.
      selecting.value = "";
      instead.of = () => false;
    },
  );
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
  tag: onCase((row) => showDialog("tags", row.id)),
  acts: openActs,
  accounts: () => showDialog("accounts"),
  workflow: () => route.peek().id && showDialog("workflow", route.peek().id),
  about: () => route.peek().id && showDialog("about", route.peek().id),
  undo: undoNewest,
  canned: () => aid("canned"),
  later: () => aid("send-later"),
  promise: onCase((row) => row.status !== "closed" && showDialog("promise", row.id)),
  select: () => select("select"),
  "select.range": () => select("select.range"),
  search: () => showDialog("search"),
  palette: () => showDialog("palette"),
  shortcuts: () => showDialog("shortcuts"),
  ...Object.fromEntries(VIEWS.map((view) => [`go.${view}`, () => go(view)])),
  ...Object.fromEntries(SCREENS.map((screen) => [`go.${screen}`, () => visit(screenHref(screen))])),
};

/** @param {string} command @returns {boolean} it is one that can be given by name */
export const can = (command) => Object.hasOwn(COMMANDS, command);

/** @param {string} command one that `can` be given; a quick hand means the row it has just come to, not the thread it left @param {string} [key] by which it was given, outside text fields */
export function run(command, key = "") {
  if (command !== "next" && command !== "previous") follow();
  if (!instead.of(command, key)) COMMANDS[command]();
}

/** @param {EventTarget | null} target @returns {boolean} */
function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button])");
}

/** What was typed for a dialog that is still loading. @type {{dialog: unknown, since: number, text: string, enter: boolean}} */
let held = { dialog: null, since: 0, text: "", enter: false };

/** @returns {{text: string, enter: boolean}} what was typed for the dialog that has come now */
export function takeHeld() {
  const { text, enter } = held;
  const meant = held.dialog === dialog.peek();
  held = { dialog: null, since: 0, text: "", enter: false };
  return meant ? { text, enter } : held;
}

/** Keys between asking for a dialog and seeing it are meant for it, and for nothing behind it. @param {KeyboardEvent} event */
function hold(event) {
  const asked = dialog.peek();
  if (!asked || event.isComposing || document.querySelector("dialog[open]")) return;
  const typed = [...event.key].length === 1 && (event.getModifierState("AltGraph") || !(event.ctrlKey || event.metaKey || event.altKey));
  if (!typed && !["Enter", "Escape", "Backspace"].includes(event.key)) return;
  if (held.dialog !== asked) held = { dialog: asked, since: event.timeStamp, text: "", enter: false };
  if (event.timeStamp - held.since > HOLD_AT_MOST) return;
  event.preventDefault();
  event.stopPropagation();
  // A key that is held down asked for the dialog and says no more.
  if (event.repeat || held.enter) return;
  if (typed) held.text += event.key;
  else if (event.key === "Backspace") held.text = [...held.text].slice(0, -1).join("");
  else if (event.key === "Enter") held.enter = true;
  else dialog.value = null;
}

/** Looks after focus for whoever uses keys; when it could not be loaded, the next key asks for it again. */
function withTheFirstKey() {
  addEventListener("keydown", () => import("./focus-keeper.js").then(({ keepFocus }) => keepFocus(), withTheFirstKey), { capture: true, once: true });
}

/** @param {{event: KeyboardEvent, at: number}[]} early pressed while this module was on its way; they are taken in turn */
export function listenToKeys(early) {
  withTheFirstKey();
  let previous = { name: "", at: 0 };
  const listen = (/** @type {KeyboardEvent} */ event) => {
    // A dialog has its own keys; half-composed text belongs to the input method.
    if (event.defaultPrevented || event.isComposing || dialog.peek()) return;
    const first = event.timeStamp - previous.at < PAIR_WITHIN ? previous.name : "";
    const state = { typing: isTyping(event.target), letters: preferences.peek().letters };
    const { command, pending } = matchKey(event, first, state);
    previous = { name: pending, at: event.timeStamp };
    if (!Object.hasOwn(COMMANDS, command)) {
      if (command === "open" ? opens(event) : moves(event)) event.preventDefault();
      return;
    }
    event.preventDefault();
    run(command, state.typing ? "" : event.key);
  };
  const heard = performance.now();
  for (const { event, at } of early) {
    // Of a link or button that had the keyboard, Enter is long done.
    if (heard - at > HOLD_AT_MOST || (event.key === "Enter" && event.target !== document.body)) continue;
    hold(event);
    listen(event);
  }
  addEventListener("keydown", hold, { capture: true });
  addEventListener("keydown", listen);
}

/** Enter means the highlighted row, though focus comes to it only with the next frame. @param {KeyboardEvent} event @returns {boolean} */
function opens({ target }) {
  const id = highlighted.peek();
  const late = target instanceof HTMLElement && (target.matches(".row") ? target.id !== `row-${id}` : target === document.body && coming === id);
  if (!id || !late || route.peek().screen) return false;
  follow();
  go(route.peek().view, id);
  compose("answer");
  return true;
}

/** Arrows, Home and End move in the list only from inside the list; elsewhere they scroll. @param {KeyboardEvent} event @returns {boolean} */
function moves(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
  if (!(event.target instanceof HTMLElement) || !event.target.closest(".rows")) return false;
  const { key } = event;
  if (key === "ArrowDown" || key === "ArrowUp") move(key === "ArrowDown" ? 1 : -1);
  else if (key === "Home" || key === "End") moveTo(rows.peek().at(key === "Home" ? 0 : -1));
  else return false;
  return true;
}
