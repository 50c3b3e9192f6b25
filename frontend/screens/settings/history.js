// Who changed which settings, newest first: what stood there and what stands there since.
import { html, useEffect, useState } from "../../vendor/preact-11.2.0.js";
import { get } from "../../core/api.js";
import { has, isolate, t } from "../../core/i18n.js";
import { platformName } from "../../core/platforms.js";
import { sentenceFor } from "../../core/policy.js";
import { fullTime } from "../../core/spans.js";

/** @typedef {{at: string, by: string, before: Record<string, any>, after: Record<string, any>, what: string, facts: Record<string, any>}} Line what: what was done where no setting was changed */

/** @param {Line} line @returns {[string, any, any][]} what differs: its place, before and after; of groups each of their settings */
export function differences({ before, after }) {
  return Object.keys(after).flatMap((field) => {
    const [was, is] = [before[field], after[field]];
    const group = [was, is].every((value) => value !== null && typeof value === "object" && !Array.isArray(value));
    const names = group ? [...new Set([...Object.keys(was), ...Object.keys(is)])] : [""];
    return names.flatMap((name) => {
      const [old, fresh] = name ? [was[name], is[name]] : [was, is];
      return JSON.stringify(old) === JSON.stringify(fresh) ? [] : [/** @type {[string, any, any]} */ ([name ? `${field}.${name}` : field, old, fresh])];
    });
  });
}

/** @param {any} value @returns {string} */
const shown = (value) => (value === null || value === undefined || value === "" ? t("settings.none") : typeof value === "object" ? JSON.stringify(value, null, 1) : String(value));

/** @param {string} path @returns {string} */
const placeOf = (path) => path.split(".").map((name) => (has(`settings.at.${name}`) ? t(`settings.at.${name}`) : name)).join(" › ");

/** @param {Line} line @returns {string} */
const did = ({ what, facts }) => t(`settings.history.did.${what}`, { place: platformName(facts.platform ?? ""), account: isolate(facts.account ?? ""), why: isolate(facts.why ?? ""), n: facts.n ?? 0, months: facts.months ?? 0 });

export default function HistoryPart() {
  const [lines, setLines] = useState(/** @type {Line[] | null} */ (null));
  const [failed, setFailed] = useState("");
  const load = () => get("policy/history").then(
    ({ items }) => {
      setFailed("");
      setLines(items);
    },
    (error) => setFailed(sentenceFor(error)),
  );
  useEffect(() => {
    load();
  }, []);
  return html`<div class="set-part" aria-labelledby="set-title"><header><h2 id="set-title" tabindex="-1">${t("settings.part.history")}</h2><p class="quiet">${t("settings.about.history")}</p></header>
    ${failed ? html`<div class="notice" data-tone="bad" role="alert"><span>${failed}</span><button type="button" class="button small" onClick=${load}>${t("retry")}</button></div>` : null}
    ${!lines && !failed ? html`<p class="quiet" role="status">${t("loading")}</p>` : null}
    ${lines?.length === 0 ? html`<div class="empty"><p>${t("settings.history.none")}</p></div>` : null}
    <ol class="rows-of">${(lines ?? []).map((line) => html`<li key=${line.at} class="rule"><header><b><bdi>${line.by || t("settings.history.desk")}</bdi></b><time class="quiet" datetime=${line.at}>${fullTime(line.at)}</time></header>
      ${line.what ? html`<p>${did(line)}</p>` : null}
      <dl class="was-is">${differences(line).map(([path, was, is]) => html`<div key=${path}><dt>${placeOf(path)}</dt><dd><del><bdi>${shown(was)}</bdi></del> <ins><bdi>${shown(is)}</bdi></ins></dd></div>`)}</dl></li>`)}</ol></div>`;
}
