// Whether nothing was lost: what the last night found of the ledger, and the last days in figures. Days are those of UTC.
import { html, useEffect, useState } from "../vendor/preact-11.2.0.js";
import { get } from "../core/api.js";
import { accountName, placesOf } from "../core/health.js";
import { isolate, locale, t } from "../core/i18n.js";
import { sentenceFor } from "../core/policy.js";
import { me } from "../core/session.js";
import { Icon } from "../ui/icon.js";

/** @typedef {{account: string, events: number}} Found */
/** @typedef {{day: string, received: number, folded: number, ignored: number, quarantined: number, review: number, late: number, open: number, missed: Found[]}} Day */
/** @typedef {{state: "new" | "balanced" | "open" | "late" | "broken", since: string | null, until: string | null, checked_at: string | null, open: {day: string, events: number}[], findings: {day: string, code: string}[], days: Day[]}} Proof */

const TONES = { new: "", balanced: "good", open: "warn", late: "warn", broken: "bad" };
const FRAMES = { new: "ok", balanced: "ok", open: "degraded", late: "degraded", broken: "paused" };
/** @type {("folded" | "ignored" | "quarantined" | "review" | "late" | "open")[]} where an event may be, in the order in which they are told */
const PLACES = ["folded", "ignored", "quarantined", "review", "late", "open"];

const dates = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
const numbers = new Intl.NumberFormat(locale);
/** @param {string} day @returns {string} */
const date = (day) => dates.format(new Date(`${day}T00:00:00Z`));

/** @param {string} named "x/5550001" @returns {string} */
function nameOf(named) {
  const account = me.value?.accounts.find(({ id }) => id === named.slice(named.indexOf("/") + 1));
  return isolate(account ? `${placesOf(account)} ${isolate(accountName(account))}` : named);
}

/** @param {Proof} proof @returns {string[]} one sentence or two */
function sentences({ state, until, open }) {
  if (state === "new") return [t("ledger.new")];
  const so = until ? [t("ledger.until", { day: date(until) })] : [];
  if (state === "balanced") return so;
  if (state === "broken") return [t("ledger.broken")];
  return [...open.map(({ day, events }) => t("ledger.open", { n: events, day: date(day) })), ...(state === "late" ? [t("ledger.late")] : []), ...so];
}

/** @param {{day: Day}} props */
function DayLine({ day }) {
  const parts = PLACES.filter((place) => day[place] > 0);
  return html`<li><b>${date(day.day)}</b> <span>${t("ledger.part.received")} ${numbers.format(day.received)}</span>${parts.map((place) => html` <span key=${place}>${t(`ledger.part.${place}`)} ${numbers.format(day[place])}</span>`)}
    ${day.missed.map(({ account, events }) => html`<span class="quiet" key=${account}>${t("ledger.missed", { n: events, account: nameOf(account) })}</span>`)}</li>`;
}

/** A card beside those of the accounts. */
export function Ledger() {
  const [proof, setProof] = useState(/** @type {Proof | null} */ (null));
  const [failed, setFailed] = useState("");
  const load = () => get("ledger").then(
    (said) => {
      setProof(said);
      setFailed("");
    },
    (error) => setFailed(sentenceFor(error)),
  );
  useEffect(() => {
    load();
  }, []);
  const state = proof?.state ?? "new";
  return html`<section class="ledger-card" data-ledger=${proof ? state : "loading"} data-state=${FRAMES[state]} aria-labelledby="ledger-title" aria-busy=${proof || failed ? undefined : "true"}>
    <h3 id="ledger-title"><span>${t("ledger.title")}</span>${proof ? html`<span class="chip" data-tone=${TONES[state] || undefined}>${state === "new" ? null : html`<${Icon} name=${state === "balanced" ? "done" : "warning"} />`}${t(`ledger.state.${state}`)}</span>` : null}</h3>
    ${failed ? html`<p class="why" role="alert"><span>${failed}</span> <button type="button" class="button small" onClick=${load}>${t("retry")}</button></p>` : null}
    ${proof ? sentences(proof).map((sentence) => html`<p key=${sentence}>${sentence}</p>`) : failed ? null : html`<p class="quiet">${t("ledger.loading")}</p>`}
    ${proof?.findings.map(({ day, code }) => html`<p class="why" key=${`${day} ${code}`}><${Icon} name="warning" /><span>${date(day)} <code>${code}</code></span></p>`)}
    ${proof && proof.days.length > 0 ? html`<details><summary>${t("ledger.days")}</summary><ul class="ledger-days">${proof.days.map((day) => html`<${DayLine} key=${day.day} day=${day} />`)}</ul></details>` : null}
  </section>`;
}
