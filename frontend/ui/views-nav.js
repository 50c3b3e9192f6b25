// The five views with their counts, and the screens: a column on wide screens, icons on middle ones; on a phone tabs.
import { html } from "../vendor/preact-11.2.0.js";
import { t } from "../core/i18n.js";
import { showDialog } from "../core/intents.js";
import { counts } from "../core/queue.js";
import { hrefOf, route, screenHref, SCREENS, VIEWS } from "../core/route.js";
import { me } from "../core/session.js";
import { Avatar } from "./chips.js";
import { Icon } from "./icon.js";

const MOST = 100;

/** @param {string} view @returns {string} "" for a view that has no count */
function countOf(view) {
  const n = /** @type {Record<string, number> | null} */ (counts.value)?.[view];
  if (n === undefined) return "";
  return n >= MOST ? t("count.many", { n: MOST }) : t("count", { n });
}

/** Opens preferences, shortcuts and signing out. */
export function AccountButton() {
  const agent = me.value?.agent;
  if (!agent) return null;
  return html`<button type="button" class="account" aria-haspopup="dialog" onClick=${() => showDialog("account")}>
    <${Avatar} id=${agent.id} letters=${agent.initials} small />
    <span class="label"><bdi>${agent.name}</bdi></span>
    <span class="hidden">${t("account.open")}</span>
  </button>`;
}

/** The screens beside the queue; on a phone they stand in the account dialog. */
export function ScreenLinks() {
  return html`<ul class="screen-links">
    ${SCREENS.map((screen) => html`<li key=${screen}>
      <a href=${screenHref(screen)} aria-current=${route.value.screen === screen ? "page" : undefined}>
        <${Icon} name=${screen} />
        <span class="label">${t(`screen.${screen}`)}</span>
      </a>
    </li>`)}
  </ul>`;
}

export function ViewsNav() {
  const brand = me.value?.brand.name;
  return html`<nav class="views" aria-label=${t("views")}>
    <p class="brand"><span class="logo" aria-hidden="true"></span><span class="brand-name"><b>Hark</b>${brand ? html`<bdi>${brand}</bdi>` : null}</span></p>
    <ul>
      ${VIEWS.map((view) => html`<li key=${view}>
        <a href=${hrefOf(view)} aria-current=${!route.value.screen && route.value.view === view ? "page" : undefined} aria-keyshortcuts=${`g ${view[0]}`}>
          <${Icon} name=${view} />
          <span class="label">${t(`view.${view}`)}</span>
          <span class="count">${countOf(view)}</span>
        </a>
      </li>`)}
    </ul>
    <${ScreenLinks} />
    <${AccountButton} />
  </nav>`;
}
