// Selecting rows of the list: a box at each, the count, and what can be done with all that are selected.
import { html, useComputed, useLayoutEffect } from "../vendor/preact-11.2.0.js";
import { isolate, personName, t } from "../core/i18n.js";
import { highlighted, selected, selecting } from "../core/queue.js";
import { chosen, clear, doAll, extend, offered, toggle } from "../core/selecting.js";
import { Icon } from "./icon.js";
import { loadStyle } from "./later.js";

/** @typedef {import("../types.d.ts").Row} Row */

await loadStyle("ui/selection.css");

/** @type {Record<import("../core/selecting.js").Bulk, {icon: string, label: string, keys?: string, popup?: "dialog"}>} */
const ACTIONS = {
  done: { icon: "done", label: "action.done", keys: "e" },
  reopen: { icon: "undo", label: "action.reopen" },
  take: { icon: "person", label: "action.take", keys: "i" },
  assign: { icon: "mine", label: "action.assign", keys: "a", popup: "dialog" },
  snooze: { icon: "snoozed", label: "action.snooze", keys: "h", popup: "dialog" },
  tag: { icon: "tag", label: "action.tag", keys: "l", popup: "dialog" },
};

/** Beside a row, over its picture. @param {{row: Row, stop: unknown}} props stop: where Tab comes to in the list */
export function SelectBox({ row, stop }) {
  const { id } = row;
  const checked = useComputed(() => selected.value.has(id));
  const onClick = (/** @type {MouseEvent} */ event) => {
    if (event.shiftKey) extend(id);
    else toggle(id);
    // Where a range is already selected, the browser has changed its mark and we have not.
    /** @type {HTMLInputElement} */ (event.currentTarget).checked = selected.peek().has(id);
  };
  // With Shift the browser would select text.
  const onMouseDown = (/** @type {MouseEvent} */ event) => event.shiftKey && event.preventDefault();
  return html`<label class="pick" onMouseDown=${onMouseDown}>
    <input type="checkbox" tabindex=${stop} checked=${checked} aria-label=${t("select.row", { name: isolate(personName(row)) })} onClick=${onClick} onFocus=${() => { highlighted.value = id; }} />
  </label>`;
}

/** Within a row: that it is selected, and why its last change was refused. @param {{id: string}} props */
export function SelectMark({ id }) {
  const why = useComputed(() => selected.value.get(id)).value;
  if (why === undefined) return null;
  return html`<span class="hidden">${t("select.chosen")}</span>${why ? html`<span class="why-not" title=${why}><${Icon} name="warning" /><span dir="auto">${why}</span></span>` : null}`;
}

/** Told as it changes: it stands in what is read out. */
export function SelectCount() {
  const n = selected.value.size;
  return n > 0 || selecting.value === "all" ? html`<span class="select-count"><span>${t("select.count", { n })}</span><span class="short" aria-hidden="true">${t("count", { n })}</span></span>` : null;
}

/** Instead of the title of the list, so that no row moves. */
export function SelectBar() {
  const cases = chosen();
  const all = selecting.value === "all";
  const mode = all ? "all" : cases.length > 0 ? "some" : "";
  // An attribute, because `:has()` is looked at anew with each change anywhere in the list.
  useLayoutEffect(() => {
    const queue = document.querySelector(".queue");
    queue?.toggleAttribute("data-bar", mode !== "");
    if (mode) queue?.setAttribute("data-bar", mode);
    return () => queue?.removeAttribute("data-bar");
  }, [mode]);
  if (cases.length === 0 && !all) return null;
  return html`<div class="select-bar" role="toolbar" aria-label=${t("select.actions")}>
    ${(cases.length > 0 ? offered(cases) : []).map((what) => {
      const { icon, label, keys, popup } = ACTIONS[what];
      return html`<button key=${what} type="button" class="button small" title=${keys ? `${t(label)} (${keys})` : t(label)} aria-keyshortcuts=${keys} aria-haspopup=${popup} onClick=${() => doAll(what)}><${Icon} name=${icon} /><span class="hidden">${t(label)}</span></button>`;
    })}
    <button type="button" class="button bare small" title=${`${t("select.clear")} (Esc)`} aria-keyshortcuts="Escape" onClick=${clear}><${Icon} name="close" /><span class="hidden">${t("select.clear")}</span></button>
  </div>`;
}
