// What was said in a conversation is gone by the brand's rule: told where the words were.
import { html } from "../vendor/preact-11.2.0.js";
import { t } from "../core/i18n.js";
import { fullTime } from "../core/spans.js";
import { Icon } from "./icon.js";

/** @param {{removed: {at: string, months: number}}} props */
export const Removed = ({ removed: { at, months } }) => html`<p class="notice" data-banner="removed"><${Icon} name="info" /><span>${t("removed.rule", { n: months, at: fullTime(at) })}</span></p>`;
