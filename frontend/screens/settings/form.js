// Parts of a form over the brand's settings: each field knows its path in the policy, shows what is wrong with it, and
// keeps what was changed until the part is saved.
import { html, useEffect, useRef } from "../../vendor/preact-11.2.0.js";
import { has, isolate, t } from "../../core/i18n.js";
import { clashes, discard, edit, edits, save, saving, settings, unsaved, valueOf, wrongs } from "../../core/policy.js";
import { Icon } from "../../ui/icon.js";

/** @typedef {import("../../vendor/preact-11.2.0.js").Child} Child */

const UNITS = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** @param {string} path `calendar.zone`, `assignment.rules.0.when` @returns {string} an id for its field */
export const idOf = (path) => `set-${path.replaceAll(".", "-")}`;

/** @param {Event} event @returns {string} */
export const typed = (event) => /** @type {HTMLInputElement} */ (event.target).value;

/** @param {Event} event @returns {boolean} */
export const ticked = (event) => /** @type {HTMLInputElement} */ (event.target).checked;

/** @param {string} part @param {string} path @returns {string} what is wrong there */
export function wrongAt(part, path) {
  return (wrongs.value[part] ?? []).filter(({ at }) => at.join(".") === path).map(({ sentence }) => sentence).join(" ");
}

/** @param {string} part @param {string} path @returns {string} what is wrong there, or at anything below it */
export function wrongUnder(part, path) {
  return (wrongs.value[part] ?? []).filter(({ at }) => `${at.join(".")}.`.startsWith(`${path}.`)).map(({ sentence }) => sentence).join(" ");
}

/** @param {string} path @returns {boolean} it was changed here and is not saved */
const isChanged = (path) => edits.value.has(path);

/**
 * A label, what it means, its control and what is wrong with it.
 * @param {{part: string, path: string, label: string, hint?: string, below?: boolean, children?: Child}} props below: also what is wrong with parts of it
 */
export function Field({ part, path, label, hint, below, children }) {
  const wrong = below ? wrongUnder(part, path) : wrongAt(part, path);
  return html`<div class="set-field" data-path=${path} data-changed=${isChanged(path) ? "" : undefined}>
    <label for=${idOf(path)}>${label}</label>
    ${children}
    ${hint ? html`<p class="hint" id=${`${idOf(path)}-hint`}>${hint}</p>` : null}
    ${wrong ? html`<p class="wrong" id=${`${idOf(path)}-wrong`}><${Icon} name="warning" /><span>${wrong}</span></p>` : null}
  </div>`;
}

/** @param {string} part @param {string} path @param {{hint?: string, below?: boolean}} [more] @returns {Record<string, unknown>} attributes that tie a control to its field */
export function tied(part, path, { hint, below } = {}) {
  const wrong = below ? wrongUnder(part, path) : wrongAt(part, path);
  const described = [hint ? `${idOf(path)}-hint` : "", wrong ? `${idOf(path)}-wrong` : ""].filter(Boolean).join(" ");
  return { id: idOf(path), "aria-describedby": described || undefined, "aria-invalid": wrong ? "true" : undefined };
}

/** @typedef {{part: string, path: string, label: string, hint?: string}} Of */

/** @param {Of & {list?: string, spell?: boolean}} props list: id of a `datalist` */
export function Text({ part, path, label, hint, list }) {
  const value = valueOf(path) ?? "";
  return html`<${Field} ...${{ part, path, label, hint }}><input type="text" ...${tied(part, path, { hint })} list=${list} dir=${value ? "auto" : undefined} autocomplete="off" spellcheck="false" value=${value} onInput=${(/** @type {Event} */ event) => edit(part, path, typed(event))} /><//>`;
}

/** @param {Of & {min?: number, max?: number, step?: number, unit?: string, times?: number}} props times: what is shown is so many times what is kept */
export function Num({ part, path, label, hint, min, max, step = 1, unit, times = 1 }) {
  const value = valueOf(path);
  const onInput = (/** @type {Event} */ event) => {
    const said = typed(event);
    // What is no number goes to the server as it is, which says so.
    edit(part, path, said === "" ? null : Math.round((Number(said) / times) * 10_000) / 10_000);
  };
  return html`<${Field} ...${{ part, path, label, hint }}><span class="with-unit"><input type="number" inputmode="decimal" ...${tied(part, path, { hint })} min=${min} max=${max} step=${step} value=${value === null || value === undefined ? "" : Math.round(value * times * 10_000) / 10_000} onInput=${onInput} />${unit ? html`<span class="quiet">${unit}</span>` : null}</span><//>`;
}

/** @param {number} seconds @returns {keyof typeof UNITS} the largest unit in which it is a whole number */
function unitOf(seconds) {
  const names = /** @type {(keyof typeof UNITS)[]} */ (["days", "hours", "minutes"]);
  return names.find((name) => seconds >= UNITS[name] && seconds % UNITS[name] === 0) ?? "seconds";
}

/**
 * A number and its unit, for a wait in seconds.
 * @param {{id?: string, value: number | null, label: string, onChange: (seconds: number | null) => void, attributes?: Record<string, unknown>, none?: string}} props none: words for no wait at all
 */
export function Span({ value, label, onChange, attributes = {}, none }) {
  const unit = useRef(/** @type {keyof typeof UNITS} */ (value ? unitOf(value) : "minutes"));
  if (value && value % UNITS[unit.current] !== 0) unit.current = unitOf(value);
  const shown = value === null ? "" : value / UNITS[unit.current];
  const set = (/** @type {string} */ said) => onChange(said === "" ? null : Math.round(Number(said) * UNITS[unit.current]));
  const turn = (/** @type {Event} */ event) => {
    unit.current = /** @type {keyof typeof UNITS} */ (typed(event));
    onChange(shown === "" ? null : Math.round(Number(shown) * UNITS[unit.current]));
  };
  return html`<span class="with-unit"><input type="number" inputmode="numeric" min="0" step="1" aria-label=${attributes.id ? undefined : label} ...${attributes} value=${shown} placeholder=${none} onInput=${(/** @type {Event} */ event) => set(typed(event))} />
    <select aria-label=${t("settings.unitOf", { name: label })} value=${unit.current} onChange=${turn}>${Object.keys(UNITS).map((name) => html`<option key=${name} value=${name} selected=${name === unit.current}>${t(`settings.unit.${name}`)}</option>`)}</select></span>`;
}

/** @param {Of & {none?: string}} props none: words for "no such wait", where there may be none */
export function Wait({ part, path, label, hint, none }) {
  return html`<${Field} ...${{ part, path, label, hint }}><${Span} value=${valueOf(path)} label=${label} none=${none} attributes=${tied(part, path, { hint })} onChange=${(/** @type {number | null} */ seconds) => edit(part, path, seconds)} /><//>`;
}

/** @param {Of} props a yes or no */
export function Switch({ part, path, label, hint }) {
  const wrong = wrongAt(part, path);
  return html`<div class="set-switch" data-path=${path} data-changed=${isChanged(path) ? "" : undefined}><label><input type="checkbox" ...${tied(part, path, { hint })} checked=${valueOf(path) === true} onChange=${(/** @type {Event} */ event) => edit(part, path, ticked(event))} /><span>${label}</span></label>
    ${hint ? html`<p class="hint" id=${`${idOf(path)}-hint`}>${hint}</p>` : null}${wrong ? html`<p class="wrong" id=${`${idOf(path)}-wrong`}><${Icon} name="warning" /><span>${wrong}</span></p>` : null}</div>`;
}

/** @param {Of & {options: [string, string][], number?: boolean}} props options: value and words; number: values are numbers */
export function Choice({ part, path, label, hint, options, number }) {
  const value = String(valueOf(path) ?? "");
  const onChange = (/** @type {Event} */ event) => edit(part, path, number ? Number(typed(event)) : typed(event));
  return html`<${Field} ...${{ part, path, label, hint }}><select ...${tied(part, path, { hint })} value=${value} onChange=${onChange}>${options.map(([one, words]) => html`<option key=${one} value=${one} selected=${one === value}>${words}</option>`)}</select><//>`;
}

/** @param {Of} props a list of texts, one a line */
export function Lines({ part, path, label, hint }) {
  const value = /** @type {string[]} */ (valueOf(path) ?? []);
  const keep = (/** @type {Event} */ event) => edit(part, path, typed(event) === "" ? [] : typed(event).split("\n"));
  const rows = Math.min(8, Math.max(2, value.length + 1));
  return html`<${Field} ...${{ part, path, label, hint }} below><textarea ...${tied(part, path, { hint, below: true })} rows=${rows} dir="auto" spellcheck="false" value=${value.join("\n")} onInput=${keep}></textarea><//>`;
}

/**
 * Some of a few things; none chosen stands for all where `all` says so.
 * @param {{label: string, options: [string, string][], value: string[], onChange: (value: string[]) => void, all?: string}} props
 */
export function Some({ label, options, value, onChange, all }) {
  const toggle = (/** @type {string} */ one) => onChange(value.includes(one) ? value.filter((other) => other !== one) : [...value, one]);
  return html`<fieldset class="some"><legend>${label}${all && value.length === 0 ? html` <span class="quiet">${all}</span>` : null}</legend>
    ${options.map(([one, words]) => html`<label key=${one}><input type="checkbox" checked=${value.includes(one)} onChange=${() => toggle(one)} /><bdi>${words}</bdi></label>`)}</fieldset>`;
}

/** @param {{label: string, onClick: () => void, icon?: string}} props */
export const Small = ({ label, onClick, icon = "" }) => html`<button type="button" class="button small" onClick=${onClick}>${icon ? html`<${Icon} name=${icon} />` : null}${label}</button>`;

/** Away with one thing of a list. @param {{label: string, onClick: () => void}} props */
export const Away = ({ label, onClick }) => html`<button type="button" class="button bare away" onClick=${onClick}><${Icon} name="close" /><span class="hidden">${label}</span></button>`;

/** @param {string} name @returns {string} words for one step of the way to a setting, as far as there are any */
const stepName = (name) => (has(`settings.at.${name}`) ? t(`settings.at.${name}`) : /^\d+$/.test(name) ? t("settings.nth", { n: Number(name) + 1 }) : name);

/** @param {string[]} at @returns {string} a place in the policy as its field calls it, which is on screen; else as the way to it is called */
function placeName(at) {
  const most = at.findLastIndex((_, index) => labelOf(at.slice(0, index + 1)));
  return [...(most < 0 ? [] : [labelOf(at.slice(0, most + 1))]), ...at.slice(most + 1).map(stepName)].join(" › ");
}

/** @param {string[]} at @returns {string} label of the field of just this place, "" for none */
function labelOf(at) {
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById(idOf(at.join("."))));
  return field?.labels?.[0]?.textContent?.trim() ?? field?.getAttribute("aria-label") ?? "";
}

/** The same each time: whoever corrects a field keeps the keyboard. @type {import("../../core/policy.js").Wrong[]} */
const NOTHING = [];
/** @type {string[]} */
const NONE = [];

/** What was refused, in one place at the top; what has a field of its own is told there, too. @param {{part: string}} props */
function Wrongs({ part }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const found = wrongs.value[part] ?? NOTHING;
  const met = clashes.value[part] ?? NONE;
  useEffect(() => {
    if (found.length > 0 || met.length > 0) box.current?.focus();
  }, [found, met]);
  if (found.length === 0 && met.length === 0) return null;
  const go = (/** @type {string} */ path) => {
    const parts = path.split(".");
    for (let most = parts.length; most > 0; most -= 1) {
      const field = document.getElementById(idOf(parts.slice(0, most).join(".")));
      if (field) {
        field.scrollIntoView({ block: "center" });
        field.focus();
        return;
      }
    }
  };
  return html`<div class="notice wrongs" data-tone="bad" role="alert" tabindex="-1" ref=${box}><div>
    ${met.length > 0 ? html`<p>${t("settings.clash", { name: isolate(settings.value?.changed?.by ?? "") })}</p>` : null}
    ${found.length > 0 ? html`<p>${t("settings.wrong", { n: found.length })}</p>` : null}
    <ul>${found.map(({ at, sentence }) => html`<li key=${`${at.join(".")} ${sentence}`}>${at.length > 0 ? html`<button type="button" class="link" onClick=${() => go(at.join("."))}>${placeName(at.map(String))}</button>: ` : null}<span dir="auto">${sentence}</span></li>`)}</ul>
  </div></div>`;
}

/**
 * A part: its title, what it is for, its fields, and the bar that saves them.
 * @param {{part: string, readOnly: boolean, children?: Child, more?: Child}} props more: stands in the bar beside saving
 */
export function Part({ part, readOnly, children, more }) {
  const open = unsaved.value.has(part);
  const busy = saving.value.has(part);
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && open) {
      event.preventDefault();
      save(part);
    }
  };
  return html`<form class="set-part" aria-labelledby="set-title" noValidate onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); save(part); }} onKeyDown=${onKey}>
    <header><h2 id="set-title" tabindex="-1">${t(`settings.part.${part}`)}</h2><p class="quiet">${t(`settings.about.${part}`)}</p></header>
    ${readOnly ? html`<p class="notice"><${Icon} name="info" /><span>${t("settings.readOnly")}</span></p>` : null}
    <${Wrongs} part=${part} />
    <fieldset class="set-all" disabled=${readOnly}>${children}</fieldset>
    ${readOnly ? null : html`<div class="save-bar" data-open=${open ? "" : undefined}>
      <p role="status">${busy ? t("settings.saving") : open ? t("settings.unsaved") : ""}</p>
      ${more}
      ${open ? html`<button type="button" class="button" onClick=${() => discard(part)}>${t("settings.discard")}</button>
        <button type="submit" class="button main" aria-disabled=${busy ? "true" : undefined}>${t("settings.save")}<kbd aria-hidden="true">${/Mac/.test(navigator.platform) ? "⌘" : "Ctrl"} ↵</kbd></button>` : null}
    </div>`}
  </form>`;
}

/** A group of fields with a heading. @param {{title: string, hint?: string, children?: Child}} props */
export const Group = ({ title, hint, children }) => html`<section class="card set-group"><h3>${title}</h3>${hint ? html`<p class="hint">${hint}</p>` : null}${children}</section>`;

/**
 * Texts by language; the brand's own stand in for those that are shipped.
 * @param {Of & {languages: [string, string][]}} props
 */
export function Texts({ part, path, label, hint, languages }) {
  const value = /** @type {Record<string, string>} */ (valueOf(path) ?? {});
  const set = (/** @type {string} */ tag, /** @type {string} */ text) => {
    const next = { ...value, [tag]: text };
    if (!text.trim()) delete next[tag];
    edit(part, path, next);
  };
  const wrong = wrongUnder(part, path);
  return html`<fieldset class="texts" data-path=${path} data-changed=${isChanged(path) ? "" : undefined}><legend>${label}</legend>${hint ? html`<p class="hint">${hint}</p>` : null}
    ${languages.map(([tag, name]) => html`<label key=${tag}><span>${name}</span><textarea rows="2" lang=${tag} dir=${value[tag] ? "auto" : undefined} aria-invalid=${wrong ? "true" : undefined} value=${value[tag] ?? ""} placeholder=${t("settings.shippedText")} onInput=${(/** @type {Event} */ event) => set(tag, typed(event))}></textarea></label>`)}
    ${wrong ? html`<p class="wrong"><${Icon} name="warning" /><span>${wrong}</span></p>` : null}</fieldset>`;
}
