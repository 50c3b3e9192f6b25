// What was said in a conversation is gone, by the brand's rule or because the customer was erased: told where the words
// were.
import { html } from "../vendor/preact-11.2.0.js";
import { t } from "../core/i18n.js";
import { fullTime } from "../core/spans.js";
import { Icon } from "./icon.js";

/** @param {{removed: {at: string, months: number}}} props */
export const Removed = ({ removed: { at, months } }) => html`<p class="notice" data-banner="removed"><${Icon} name="info" /><span>${months ? t("removed.rule", { n: months, at: fullTime(at) }) : t("removed.erased", { at: fullTime(at) })}</span></p>`;
