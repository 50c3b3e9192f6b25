// One case in the list. A row is a link: middle click, long press and screen readers work.
import { html, signal, useComputed } from "../vendor/preact-11.2.0.js";
import { firstLetter, langOf, personName, t } from "../core/i18n.js";
import { piecesOf, withoutAddressees } from "../core/links.js";
import { drafted, gone, highlighted } from "../core/queue.js";
import { hrefOf, route } from "../core/route.js";
import { age, fullTime, now } from "../core/spans.js";
import { ApprovalMark, AudienceMark, Avatar, CompanyMark, DueChip, EscalationMark, PlatformMark, PriorityMark, ReplyMark, StatusChip, SurfaceMark } from "./chips.js";
import { Icon } from "./icon.js";

/** @typedef {import("../types.d.ts").Row} Row */

/** Height in rem; style.css gives each the same. */
export const ROW = 5;

/** @param {{row: Row}} props one line of text, cut at its own end */
function Snippet({ row }) {
  if (!row.snippet) return html`<i>${t("row.noText")}</i>`;
  const pieces = withoutAddressees(piecesOf(row.snippet));
  return html`<span dir="auto" lang=${langOf(row.language)}>${pieces.map((piece) => (piece.kind === "plain" ? piece.text : html`<bdi>${piece.text}</bdi>`))}</span>`;
}

/** Where Tab comes to while the keyboard stands on no row of the list. */
export const entrance = signal("");

/**
 * @param {{row: Row, index: number, size: number, below?: number, onOpen: (event: MouseEvent, row: Row) => void}} props
 *   below: drawn apart from the others, so many rows below the first of them
 */
export function QueueRow({ row, index, size, below, onOpen }) {
  const { id } = row;
  // Given to the element as signals: a step through the list changes attributes of two rows and draws none.
  const open = useComputed(() => (route.value.id === id ? "true" : undefined));
  const lit = useComputed(() => (highlighted.value === id ? "" : undefined));
  const stop = useComputed(() => (highlighted.value === id || entrance.value === id ? 0 : -1));
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
      data-gone=${left ? "" : undefined}
      data-waiting=${row.awaiting === "us" ? "" : undefined}
      onClick=${(/** @type {MouseEvent} */ event) => onOpen(event, row)}
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
        <${EscalationMark} row=${row} short /><${CompanyMark} id=${id} short />
      </span>
      <span class="owner">${hasDraft ? html`<span class="chip bare drafted" title=${t("row.draft")}><${Icon} name="draft" /><span class="hidden">${t("row.draft")}</span></span>` : null}${row.owner
        ? html`<${Avatar} id=${row.owner.id} letters=${row.owner.initials} small title=${row.owner.name} /><span class="hidden">${t("row.owner")} <bdi>${row.owner.name}</bdi></span>`
        : html`<span class="nobody" title=${t("row.unowned")}></span><span class="hidden">${t("row.unowned")}</span>`}</span>
    </a>
  </li>`;
}
