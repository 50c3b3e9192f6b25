// Choosing one thing from a short list: a combobox that filters, its listbox, arrows and Enter.
import { html, useEffect, useRef, useState } from "../vendor/preact-11.2.0.js";
import { takeHeld } from "../core/commands.js";
import { langOf, t } from "../core/i18n.js";

/**
 * `mark` draws what stands before the label; `text` stands under the label, in the direction and language of its own words; `keys` are printed as keys.
 * @typedef {{id: string, label: string, detail?: string, current?: boolean, mark?: () => unknown, text?: string, language?: string, keys?: string[], also?: string}} Option
 */

/** @param {Option[]} options @param {string} typed @returns {Option[]} those that hold every typed word, those whose label begins with it first */
export function filterOptions(options, typed) {
  const wanted = typed.trim().toLocaleLowerCase();
  const words = wanted.split(/\s+/);
  const found = options.filter(({ label, detail, text, also }) => {
    const all = `${label} ${detail ?? ""} ${text ?? ""} ${also ?? ""}`.toLocaleLowerCase();
    return words.every((word) => all.includes(word));
  });
  const begins = (/** @type {Option} */ { label }) => Number(!label.toLocaleLowerCase().startsWith(wanted));
  return wanted ? found.sort((one, other) => begins(one) - begins(other)) : found;
}

/** @param {{label: string, options: Option[], onPick: (id: string) => void, most?: number}} props most: no more are drawn at once */
export function Picker({ label, options, onPick, most = 100 }) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const shown = filterOptions(options, typed).slice(0, most);
  const active = shown[Math.min(at, shown.length - 1)];
  // The list may have come after its dialog was opened.
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => {
    input.current?.focus();
    const { text, enter } = takeHeld();
    setTyped(text);
    const [chosen] = filterOptions(options, text);
    // The dialog has to be there before it can be closed.
    if (enter && chosen) setTimeout(() => onPick(chosen.id));
  }, []);
  // With the keys: the mouse stands on what is in sight.
  const [byKey, setByKey] = useState(0);
  useEffect(() => {
    if (byKey) document.querySelector("#picker-list [aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [byKey]);
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step && shown.length > 0) {
      event.preventDefault();
      setAt((Math.min(at, shown.length - 1) + step + shown.length) % shown.length);
      setByKey(byKey + 1);
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
    <input ref=${input} type="text" role="combobox" aria-label=${label} placeholder=${label} aria-expanded="true" aria-controls="picker-list" aria-autocomplete="list" aria-activedescendant=${active ? `option-${active.id}` : undefined} autocomplete="off" dir=${typed ? "auto" : undefined} value=${typed} onInput=${onInput} onKeyDown=${onKey} autofocus />
    <ul id="picker-list" role="listbox" aria-label=${label}>
      ${shown.map((option, index) => html`<li key=${option.id} id=${`option-${option.id}`} role="option" aria-selected=${option === active ? "true" : "false"} onClick=${() => onPick(option.id)} onPointerMove=${() => setAt(index)}>
        ${option.mark?.()}<span class="option-label"><bdi lang=${langOf(option.language ?? "")}>${option.label}</bdi>${option.text ? html`<span class="option-text"><bdi lang=${langOf(option.language ?? "")}>${option.text}</bdi></span>` : null}</span>${option.detail ? html`<span class="quiet">${option.detail}</span>` : null}${option.keys?.length ? html`<span class="option-keys" aria-hidden="true">${option.keys.map((key) => html`<kbd key=${key}>${key}</kbd>`)}</span>` : null}${option.current ? html`<span class="chip">${t("picker.current")}</span>` : null}
      </li>`)}
    </ul>
    ${shown.length === 0 ? html`<p class="quiet" role="status">${t("picker.none")}</p>` : null}
  </div>`;
}
