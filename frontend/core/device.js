// What the desk keeps on this device: preferences here, drafts in drafts.js.
import { signal } from "../vendor/preact-11.2.0.js";

/** @typedef {{theme: "auto" | "light" | "dark", letters: boolean, view: string, hold: number | null, notify: boolean}} Preferences hold: seconds in which a reply can be taken back, null for the brand's own */

const PREFERENCES = "hark.preferences";
/** @type {Preferences} */
const DEFAULTS = { theme: "auto", letters: true, view: "open", hold: null, notify: false };

/**
 * Browsers set to refuse site data throw on the first touch of localStorage; the desk then forgets at reload
 * instead of not starting.
 * @returns {Storage | null}
 */
function deviceStorage() {
  try {
    return window.localStorage;
  } catch (error) {
    if (error instanceof DOMException && error.name === "SecurityError") return null;
    throw error;
  }
}

const storage = deviceStorage();
/** @type {Map<string, string>} */
const memory = new Map();

/** @param {string} key @returns {string | null} */
export function read(key) {
  return storage ? storage.getItem(key) : (memory.get(key) ?? null);
}

/** @param {string} key @param {string} value */
export function write(key, value) {
  if (storage) storage.setItem(key, value);
  else memory.set(key, value);
}

/** @param {string} key */
export function remove(key) {
  if (storage) storage.removeItem(key);
  else memory.delete(key);
}

/** @param {string} prefix @returns {string[]} keys that start with the prefix */
export function keysUnder(prefix) {
  return (storage ? Object.keys(storage) : [...memory.keys()]).filter((key) => key.startsWith(prefix));
}

/** @type {import("../vendor/preact-11.2.0.js").Signal<Preferences>} */
export const preferences = signal({ ...DEFAULTS, ...JSON.parse(read(PREFERENCES) ?? "{}") });

/** @param {Partial<Preferences>} change */
export function prefer(change) {
  preferences.value = { ...preferences.peek(), ...change };
  write(PREFERENCES, JSON.stringify(preferences.peek()));
}
