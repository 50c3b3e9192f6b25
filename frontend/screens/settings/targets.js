// By when answers are owed, for which cases otherwise, and who hears of it when they are late.
import { html } from "../../vendor/preact-11.2.0.js";
import { t } from "../../core/i18n.js";
import { edit, valueOf } from "../../core/policy.js";
import { lanes, moods, platforms, priorities } from "./choices.js";
import { Away, Group, Num, Part, Small, Some, Span, typed, Wait, wrongUnder } from "./form.js";

/** @typedef {{platforms: string[], priorities: number[], lanes: string[], sentiments: string[], first_answer_seconds: number | null, next_answer_seconds: number | null, resolution_seconds: number | null}} Rule */
/** @typedef {{after_seconds: number, to: string}} Rung */

const PART = "targets";
const HOUR = 3600;
const LEVELS = ["owner", "team", "lead"];
/** @type {("first_answer_seconds" | "next_answer_seconds" | "resolution_seconds")[]} */
const CLOCKS = ["first_answer_seconds", "next_answer_seconds", "resolution_seconds"];
/** @type {Rule} */
const EMPTY = { platforms: [], priorities: [], lanes: [], sentiments: [], first_answer_seconds: HOUR, next_answer_seconds: null, resolution_seconds: null };

/** @template T @param {T[]} list @param {number} at @param {number} step @returns {T[]} with one moved up or down */
export function moved(list, at, step) {
  const next = [...list];
  const [one] = next.splice(at, 1);
  next.splice(Math.max(0, Math.min(list.length - 1, at + step)), 0, one);
  return next;
}

function Rules() {
  const rules = /** @type {Rule[]} */ (valueOf("targets.rules"));
  const put = (/** @type {Rule[]} */ next) => edit(PART, "targets.rules", next);
  const set = (/** @type {number} */ at, /** @type {Partial<Rule>} */ change) => put(rules.map((rule, index) => (index === at ? { ...rule, ...change } : rule)));
  const any = t("settings.any");
  return html`${rules.length === 0 ? html`<p class="quiet">${t("settings.targets.noRules")}</p>` : null}
    <ol class="rows-of">${rules.map((rule, at) => html`<li key=${at} class="rule" id=${`set-targets-rules-${at}`} tabindex="-1">
      <header><b>${t("settings.nth", { n: at + 1 })}</b><span class="order"><${Small} label=${t("settings.up")} onClick=${() => put(moved(rules, at, -1))} /><${Small} label=${t("settings.down")} onClick=${() => put(moved(rules, at, 1))} /><${Away} label=${t("settings.drop")} onClick=${() => put(rules.filter((_, index) => index !== at))} /></span></header>
      <div class="chosen">
        <${Some} label=${t("settings.targets.platforms")} all=${any} options=${platforms()} value=${rule.platforms} onChange=${(/** @type {string[]} */ value) => set(at, { platforms: value })} />
        <${Some} label=${t("settings.targets.priorities")} all=${any} options=${priorities()} value=${rule.priorities.map(String)} onChange=${(/** @type {string[]} */ value) => set(at, { priorities: value.map(Number) })} />
        <${Some} label=${t("settings.targets.lanes")} all=${any} options=${lanes()} value=${rule.lanes} onChange=${(/** @type {string[]} */ value) => set(at, { lanes: value })} />
        <${Some} label=${t("settings.targets.moods")} all=${any} options=${moods()} value=${rule.sentiments} onChange=${(/** @type {string[]} */ value) => set(at, { sentiments: value })} />
      </div>
      <div class="spans">${CLOCKS.map((clock) => html`<label key=${clock}><span>${t(`settings.targets.${clock}`)}</span><${Span} value=${rule[clock]} label=${t(`settings.targets.${clock}`)} none=${t("settings.targets.other")} onChange=${(/** @type {number | null} */ value) => set(at, { [clock]: value })} /></label>`)}</div>
      ${wrongUnder(PART, `targets.rules.${at}`) ? html`<p class="wrong">${wrongUnder(PART, `targets.rules.${at}`)}</p>` : null}
    </li>`)}</ol>
    <p><${Small} label=${t("settings.targets.addRule")} onClick=${() => put([...rules, EMPTY])} /></p>`;
}

function Ladder() {
  const ladder = /** @type {Rung[]} */ (valueOf("ladder"));
  const put = (/** @type {Rung[]} */ next) => edit(PART, "ladder", next);
  const set = (/** @type {number} */ at, /** @type {Partial<Rung>} */ change) => put(ladder.map((rung, index) => (index === at ? { ...rung, ...change } : rung)));
  const last = ladder.at(-1)?.after_seconds ?? 0;
  return html`<ol class="rows-of" id="set-ladder" tabindex="-1">${ladder.map((rung, at) => html`<li key=${at} class="rung">
      <${Span} value=${rung.after_seconds} label=${t("settings.targets.after", { n: at + 1 })} onChange=${(/** @type {number | null} */ value) => set(at, { after_seconds: value ?? 0 })} />
      <select aria-label=${t("settings.targets.told", { n: at + 1 })} onChange=${(/** @type {Event} */ event) => set(at, { to: typed(event) })}>${LEVELS.map((level) => html`<option key=${level} value=${level} selected=${rung.to === level}>${t(`settings.level.${level}`)}</option>`)}</select>
      ${ladder.length > 1 ? html`<${Away} label=${t("settings.drop")} onClick=${() => put(ladder.filter((_, index) => index !== at))} />` : null}</li>`)}</ol>
    <p><${Small} label=${t("settings.targets.addRung")} onClick=${() => put([...ladder, { after_seconds: last + 4 * HOUR, to: "lead" }])} /></p>`;
}

/** @param {{readOnly: boolean}} props */
export default function TargetsPart({ readOnly }) {
  return html`<${Part} part=${PART} readOnly=${readOnly}>
    <${Group} title=${t("settings.targets.general")} hint=${t("settings.targets.general.hint")}>
      <${Wait} part=${PART} path="first_answer_seconds" label=${t("settings.targets.first_answer_seconds")} />
      <${Wait} part=${PART} path="targets.next_answer_seconds" label=${t("settings.targets.next_answer_seconds")} none=${t("settings.targets.asFirst")} />
      <${Wait} part=${PART} path="targets.resolution_seconds" label=${t("settings.targets.resolution_seconds")} none=${t("settings.targets.noTarget")} />
      <${Wait} part=${PART} path="targets.ceiling_seconds" label=${t("settings.targets.ceiling")} hint=${t("settings.targets.ceiling.hint")} />
      <${Num} part=${PART} path="targets.warn_percent" label=${t("settings.targets.warn")} hint=${t("settings.targets.warn.hint")} min=${0} max=${99} unit="%" /><//>
    <${Group} title=${t("settings.targets.rules")} hint=${t("settings.targets.rules.hint")}><${Rules} /><//>
    <${Group} title=${t("settings.targets.ladder")} hint=${t("settings.targets.ladder.hint")}><${Ladder} /><//>
  <//>`;
}
