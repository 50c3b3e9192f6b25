// How far an erasure is; once it is done, what was erased, and the receipt to take along.
import { html, useEffect, useState } from "../vendor/preact-11.2.0.js";
import { get } from "../core/api.js";
import { t } from "../core/i18n.js";
import { fullTime } from "../core/spans.js";
import { Icon } from "./icon.js";

/** @typedef {{number: number, erased_at: string, erased: Record<string, number>}} Receipt */
/** @typedef {{id: string, at: string, by: string, state: "asked" | "done", receipt: Receipt | null}} Erasure */

const LOOK_AGAIN = 5000;

/** @param {{receipt: Receipt, id: string}} props */
export function Done({ receipt, id }) {
  const { cases = 0, messages = 0 } = receipt.erased;
  const items = Object.values(receipt.erased).reduce((sum, each) => sum + each, 0);
  return html`<p><${Icon} name="info" /> ${t("erase.done", { at: fullTime(receipt.erased_at) })}</p>
    <p class="quiet">${t("erase.counts", { cases, messages, items })}</p>
    <p class="choices"><a class="button" href=${`/api/v1/erasures/${id}`} download=${`erasure-${receipt.number}.json`}>${t("erase.receipt", { number: receipt.number })}</a></p>`;
}

/** @param {{first: Erasure}} props looks again until it is done */
export function Progress({ first }) {
  const [shown, setShown] = useState(first);
  useEffect(() => {
    if (shown.receipt) return undefined;
    const timer = setTimeout(() => get(`erasures/${first.id}`).then(setShown, () => setShown({ ...shown })), LOOK_AGAIN);
    return () => clearTimeout(timer);
  }, [shown]);
  return html`<div aria-live="polite">${shown.receipt ? html`<${Done} receipt=${shown.receipt} id=${shown.id} />` : html`<p>${t("erase.running")}</p>`}</div>`;
}
