// The address holds what is on screen: #/<view>/<conversation> in the queue, #/<screen>/<part>?<query> elsewhere.
import { signal } from "../vendor/preact-11.2.0.js";
import { prefer, preferences } from "./device.js";

/** @typedef {import("../types.d.ts").View} View */

/** @type {View[]} */
export const VIEWS = ["mine", "unassigned", "open", "snoozed", "done"];

/** Screens beside the queue, each a module of `screens/` that is loaded when it is first opened. */
export const SCREENS = ["approvals", "listening", "reports", "incidents", "settings"];

/**
 * @typedef {object} Route
 * @property {View} view of the queue; stays what it was while another screen is open
 * @property {string} id of the open conversation, "" when none is
 * @property {string} screen "" for the queue
 * @property {string} part of the screen, "" for its first
 * @property {string} query what stands behind the question mark of a screen's address
 */

/** @param {string} hash @param {string} fallback @returns {Route} */
export function parseRoute(hash, fallback) {
  const [path, query = ""] = hash.replace(/^#\//, "").split("?");
  const [first, second = ""] = path.split("/");
  const name = /^[A-Za-z0-9_-]{1,64}$/.test(second) ? second : "";
  const view = VIEWS.find((known) => known === first) ?? VIEWS.find((known) => known === fallback) ?? "open";
  const screen = SCREENS.includes(first) ? first : "";
  return screen ? { view, id: "", screen, part: name, query } : { view, id: name, screen, part: "", query: "" };
}

/** @param {View} view @param {string} [id] @returns {string} */
export const hrefOf = (view, id = "") => `#/${view}${id ? `/${id}` : ""}`;

/** @param {string} screen @param {string} [part] @param {Record<string, string>} [query] @returns {string} */
export function screenHref(screen, part = "", query = {}) {
  const asked = new URLSearchParams(query).toString();
  return `#/${screen}${part ? `/${part}` : ""}${asked ? `?${asked}` : ""}`;
}

export const route = signal(parseRoute(location.hash, preferences.peek().view));

/** @param {string} href @param {{replace?: boolean}} [how] replace keeps the browser's back list short */
export function visit(href, how = {}) {
  if (how.replace) history.replaceState(null, "", href);
  else if (location.hash !== href) history.pushState(null, "", href);
  follow();
}

/** @param {View} view @param {string} [id] @param {{replace?: boolean}} [how] */
export const go = (view, id = "", how = {}) => visit(hrefOf(view, id), how);

function follow() {
  const present = route.peek();
  const next = parseRoute(location.hash, present.view);
  if (next.view !== present.view) prefer({ view: next.view });
  if (/** @type {(keyof Route)[]} */ (Object.keys(next)).some((name) => next[name] !== present[name])) route.value = next;
}

export function watchAddress() {
  addEventListener("hashchange", follow);
  addEventListener("popstate", follow);
  // It may have changed while the desk was loading.
  follow();
}
