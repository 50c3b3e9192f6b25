// Telling everybody: one writes it, another approves it, and who could not be told is told by people.
import { html, useState } from "../vendor/preact-11.2.0.js";
import { act } from "../core/incidents.js";
import { language, t } from "../core/i18n.js";
import { hrefOf } from "../core/route.js";
import { myId } from "../core/session.js";
import { say } from "../core/toasts.js";
import { Icon } from "../ui/icon.js";
import { At, TextsEditor, TextsShown, useBegun, written } from "./incident-parts.js";

/** @typedef {import("../types.d.ts").WholeIncident} WholeIncident */
/** @typedef {import("../types.d.ts").Broadcast} Broadcast */

const NAME = "{name}";
const TONES = { proposed: "warn", approved: "warn", done: "good", withdrawn: undefined };

/** @param {{broadcast: Broadcast, path: string, closed: boolean, load: () => Promise<void>}} props */
function Told({ broadcast, path, closed, load }) {
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const mine = broadcast.author === myId.value;
  const decide = async (/** @type {boolean} */ approve) => {
    if (busy) return;
    setBusy(true);
    const { done, sentence } = await act("POST", `${path}/broadcasts/${broadcast.id}/decision`, { approve });
    setRefused(sentence);
    await load();
    setBusy(false);
    if (done) say({ text: t(approve ? "broadcast.toast.approved" : "broadcast.toast.withdrawn"), tone: "plain" });
  };
  const waits = broadcast.state === "proposed";
  const reached = Object.values(broadcast.replies).reduce((sum, n) => sum + n, 0);
  return html`<li class="broadcast" data-broadcast=${broadcast.state}>
    <p class="marks"><span class="chip" data-tone=${TONES[broadcast.state]}>${t(`broadcast.state.${broadcast.state}`)}</span><span class="quiet"><bdi>${broadcast.by}</bdi> · <${At} at=${broadcast.at} />${broadcast.decided_at ? html` · <bdi>${broadcast.decided_by || t("broadcast.theDesk")}</bdi> · <${At} at=${broadcast.decided_at} />` : null}</span></p>
    <${TextsShown} texts=${broadcast.texts} />
    ${reached > 0 ? html`<p>${t("broadcast.reached", { n: reached })}${broadcast.replies.sent ? ` · ${t("broadcast.sent", { n: broadcast.replies.sent })}` : null}</p>` : null}
    ${broadcast.for_people.length ? html`<details><summary>${t("broadcast.forPeople", { n: broadcast.for_people.length })}</summary><ul class="case-lines">${broadcast.for_people.map((one) => html`<li key=${`${one.case}${one.code}`}><a class="case-line" href=${hrefOf("open", one.case)}><span><bdi>${one.sentence}</bdi></span><code>${one.code}</code></a></li>`)}</ul></details>` : null}
    ${refused ? html`<div class="notice" data-tone="bad" role="alert"><span>${refused}</span></div>` : null}
    ${waits && !closed ? html`${mine ? html`<p class="quiet">${t("broadcast.fourEyes")}</p>` : null}<p class="choices">
      ${mine ? null : html`<button type="button" class="button main" aria-disabled=${busy ? "true" : undefined} onClick=${() => decide(true)}>${t("broadcast.approve")}</button>`}
      <button type="button" class="button" aria-disabled=${busy ? "true" : undefined} onClick=${() => decide(false)}>${t(mine ? "broadcast.takeBack" : "broadcast.refuse")}</button></p>` : null}
  </li>`;
}

/** @param {{incident: WholeIncident, path: string, load: () => Promise<void>}} props */
export function Broadcasts({ incident, path, load }) {
  const [texts, setTexts] = useBegun(`${incident.id} broadcast`);
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const given = written(texts ?? {});
  const empty = Object.keys(given).length === 0;
  const nameless = !empty && Object.values(given).some((text) => !text.includes(NAME));
  // What waits for somebody stands first, then the newest.
  const listed = incident.broadcasts.toReversed().sort((one, other) => Number(other.state === "proposed") - Number(one.state === "proposed"));
  const begin = () => setTexts(Object.keys(incident.status).length ? { ...incident.status } : { [language]: "" });
  const propose = async () => {
    if (empty || busy) return;
    setBusy(true);
    const { done, sentence } = await act("POST", `${path}/broadcasts`, { texts: given });
    setBusy(false);
    setRefused(sentence);
    if (!done) return;
    setTexts(null);
    say({ text: t("broadcast.toast.proposed"), tone: "plain" });
    await load();
  };
  return html`<section class="card" data-part="broadcasts" aria-labelledby="broadcast-title"><h3 id="broadcast-title">${t("broadcast.title")}</h3><p class="quiet">${t("broadcast.hint")}</p>
    ${incident.broadcasts.length ? html`<ol class="broadcasts">${listed.map((broadcast) => html`<${Told} key=${broadcast.id} broadcast=${broadcast} path=${path} closed=${incident.state === "closed"} load=${load} />`)}</ol>` : null}
    ${incident.broadcasts.length === 0 && incident.state !== "open" ? html`<p>${t(incident.state === "suggested" ? "broadcast.confirmFirst" : "broadcast.none")}</p>` : null}
    ${incident.state !== "open" ? null : texts === null ? html`<p class="choices"><button type="button" class="button" onClick=${begin}>${t("broadcast.write")}</button></p>` : html`
      <${TextsEditor} name=${t("broadcast.title")} texts=${texts} onChange=${setTexts} begin />
      ${nameless ? html`<p class="why"><${Icon} name="info" /><span>${t("broadcast.nameless", { place: NAME })}</span></p>` : null}
      ${refused ? html`<div class="notice" data-tone="bad" role="alert"><span>${refused}</span></div>` : null}
      <p class="choices"><button type="button" class="button main" aria-disabled=${empty || busy ? "true" : undefined} onClick=${propose}>${t("broadcast.propose")}</button>
        <button type="button" class="button" onClick=${() => { setTexts(null); setRefused(""); }}>${t("assign.cancel")}</button></p>`}
  </section>`;
}
