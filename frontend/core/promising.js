// A time by which the customer was promised an answer.
import { Problem, Unreachable, write } from "./api.js";
import { sentenceOf } from "./changes.js";
import { refresh, renewCase } from "./conversation.js";
import { t } from "./i18n.js";
import { dayTime } from "./spans.js";
import { say } from "./toasts.js";

/** @typedef {import("../types.d.ts").Row} Row */

/**
 * @param {Row} row @param {string | null} at RFC 3339, null takes the promise back
 * @param {boolean} told my next reply tells the customer of it, and so does not keep it
 */
export async function promise(row, at, told) {
  const before = row.promise?.state === "open" ? row.promise.by : null;
  try {
    const after = await write("POST", `conversations/${row.id}/promise`, { promised_at: at, ...(at && told ? { reply: "next" } : {}) });
    renewCase(after);
    const text = at ? t("promise.toast", { time: dayTime(at) }) : t("promise.toastBack");
    say({ text, tone: "plain", undo: true, action: { label: t("toast.undo"), run: () => promise(after, before, told) } });
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    say({ text: sentenceOf(error), tone: "error" });
  }
  await refresh(row.id, true);
}
