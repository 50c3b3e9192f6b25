// What is wrong with our accounts, in words. The codes are the server's; a code that is new here is shown as it is.
import { has, isolate, t } from "./i18n.js";
import { platformName } from "./platforms.js";
import { fullTime } from "./spans.js";

/** @typedef {import("../types.d.ts").Account} Account */

/** @param {string} kind @param {string} code @returns {string} "problem.meta.scope_missing.pages_messaging" has the words of "problem.meta.scope_missing" with its rest in them */
function wordsFor(kind, code) {
  const parts = code.split(".");
  for (let kept = parts.length; kept > 0; kept -= 1) {
    const key = `${kind}.${parts.slice(0, kept).join(".")}`;
    if (has(key)) return t(key, { rest: parts.slice(kept).join(".") });
  }
  return t(`${kind}.other`, { rest: code });
}

/** @param {string} code why an account is paused @returns {string} */
export const reasonOf = (code) => wordsFor("reason", code);

/** @param {Account} account one through which nothing leaves @returns {string} why, and what that means */
export function whyStopped({ paused, reason }) {
  if (!paused) return `${reasonOf(reason)} ${t("band.waits")}`;
  return t("reason.byHand", { name: isolate(paused.by), when: fullTime(paused.at), why: isolate(paused.why) });
}

/** @param {string} code of `account.problems` @returns {string} */
export const problemOf = (code) => wordsFor("problem", code);

/** @param {Account} account @returns {string} the platforms it carries */
export const placesOf = ({ platform, platforms }) => (platforms.length > 0 ? platforms : [platform]).map(platformName).join(", ");

/** @param {Account} account @returns {string} */
export const accountName = ({ handle, name }) => name || (handle ? `@${handle}` : "");
