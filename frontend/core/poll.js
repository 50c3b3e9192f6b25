// When to ask the server again. What to ask is given by app.js.
import { Problem, signedOut, Unreachable } from "./api.js";

const VISIBLE = 5_000;
const HIDDEN = 60_000;
const HURRIED = 2_000;
const HURRY_LASTS = 60_000;
const JITTER = 0.1;

let hurriedUntil = 0;
let failures = 0;
let timer = 0;
/** @type {() => Promise<void>} */
let ask = async () => {};

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

function schedule() {
  clearTimeout(timer);
  if (signedOut.peek()) return;
  const state = { hidden: document.hidden, hurried: Date.now() < hurriedUntil, failures };
  timer = window.setTimeout(poll, pause(state, Math.random()));
}

async function poll() {
  clearTimeout(timer);
  try {
    await ask();
    failures = 0;
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    failures += 1;
  } finally {
    schedule();
  }
}

/** After a reply its fate is news: two seconds apart for a minute. */
export function hurry() {
  hurriedUntil = Date.now() + HURRY_LASTS;
  schedule();
}

/** @param {() => Promise<void>} work one round; throws Problem or Unreachable when the server did not answer well */
export function startPolling(work) {
  ask = work;
  schedule();
  addEventListener("focus", poll);
  addEventListener("online", poll);
  document.addEventListener("visibilitychange", () => (document.hidden ? schedule() : poll()));
}
