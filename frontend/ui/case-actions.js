// Take, assign, snooze, done and open again: each with its key.
import { html } from "../vendor/preact-11.2.0.js";
import { t } from "../core/i18n.js";
import { showDialog } from "../core/intents.js";
import { myId } from "../core/session.js";
import { Icon } from "./icon.js";

/** @typedef {import("../types.d.ts").Row} Row */

/** @param {{icon: string, label: string, keys?: string, main?: boolean, popup?: boolean, onClick: () => unknown}} props */
function Action({ icon, label, keys, main, popup, onClick }) {
  return html`<button type="button" class=${main ? "button strong" : "button"} aria-keyshortcuts=${keys} aria-haspopup=${popup ? "dialog" : undefined} onClick=${onClick}>
    <${Icon} name=${icon} /><span class="label">${label}</span>${keys ? html`<kbd aria-hidden="true">${keys}</kbd>` : null}
  </button>`;
}

/** What changes a case comes with the keyboard, after the first look. */
const changes = () => import("../core/changes.js");

/** @param {{row: Row, empty: boolean}} props empty: nothing is left in it to go on with */
export function CaseActions({ row, empty }) {
  const mine = row.owner?.id === myId.value;
  return html`<div class="actions" role="toolbar" aria-label=${t("actions")}>
    ${mine ? null : html`<${Action} icon="person" label=${t("action.take")} keys="i" onClick=${async () => (await changes()).assign(row, "me")} />`}
    <${Action} icon="mine" label=${t("action.assign")} keys="a" popup onClick=${() => showDialog("assign", row.id)} />
    <${Action} icon="tag" label=${t("action.tag")} keys="l" popup onClick=${() => showDialog("tags", row.id)} />
    ${row.status === "open" ? html`<${Action} icon="snoozed" label=${t("action.snooze")} keys="h" popup onClick=${() => showDialog("snooze", row.id)} />` : null}
    ${row.status === "open"
      ? html`<${Action} icon="done" label=${t("action.done")} keys="e" main onClick=${async () => (await changes()).close(row)} />`
      : empty ? null : html`<${Action} icon="undo" label=${t("action.reopen")} main onClick=${async () => (await changes()).reopen(row)} />`}
  </div>`;
}
