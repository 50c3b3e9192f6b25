// What may be done to this conversation now: price of a reply, and answering by hand on the platform.
import { html } from "../vendor/preact-11.2.0.js";
import { money, t } from "../core/i18n.js";
import { dayTime } from "../core/spans.js";
import { Icon } from "./icon.js";

/** @typedef {import("../types.d.ts").Verb} Verb */

/** @param {{verb: Verb, links: number}} props */
export function Price({ verb, links }) {
  const dearer = links > 0 && verb.price_with_link_usd > verb.price_usd;
  return html`<span class="price">
    ${dearer
      ? html`<span class="chip" data-tone="warn" role="status"><${Icon} name="warning" />${t("price.withLink", { price: money(verb.price_with_link_usd), plain: money(verb.price_usd) })}</span>`
      : html`<span class="quiet">${t("price.plain", { price: money(verb.price_usd), link: money(verb.price_with_link_usd) })}</span>`}
    ${verb.until ? html` <span class="quiet">${t("verb.until", { time: dayTime(verb.until) })}</span>` : null}
  </span>`;
}

/** @param {{verb: Verb, prominent: boolean}} props */
export function ByHand({ verb, prominent }) {
  if (!verb.link) return null;
  return html`<a class=${prominent ? "button main" : "quiet-link"} href=${verb.link} target="_blank" rel="noopener noreferrer"><${Icon} name="external" />${t(prominent ? "verb.by_hand" : "verb.by_hand.short")}</a>`;
}
