// The frame: bands, views, queue, conversation. Everything behind the first list is loaded once that is drawn.
import { html, useEffect, useState } from "../vendor/preact-11.2.0.js";
import { reachable, signedOut, signInAddress } from "../core/api.js";
import { loadOtherStrings, t } from "../core/i18n.js";
import { dialog } from "../core/intents.js";
import { answered } from "../core/queue.js";
import { route } from "../core/route.js";
import { me } from "../core/session.js";
import { Icon } from "./icon.js";
import { later, loadStyle, missing } from "./later.js";
import { QueuePane } from "./queue-pane.js";
import { ViewsNav } from "./views-nav.js";

/** @typedef {{module: any, failed: boolean}} Loaded */

/** @param {() => Promise<any>} load @param {string} name @returns {Loaded} the module once it is there */
function useModule(load, name) {
  const [loaded, setLoaded] = useState(/** @type {Loaded} */ ({ module: null, failed: false }));
  useEffect(() => {
    // Fails without a connection, and in a tab that is older than the deployed files.
    load().then(
      (module) => setLoaded({ module, failed: false }),
      () => setLoaded({ module: null, failed: true }),
    );
  }, [name]);
  return loaded;
}

const AccountBands = later(() => import("./account-bands.js").then((module) => module.AccountBands));
const ToastList = later(() => import("./toast-list.js").then((module) => module.ToastList));

function Bands() {
  return html`<div class="bands" role="status">
    ${reachable.value ? null : html`<p class="band" data-tone="warn"><${Icon} name="offline" />${t("band.offline")}</p>`}
    ${missing.value && reachable.value ? html`<p class="band" data-tone="warn"><${Icon} name="refresh" /><span>${t("band.missing")}</span><button type="button" class="button small" onClick=${() => location.reload()}>${t("band.reload")}</button></p>` : null}
    ${me.value?.accounts.some(({ state }) => state !== "ok") ? html`<${AccountBands} />` : null}
  </div>`;
}

function SignedOut() {
  return html`<main class="alone"><span class="logo" aria-hidden="true"></span><h1>${t("signedOut.title")}</h1><p>${t("signedOut.text")}</p><a class="button main" href=${signInAddress()}>${t("signedOut.again")}</a></main>`;
}

function Nothing() {
  return html`<section class="conversation blank" aria-label=${t("thread")}><div class="empty"><span class="logo" aria-hidden="true"></span><p>${t("thread.none")}</p><p class="quiet">${t("thread.hint")}</p></div></section>`;
}

/** @param {{name: string, id: string, about: string}} props */
function OpenDialog({ name, id, about }) {
  const { module, failed } = useModule(() => Promise.all([import(`../dialogs/${name}.js`), loadStyle("dialogs/dialogs.css"), loadOtherStrings()]).then(([loaded]) => loaded), name);
  useEffect(() => {
    if (!failed) return;
    missing.value = true;
    dialog.value = null;
  }, [failed]);
  return module ? html`<${module.default} id=${id} about=${about} />` : null;
}

/** A screen beside the queue; its styles come with it. @param {{name: string, part: string, query: string}} props */
function Screen({ name, part, query }) {
  const { module, failed } = useModule(() => Promise.all([import(`../screens/${name}.js`), loadStyle("screens/screens.css"), loadOtherStrings()]).then(([loaded]) => loaded), name);
  if (failed) return html`<main class="screen"><h1 class="hidden">${t(`screen.${name}`)}</h1><div class="empty" role="alert"><p>${t("band.missing")}</p><button type="button" class="button" onClick=${() => location.reload()}>${t("band.reload")}</button></div></main>`;
  return html`<main class="screen" aria-busy=${!module}>${module ? html`<${module.default} part=${part} query=${query} />` : null}</main>`;
}

export function Shell() {
  const { id, screen, part, query } = route.value;
  const { module: panes, failed } = useModule(() => Promise.resolve(id ? null : answered).then(() => import("./conversation-pane.js")), "conversation");
  useEffect(() => {
    if (failed) missing.value = true;
  }, [failed]);
  const asked = dialog.value;
  if (signedOut.value) return html`<${SignedOut} />`;
  return html`<div class="desk" data-pane=${screen ? "screen" : id ? "conversation" : "queue"}>
    <${Bands} />
    <${ViewsNav} />
    ${screen ? html`<${Screen} key=${screen} name=${screen} part=${part} query=${query} />` : html`<main>
      <h1 class="hidden">${t("desk")}</h1>
      <${QueuePane} />
      ${id && panes ? html`<${panes.ConversationPane} />` : html`<${Nothing} />`}
    </main>`}
    ${id && panes ? html`<${panes.AboutColumn} />` : null}
    <${ToastList} />
    ${asked ? html`<${OpenDialog} key=${asked.name} name=${asked.name} id=${asked.id} about=${asked.about} />` : null}
  </div>`;
}
