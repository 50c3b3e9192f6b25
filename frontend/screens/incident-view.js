// One incident: what is known, the reply to begin with, who is told, who waits, and how it ends.
import { html, useEffect, useRef, useState } from "../vendor/preact-11.2.0.js";
import { act, useAnswer } from "../core/incidents.js";
import { language, t } from "../core/i18n.js";
import { screenHref } from "../core/route.js";
import { say } from "../core/toasts.js";
import { Icon } from "../ui/icon.js";
import { Broadcasts } from "./incident-broadcasts.js";
import { Cases, Waiting } from "./incident-cases.js";
import { Asking, At, IncidentState, Noticed, TextsEditor, TextsShown, useBegun, written } from "./incident-parts.js";

/** @typedef {import("../types.d.ts").WholeIncident} WholeIncident */
/** @typedef {(body: Record<string, unknown>) => Promise<{done: WholeIncident | null, sentence: string}>} Change */

const EVERY = 15_000;

/** @param {{incident: WholeIncident, change: Change}} props */
function Title({ incident, change }) {
  const [text, setText] = useState(/** @type {string | null} */ (null));
  const [refused, setRefused] = useState("");
  const box = useRef(/** @type {HTMLInputElement | null} */ (null));
  const editing = text !== null;
  useEffect(() => {
    if (editing) box.current?.focus();
  }, [editing]);
  if (text === null) {
    return html`<div class="incident-head"><h2><bdi>${incident.title}</bdi></h2>${incident.state === "closed" ? null : html`<button type="button" class="button bare" onClick=${() => setText(incident.title)}><${Icon} name="draft" /><span class="hidden">${t("incident.rename")}</span></button>`}</div>`;
  }
  const onSubmit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (!text.trim()) return;
    const { done, sentence } = text.trim() === incident.title ? { done: incident, sentence: "" } : await change({ title: text.trim() });
    setRefused(sentence);
    if (done) setText(null);
  };
  return html`<h2 class="hidden"><bdi>${incident.title}</bdi></h2><form class="incident-head" onSubmit=${onSubmit} onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && (event.preventDefault(), setText(null))}>
    <label class="field"><span class="hidden">${t("incident.title")}</span><input ref=${box} maxlength="120" dir="auto" value=${text} onInput=${(/** @type {InputEvent} */ event) => setText(/** @type {HTMLInputElement} */ (event.target).value)} /></label>
    <button type="submit" class="button main" aria-disabled=${text.trim() ? undefined : "true"}>${t("incident.save")}</button><button type="button" class="button" onClick=${() => setText(null)}>${t("assign.cancel")}</button>
    ${refused ? html`<p class="why" role="alert"><${Icon} name="warning" /><span>${refused}</span></p>` : null}
  </form>`;
}

/** @param {{what: "status" | "kit", incident: WholeIncident, change: Change}} props texts that are kept with the incident */
function Kept({ what, incident, change }) {
  const [texts, setTexts] = useBegun(`${incident.id} ${what}`);
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const known = incident[what];
  const none = Object.keys(known).length === 0;
  const edit = () => setTexts(none ? { [language]: "" } : { ...known });
  const empty = texts !== null && Object.keys(written(texts)).length === 0;
  const save = async () => {
    if (texts === null || empty || busy) return;
    setBusy(true);
    const { done, sentence } = await change({ [what]: written(texts) });
    setBusy(false);
    setRefused(sentence);
    if (done) setTexts(null);
  };
  return html`<section class="card" data-part=${what} aria-labelledby=${`${what}-title`}><h3 id=${`${what}-title`}>${t(`incident.${what}`)}</h3><p class="quiet">${t(`incident.${what}Hint`, { place: "{name}" })}</p>
    ${texts === null ? html`${none ? html`<p>${t(`incident.${what}None`)}</p>` : html`<${TextsShown} texts=${known} />`}
      ${incident.state === "closed" ? null : html`<p class="choices"><button type="button" class="button" onClick=${edit}>${t(none ? "incident.write" : "refusal.edit")}</button></p>`}` : html`
      <${TextsEditor} name=${t(`incident.${what}`)} texts=${texts} onChange=${setTexts} begin />
      ${refused ? html`<div class="notice" data-tone="bad" role="alert"><span>${refused}</span></div>` : null}
      <p class="choices"><button type="button" class="button main" aria-disabled=${empty || busy ? "true" : undefined} onClick=${save}>${t("incident.save")}</button>
        <button type="button" class="button" onClick=${() => { setTexts(null); setRefused(""); }}>${t("assign.cancel")}</button></p>`}
  </section>`;
}

/** Closing cannot be undone, so it says first what it does. @param {{incident: WholeIncident, change: Change, onClosed: (waiting: any) => void, onKeep: () => void}} props */
function Closing({ incident, change, onClosed, onKeep }) {
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const first = useRef(/** @type {HTMLButtonElement | null} */ (null));
  useEffect(() => first.current?.focus(), []);
  const suggestion = incident.state === "suggested";
  const close = async () => {
    if (busy) return;
    setBusy(true);
    const { done, sentence } = await change({ state: "closed" });
    setBusy(false);
    setRefused(sentence);
    if (done) onClosed(done);
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && (event.preventDefault(), onKeep());
  return html`<div class="notice closing" role="group" aria-label=${t(suggestion ? "incident.dismiss" : "incident.close")} onKeyDown=${onKey}><div><p>${t(suggestion ? "incident.dismissHint" : "incident.closeHint")}</p>
    ${refused ? html`<p role="alert">${refused}</p>` : null}
    <p class="choices"><button ref=${first} type="button" class="button main" aria-disabled=${busy ? "true" : undefined} onClick=${close}>${t(suggestion ? "incident.dismissNow" : "incident.closeNow")}</button><button type="button" class="button" onClick=${onKeep}>${t("incident.keep")}</button></p></div></div>`;
}

/** @param {{id: string}} props */
export function IncidentView({ id }) {
  const path = `incidents/${id}`;
  const answer = useAnswer(path, EVERY);
  const [closing, setClosing] = useState(false);
  const [refused, setRefused] = useState("");
  const [left, setLeft] = useState(/** @type {{count: number, items: any[]} | null} */ (null));
  const closer = useRef(/** @type {HTMLElement | null} */ (null));
  const incident = /** @type {WholeIncident | null} */ (answer.found);
  /** @type {Change} */
  const change = async (body) => {
    const { done, code, sentence } = await act("PATCH", path, { version: incident?.version, ...body });
    if (done) answer.take(done);
    else if (code === "stale" || code === "incident_closed") await answer.load();
    return { done, sentence };
  };
  const confirm = async () => {
    const { done, sentence } = await change({ state: "open" });
    setRefused(sentence);
    if (done) say({ text: t("incident.toast.confirmed"), tone: "plain" });
  };
  const keep = () => {
    setClosing(false);
    requestAnimationFrame(() => closer.current?.focus());
  };
  const closed = (/** @type {any} */ done) => {
    setClosing(false);
    setLeft(done.unanswered);
    say({ text: t(done.unanswered.count ? "incident.toast.closedWaiting" : "incident.toast.closed", { n: done.unanswered.count }), tone: "plain" });
  };
  const head = html`<header class="screen-head"><a class="button bare" href=${screenHref("incidents")}><${Icon} name="back" /><span class="hidden">${t("incident.back")}</span></a><h1>${t("incident.one")}</h1>
    ${incident ? html`<${IncidentState} incident=${incident} /><span class="head-actions">
      ${incident.state === "suggested" ? html`<button type="button" class="button main" onClick=${confirm}>${t("incident.confirm")}</button>` : null}
      ${incident.state === "closed" ? null : html`<button ref=${closer} type="button" class="button" aria-expanded=${closing ? "true" : "false"} onClick=${() => setClosing(!closing)}>${t(incident.state === "suggested" ? "incident.dismiss" : "incident.close")}</button>`}
      <a class="button" href=${`/api/v1/${path}/export?format=csv`} download="">${t("incident.export")}</a></span>` : null}</header>`;
  if (!incident) return html`${head}<div class="screen-body"><${Asking} answer=${answer} /></div>`;
  return html`${head}<div class="screen-body incident"><${Asking} answer=${answer} />
    ${closing ? html`<${Closing} incident=${incident} change=${change} onClosed=${closed} onKeep=${keep} />` : null}
    ${refused ? html`<div class="notice" data-tone="bad" role="alert"><span>${refused}</span></div>` : null}
    <div><${Title} incident=${incident} change=${change} /><${Noticed} incident=${incident} /></div>
    ${incident.state === "suggested" ? html`<div class="notice"><${Icon} name="info" /><span>${t("incidents.suggestedHint")}</span></div>` : null}
    <${Waiting} path=${path} known=${left} closed=${incident.state === "closed"} />
    <div class="side-by-side"><${Kept} what="status" incident=${incident} change=${change} /><${Kept} what="kit" incident=${incident} change=${change} /></div>
    <${Broadcasts} incident=${incident} path=${path} load=${answer.load} />
    <${Cases} path=${path} />
    <section class="card" aria-labelledby="story-title"><h3 id="story-title">${t("incident.story")}</h3>
      <ol class="story">${incident.story.map((line, index) => html`<li key=${`${line.at}${index}`}><span><bdi>${line.sentence}</bdi></span><span class="quiet"><${At} at=${line.at} />${line.by ? html` · <bdi>${line.by}</bdi>` : null}</span></li>`)}</ol></section>
  </div>`;
}
