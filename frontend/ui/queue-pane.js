// The list of a view with its states: loading, empty, failed, changes waiting, more to load.
import { html, useComputed, useEffect, useRef, useState } from "../vendor/preact-11.2.0.js";
import { t } from "../core/i18n.js";
import { compose } from "../core/intents.js";
import { disordered, failure, highlighted, loadingMore, loadMore, moreFailed, nextCursor, phase, reload, rows, waiting } from "../core/queue.js";
import { go, route } from "../core/route.js";
import { Icon } from "./icon.js";
import { QueueRow } from "./queue-row.js";
import { AccountButton } from "./views-nav.js";

/** @typedef {import("../types.d.ts").Row} Row */

const PATIENCE = 150;
const SKELETONS = [1, 2, 3, 4, 5, 6];

async function showNew() {
  await reload();
  document.querySelector(".queue .scroller")?.scrollTo({ top: 0 });
}

/** It stands where the order was told, so that no row moves when it comes. */
function StaleBar() {
  const { fresh } = waiting.value;
  return fresh ? html`<button type="button" class="stale" onClick=${showNew}><${Icon} name="refresh" />${t("queue.fresh", { n: fresh })}</button>` : null;
}

/** How the list is sorted; a button once rows would stand elsewhere. @param {{label: string}} props */
function Sorted({ label }) {
  if (waiting.value.fresh) return null;
  if (!disordered.value) return html`<span>${label}</span>`;
  return html`<button type="button" class="button bare small" title=${t("queue.changed")} onClick=${showNew}><${Icon} name="refresh" />${label}<span class="hidden">${t("queue.changed")}</span></button>`;
}

/** Nothing is drawn at first: most answers come before a skeleton would only flicker. */
function Skeleton() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  return html`<div class="skeleton" aria-busy="true"><span class="hidden" role="status">${t("loading")}</span>${late ? SKELETONS.map((key) => html`<i key=${key}></i>`) : null}</div>`;
}

function Failed() {
  return html`<div class="empty" role="alert">
    <${Icon} name="warning" />
    <p>${failure.value || t("queue.failed")}</p>
    <button type="button" class="button" onClick=${reload}>${t("retry")}</button>
  </div>`;
}

function Empty() {
  return html`<div class="empty"><${Icon} name="done" /><p>${t(`empty.${route.value.view}`)}</p></div>`;
}

function More() {
  if (nextCursor.value === null) return null;
  return html`<div class="more">
    ${moreFailed.value ? html`<p role="alert">${t("queue.moreFailed")}</p>` : null}
    <button type="button" class="button" aria-disabled=${loadingMore.value ? "true" : undefined} onClick=${loadMore}>${t(loadingMore.value ? "loading" : "queue.more")}</button>
  </div>`;
}

/** @param {MouseEvent} event @param {Row} row */
function openRow(event, row) {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  highlighted.value = row.id;
  go(route.peek().view, row.id);
  // Enter on a link is a click without a pointer (detail 0): keyboard users go straight on to the reply box.
  if (event.detail === 0) compose("answer");
}

export function QueuePane() {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const items = rows.value;
  const view = useComputed(() => route.value.view).value;
  const listed = useComputed(() => rows.value.some((row) => row.id === highlighted.value)).value;
  useEffect(() => list.current?.scrollTo({ top: 0 }), [view]);
  return html`<section class="queue" aria-labelledby="queue-title">
    <header class="pane-head">
      <h2 id="queue-title">${t(`view.${view}`)}</h2>
      <div class="sorted"><span role="status"><${StaleBar} /></span><${Sorted} label=${t(view === "done" ? "queue.sortedDone" : "queue.sorted")} /></div>
      <${AccountButton} />
    </header>
    ${phase.value === "failed" && items.length > 0 ? html`<div class="notice" data-tone="bad" role="alert"><span>${failure.value || t("queue.failed")}</span><button type="button" class="button small" onClick=${reload}>${t("retry")}</button></div>` : null}
    <div class="scroller" ref=${list}>
      ${phase.value === "loading" ? html`<${Skeleton} key=${view} />` : null}
      ${phase.value === "failed" && items.length === 0 ? html`<${Failed} />` : null}
      ${phase.value === "ready" && items.length === 0 ? html`<${Empty} />` : null}
      <ol class="rows" aria-labelledby="queue-title">
        ${items.map((row, index) => html`<${QueueRow} key=${row.id} row=${row} index=${index} size=${nextCursor.value === null ? items.length : -1} first=${index === 0 && !listed} onOpen=${openRow} />`)}
      </ol>
      <${More} />
    </div>
  </section>`;
}
