// A native modal dialog: focus stays inside, Escape closes, focus returns to where it was.
import { html, useEffect, useRef } from "../vendor/preact-11.2.0.js";
import { dialog } from "../core/intents.js";
import { t } from "../core/i18n.js";
import { Icon } from "../ui/icon.js";

/** @typedef {import("../vendor/preact-11.2.0.js").Child} Child */

/** A box to write in gets the keyboard back from Chromium without its caret, and what is typed into it is lost. */
function giveCaretBack() {
  const at = document.activeElement;
  if (at instanceof HTMLTextAreaElement) at.setSelectionRange(at.selectionStart, at.selectionEnd);
}

/** @param {{title: string, kind?: string, children?: Child}} props */
export function Frame({ title, kind, children }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => box.current?.showModal(), []);
  const onClick = (/** @type {MouseEvent} */ event) => event.target === box.current && box.current?.close();
  return html`<dialog ref=${box} data-kind=${kind} aria-labelledby="dialog-title" onClose=${() => { dialog.value = null; giveCaretBack(); }} onClick=${onClick}>
    <div class="dialog-body">
      <header><h2 id="dialog-title">${title}</h2>
        <button type="button" class="button bare" onClick=${() => box.current?.close()}><${Icon} name="close" /><span class="hidden">${t("dialog.close")}</span></button></header>
      ${children}
    </div>
  </dialog>`;
}

/** Closes the open dialog; it removes itself once the browser has given focus back. */
export function closeDialog() {
  document.querySelector("dialog")?.close();
}
