// The list of a view with its states: loading, empty, failed, changes waiting, more to load. Of its rows only those in
// sight are in the document. A row is a link: middle click, long press and screen readers work.
import { html, signal, useComputed, useEffect, useLayoutEffect, useRef, useSignal, useState } from "../vendor/preact-11.2.0.js";
import { firstLetter, langOf, personName, t } from "../core/i18n.js";
import { compose } from "../core/intents.js";
import { piecesOf, withoutAddressees } from "../core/links.js";
import { disordered, drafted, failure, gone, highlighted, loadingMore, loadMore, moreFailed, nextCursor, phase, reload, rows, selected, selecting, waiting } from "../core/queue.js";
import { go, hrefOf, route } from "../core/route.js";
import { age, fullTime, now } from "../core/spans.js";
import { ApprovalMark, AudienceMark, Avatar, CompanyMark, DueChip, EscalationMark, PlatformMark, PriorityMark, ReplyMark, StatusChip, SurfaceMark, Tags } from "./chips.js";
import { Icon } from "./icon.js";
import { later } from "./later.js";
import { AccountButton } from "./views-nav.js";

/** @typedef {import("../types.d.ts").Row} Row */

const PATIENCE = 150;
/** Height of a row in rem; style.css gives each the same. */
const ROW = 5;
/** Rows above and below those in sight; they are chosen anew once fewer than NEAR are left. */
const SPARE = 3;
const NEAR = 1;
/** Once the list is scrolled: with fewer rows than this below, the next page is asked for. */
const AHEAD = 25;
const SKELETONS = [1, 2, 3, 4, 5, 6];

/** @param {"SelectBar" | "SelectBox" | "SelectCount" | "SelectMark"} part */
const selection = (part) => later(() => import("./selection.js").then((module) => module[part]));
const [SelectBar, SelectBox, SelectCount, SelectMark] = [selection("SelectBar"), selection("SelectBox"), selection("SelectCount"), selection("SelectMark")];
const touched = matchMedia("(any-pointer: coarse)").matches;

/** Where Tab comes to while the keyboard stands on no row of the list. */
const entrance = signal("");

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

/** @param {{row: Row}} props one line of text, cut at its own end */
function Snippet({ row }) {
  if (!row.snippet) return html`<i>${t("row.noText")}</i>`;
  const pieces = withoutAddressees(piecesOf(row.snippet));
  return html`<span dir="auto" lang=${langOf(row.language)}>${pieces.map((piece) => (piece.kind === "plain" ? piece.text : html`<bdi>${piece.text}</bdi>`))}</span>`;
}

/**
 * @param {{row: Row, index: number, size: number, below?: number}} props
 *   below: drawn apart from the others, so many rows below the first of them
 */
function QueueRow({ row, index, size, below }) {
  const { id } = row;
  // Given to the element as signals: a step through the list changes attributes of two rows and draws none.
  const open = useComputed(() => (route.value.id === id ? "true" : undefined));
  const lit = useComputed(() => (highlighted.value === id ? "" : undefined));
  const stop = useComputed(() => (highlighted.value === id || entrance.value === id ? 0 : -1));
  const chosen = useComputed(() => (selected.value.get(id) ? "refused" : selected.value.has(id) ? "" : undefined));
  const left = useComputed(() => gone.value.has(id)).value;
  const hasDraft = useComputed(() => drafted.value.has(id)).value;
  const view = useComputed(() => route.value.view).value;
  // While we owe an answer, age is how long the customer waits; reminders do not make it younger.
  const since = row.awaiting === "us" ? row.asked_at : row.updated_at;
  const name = personName(row);
  return html`<li aria-setsize=${size} aria-posinset=${index + 1} style=${below === undefined ? undefined : { position: "absolute", insetInline: 0, insetBlockStart: `${below * ROW}rem` }}>
    <a
      class="row"
      id=${`row-${row.id}`}
      href=${hrefOf(view, row.id)}
      tabindex=${stop}
      aria-current=${open}
      data-highlighted=${lit}
      data-selected=${chosen}
      data-gone=${left ? "" : undefined}
      data-waiting=${row.awaiting === "us" ? "" : undefined}
      onClick=${(/** @type {MouseEvent} */ event) => openRow(event, row)}
      onFocus=${() => { highlighted.value = row.id; }}
    >
      <span class="face"><${Avatar} id=${row.handle || row.id} letters=${firstLetter(name)} /><${PlatformMark} platform=${row.platform} /></span>
      <span class="who"><bdi class="name">${name}</bdi>${row.handle ? html`<bdi class="handle">@${row.handle}</bdi>` : null}</span>
      <span class="age" title=${fullTime(since)}>${age(since, now.value)}</span>
      <span class="snippet"><${Snippet} row=${row} /></span>
      ${row.unread > 0 ? html`<span class="unread"><span aria-hidden="true">${t("count", { n: row.unread })}</span><span class="hidden">${t("unread", { n: row.unread })}</span></span>` : null}
      <span class="marks">
        ${left ? html`<span class="chip" data-tone="quiet">${t("row.gone")}</span>` : null}
        <span class="where"><${AudienceMark} row=${row} short /><${SurfaceMark} row=${row} /></span>
        <${DueChip} row=${row} /><${StatusChip} row=${row} />
        <${PriorityMark} row=${row} />
        <${ReplyMark} state=${row.reply_state} /><${ApprovalMark} row=${row} />
        <${EscalationMark} row=${row} short /><${CompanyMark} id=${id} short /><${Tags} row=${row} most=${2} />
      </span>
      <span class="owner">${hasDraft ? html`<span class="chip bare drafted" title=${t("row.draft")}><${Icon} name="draft" /><span class="hidden">${t("row.draft")}</span></span>` : null}${row.owner
        ? html`<${Avatar} id=${row.owner.id} letters=${row.owner.initials} small title=${row.owner.name} /><span class="hidden">${t("row.owner")} <bdi>${row.owner.name}</bdi></span>`
        : html`<span class="nobody" title=${t("row.unowned")}></span><span class="hidden">${t("row.unowned")}</span>`}</span>
      ${selecting.value ? html`<${SelectMark} id=${id} />` : null}
    </a>
    ${selecting.value ? html`<${SelectBox} row=${row} stop=${stop} />` : null}
  </li>`;
}

const rowHeight = () => ROW * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/** @param {number} top pixels scrolled @param {number} height pixels in sight @param {number} [spare] rows more on each side @returns {{first: number, end: number}} rows to draw, `end` not among them */
function around(top, height, spare = SPARE) {
  const row = rowHeight();
  return { first: Math.max(0, Math.floor(top / row) - spare), end: Math.ceil((top + height) / row) + spare };
}

/**
 * The row that the keyboard stands on stays in the document, in its place, however far away it is scrolled: focus is not
 * lost, Tab finds it, and focus brings it into sight.
 * @param {{box: {current: HTMLElement | null}}} props what scrolls
 */
function Rows({ box }) {
  // At first no more than can be in sight: each row counts until the list stands.
  const sight = useSignal(around(0, innerHeight, 0));
  const top = useRef({ id: "", index: 0 });
  // A row that is drawn with the same props is not drawn again, only taken along.
  const kept = useRef(/** @type {Map<string, {props: {row: Row, index: number, size: number, below: number | undefined}, node: unknown}>} */ (new Map()));
  const drawn = useComputed(() => {
    const { first, end } = sight.value;
    const count = rows.value.length;
    return { first: Math.max(0, Math.min(first, count - (end - first))), end: Math.min(end, count) };
  });
  // Numbers, so that a step inside what is drawn draws nothing anew.
  const at = useComputed(() => rows.value.findIndex((row) => row.id === highlighted.value));
  const apart = useComputed(() => (at.value >= drawn.value.first && at.value < drawn.value.end ? -1 : at.value)).value;
  const listed = useComputed(() => at.value >= 0).value;

  const look = () => {
    const { scrollTop = 0, clientHeight = 0 } = box.current ?? {};
    // On a phone there is no list while a conversation is open.
    if (clientHeight === 0) return;
    const index = Math.floor(scrollTop / rowHeight());
    top.current = { id: rows.peek()[index]?.id ?? "", index };
    const near = around(scrollTop, clientHeight, NEAR);
    const { first, end } = sight.peek();
    if (near.first < first || near.end > end || near.end - near.first < end - first - 4 * SPARE) sight.value = around(scrollTop, clientHeight);
  };
  useEffect(() => {
    const watched = /** @type {HTMLElement} */ (box.current);
    const watch = new ResizeObserver(look);
    watch.observe(watched);
    watched.addEventListener("scroll", look, { passive: true });
    return () => {
      watch.disconnect();
      watched.removeEventListener("scroll", look);
    };
  }, []);

  const items = rows.value;
  const size = nextCursor.value === null ? items.length : -1;
  const { first, end } = drawn.value;
  // Rows that come or go above what is in sight do not move it.
  useLayoutEffect(() => {
    const { id, index } = top.current;
    const now = index > 0 ? items.findIndex((row) => row.id === id) : -1;
    if (now >= 0 && now !== index) box.current?.scrollBy({ top: (now - index) * rowHeight(), behavior: "instant" });
    look();
  }, [items]);
  const below = items.length - end;
  const wanted = nextCursor.value !== null && !moreFailed.value && (below <= 0 || (first > 0 && below < AHEAD));
  useEffect(() => {
    if (wanted) loadMore();
  }, [wanted, items]);

  const stop = listed ? "" : (items[first > 0 ? first + SPARE : 0]?.id ?? "");
  useEffect(() => {
    entrance.value = stop;
  }, [stop]);
  /** @type {typeof kept.current} */
  const drawnNow = new Map();
  const draw = (/** @type {number} */ index) => {
    const row = items[index];
    const props = { row, index, size, below: index === apart ? index - first : undefined };
    const before = kept.current.get(row.id);
    const same = before && before.props.row === row && before.props.index === index && before.props.size === size && before.props.below === props.below;
    const one = same ? before : { props, node: html`<${QueueRow} key=${row.id} ...${props} />` };
    drawnNow.set(row.id, one);
    return one.node;
  };
  const indexes = Array.from({ length: end - first }, (_, n) => first + n);
  // One list in the order of the view: a row that comes to stand apart is not moved in it, and keeps focus.
  if (apart >= 0) indexes.splice(apart < first ? 0 : indexes.length, 0, apart);
  const list = indexes.map(draw);
  kept.current = drawnNow;
  return html`<div style=${{ blockSize: `${items.length * ROW}rem` }}>
    <ol class="rows" aria-labelledby="queue-title" style=${{ transform: `translateY(${first * ROW}rem)` }}>
      ${list}
    </ol>
  </div>`;
}

export function QueuePane() {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const items = rows.value;
  const view = useComputed(() => route.value.view).value;
  useEffect(() => list.current?.scrollTo({ top: 0 }), [view]);
  return html`<section class="queue" aria-labelledby="queue-title">
    <header class="pane-head">
      <h2 id="queue-title">${t(`view.${view}`)}</h2>
      <div class="sorted"><span role="status">${selecting.value ? html`<${SelectCount} />` : null}<${StaleBar} /></span><${Sorted} label=${t(view === "done" ? "queue.sortedDone" : "queue.sorted")} /></div>
      ${touched && items.length > 0 ? html`<button type="button" class="button bare small" onClick=${() => { selecting.value = "all"; }}>${t("queue.select")}</button>` : null}
      <${AccountButton} />
      ${selecting.value ? html`<${SelectBar} />` : null}
    </header>
    ${phase.value === "failed" && items.length > 0 ? html`<div class="notice" data-tone="bad" role="alert"><span>${failure.value || t("queue.failed")}</span><button type="button" class="button small" onClick=${reload}>${t("retry")}</button></div>` : null}
    <div class="scroller" ref=${list} onPointerEnter=${() => { selecting.value ||= "some"; }}>
      ${phase.value === "loading" ? html`<${Skeleton} key=${view} />` : null}
      ${phase.value === "failed" && items.length === 0 ? html`<${Failed} />` : null}
      ${phase.value === "ready" && items.length === 0 ? html`<${Empty} />` : null}
      ${items.length > 0 ? html`<${Rows} box=${list} />` : null}
      <${More} />
    </div>
  </section>`;
}
