// Incidents: what many people write about at once. The list, and one of them (docs/incidents.md).
import { html, useEffect, useRef, useState } from "../vendor/preact-11.2.0.js";
import { act, isLead, useAnswer } from "../core/incidents.js";
import { t } from "../core/i18n.js";
import { screenHref, visit } from "../core/route.js";
import { Icon } from "../ui/icon.js";
import { loadStyle } from "../ui/later.js";
import { Asking, IncidentState, Noticed } from "./incident-parts.js";
import { IncidentView } from "./incident-view.js";

/** @typedef {import("../types.d.ts").Incident} Incident */

await loadStyle("screens/incidents.css");

const EVERY = 30_000;
const GROUPS = /** @type {const} */ (["suggested", "open", "closed"]);

/** @param {{incident: Incident}} props */
const Line = ({ incident }) => html`<li><a class="incident-line" data-state=${incident.state} href=${screenHref("incidents", incident.id)}>
  <span class="incident-title"><bdi>${incident.title}</bdi><${IncidentState} incident=${incident} /></span><${Noticed} incident=${incident} /></a></li>`;

/** @param {{topics: string[], onClose: () => void}} props */
function OpenOne({ topics, onClose }) {
  const [topic, setTopic] = useState("");
  const [title, setTitle] = useState("");
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const box = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => box.current?.focus(), []);
  const missing = topic.trim() === "";
  const onSubmit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (missing || busy) return;
    setBusy(true);
    const { done, sentence } = await act("POST", "incidents", { topic: topic.trim(), ...(title.trim() ? { title: title.trim() } : {}) });
    setBusy(false);
    if (done) visit(screenHref("incidents", done.id));
    else setRefused(sentence);
  };
  return html`<form class="card" aria-labelledby="open-one" onSubmit=${onSubmit} onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && (event.preventDefault(), onClose())}>
    <h2 id="open-one">${t("incidents.openTitle")}</h2>
    <label class="field"><span>${t("incidents.topic")}</span><input ref=${box} list="incident-topics" maxlength="60" dir="auto" aria-required="true" value=${topic} onInput=${(/** @type {InputEvent} */ event) => setTopic(/** @type {HTMLInputElement} */ (event.target).value)} /></label>
    <datalist id="incident-topics">${topics.map((name) => html`<option key=${name} value=${name}></option>`)}</datalist>
    <p class="quiet">${t("incidents.topicHint")}</p>
    <label class="field"><span>${t("incidents.titleOptional")}</span><input maxlength="120" dir="auto" value=${title} onInput=${(/** @type {InputEvent} */ event) => setTitle(/** @type {HTMLInputElement} */ (event.target).value)} /></label>
    ${refused ? html`<div class="notice" data-tone="bad" role="alert"><span>${refused}</span></div>` : null}
    <p class="choices"><button type="submit" class="button main" aria-disabled=${missing || busy ? "true" : undefined}>${t("incidents.openIt")}</button><button type="button" class="button" onClick=${onClose}>${t("assign.cancel")}</button></p>
  </form>`;
}

function List() {
  const answer = useAnswer("incidents", EVERY);
  const [asks, setAsks] = useState(false);
  const opener = useRef(/** @type {HTMLElement | null} */ (null));
  const { found } = answer;
  const close = () => {
    setAsks(false);
    requestAnimationFrame(() => opener.current?.focus());
  };
  return html`<header class="screen-head"><h1>${t("screen.incidents")}</h1>
      ${found?.watching ? html`<button ref=${opener} type="button" class="button" aria-expanded=${asks ? "true" : "false"} onClick=${() => (asks ? close() : setAsks(true))}>${t("incidents.openOne")}</button>` : null}</header>
    <div class="screen-body"><${Asking} answer=${answer} />
      ${asks && found ? html`<${OpenOne} topics=${found.topics} onClose=${close} />` : null}
      ${found && !found.watching ? html`<div class="notice"><${Icon} name="info" /><span>${t("incidents.notWatching")}</span></div>` : null}
      ${found && found.items.length === 0 ? html`<div class="empty"><${Icon} name="done" /><p>${t("incidents.none")}</p></div>` : null}
      ${found ? GROUPS.map((state) => {
        const items = found.items.filter((/** @type {Incident} */ incident) => incident.state === state);
        return items.length === 0 ? null : html`<section key=${state} class="incident-group" aria-labelledby=${`group-${state}`}><h2 id=${`group-${state}`}>${t(`incidents.${state}`)} <span class="quiet">${t("count", { n: items.length })}</span></h2>
          ${state === "suggested" ? html`<p class="quiet">${t("incidents.suggestedHint")}</p>` : null}
          <ul>${items.map((/** @type {Incident} */ incident) => html`<${Line} key=${incident.id} incident=${incident} />`)}</ul></section>`;
      }) : null}
    </div>`;
}

/** @param {{part: string}} props the id of an incident, "" for the list */
export default function Incidents({ part }) {
  const lead = isLead();
  if (lead === null) return html`<header class="screen-head"><h1>${t("screen.incidents")}</h1></header><p class="hidden" role="status">${t("loading")}</p>`;
  if (!lead) return html`<header class="screen-head"><h1>${t("screen.incidents")}</h1></header><div class="empty"><${Icon} name="shut" /><p>${t("incidents.leadsOnly")}</p><p class="quiet">${t("incidents.leadsOnlyHint")}</p></div>`;
  return part ? html`<${IncidentView} key=${part} id=${part} />` : html`<${List} />`;
}
