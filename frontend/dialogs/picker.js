// Choosing one thing from a short list: a combobox that filters, its listbox, arrows and Enter.
import { html, useState } from "../vendor/preact-11.2.0.js";
import { t } from "../core/i18n.js";

/** @typedef {{id: string, label: string, detail?: string, current?: boolean, mark?: unknown}} Option */

/** @param {Option[]} options @param {string} typed @returns {Option[]} those whose label or detail holds the typed text */
export function filterOptions(options, typed) {
  const wanted = typed.trim().toLocaleLowerCase();
  return options.filter(({ label, detail }) => `${label} ${detail ?? ""}`.toLocaleLowerCase().includes(wanted));
}

/** @param {{label: string, options: Option[], onPick: (id: string) => void}} props */
export function Picker({ label, options, onPick }) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const shown = filterOptions(options, typed);
  const active = shown[Math.min(at, shown.length - 1)];
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step) {
      event.preventDefault();
      setAt((Math.min(at, shown.length - 1) + step + shown.length) % shown.length);
    } else if (event.key === "Enter" && active) {
      event.preventDefault();
      onPick(active.id);
    }
  };
  const onInput = (/** @type {InputEvent} */ event) => {
    setTyped(/** @type {HTMLInputElement} */ (event.target).value);
    setAt(0);
  };
  return html`<div class="picker">
    <input type="text" role="combobox" aria-label=${label} placeholder=${label} aria-expanded="true" aria-controls="picker-list" aria-autocomplete="list" aria-activedescendant=${active ? `option-${active.id}` : undefined} autocomplete="off" dir=${typed ? "auto" : undefined} value=${typed} onInput=${onInput} onKeyDown=${onKey} autofocus />
    <ul id="picker-list" role="listbox" aria-label=${label}>
      ${shown.map((option, index) => html`<li key=${option.id} id=${`option-${option.id}`} role="option" aria-selected=${option === active ? "true" : "false"} onClick=${() => onPick(option.id)} onPointerMove=${() => setAt(index)}>
        ${option.mark}<span class="option-label"><bdi>${option.label}</bdi></span>${option.detail ? html`<span class="quiet">${option.detail}</span>` : null}${option.current ? html`<span class="chip">${t("picker.current")}</span>` : null}
      </li>`)}
    </ul>
    ${shown.length === 0 ? html`<p class="quiet" role="status">${t("picker.none")}</p>` : null}
  </div>`;
}
