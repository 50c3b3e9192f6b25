// The list of a view with its states: loading, empty, failed, changes waiting, more to load.
import { html, useEffect, useRef, useState } from "../vendor/preact-11.2.0.js";
import { t } from "../core/i18n.js";
import { compose } from "../core/intents.js";
import { failure, highlighted, loadingMore, loadMore, moreFailed, nextCursor, phase, reload, rows, stale, waiting } from "../core/queue.js";
import { go, route } from "../core/route.js";
import { Icon } from "./icon.js";
import { QueueRow } from "./queue-row.js";
import { AccountButton } from "./views-nav.js";

/** @typedef {import("../types.d.ts").Row} Row */

const PATIENCE = 150;
const SKELETONS = [1, 2, 3, 4, 5, 6];

function StaleBar() {
  if (!stale.value) return null;
  const { fresh } = waiting.value;
  const show = async () => {
    await reload();
    document.querySelector(".queue .scroller")?.scrollTo({ top: 0 });
  };
  return html`<button type="button" class="stale" onClick=${show}><${Icon} name="refresh" />${fresh ? t("queue.fresh", { n: fresh }) : t("queue.changed")}</button>`;
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
  if (event.detail === 0) compose("public");
}

export function QueuePane() {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const items = rows.value;
  const { view } = route.value;
  const listed = items.some((row) => row.id === highlighted.value);
  useEffect(() => list.current?.scrollTo({ top: 0 }), [view]);
  return html`<section class="queue" aria-labelledby="queue-title">
    <header class="pane-head">
      <h2 id="queue-title">${t(`view.${view}`)}</h2>
      <span class="sorted">${t(view === "done" ? "queue.sortedDone" : "queue.sorted")}</span>
      <${AccountButton} />
    </header>
    <div class="stale-place" role="status"><${StaleBar} /></div>
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
