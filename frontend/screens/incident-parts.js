// Parts that the list of incidents and the view of one share: state, times, what was asked for, texts per language.
import { html, useEffect, useRef, useState } from "../vendor/preact-11.2.0.js";
import { reachable } from "../core/api.js";
import { languageName, t } from "../core/i18n.js";
import { LANGUAGES } from "../core/incidents.js";
import { clockTime, dayLabel, fullTime, now } from "../core/spans.js";
import { Icon } from "../ui/icon.js";

/** @typedef {import("../types.d.ts").Incident} Incident */
/** @typedef {Record<string, string>} Texts */

const PATIENCE = 150;
const MOST = 2000;

/** @param {{at: string}} props */
export const At = ({ at }) => html`<time dir="auto" datetime=${at} title=${fullTime(at)}>${dayLabel(at, now.value)}, ${clockTime(at)}</time>`;

const TONES = { suggested: "warn", open: "bad", closed: undefined };

/** @param {{incident: Incident}} props */
export const IncidentState = ({ incident }) => html`<span class="chip" data-tone=${TONES[incident.state]}>${t(`incident.state.${incident.state}`)}</span>`;

/** @param {{incident: Incident}} props how it came about */
export function Noticed({ incident }) {
  const how = incident.suggested ? `${t("incident.counted", { n: incident.counted })} ${t("incident.people", { n: incident.people })}` : t("incident.byHand");
  return html`<p class="quiet">${how} · <${At} at=${incident.opened_at} />${incident.closed_at ? html` – <${At} at=${incident.closed_at} />` : null}</p>`;
}

/** What stands while nothing is there yet, or could not be had. @param {{answer: ReturnType<typeof import("../core/incidents.js").useAnswer>}} props */
export function Asking({ answer: { phase, found, sentence, load } }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [phase]);
  if (phase === "failed") return html`<div class="empty" role="alert"><${Icon} name=${reachable.value ? "warning" : "offline"} /><p>${sentence}</p><button type="button" class="button" onClick=${load}>${t("retry")}</button></div>`;
  if (found) return sentence ? html`<div class="notice" data-tone="bad" role="alert"><span>${sentence}</span><button type="button" class="button small" onClick=${load}>${t("retry")}</button></div>` : null;
  return html`<div class="skeleton" aria-busy="true"><span class="hidden" role="status">${t("loading")}</span>${late ? html`<i></i><i></i>` : null}</div>`;
}

/**
 * Texts of several languages, one box each.
 * @param {{name: string, texts: Texts, onChange: (texts: Texts) => void, begin?: boolean}} props name: of the boxes, for their labels; begin: with the keyboard in the first
 */
export function TextsEditor({ name, texts, onChange, begin }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const shown = Object.keys(texts);
  const others = LANGUAGES.filter((language) => !shown.includes(language));
  useEffect(() => {
    if (begin) place.current?.querySelector("textarea")?.focus();
  }, []);
  const add = (/** @type {Event} */ event) => {
    const { value } = /** @type {HTMLSelectElement} */ (event.target);
    if (!value) return;
    onChange({ ...texts, [value]: "" });
    requestAnimationFrame(() => [...(place.current?.querySelectorAll("textarea") ?? [])].at(-1)?.focus());
  };
  // Escape leaves a screen; not from here, with words in the box.
  return html`<div class="texts" ref=${place} onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && event.preventDefault()}>
    ${shown.map((language) => html`<label key=${language} class="field"><span>${languageName(language)}<span class="hidden"> – ${name}</span></span>
      <textarea rows="3" maxlength=${MOST} lang=${language} dir=${texts[language] ? "auto" : undefined} value=${texts[language]} onInput=${(/** @type {InputEvent} */ event) => onChange({ ...texts, [language]: /** @type {HTMLTextAreaElement} */ (event.target).value })}></textarea></label>`)}
    ${others.length ? html`<label class="field add-language"><span class="hidden">${t("incident.addLanguage")} – ${name}</span><select value="" onChange=${add}><option value="">${t("incident.addLanguage")}</option>${others.map((language) => html`<option key=${language} value=${language}>${languageName(language)}</option>`)}</select></label>` : null}
  </div>`;
}

/** Texts begun and not yet given to the server: whoever looks elsewhere meanwhile finds them again. @type {Map<string, Texts>} */
const begun = new Map();

/** @param {string} key of the place @returns {[Texts | null, (texts: Texts | null) => void]} null when nothing is being written there */
export function useBegun(key) {
  const [texts, setTexts] = useState(begun.get(key) ?? null);
  return [texts, (next) => {
    if (next) begun.set(key, next);
    else begun.delete(key);
    setTexts(next);
  }];
}

/** @param {Texts} texts @returns {Texts} without the empty ones: a language without a text is none */
export const written = (texts) => Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim() !== ""));

/** @param {{texts: Texts}} props as they were written */
export const TextsShown = ({ texts }) => html`<dl class="texts-shown">${Object.entries(texts).map(([language, text]) => html`<div key=${language}><dt>${languageName(language)}</dt><dd lang=${language} dir="auto">${text}</dd></div>`)}</dl>`;
