// A condition: rows that are joined by and / or where it is as plain as that, else its own words.
import { html, useState } from "../../vendor/preact-11.2.0.js";
import { simple, SIGNS, written } from "../../core/conditions.js";
import { has, t } from "../../core/i18n.js";
import { Away, idOf, Small, typed } from "./form.js";

/** @typedef {import("../../core/conditions.js").Row} Row */
/** @typedef {import("../../types.d.ts").Fact} Fact */

/** @param {string} name @returns {string} words for a fact */
const factName = (name) => (has(`settings.fact.${name}`) ? t(`settings.fact.${name}`) : name);

/** @param {string} value @returns {string} */
const valueName = (value) => (value === "" ? t("settings.none") : has(`settings.value.${value}`) ? t(`settings.value.${value}`) : value);

/** @param {string} name @param {Fact} fact @returns {Row} to begin with */
function begun(name, fact) {
  if (fact.kind === "yes_no") return { name, sign: "is", value: true };
  if (fact.kind === "number") return { name, sign: ">=", value: 1 };
  if (fact.kind === "texts") return { name, sign: "has", value: "" };
  return { name, sign: "==", value: fact.values.find(Boolean) ?? "" };
}

/** @param {{row: Row, fact: Fact, onChange: (value: Row["value"]) => void, options: [string, string][]}} props */
function Value({ row, fact, onChange, options }) {
  const label = t("settings.when.value", { name: factName(row.name) });
  if (row.sign === "is") return html`<select aria-label=${label} onChange=${(/** @type {Event} */ event) => onChange(typed(event) === "yes")}>${["yes", "no"].map((one) => html`<option key=${one} value=${one} selected=${(one === "yes") === row.value}>${t(`settings.when.${one}`)}</option>`)}</select>`;
  if (fact.kind === "number") return html`<input type="number" aria-label=${label} value=${row.value} onInput=${(/** @type {Event} */ event) => onChange(Number(typed(event)))} />`;
  if (row.sign === "in") return html`<input type="text" aria-label=${label} dir="auto" placeholder=${t("settings.when.several")} value=${/** @type {string[]} */ (row.value).join(", ")} onChange=${(/** @type {Event} */ event) => onChange(typed(event).split(",").map((one) => one.trim()).filter(Boolean))} />`;
  const known = fact.values.length > 0 ? fact.values.map((one) => /** @type {[string, string]} */ ([one, valueName(one)])) : options;
  if (known.length > 0) {
    const all = known.some(([one]) => one === row.value) ? known : [/** @type {[string, string]} */ ([String(row.value), valueName(String(row.value))]), ...known];
    return html`<select aria-label=${label} onChange=${(/** @type {Event} */ event) => onChange(typed(event))}>${all.map(([one, words]) => html`<option key=${one} value=${one} selected=${one === row.value}>${words}</option>`)}</select>`;
  }
  return html`<input type="text" aria-label=${label} dir="auto" value=${row.value} onInput=${(/** @type {Event} */ event) => onChange(typed(event))} />`;
}

/**
 * @param {{path: string, text: string, words: Record<string, Fact>, options?: Record<string, [string, string][]>, wrong: string, onChange: (text: string) => void}} props
 * options: what a fact may be where the language itself does not say, such as platforms
 */
export function Condition({ path, text, words, options = {}, wrong, onChange }) {
  const plain = simple(text, words);
  const [byWords, setByWords] = useState(plain === null);
  if (byWords || plain === null) {
    return html`<div class="condition"><label for=${idOf(path)}>${t("settings.when")}</label>
      <textarea id=${idOf(path)} rows="2" dir="ltr" spellcheck="false" value=${text} aria-invalid=${wrong ? "true" : undefined} aria-describedby=${`${idOf(path)}-hint`} onInput=${(/** @type {Event} */ event) => onChange(typed(event))}></textarea>
      <p class="hint" id=${`${idOf(path)}-hint`}>${t("settings.when.words")} <code>${Object.keys(words).join(" ")}</code></p>
      ${plain ? html`<p><${Small} label=${t("settings.when.byRows")} onClick=${() => setByWords(false)} /></p>` : null}</div>`;
  }
  const { rows, joint } = plain;
  const put = (/** @type {Row[]} */ next, /** @type {"and" | "or"} */ by = joint) => onChange(written({ rows: next, joint: by }));
  const set = (/** @type {number} */ at, /** @type {Row} */ row) => put(rows.map((old, index) => (index === at ? row : old)));
  const turn = (/** @type {Row} */ row, /** @type {string} */ sign) => ({ ...row, sign, value: sign === "in" ? [String(row.value)].filter(Boolean) : Array.isArray(row.value) ? (row.value[0] ?? "") : row.value });
  const first = Object.keys(words)[0];
  return html`<fieldset class="condition" id=${idOf(path)} tabindex="-1"><legend>${t("settings.when")}</legend>
    ${rows.map((row, at) => html`<div key=${at} class="condition-row">
      ${at > 0 ? html`<select class="joint" aria-label=${t("settings.when.joint")} onChange=${(/** @type {Event} */ event) => put(rows, /** @type {"and" | "or"} */ (typed(event)))}>${["and", "or"].map((one) => html`<option key=${one} value=${one} selected=${one === joint}>${t(`settings.when.${one}`)}</option>`)}</select>` : null}
      <select aria-label=${t("settings.when.fact")} onChange=${(/** @type {Event} */ event) => set(at, begun(typed(event), words[typed(event)]))}>${Object.keys(words).map((name) => html`<option key=${name} value=${name} selected=${name === row.name}>${factName(name)}</option>`)}</select>
      ${row.sign === "is" ? null : html`<select aria-label=${t("settings.when.sign")} onChange=${(/** @type {Event} */ event) => set(at, turn(row, typed(event)))}>${SIGNS[words[row.name].kind].map((sign) => html`<option key=${sign} value=${sign} selected=${sign === row.sign}>${t(`settings.sign.${sign}`)}</option>`)}</select>`}
      <${Value} row=${row} fact=${words[row.name]} options=${options[row.name] ?? []} onChange=${(/** @type {Row["value"]} */ value) => set(at, { ...row, value })} />
      ${rows.length > 1 ? html`<${Away} label=${t("settings.drop")} onClick=${() => put(rows.filter((_, index) => index !== at))} />` : null}
    </div>`)}
    <p class="choices"><${Small} label=${t("settings.when.more")} onClick=${() => put([...rows, begun(first, words[first])])} /><${Small} label=${t("settings.when.byWords")} onClick=${() => setByWords(true)} /></p>
  </fieldset>`;
}
