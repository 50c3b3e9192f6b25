// The address holds what is on screen: #/<view>/<conversation>
import { signal } from "../vendor/preact-11.2.0.js";
import { prefer, preferences } from "./device.js";

/** @typedef {import("../types.d.ts").View} View */

/** @type {View[]} */
export const VIEWS = ["mine", "unassigned", "open", "snoozed", "done"];

/** @param {string} hash @param {string} fallback @returns {{view: View, id: string}} id is empty when none is open */
export function parseRoute(hash, fallback) {
  const [view, id] = hash.replace(/^#\//, "").split("?")[0].split("/");
  const known = VIEWS.find((name) => name === view) ?? VIEWS.find((name) => name === fallback) ?? "open";
  return { view: known, id: /^[A-Za-z0-9_-]{1,64}$/.test(id ?? "") ? id : "" };
}

/** @param {View} view @param {string} [id] @returns {string} */
export const hrefOf = (view, id = "") => `#/${view}${id ? `/${id}` : ""}`;

export const route = signal(parseRoute(location.hash, preferences.peek().view));

/** @param {View} view @param {string} [id] @param {{replace?: boolean}} [how] replace keeps the browser's back list short */
export function go(view, id = "", how = {}) {
  if (how.replace) history.replaceState(null, "", hrefOf(view, id));
  else if (location.hash !== hrefOf(view, id)) history.pushState(null, "", hrefOf(view, id));
  follow();
}

function follow() {
  const next = parseRoute(location.hash, preferences.peek().view);
  const present = route.peek();
  if (next.view === present.view && next.id === present.id) return;
  if (next.view !== present.view) prefer({ view: next.view });
  route.value = next;
}

export function watchAddress() {
  addEventListener("hashchange", follow);
  addEventListener("popstate", follow);
}
