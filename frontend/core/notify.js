// Notifications of the computer, for when nobody looks at the desk. They say where something waits, and nothing of what
// customers write or are called: a screen may be locked, or shared.
import { prefer } from "./device.js";
import { language, t } from "./i18n.js";
import { myId } from "./session.js";
import { platformName } from "./platforms.js";
import { go } from "./route.js";

/** @typedef {import("../types.d.ts").Changes} Changes */
/** @typedef {import("../types.d.ts").Row} Row */

/** A new case may be given to somebody by the desk itself; so long it waits for that. */
const SETTLES = 8_000;
/** The same is not rung for again so soon. */
const APART = 600_000;
/** More than these at once become one. */
const SINGLY = 3;

/** When each was rung for, in milliseconds. @type {Map<string, number>} */
const rung = new Map();

/** @returns {"missing" | "default" | "granted" | "denied"} what the browser says to notifications of this page */
export const permission = () => ("Notification" in window ? Notification.permission : "missing");

/**
 * @param {string} title @param {string} body @param {string} tag the newer of two with the same tag replaces the older
 * @param {() => void} open
 * @returns {boolean} false where only a service worker may show one (Android)
 */
function show(title, body, tag, open) {
  try {
    const shown = new Notification(title, { body, tag, lang: language, icon: new URL("../icon.svg", import.meta.url).href });
    shown.onclick = () => {
      window.focus();
      open();
      shown.close();
    };
    return true;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return false;
  }
}

/** Asks the browser, and shows the first one to say so. @returns {Promise<"missing" | "default" | "granted" | "denied">} */
export async function turnOn() {
  if (permission() === "missing") return "missing";
  const answer = await Notification.requestPermission();
  if (answer !== "granted") return answer;
  if (!show(t("notify.on"), t("notify.sample"), "sample", () => {})) return "missing";
  prefer({ notify: true });
  return "granted";
}

/** @param {Changes["calls"]} calls those not rung for lately */
function fresh(calls) {
  const moment = Date.now();
  for (const [key, at] of rung) if (moment - at > APART) rung.delete(key);
  return calls.filter(({ case: id, why }) => {
    const key = `${why} ${id}`;
    if (rung.has(key)) return false;
    rung.set(key, moment);
    return true;
  });
}

/** @param {Row[]} cases @param {"unassigned" | "given"} why */
function showAll(cases, why) {
  if (cases.length > SINGLY) {
    show(t(`notify.${why}.many`, { n: cases.length }), t("notify.open"), why, () => go(why === "given" ? "mine" : "unassigned"));
    return;
  }
  for (const row of cases) {
    show(t(`notify.${why}`, { platform: platformName(row.platform) }), t("notify.open"), `case-${row.id}`, () => go(why === "given" ? "mine" : "unassigned", row.id));
  }
}

/**
 * @param {Changes["calls"]} calls @param {(id: string) => Row | undefined} newest @param {() => Promise<void>} ask learns how they are by then
 */
export async function ringFor(calls, newest, ask) {
  if (permission() !== "granted") return;
  const wanted = fresh(calls);
  /** @param {"unassigned" | "given"} why @param {(row: Row) => boolean} still */
  const those = (why, still) => wanted.flatMap((call) => (call.why === why ? [newest(call.case)] : [])).filter((row) => row !== undefined && still(row));
  showAll(/** @type {Row[]} */ (those("given", (row) => row.owner?.id === myId.peek())), "given");
  if (!wanted.some(({ why }) => why === "unassigned")) return;
  await new Promise((resolve) => setTimeout(resolve, SETTLES));
  await ask();
  showAll(/** @type {Row[]} */ (those("unassigned", (row) => row.status === "open" && row.owner === null)), "unassigned");
}
