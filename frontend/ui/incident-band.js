// The case belongs to an incident: what is known of it, and a reply to begin with.
import { html, useEffect, useState } from "../vendor/preact-11.2.0.js";
import { get, Problem, Unreachable } from "../core/api.js";
import { draftOf } from "../core/drafts.js";
import { languageName, t } from "../core/i18n.js";
import { compose } from "../core/intents.js";
import { modeFor } from "../core/modes.js";
import { screenHref } from "../core/route.js";
import { me } from "../core/session.js";
import { say } from "../core/toasts.js";
import { Icon } from "./icon.js";
import { loadStyle } from "./later.js";

/** @typedef {import("../types.d.ts").CaseIncident} CaseIncident */
/** @typedef {import("../types.d.ts").Conversation} Conversation */

await loadStyle("ui/incident-band.css");

const EVERY = 60_000;

/** @param {CaseIncident} incident @param {Conversation} shown puts the reply into the box, unless words of the agent's stand there */
function insert(incident, shown) {
  const mode = modeFor(shown, "answer");
  if (mode && draftOf(shown.case.id, mode)) say({ text: t("incident.band.taken"), tone: "plain" });
  compose("answer", incident.reply);
}

/** @param {{shown: Conversation}} props drawn where the case belongs to one */
export function IncidentBand({ shown }) {
  const { id, incident: of } = shown.case;
  const [found, setFound] = useState(/** @type {CaseIncident | null} */ (null));
  useEffect(() => {
    let left = false;
    const load = async () => {
      try {
        const incident = await get(`conversations/${id}/incident`);
        if (!left) setFound(incident);
      } catch (error) {
        // What stood there stays; the next round asks again. Gone is what has been taken out of the incident.
        if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
        if (!left && error instanceof Problem && error.status === 404) setFound(null);
      }
    };
    load();
    const timer = setInterval(() => !document.hidden && load(), EVERY);
    return () => {
      left = true;
      clearInterval(timer);
    };
  }, [id, of]);
  if (!found || found.state === "closed") return null;
  const known = Object.entries(found.status);
  const lead = me.value?.agent.roles.some((role) => role === "lead" || role === "operator");
  return html`<div class="incident-band" data-incident=${found.state} role="group" aria-label=${t("incident.one")}>
    <p><${Icon} name="incidents" /><span>${t(found.state === "suggested" ? "incident.band.suggested" : "incident.band")} <b><bdi>${found.title}</bdi></b></span></p>
    <p class="choices">${found.reply ? html`<button type="button" class="button small" onClick=${() => insert(found, shown)}>${t("incident.band.insert")}</button>` : null}
      ${lead ? html`<a class="button small" href=${screenHref("incidents", found.id)}>${t("incident.band.open")}</a>` : null}</p>
    ${known.length ? html`<details><summary>${t("incident.band.known")}</summary><dl>${known.map(([language, text]) => html`<div key=${language}>${known.length > 1 ? html`<dt>${languageName(language)}</dt>` : null}<dd lang=${language} dir="auto">${text}</dd></div>`)}</dl></details>` : null}
  </div>`;
}
