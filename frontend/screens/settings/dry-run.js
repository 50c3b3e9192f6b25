// A dry run: what the changed settings would have made of the cases of the last day. Nothing is sent, nothing is kept.
import { html, useState } from "../../vendor/preact-11.2.0.js";
import { Problem, write } from "../../core/api.js";
import { langOf, t } from "../../core/i18n.js";
import { changesOf, sentenceFor, wrongs } from "../../core/policy.js";
import { hrefOf } from "../../core/route.js";
import { PlatformMark } from "../../ui/chips.js";
import { Icon } from "../../ui/icon.js";

/** @typedef {import("../../types.d.ts").DryRun} Tried */
/** @typedef {import("../../types.d.ts").Way} Way */

/** @param {{way: Way, title: string}} props */
function Side({ way, title }) {
  const head = way.priority === undefined
    ? html`<b><bdi>${way.owner || t("settings.dry.nobody")}</bdi></b>${way.team ? html` · <bdi>${way.team}</bdi>` : null}`
    : html`<b>${t("settings.priority", { n: way.priority })}</b>${way.lane ? ` · ${t(`settings.lane.${way.lane}`)}` : ""}${way.recommended ? ` · ${t(`settings.value.${way.recommended}`)}` : ""}${way.end ? ` · ${t("settings.dry.ends")}` : ""}`;
  return html`<div class="dry-side"><h4>${title}</h4><p>${head}</p><ul>${way.steps.map((step, at) => html`<li key=${at}>${step.sentence}${step.about ? html` <bdi class="quiet">${step.about}</bdi>` : null}</li>`)}</ul></div>`;
}

/** @param {{tried: Tried}} props */
function Result({ tried }) {
  return html`<div class="dry-result" role="status">
    <p><b>${tried.cases === 0 ? t("settings.dry.none") : tried.differ === 0 ? t("settings.dry.same", { n: tried.cases }) : t("settings.dry.differ", { n: tried.differ, cases: tried.cases })}</b>
    ${tried.unread > 0 ? ` ${t("settings.dry.unread", { n: tried.unread })}` : ""}${tried.more ? ` ${t("settings.dry.more", { n: tried.cases })}` : ""}</p>
    ${tried.differ > tried.differences.length ? html`<p class="quiet">${t("settings.dry.first", { n: tried.differences.length })}</p>` : null}
    <ol class="rows-of">${tried.differences.map((one) => html`<li key=${one.conversation} class="dry-case">
      <a href=${hrefOf("open", one.conversation)}><${PlatformMark} platform=${one.platform} /><b><bdi>${one.name || one.handle}</bdi></b> <span dir="auto" lang=${langOf(one.language)}>${one.snippet}</span></a>
      <div class="dry-sides"><${Side} way=${one.now} title=${t("settings.dry.now")} /><${Side} way=${one.then} title=${t("settings.dry.then")} /></div></li>`)}</ol>
  </div>`;
}

/** @param {{part: string, hint: string, fields: string[]}} props fields of the policy that can be tried */
export function DryRun({ part, hint, fields }) {
  const [tried, setTried] = useState(/** @type {Tried | null} */ (null));
  const [failed, setFailed] = useState("");
  const [busy, setBusy] = useState(false);
  const changes = Object.fromEntries(Object.entries(changesOf(part)).filter(([name]) => fields.includes(name)));
  const idle = Object.keys(changes).length === 0;
  const run = async () => {
    if (idle || busy) return;
    setBusy(true);
    setFailed("");
    try {
      setTried(await write("POST", "policy/dry-run", { changes }));
      wrongs.value = { ...wrongs.peek(), [part]: [] };
    } catch (error) {
      setTried(null);
      if (error instanceof Problem && error.code === "unusable") wrongs.value = { ...wrongs.peek(), [part]: error.errors };
      else setFailed(sentenceFor(error));
    } finally {
      setBusy(false);
    }
  };
  return html`<section class="card set-group dry-run"><h3>${t("settings.dry.title")}</h3><p class="hint">${hint}</p>
    <p class="choices"><button type="button" class="button strong" aria-disabled=${idle || busy ? "true" : undefined} aria-describedby=${idle ? "dry-idle" : undefined} onClick=${run}><${Icon} name="refresh" />${t(busy ? "settings.dry.busy" : "settings.dry.run")}</button>${idle ? html`<span class="quiet" id="dry-idle">${t("settings.dry.idle")}</span>` : null}</p>
    ${failed ? html`<p class="wrong" role="alert"><${Icon} name="warning" /><span>${failed}</span></p>` : null}
    ${tried ? html`<${Result} tried=${tried} />` : null}</section>`;
}
