// What has to be known before writing here: who else holds the thread, who cannot be reached.
import { html } from "../vendor/preact-11.2.0.js";
import { t } from "../core/i18n.js";
import { platformName } from "../core/platforms.js";
import { Icon } from "./icon.js";
import { later } from "./later.js";

const Removed = later(() => import("./removed.js").then((module) => module.Removed));

/** @param {{conversation: import("../types.d.ts").Conversation}} props */
export function Banners({ conversation }) {
  const platform = platformName(conversation.case.platform);
  const told = [
    ...(conversation.elsewhere ? ["elsewhere"] : []),
    ...(conversation.reachable ? [] : ["unreachable"]),
  ];
  const { removed } = conversation.case;
  return html`${removed ? html`<${Removed} removed=${removed} />` : null}${told.length === 0 ? null : html`<ul class="banners">${told.map((code) => html`<li key=${code} class="notice" data-banner=${code}><${Icon} name=${code === "elsewhere" ? "shut" : "warning"} /><span>${t(`banner.${code}`, { platform })}</span></li>`)}</ul>`}`;
}
