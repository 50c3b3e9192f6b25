// A lead pauses an account with a reason, sees what waits, and resumes it.
import { html, useEffect, useState } from "../../vendor/preact-11.2.0.js";
import { get, newKey, Problem, write } from "../../core/api.js";
import { t } from "../../core/i18n.js";
import { sentenceFor } from "../../core/policy.js";
import { loadMe } from "../../core/session.js";
import { say } from "../../core/toasts.js";
import { Icon } from "../../ui/icon.js";
import { typed } from "./form.js";

/** @typedef {import("../../types.d.ts").Account} Account */
/** @typedef {{waiting: number, too_old: number, more: boolean}} Waiting */

const USUAL = ["wrong", "planned", "crisis"];
const LONGEST = 200;

/** @param {unknown} error shown; what somebody else did meanwhile is shown at the account itself */
async function refused(error) {
  if (error instanceof Problem && error.status === 409) await loadMe();
  say({ text: sentenceFor(error), tone: "error" });
}

/** @param {{account: Account, onLeave: () => void}} props */
function Asking({ account, onLeave }) {
  const [why, setWhy] = useState("");
  const [failed, setFailed] = useState("");
  const [busy, setBusy] = useState(false);
  const [key] = useState(newKey);
  const field = `pause-why-${account.id}`;
  useEffect(() => document.getElementById(field)?.focus(), []);
  const pause = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy) return;
    if (!why.trim()) {
      setFailed(t("settings.pause.lacking"));
      return;
    }
    setBusy(true);
    try {
      await write("POST", `accounts/${account.id}/pause`, { why: why.trim() }, key);
      await loadMe();
      say({ text: t("settings.pause.done"), tone: "plain" });
      onLeave();
    } catch (error) {
      setBusy(false);
      await refused(error);
    }
  };
  return html`<form class="pausing" onSubmit=${pause}><p>${t("settings.pause.effect")}</p>
    <div class="set-field"><label for=${field}>${t("settings.pause.why")}</label><input id=${field} type="text" dir=${why ? "auto" : undefined} maxlength=${LONGEST} autocomplete="off" value=${why} aria-invalid=${failed ? "true" : undefined} onInput=${(/** @type {Event} */ event) => setWhy(typed(event))} /></div>
    <p class="choices">${USUAL.map((name) => html`<button key=${name} type="button" class="button small" onClick=${() => setWhy(t(`settings.pause.${name}`))}>${t(`settings.pause.${name}`)}</button>`)}</p>
    ${failed && !why.trim() ? html`<p class="wrong" role="alert"><${Icon} name="warning" /><span>${failed}</span></p>` : null}
    <p class="choices"><button type="submit" class="button main" aria-disabled=${busy ? "true" : undefined}>${t("settings.pause.do")}</button><button type="button" class="button" onClick=${onLeave}>${t("settings.cancel")}</button></p></form>`;
}

/** @param {{account: Account, onLeave: () => void}} props what waits is told before anything leaves */
function Resuming({ account, onLeave }) {
  const [found, setFound] = useState(/** @type {Waiting | null} */ (null));
  const [failed, setFailed] = useState("");
  const [busy, setBusy] = useState(false);
  const [key] = useState(newKey);
  const count = () => {
    setFailed("");
    get(`accounts/${account.id}/waiting`).then(setFound, (error) => setFailed(sentenceFor(error)));
  };
  useEffect(count, []);
  const resume = async () => {
    if (busy) return;
    setBusy(true);
    try {
      await write("POST", `accounts/${account.id}/resume`, { since: account.paused?.at }, key);
      await loadMe();
      say({ text: t("settings.pause.resumed"), tone: "plain" });
      onLeave();
    } catch (error) {
      setBusy(false);
      await refused(error);
    }
  };
  if (failed) return html`<p class="wrong" role="alert"><${Icon} name="warning" /><span>${failed}</span></p><p class="choices"><button type="button" class="button small" onClick=${count}>${t("retry")}</button></p>`;
  if (!found) return html`<p class="quiet" role="status">${t("loading")}</p>`;
  const { waiting, too_old: tooOld, more } = found;
  return html`<div class="pausing"><p role="status">${[
      waiting > 0 ? t("settings.pause.waits", { n: waiting }) : "",
      tooOld > 0 ? t("settings.pause.tooOld", { n: tooOld }) : "",
      waiting + tooOld === 0 ? t("settings.pause.nothing") : "",
      more ? t("settings.pause.more") : "",
    ].filter(Boolean).join(" ")}</p>
    <p class="choices"><button type="button" class="button main" aria-disabled=${busy ? "true" : undefined} onClick=${resume}>${t("settings.pause.now")}</button><button type="button" class="button" onClick=${onLeave}>${t("settings.pause.stay")}</button></p></div>`;
}

/** @param {{account: Account}} props below an account, for those who lead */
export function Pausing({ account }) {
  const [open, setOpen] = useState(false);
  const leave = () => setOpen(false);
  const paused = Boolean(account.paused);
  useEffect(leave, [paused]);
  if (!open) return html`<p class="choices"><button type="button" class="button small" onClick=${() => setOpen(true)}>${t(paused ? "settings.pause.resume" : "settings.pause.open")}</button></p>`;
  return paused ? html`<${Resuming} account=${account} onLeave=${leave} />` : html`<${Asking} account=${account} onLeave=${leave} />`;
}
