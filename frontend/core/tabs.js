// Several tabs of one desk: one asks the server, the others listen. The tab that was looked at last is the one that asks.
const NAME = "hark.desk";

/**
 * @typedef {object} Part
 * @property {(again: boolean) => void} asks this tab is the one from now on; again: another one was before
 * @property {() => void} listens another tab has taken over
 * @property {(message: any) => void} hears what another tab has told
 * @typedef {{stop: () => void}} Turn
 */

const channel = new BroadcastChannel(NAME);
/** @type {AbortController | null} */
let waiting = null;
/** @type {Turn | null} */
let turn = null;
/** @type {Part} */
let part;
let stealing = false;
let over = false;

/** @returns {boolean} this tab is the one that asks */
export const leads = () => turn !== null;

/** @returns {Promise<void>} once our turn has begun and ended; at once when it is given up before */
async function request({ steal = false, again = true } = {}) {
  waiting?.abort();
  const given = new AbortController();
  waiting = steal ? null : given;
  stealing = steal;
  /** @type {Turn | null} */
  let ours = null;
  try {
    await navigator.locks.request(NAME, steal ? { steal } : { signal: given.signal }, () => {
      stealing = false;
      waiting = null;
      return new Promise((resolve) => {
        turn = ours = { stop: () => resolve(undefined) };
        part.asks(again);
      });
    });
  } catch (error) {
    // Another tab has stolen it, or we have asked for it in another way.
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
  }
  if (!ours || turn !== ours) return;
  turn = null;
  part.listens();
  if (!over) await request();
}

/** The tab that is looked at asks, so that it asks about what is seen, at the pace of who looks. */
export function takeOver() {
  if (!over && !stealing && !leads()) request({ steal: true });
}

/** Who has signed out asks no more; another tab may find out the same. */
export function retire() {
  over = true;
  waiting?.abort();
  turn?.stop();
}

/** @param {unknown} message to all other tabs */
export const tell = (message) => channel.postMessage(message);

/** @param {Part} ours */
export function joinTabs(ours) {
  part = ours;
  channel.onmessage = ({ data }) => part.hears(data);
  if ("locks" in navigator) {
    request({ steal: !document.hidden && document.hasFocus(), again: false });
    return;
  }
  // A browser without locks: every tab asks for itself.
  turn = { stop: () => part.listens() };
  part.asks(false);
}
