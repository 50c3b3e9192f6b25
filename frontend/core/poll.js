// When to ask the server again. What to ask, and whether this tab is the one that asks, says live.js.
import { Problem, signedOut, Unreachable } from "./api.js";

const VISIBLE = 5_000;
const HIDDEN = 60_000;
const HURRIED = 2_000;
const HURRY_LASTS = 60_000;
const JITTER = 0.1;

let hurriedUntil = 0;
let failures = 0;
let timer = 0;
/** @type {(() => Promise<void>) | null} */
let ask = null;
/** @type {Promise<void> | null} */
let asking = null;

/**
 * @param {{hidden: boolean, hurried: boolean, failures: number}} state failures: calls without success in a row
 * @param {number} random 0 to 1, spreads the desks of a team
 * @returns {number} milliseconds to wait
 */
export function pause({ hidden, hurried, failures: failed }, random) {
  const base = hidden ? HIDDEN : hurried ? HURRIED : VISIBLE;
  const backedOff = Math.min(HIDDEN, base * 2 ** failed);
  return Math.round(backedOff * (1 - JITTER + 2 * JITTER * random));
}

/** @returns {boolean} something was sent within the last minute */
export const hurried = () => Date.now() < hurriedUntil;

/** Waits anew from now on: the tab has come into sight or gone out of it. */
export function schedule() {
  clearTimeout(timer);
  if (!ask || signedOut.peek()) return;
  timer = window.setTimeout(pollNow, pause({ hidden: document.hidden, hurried: hurried(), failures }, Math.random()));
}

/** @param {() => Promise<void>} work */
async function once(work) {
  try {
    await work();
    failures = 0;
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    failures += 1;
  } finally {
    asking = null;
    schedule();
  }
}

/** Asks without waiting, unless somebody else does. @returns {Promise<void>} done when the answer has been taken */
export async function pollNow() {
  clearTimeout(timer);
  if (ask) asking ??= once(ask);
  await asking;
}

/** After a reply its fate is news: two seconds apart for a minute. */
export function hurry() {
  hurriedUntil = Date.now() + HURRY_LASTS;
  schedule();
}

/** @param {(() => Promise<void>) | null} work one round; throws Problem or Unreachable when the server did not answer well; null: no more rounds */
export function setRound(work) {
  ask = work;
  schedule();
}
