// How long what was said in closed cases stays readable. A shorter rule first says what goes, and wants one clear yes.
import { html, useEffect, useState } from "../../vendor/preact-11.2.0.js";
import { get, newKey, Problem, write } from "../../core/api.js";
import { locale, t } from "../../core/i18n.js";
import { sentenceFor } from "../../core/policy.js";
import { fullTime } from "../../core/spans.js";
import { say } from "../../core/toasts.js";
import { Icon } from "../../ui/icon.js";
import { typed } from "./form.js";

/** @typedef {{months: number | null, version: string, media_days: number, last: {at: string, cases: number} | null, running: boolean, next_at: string | null}} Rule */
/** @typedef {{cases: number, more: boolean, up_to: string | null}} WouldGo */

const MOST = 60;
const USUAL = 24;
const dates = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });

/** @param {number | null} old @param {number | null} fresh @returns {boolean} more goes by the new one */
const shortens = (old, fresh) => fresh !== null && (old === null || fresh < old);

/** @param {{would: WouldGo, busy: boolean, onYes: () => void, onNo: () => void}} props */
function Sure({ would, busy, onYes, onNo }) {
  useEffect(() => document.getElementById("retention-yes")?.focus(), []);
  const words = [
    t("settings.retention.would", { n: would.cases, at: would.up_to ? dates.format(new Date(would.up_to)) : "" }),
    would.more ? t("settings.pause.more") : "",
    t("settings.retention.sure"),
  ];
  return html`<div class="notice" data-tone="bad" role="alert"><${Icon} name="warning" /><span>${words.filter(Boolean).join(" ")}</span></div>
    <p class="choices"><button type="button" id="retention-yes" class="button danger" aria-disabled=${busy ? "true" : undefined} onClick=${onYes}>${t("settings.retention.confirm")}</button><button type="button" class="button" onClick=${onNo}>${t("settings.cancel")}</button></p>`;
}

/** @param {{rule: Rule, onSaved: (rule: Rule) => void, onStale: () => void}} props */
function Form({ rule, onSaved, onStale }) {
  const [keeps, setKeeps] = useState(rule.months === null);
  const [months, setMonths] = useState(String(rule.months ?? USUAL));
  const [would, setWould] = useState(/** @type {WouldGo | null} */ (null));
  const [failed, setFailed] = useState("");
  const [busy, setBusy] = useState(false);
  const [key, setKey] = useState(newKey);
  const number = Number(months);
  const usable = keeps || (Number.isInteger(number) && number >= 1 && number <= MOST);
  const wanted = keeps ? null : number;
  const changed = wanted !== rule.months;
  /** @param {() => void} change the question no longer fits what stands in the form */
  const other = (change) => {
    change();
    setWould(null);
    setFailed("");
  };
  const save = async (/** @type {boolean} */ confirmed) => {
    setBusy(true);
    setFailed("");
    try {
      if (!confirmed && shortens(rule.months, wanted)) {
        setWould(await write("POST", "retention/dry-run", { months: wanted }));
      } else {
        onSaved(await write("PATCH", "retention", { months: wanted, version: rule.version, confirmed }, key));
        setKey(newKey());
        setWould(null);
        say({ text: t("settings.saved"), tone: "plain" });
      }
    } catch (error) {
      if (error instanceof Problem && error.code === "stale") onStale();
      setFailed(sentenceFor(error));
      setWould(null);
    }
    setBusy(false);
  };
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!busy && usable && changed && !would) save(false);
  };
  return html`<form class="card set-group" onSubmit=${submit}>
    <label><input type="radio" name="keeps" checked=${!keeps} onChange=${() => other(() => setKeeps(false))} /> ${t("settings.retention.after")}</label>
    ${keeps ? null : html`<div class="set-field"><label for="retention-months">${t("settings.retention.months")}</label><input id="retention-months" type="number" inputmode="numeric" min="1" max=${MOST} step="1" value=${months} aria-invalid=${usable ? undefined : "true"} onInput=${(/** @type {Event} */ event) => other(() => setMonths(typed(event)))} />
      ${usable ? null : html`<p class="wrong"><${Icon} name="warning" /><span>${t("settings.retention.wrong")}</span></p>`}</div>`}
    <label><input type="radio" name="keeps" checked=${keeps} onChange=${() => other(() => setKeeps(true))} /> ${t("settings.retention.keep")}</label>
    ${failed ? html`<p class="wrong" role="alert"><${Icon} name="warning" /><span>${failed}</span></p>` : null}
    ${would
      ? html`<${Sure} would=${would} busy=${busy} onYes=${() => busy || save(true)} onNo=${() => setWould(null)} />`
      : html`<p class="choices"><button type="submit" class="button main" aria-disabled=${busy || !usable || !changed ? "true" : undefined}>${t("settings.save")}</button></p>`}
  </form>`;
}

export default function RetentionPart() {
  const [rule, setRule] = useState(/** @type {Rule | null} */ (null));
  const [failed, setFailed] = useState("");
  const load = () => get("retention").then(
    (found) => {
      setFailed("");
      setRule(found);
    },
    (error) => setFailed(sentenceFor(error)),
  );
  useEffect(() => {
    load();
  }, []);
  return html`<div class="set-part" aria-labelledby="set-title"><header><h2 id="set-title" tabindex="-1">${t("settings.part.retention")}</h2><p class="quiet">${t("settings.about.retention")}</p></header>
    ${failed ? html`<div class="notice" data-tone="bad" role="alert"><span>${failed}</span><button type="button" class="button small" onClick=${load}>${t("retry")}</button></div>` : null}
    ${!rule && !failed ? html`<p class="quiet" role="status">${t("loading")}</p>` : null}
    ${rule ? html`<${Form} key=${rule.version} rule=${rule} onSaved=${setRule} onStale=${load} />
      <p class="hint">${t("settings.retention.goes")}</p><p class="hint">${t("settings.retention.stays")}</p>
      <p class="hint">${t("settings.retention.media", { n: rule.media_days })}</p>
      <p class="quiet">${rule.running ? t("settings.retention.running") : rule.last ? t("settings.retention.last", { n: rule.last.cases, at: fullTime(rule.last.at) }) : t("settings.retention.never")}</p>` : null}</div>`;
}
