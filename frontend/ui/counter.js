// What is left of the platform's limit. Only crossing the limit is announced, not every key.
import { html } from "../vendor/preact-11.2.0.js";
import { t } from "../core/i18n.js";

const ROUND = 2 * Math.PI * 7;

/** @param {{measured: import("../core/counting.js").Measure, limit: number, counting: import("../types.d.ts").Counting}} props */
export function Counter({ measured, limit, counting }) {
  const { left, level } = measured;
  const unit = counting === "utf8_bytes" ? "bytes" : "characters";
  const used = Math.min(1, (limit - left) / limit);
  return html`<span class="counter" data-level=${level}>
    <svg viewBox="0 0 18 18" aria-hidden="true" focusable="false"><circle cx="9" cy="9" r="7" /><circle class="used" cx="9" cy="9" r="7" stroke-dasharray=${`${used * ROUND} ${ROUND}`} /></svg>
    <span aria-hidden="true">${t("count", { n: left })}</span>
    <span class="hidden">${t(`counter.left.${unit}`, { n: left })}</span>
    <span class="hidden" role="status">${level === "over" ? t(`counter.over.${unit}`, { n: -left }) : ""}</span>
  </span>`;
}
