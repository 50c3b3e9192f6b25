// The terms of a verb now: what to know, until when, at what price; and the way to do it by hand on the platform.
import { html } from "../vendor/preact-11.2.0.js";
import { money, t } from "../core/i18n.js";
import { platformName } from "../core/platforms.js";
import { closing, fullTime, now } from "../core/spans.js";
import { Icon } from "./icon.js";

/** @typedef {import("../types.d.ts").Verb} Verb */

/** @param {{verb: Verb, links: number}} props links in the text as it stands */
export function Price({ verb, links }) {
  const linkCosts = verb.price_with_link_usd > verb.price_usd;
  if (links > 0 && linkCosts) {
    return html`<span class="chip price" data-tone="warn" role="status"><${Icon} name="warning" />${t("price.withLink", { price: money(verb.price_with_link_usd), plain: money(verb.price_usd) })}</span>`;
  }
  if (verb.price_usd === 0) return html`<span class="price quiet">${t("price.free")}</span>`;
  const price = money(verb.price_usd);
  return html`<span class="price quiet">${linkCosts ? t("price.plain", { price, link: money(verb.price_with_link_usd) }) : t("price.each", { price })}</span>`;
}

/** @param {{verb: Verb}} props counts down by the minute */
export function Closing({ verb }) {
  const state = closing(verb.until, now.value);
  if (!state) return null;
  return html`<span class="chip" data-due=${state.level} title=${fullTime(verb.until ?? "")}><${Icon} name="snoozed" />${state.text}</span>`;
}

/** @param {{verb: Verb}} props what the server wants known about a verb that is allowed */
export function Remark({ verb }) {
  if (!verb.allowed || !verb.reason) return null;
  return html`<p class="notice remark" data-code=${verb.code}><${Icon} name="info" /><span>${verb.reason}</span></p>`;
}

/** @param {{verb: Verb | undefined, platform: string, prominent: boolean}} props */
export function ByHand({ verb, platform, prominent }) {
  if (!verb?.allowed) return null;
  if (!verb.link.startsWith("https://")) return prominent ? html`<p class="hint"><${Icon} name="info" /><span>${verb.reason}</span></p>` : null;
  return html`<a class=${prominent ? "button main" : "quiet-link"} href=${verb.link} target="_blank" rel="noopener noreferrer"><${Icon} name="external" />${t(prominent ? "verb.by_hand.on" : "verb.by_hand.short", { platform: platformName(platform) })}</a>`;
}
