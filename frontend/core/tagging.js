// Tags of a case: the spelling the server gives them, and the change that leaves just these on it.
import { alter, caseOf } from "./changes.js";
import { isolate, personName, t } from "./i18n.js";
import { casesOf, changeAll } from "./selecting.js";
import { say } from "./toasts.js";

/** @typedef {import("../types.d.ts").Row} Row */

/** Tags of a case, and characters of a tag: as the server has it. */
export const MOST = 10;
export const LONGEST = 30;

const TAG = /^[\p{L}\p{Nd}](?:[\p{L}\p{M}\p{Nd} _-]*[\p{L}\p{M}\p{Nd}])?$/u;

/** @param {string} typed @returns {string} the one spelling of that tag; "" for what can be none */
export function tidy(typed) {
  const folded = typed.normalize("NFKC").toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ").normalize("NFKC");
  const tag = folded.replace(/\p{Cf}/gu, "").replace(/\s+/gu, " ").trim().normalize("NFC");
  return TAG.test(tag) && [...tag].length <= LONGEST ? tag : "";
}

/** @param {string[]} tags */
const list = (tags) => tags.map(isolate).join(", ");

/** @param {Row} before as they chose from it @param {string[]} wanted all that shall stand on the case */
export function tag(before, wanted) {
  const added = wanted.filter((one) => !before.tags.includes(one));
  const removed = before.tags.filter((one) => !wanted.includes(one));
  if (added.length + removed.length === 0) return;
  const customer = isolate(personName(before));
  const present = caseOf(before.id);
  if (!present) {
    say({ text: t("toast.refused", { customer, reason: t("row.gone") }), tone: "error" });
    return;
  }
  const which = removed.length === 0 ? "added" : added.length === 0 ? "removed" : "both";
  // What a colleague did while the dialog was open, stays.
  const tags = [...present.tags.filter((one) => !removed.includes(one)), ...added.filter((one) => !present.tags.includes(one))];
  alter(before.id, { tags }, t(`tags.done.${which}`, { customer, added: list(added), removed: list(removed) }));
}

/** @param {Row[]} cases as they chose from them @param {string[]} common on all of them then @param {string[]} wanted of these and others, what shall stand on all */
export function tagAll(cases, common, wanted) {
  const added = wanted.filter((one) => !common.includes(one));
  const removed = common.filter((one) => !wanted.includes(one));
  if (added.length + removed.length === 0) return;
  const tagsOf = (/** @type {Row} */ row) => [...row.tags.filter((one) => !removed.includes(one)), ...added.filter((one) => !row.tags.includes(one))];
  changeAll(casesOf(cases.map((row) => row.id).join(" ")), (row) => ({ tags: tagsOf(row) }), (n) => t("select.tagged", { n, tags: list([...added, ...removed.map((one) => `−${one}`)]) }));
}
