// The team: who is there, what each takes and how much, when they work, and what they may decide.
import { html, useEffect, useState } from "../../vendor/preact-11.2.0.js";
import { newKey, get, write } from "../../core/api.js";
import { isolate, languageName, t } from "../../core/i18n.js";
import { sentenceFor, valueOf } from "../../core/policy.js";
import { myId } from "../../core/session.js";
import { dayTime } from "../../core/spans.js";
import { say } from "../../core/toasts.js";
import { Avatar } from "../../ui/chips.js";
import { Icon } from "../../ui/icon.js";
import { teams } from "./choices.js";
import { dayName, Intervals } from "./hours.js";
import { Away, Small, Some, ticked, typed } from "./form.js";
import { SignMemberOut } from "./sessions.js";

/** @typedef {import("../../types.d.ts").Teammate} Teammate */
/** @typedef {import("../../types.d.ts").Shift} Shift */
/** @typedef {Partial<Pick<Teammate, "role" | "teams" | "languages" | "skills" | "handle" | "level" | "spend_limit" | "capacity" | "shifts" | "days" | "away">>} Change */

const ROLES = ["agent", "lead", "reader"];
const DAYS = [0, 1, 2, 3, 4, 5, 6];

/** @param {string} said @returns {string[]} */
const listed = (said) => said.split(/[,\s]+/).map((one) => one.trim()).filter(Boolean);

/** @param {{shifts: Shift[], zone: string, onChange: (next: Shift[]) => void}} props */
function Shifts({ shifts, zone, onChange }) {
  const set = (/** @type {number} */ at, /** @type {Partial<Shift>} */ change) => onChange(shifts.map((one, index) => (index === at ? { ...one, ...change } : one)));
  return html`<fieldset class="shifts"><legend>${t("settings.people.shifts")}</legend>
    ${shifts.length === 0 ? html`<p class="hint">${t("settings.people.always")}</p>` : null}
    ${shifts.map((shift, at) => html`<div key=${at} class="shift">
      <${Some} label=${t("settings.people.days")} options=${DAYS.map((day) => [String(day), dayName(day)])} value=${shift.days.map(String)} onChange=${(/** @type {string[]} */ days) => set(at, { days: days.map(Number).sort() })} />
      <span class="interval"><input type="time" aria-label=${t("settings.hours.from", { name: t("settings.people.shift", { n: at + 1 }) })} value=${shift.start.slice(0, 5)} onInput=${(/** @type {Event} */ event) => typed(event) && set(at, { start: typed(event) })} /><span aria-hidden="true">–</span><input type="time" aria-label=${t("settings.hours.to", { name: t("settings.people.shift", { n: at + 1 }) })} value=${shift.end.slice(0, 5)} onInput=${(/** @type {Event} */ event) => typed(event) && set(at, { end: typed(event) })} /><span class="quiet">${shift.zone || zone}</span>
      <${Away} label=${t("settings.drop")} onClick=${() => onChange(shifts.filter((_, index) => index !== at))} /></span></div>`)}
    <p><${Small} label=${t("settings.people.addShift")} onClick=${() => onChange([...shifts, { days: [0, 1, 2, 3, 4], start: "09:00", end: "17:00", zone }])} /></p></fieldset>`;
}

/** Days on which somebody works otherwise, or not at all. @param {{days: Teammate["days"], zone: string, onChange: (next: Teammate["days"]) => void}} props */
function Days({ days, zone, onChange }) {
  const set = (/** @type {number} */ at, /** @type {Partial<Teammate["days"][0]>} */ change) => onChange(days.map((one, index) => (index === at ? { ...one, ...change } : one)));
  return html`<fieldset class="shifts"><legend>${t("settings.people.otherDays")}</legend>
    ${days.map((day, at) => html`<div key=${at} class="exception"><input type="date" aria-label=${t("settings.hours.date")} value=${day.date} onChange=${(/** @type {Event} */ event) => typed(event) && set(at, { date: typed(event) })} />
      <${Intervals} name=${day.date} intervals=${day.hours} closed=${t("settings.people.free")} onChange=${(/** @type {any} */ hours) => set(at, { hours })} /><${Away} label=${t("settings.drop")} onClick=${() => onChange(days.filter((_, index) => index !== at))} /></div>`)}
    <p><${Small} label=${t("settings.people.addDay")} onClick=${() => onChange([...days, { date: new Date().toLocaleDateString("sv"), hours: [], zone }])} /></p></fieldset>`;
}

/** @param {{member: Teammate, readOnly: boolean, onSaved: (member: Teammate) => void}} props */
function Person({ member, readOnly, onSaved }) {
  const [change, setChange] = useState(/** @type {Change} */ ({}));
  const [failed, setFailed] = useState("");
  const [busy, setBusy] = useState(false);
  const [attempt, setAttempt] = useState(newKey);
  const now = { ...member, ...change };
  const set = (/** @type {Change} */ more) => {
    setChange({ ...change, ...more });
    setAttempt(newKey());
  };
  const open = Object.keys(change).length > 0;
  const mine = member.id === myId.value;
  const zone = valueOf("calendar.zone") ?? "UTC";
  const id = `person-${member.id}`;
  const put = async (/** @type {Record<string, unknown>} */ body, /** @type {string} */ key) => {
    setBusy(true);
    setFailed("");
    try {
      onSaved(await write("PATCH", `team/${member.id}`, body, key));
      return true;
    } catch (error) {
      setFailed(sentenceFor(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  const save = async () => {
    const was = Object.fromEntries(Object.keys(change).map((name) => [name, /** @type {any} */ (member)[name]]));
    if (busy || !(await put(change, attempt))) return;
    setChange({});
    say({ text: t("settings.people.saved", { name: isolate(member.name) }), tone: "plain", undo: true, action: { label: t("toast.undo"), run: () => put(was, newKey()) } });
  };
  return html`<li class="card person" data-member=${member.id}><details>
    <summary><${Avatar} id=${member.id} letters=${member.initials} small /><b><bdi>${member.name}</bdi></b>
      <span class="chip">${t(`settings.role.${member.role}`)}</span>
      <span class="chip" data-tone=${member.on_shift ? undefined : "warn"}>${member.away ? t("settings.people.away") : member.on_shift ? t("settings.people.on") : member.next_shift ? t("settings.people.next", { at: dayTime(member.next_shift) }) : t("settings.people.off")}</span>
      <span class="quiet">${t("settings.people.load", { n: member.load, most: member.capacity })}</span>
      ${member.overdue > 0 ? html`<span class="chip" data-tone="bad">${t("settings.people.overdue", { n: member.overdue })}</span>` : null}
      ${open ? html`<span class="unsaved-dot"><span class="hidden">${t("settings.unsaved")}</span></span>` : null}</summary>
    <fieldset class="set-all" disabled=${readOnly}>
      <label class="switch"><input type="checkbox" checked=${now.away} onChange=${(/** @type {Event} */ event) => set({ away: ticked(event) })} />${t("settings.people.isAway")}</label>
      <div class="pair">
        <label for=${`${id}-role`}><span>${t("settings.people.role")}</span><select id=${`${id}-role`} disabled=${mine || member.role === "operator"} onChange=${(/** @type {Event} */ event) => set({ role: /** @type {Teammate["role"]} */ (typed(event)) })}>${(member.role === "operator" ? ["operator"] : ROLES).map((role) => html`<option key=${role} value=${role} selected=${now.role === role}>${t(`settings.role.${role}`)}</option>`)}</select></label>
        <label for=${`${id}-capacity`}><span>${t("settings.people.capacity")}</span><input id=${`${id}-capacity`} type="number" min="0" max="100" value=${now.capacity} onInput=${(/** @type {Event} */ event) => set({ capacity: Number(typed(event)) })} /></label>
        <label for=${`${id}-level`}><span>${t("settings.people.level")}</span><input id=${`${id}-level`} type="number" min="0" max="9" value=${now.level} onInput=${(/** @type {Event} */ event) => set({ level: Number(typed(event)) })} /></label>
        <label for=${`${id}-spend`}><span>${t("settings.people.spend")}</span><input id=${`${id}-spend`} type="number" min="0" value=${now.spend_limit} onInput=${(/** @type {Event} */ event) => set({ spend_limit: Number(typed(event)) })} /></label>
        <label for=${`${id}-languages`}><span>${t("settings.people.languages")}</span><input id=${`${id}-languages`} type="text" dir="ltr" value=${now.languages.join(", ")} onChange=${(/** @type {Event} */ event) => set({ languages: listed(typed(event)) })} /><span class="hint">${now.languages.map((tag) => languageName(tag) || tag).join(", ") || t("settings.people.anyLanguage")}</span></label>
        <label for=${`${id}-skills`}><span>${t("settings.people.skills")}</span><input id=${`${id}-skills`} type="text" dir="auto" value=${now.skills.join(", ")} onChange=${(/** @type {Event} */ event) => set({ skills: listed(typed(event)) })} /></label>
        <label for=${`${id}-handle`}><span>${t("settings.people.handle")}</span><input id=${`${id}-handle`} type="text" dir="ltr" value=${now.handle} onInput=${(/** @type {Event} */ event) => set({ handle: typed(event) })} /></label>
      </div>
      ${teams().length > 0 ? html`<${Some} label=${t("settings.people.teams")} options=${teams()} value=${now.teams} onChange=${(/** @type {string[]} */ value) => set({ teams: value })} />` : null}
      <${Shifts} shifts=${now.shifts} zone=${zone} onChange=${(/** @type {Shift[]} */ shifts) => set({ shifts })} />
      <${Days} days=${now.days} zone=${zone} onChange=${(/** @type {Teammate["days"]} */ days) => set({ days })} />
    </fieldset>
    ${readOnly || mine ? null : html`<${SignMemberOut} member=${member} />`}
    ${failed ? html`<p class="wrong" role="alert"><${Icon} name="warning" /><span>${failed}</span></p>` : null}
    ${readOnly || !open ? null : html`<p class="choices"><button type="button" class="button main" aria-disabled=${busy ? "true" : undefined} onClick=${save}>${t("settings.save")}</button><button type="button" class="button" onClick=${() => setChange({})}>${t("settings.discard")}</button></p>`}
  </details></li>`;
}

/** @param {{readOnly: boolean}} props */
export default function PeoplePart({ readOnly }) {
  const [members, setMembers] = useState(/** @type {Teammate[] | null} */ (null));
  const [failed, setFailed] = useState("");
  const load = () => get("team").then(
    ({ members: found }) => {
      setFailed("");
      setMembers(found);
    },
    (error) => setFailed(sentenceFor(error)),
  );
  useEffect(() => {
    load();
  }, []);
  return html`<div class="set-part" aria-labelledby="set-title"><header><h2 id="set-title" tabindex="-1">${t("settings.part.people")}</h2><p class="quiet">${t("settings.about.people")}</p></header>
    ${readOnly ? html`<p class="notice"><${Icon} name="info" /><span>${t("settings.readOnly")}</span></p>` : null}
    ${failed ? html`<div class="notice" data-tone="bad" role="alert"><span>${failed}</span><button type="button" class="button small" onClick=${load}>${t("retry")}</button></div>` : null}
    ${!members && !failed ? html`<p class="quiet" role="status">${t("loading")}</p>` : null}
    ${members?.length === 0 ? html`<div class="empty"><p>${t("settings.people.none")}</p></div>` : null}
    <ul class="people">${(members ?? []).map((member) => html`<${Person} key=${member.id} member=${member} readOnly=${readOnly} onSaved=${(/** @type {Teammate} */ saved) => setMembers((all) => (all ?? []).map((one) => (one.id === saved.id ? saved : one)))} />`)}</ul>
    <p class="hint">${t("settings.people.hint")}</p></div>`;
}
