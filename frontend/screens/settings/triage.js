// What triage makes of a message: whom to answer, who goes first, what stands apart; a dry run, and rules on trial.
import { html, useEffect, useState } from "../../vendor/preact-11.2.0.js";
import { get } from "../../core/api.js";
import { t } from "../../core/i18n.js";
import { edit, sentenceFor, valueOf } from "../../core/policy.js";
import { hrefOf } from "../../core/route.js";
import { lanes } from "./choices.js";
import { DryRun } from "./dry-run.js";
import { Group, Lines, Num, Part, Some } from "./form.js";

/** @typedef {{days: {day: string, version: string, agree: number, differ: number}[], differences: {case: string, at: string, version: string, real: string[], other: string[]}[]}} Compared */

const PART = "triage";

function Whom() {
  const all = valueOf("answer_all") === true;
  return html`<fieldset class="some" id="set-answer_all" tabindex="-1"><legend class="hidden">${t("settings.triage.whom")}</legend>
    ${[true, false].map((one) => html`<label key=${String(one)}><input type="radio" name="answer_all" checked=${all === one} onChange=${() => edit(PART, "answer_all", one)} /><span>${t(one ? "settings.triage.all" : "settings.triage.some")}</span></label>`)}</fieldset>
    <p class="hint">${t(all ? "settings.triage.all.hint" : "settings.triage.some.hint")}</p>`;
}

/** How rules on trial compare with those in force; they decide nothing. */
function Trial() {
  const [found, setFound] = useState(/** @type {Compared | null} */ (null));
  const [failed, setFailed] = useState("");
  useEffect(() => {
    get("shadow").then(({ triage }) => setFound(triage), (error) => setFailed(sentenceFor(error)));
  }, []);
  if (failed) return html`<p class="wrong" role="alert">${failed}</p>`;
  if (!found) return html`<p class="quiet" role="status">${t("loading")}</p>`;
  const running = valueOf("triage.shadow");
  return html`<p>${running ? t("settings.trial.running", { name: running.version }) : t("settings.trial.none")}</p>
    ${found.days.length === 0 ? html`<p class="quiet">${t("settings.trial.nothing")}</p>` : html`<table class="plain"><thead><tr>${["day", "version", "agree", "differ"].map((name) => html`<th key=${name} scope="col">${t(`settings.trial.${name}`)}</th>`)}</tr></thead><tbody>${found.days.map((day) => html`<tr key=${`${day.day} ${day.version}`}><td>${day.day}</td><td><bdi>${day.version}</bdi></td><td>${day.agree}</td><td>${day.differ}</td></tr>`)}</tbody></table>`}
    ${found.differences.length === 0 ? null : html`<details><summary>${t("settings.trial.where", { n: found.differences.length })}</summary><ul class="rows-of">${found.differences.map((one) => html`<li key=${`${one.case} ${one.at}`}><a href=${hrefOf("open", one.case)}>${t("settings.trial.case")}</a> <span class="quiet">${t("settings.dry.now")}:</span> <code>${one.real.join(" ")}</code> <span class="quiet">${t("settings.dry.then")}:</span> <code>${one.other.join(" ")}</code></li>`)}</ul></details>`}`;
}

/** @param {{readOnly: boolean}} props */
export default function TriagePart({ readOnly }) {
  return html`<${Part} part=${PART} readOnly=${readOnly}>
    <${Group} title=${t("settings.triage.whom")}><${Whom} /><//>
    <${Group} title=${t("settings.triage.people")}>
      <${Lines} part=${PART} path="triage.vips" label=${t("settings.triage.vips")} hint=${t("settings.triage.vips.hint")} />
      <${Lines} part=${PART} path="triage.names" label=${t("settings.triage.names")} hint=${t("settings.triage.names.hint")} />
      <${Lines} part=${PART} path="triage.references" label=${t("settings.triage.references")} hint=${t("settings.triage.references.hint")} /><//>
    <${Group} title=${t("settings.triage.lanes")} hint=${t("settings.triage.lanes.hint")}><${Some} label=${t("settings.triage.apart")} options=${lanes()} value=${valueOf("triage.lanes")} onChange=${(/** @type {string[]} */ value) => edit(PART, "triage.lanes", value)} /><//>
    <${Group} title=${t("settings.triage.thresholds")}>
      <${Num} part=${PART} path="triage.sure" label=${t("settings.triage.sure")} hint=${t("settings.triage.sure.hint")} min=${0} max=${100} step=${5} unit="%" times=${100} />
      <${Num} part=${PART} path="triage.reach_from" label=${t("settings.triage.reach_from")} hint=${t("settings.triage.reach_from.hint")} min=${1} />
      <${Num} part=${PART} path="triage.repeat_from" label=${t("settings.triage.repeat_from")} hint=${t("settings.triage.repeat_from.hint")} min=${2} />
      <${Num} part=${PART} path="triage.long_from_earlier" label=${t("settings.triage.long_from_earlier")} min=${1} />
      <${Num} part=${PART} path="triage.long_from_contacts" label=${t("settings.triage.long_from_contacts")} min=${2} /><//>
    ${readOnly ? null : html`<${DryRun} part=${PART} hint=${t("settings.triage.dry")} fields=${["triage", "answer_all"]} />
    <${Group} title=${t("settings.trial.title")} hint=${t("settings.trial.hint")}><${Trial} /><//>`}
  <//>`;
}
