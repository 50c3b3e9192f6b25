// Toasts sit at the bottom start over the list, where they cover neither the thread nor the reply box.
import { html } from "../vendor/preact-11.2.0.js";
import { t } from "../core/i18n.js";
import { dismiss, runAction, toasts } from "../core/toasts.js";
import { Icon } from "./icon.js";

export function ToastList() {
  return html`<div class="toasts" role="status" aria-live="polite">
    ${toasts.value.map((toast) => html`<div class="toast" key=${toast.id} data-tone=${toast.tone}>
      <span>${toast.text}</span>
      ${toast.action ? html`<button type="button" class="button small" aria-keyshortcuts=${toast.undo ? "z" : undefined} onClick=${() => runAction(toast)}>${toast.action.label}${toast.undo ? html`<kbd aria-hidden="true">z</kbd>` : null}</button>` : null}
      <button type="button" class="button bare small" onClick=${() => dismiss(toast.id)}><${Icon} name="close" /><span class="hidden">${t("toast.dismiss")}</span></button>
    </div>`)}
  </div>`;
}
