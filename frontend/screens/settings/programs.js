// Programs that work for the brand: tokens made for them, shown once, and taken away.
import { html, useEffect, useState } from "../../vendor/preact-11.2.0.js";
import { get, newKey, write } from "../../core/api.js";
import { isolate, locale, t } from "../../core/i18n.js";
import { sentenceFor } from "../../core/policy.js";
import { setClock } from "../../core/spans.js";
import { say } from "../../core/toasts.js";
import { Icon } from "../../ui/icon.js";
import { Some, typed } from "./form.js";

/** @typedef {{id: string, name: string, scopes: string[], made_at: string, made_by: string, ends_at: string, used_at: string | null, revoked_at: string | null, revoked_by: string, good: boolean}} Program */

const DAY = 86_400_000;
const USUAL_DAYS = 90;
const MOST_DAYS = 365;
const dates = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });

/** @param {string} at @returns {string} */
const dayOf = (at) => dates.format(new Date(at));

/** @param {number} days @returns {string} as a date field takes it */
const inDays = (days) => new Date(Date.now() + days * DAY).toLocaleDateString("sv");

/** @param {string} scope @returns {string} */
const wordsOf = (scope) => t(`settings.programs.scope.${scope}`);

/** @param {Program} program @returns {string} */
function standing({ good, ends_at, revoked_at, revoked_by }) {
  if (revoked_at) return t("settings.programs.gone", { at: dayOf(revoked_at), name: isolate(revoked_by) });
  return t(good ? "settings.programs.good" : "settings.programs.ended", { at: dayOf(ends_at) });
}

/** @param {{program: Program, onAway: () => Promise<void>}} props */
function Row({ program, onAway }) {
  const [asking, setAsking] = useState(false);
  const used = program.used_at ? t("settings.programs.used", { at: dayOf(program.used_at) }) : t("settings.programs.unused");
  return html`<li class="rule" data-program=${program.id}><header><b class="grow"><bdi>${program.name}</bdi></b>
      <span class="chip" data-tone=${program.good ? undefined : "warn"}>${standing(program)}</span></header>
    <p>${program.scopes.map(wordsOf).join(" · ")}</p>
    <p class="quiet">${t("settings.programs.made", { at: dayOf(program.made_at), name: isolate(program.made_by) })} · ${used}</p>
    ${!program.good ? null : asking
      ? html`<p role="alert">${t("settings.programs.sure")}</p><p class="choices"><button type="button" class="button" onClick=${onAway}>${t("settings.programs.away")}</button><button type="button" class="button" onClick=${() => setAsking(false)}>${t("settings.cancel")}</button></p>`
      : html`<p><button type="button" class="button small" onClick=${() => setAsking(true)}>${t("settings.programs.away")}<span class="hidden">: ${program.name}</span></button></p>`}</li>`;
}

/** The only moment at which a token can be seen. @param {{token: string, onLeave: () => void}} props */
function Shown({ token, onLeave }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(token);
      say({ text: t("settings.programs.copied"), tone: "plain" });
    } catch {
      // The browser does not allow it: the field is selected, and the keyboard copies.
      const field = /** @type {HTMLInputElement} */ (document.getElementById("new-token"));
      field.focus();
      field.select();
    }
  };
  useEffect(() => document.getElementById("new-token")?.focus(), []);
  return html`<section class="card set-group"><p role="status"><b>${t("settings.programs.once")}</b></p>
    <div class="set-field"><label for="new-token">${t("settings.programs.token")}</label><input id="new-token" type="text" dir="ltr" readonly autocomplete="off" spellcheck="false" value=${token} onFocus=${(/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).select()} /></div>
    <p class="choices"><button type="button" class="button main" onClick=${copy}>${t("settings.programs.copy")}</button><button type="button" class="button" onClick=${onLeave}>${t("settings.programs.kept")}</button></p></section>`;
}

/** @param {{scopes: string[], onMade: (made: {program: Program, token: string}) => void, onLeave: () => void}} props */
function Maker({ scopes, onMade, onLeave }) {
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState(/** @type {string[]} */ ([]));
  const [until, setUntil] = useState(inDays(USUAL_DAYS));
  useEffect(() => document.getElementById("program-name")?.focus(), []);
  const [failed, setFailed] = useState("");
  const [busy, setBusy] = useState(false);
  const make = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy) return;
    if (!name.trim() || chosen.length === 0 || !until) {
      setFailed(t("settings.programs.lacking"));
      return;
    }
    setBusy(true);
    setFailed("");
    try {
      // To the end of that day here. A token whose answer was lost is nobody's: each attempt makes another one.
      onMade(await write("POST", "programs", { name: name.trim(), scopes: chosen, ends_at: new Date(`${until}T23:59:00`).toISOString() }, newKey()));
    } catch (error) {
      setFailed(sentenceFor(error));
      setBusy(false);
    }
  };
  return html`<form class="card set-group" onSubmit=${make}>
    <div class="set-field"><label for="program-name">${t("settings.programs.name")}</label><input id="program-name" type="text" dir="auto" maxlength="60" autocomplete="off" value=${name} onInput=${(/** @type {Event} */ event) => setName(typed(event))} /></div>
    <${Some} label=${t("settings.programs.scopes")} options=${scopes.map((scope) => [scope, wordsOf(scope)])} value=${chosen} onChange=${setChosen} />
    <div class="set-field"><label for="program-until">${t("settings.programs.until")}</label><input id="program-until" type="date" min=${inDays(1)} max=${inDays(MOST_DAYS)} value=${until} onInput=${(/** @type {Event} */ event) => setUntil(typed(event))} /></div>
    ${failed ? html`<p class="wrong" role="alert"><${Icon} name="warning" /><span>${failed}</span></p>` : null}
    <p class="choices"><button type="submit" class="button main" aria-disabled=${busy ? "true" : undefined}>${t("settings.programs.create")}</button><button type="button" class="button" onClick=${onLeave}>${t("settings.cancel")}</button></p></form>`;
}

export default function ProgramsPart() {
  const [known, setKnown] = useState(/** @type {{items: Program[], scopes: string[]} | null} */ (null));
  const [failed, setFailed] = useState("");
  const [making, setMaking] = useState(false);
  const [token, setToken] = useState("");
  const load = () => get("programs").then(
    (found) => {
      setClock(found.now);
      setFailed("");
      setKnown(found);
    },
    (error) => setFailed(sentenceFor(error)),
  );
  useEffect(() => {
    load();
  }, []);
  const made = (/** @type {{program: Program, token: string}} */ { program, token: fresh }) => {
    setKnown((old) => old && { ...old, items: [program, ...old.items] });
    setMaking(false);
    setToken(fresh);
  };
  const away = async (/** @type {string} */ id) => {
    try {
      const gone = await write("DELETE", `programs/${id}`, {});
      setKnown((old) => old && { ...old, items: old.items.map((one) => (one.id === id ? gone : one)) });
      say({ text: t("settings.programs.done"), tone: "plain" });
    } catch (error) {
      say({ text: sentenceFor(error), tone: "error" });
    }
  };
  return html`<div class="set-part" aria-labelledby="set-title"><header><h2 id="set-title" tabindex="-1">${t("settings.part.programs")}</h2><p class="quiet">${t("settings.about.programs")}</p></header>
    ${failed ? html`<div class="notice" data-tone="bad" role="alert"><span>${failed}</span><button type="button" class="button small" onClick=${load}>${t("retry")}</button></div>` : null}
    ${!known && !failed ? html`<p class="quiet" role="status">${t("loading")}</p>` : null}
    ${token ? html`<${Shown} token=${token} onLeave=${() => setToken("")} />` : null}
    ${!known || token ? null : making ? html`<${Maker} scopes=${known.scopes} onMade=${made} onLeave=${() => setMaking(false)} />` : html`<p><button type="button" class="button" onClick=${() => setMaking(true)}>${t("settings.programs.make")}</button></p>`}
    ${known?.items.length === 0 && !making && !token ? html`<div class="empty"><p>${t("settings.programs.none")}</p></div>` : null}
    <ul class="rows-of">${(known?.items ?? []).map((program) => html`<${Row} key=${program.id} program=${program} onAway=${() => away(program.id)} />`)}</ul></div>`;
}
