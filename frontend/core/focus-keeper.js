// Whoever works by keyboard is never left nowhere. When what had the keyboard goes away (its row is done, its button has
// done its work, another view came), the keyboard goes to the nearest thing that stayed: browsers put it at the top.
import { dialog } from "./intents.js";
import { highlighted } from "./queue.js";
import { route } from "./route.js";

/** What can take the keyboard, and can be reached by Tab. */
const STOPS = "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex='0']";
/** So large that the first thing in it is not near what went away. */
const LARGE = "#desk, .desk, main, .screen-body, .set-place, .set-part, .conversation, .thread, .queue, .scroller";

/** Where the keyboard stood, and what stood around it, from the inside out, and in which conversation. @type {{at: Element, id: string, around: {parent: Element, next: Element | null, previous: Element | null}[]} | null} */
let last = null;
let asked = 0;

/** @param {Element | null | undefined} one @returns {one is HTMLElement} it is on screen and may have the keyboard */
const shown = (one) => one instanceof HTMLElement && one.isConnected && one.getClientRects().length > 0 && !one.matches(":disabled");

/** @param {Event} event */
function remember({ target }) {
  if (!(target instanceof Element) || target === document.body) return;
  const around = [];
  for (let one = target; one.parentElement && one.parentElement !== document.body; one = one.parentElement) {
    around.push({ parent: one.parentElement, next: one.nextElementSibling, previous: one.previousElementSibling });
  }
  last = { at: target, id: route.peek().id, around };
}

const nowhere = () => last !== null && [document.body, null, last.at].includes(document.activeElement) && !shown(last.at);

/** @param {Element | null} within @param {number} which 0 the first, -1 the last @returns {HTMLElement | undefined} */
function stopIn(within, which = 0) {
  if (!shown(within)) return undefined;
  return /** @type {HTMLElement[]} */ ([...(within.matches(STOPS) ? [within] : []), ...within.querySelectorAll(STOPS)]).filter(shown).at(which);
}

/** @param {string} selector @returns {HTMLElement | undefined} */
const seen = (selector) => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]).find(shown);

/** @returns {HTMLElement | undefined} the row one works on, else the one after or before the row that went */
function row() {
  const [, { next, previous } = { next: null, previous: null }] = last?.at.matches(".row") ? last.around : [];
  return [document.getElementById(`row-${highlighted.peek()}`), next?.querySelector(".row"), previous?.querySelector(".row")].find(shown);
}

/** @returns {HTMLElement | undefined} beside what went away, where that was something small */
function near() {
  for (const { parent, next, previous } of last?.around ?? []) {
    if (!shown(parent)) continue;
    // The box of the next conversation is for nobody's words before they go there.
    if (parent.closest(".composer")) return last?.id !== route.peek().id ? undefined : seen("#reply-box") ?? stopIn(parent);
    if (parent.matches(LARGE) || parent.closest(".queue, .toasts")) return undefined;
    const found = stopIn(next) ?? stopIn(previous, -1) ?? stopIn(parent);
    if (found) return found;
  }
  return undefined;
}

/** @returns {HTMLElement | undefined} the title of what is on screen, or the row one works on */
function title() {
  const wasIn = (/** @type {string} */ pane) => last?.around.some(({ parent }) => parent.matches(pane));
  return seen("dialog[open] h2") ?? seen("main.screen .set-part h2") ?? seen("main.screen h1") ?? (wasIn(".conversation") ? seen("#thread-title") : undefined)
    ?? row() ?? seen("#thread-title") ?? seen("#queue-title") ?? seen("main.alone a");
}

function lookAfter() {
  asked = 0;
  // A dialog that is still on its way takes the keyboard itself.
  if (!nowhere() || (dialog.peek() && !seen("dialog[open]"))) return;
  const found = near() ?? title();
  if (!found) return;
  if (!found.matches(`${STOPS}, [tabindex]`)) found.tabIndex = -1;
  found.focus();
}

/**
 * Two frames on: whoever takes something away may say itself where the keyboard goes, and of what is only hidden the
 * browser takes it by then.
 * @param {MutationRecord[]} changes
 */
function look(changes) {
  if (asked || (document.activeElement !== document.body && changes.every(({ type }) => type === "childList"))) return;
  asked = requestAnimationFrame(() => requestAnimationFrame(lookAfter));
}

export function keepFocus() {
  document.addEventListener("focusin", remember);
  const desk = /** @type {HTMLElement} */ (document.getElementById("desk"));
  new MutationObserver(look).observe(desk, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-pane", "data-at", "disabled", "hidden", "open"] });
  if (document.activeElement) remember({ target: document.activeElement });
}
