// To whom cases go: teams and their channels, rules in their order, how cases are spread; and a dry run of it all.
import { html } from "../../vendor/preact-11.2.0.js";
import { t } from "../../core/i18n.js";
import { edit, settings, valueOf } from "../../core/policy.js";
import { accounts, languages, people, platforms, teams } from "./choices.js";
import { Condition } from "./condition.js";
import { DryRun } from "./dry-run.js";
import { Away, Choice, Group, idOf, Num, Part, Small, Some, Switch, typed, Wait, wrongUnder } from "./form.js";
import { moved } from "./targets.js";

/** @typedef {{person: string, team: string, skills: string[], level: number}} To */
/** @typedef {{name: string, when: string, to: To}} Rule */
/** @typedef {{id: string, name: string, platforms: string[], accounts: string[]}} Team */

const PART = "routing";
const RULES = "assignment.rules";
const TEAMS = "assignment.teams";

/** @param {string} words @param {string[]} taken @returns {string} a name as the server wants it, that nothing else has */
function named(words, taken) {
  const plain = words.toLowerCase().normalize("NFKD").replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "").slice(0, 34) || "rule";
  let name = plain;
  for (let n = 2; taken.includes(name); n += 1) name = `${plain}-${n}`;
  return name;
}

/** @param {{at: number, to: To, onChange: (change: Partial<To>) => void}} props */
function Goal({ at, to, onChange }) {
  const path = `${RULES}.${at}.to`;
  const pick = (/** @type {string} */ name, /** @type {[string, string][]} */ options, /** @type {string} */ value, /** @type {(value: string) => void} */ set) => html`<label><span>${t(`settings.routing.${name}`)}</span><select id=${idOf(`${path}.${name}`)} onChange=${(/** @type {Event} */ event) => set(typed(event))}><option value="" selected=${value === ""}>${t("settings.routing.nobody")}</option>${options.some(([one]) => one === value) || !value ? null : html`<option value=${value} selected>${value}</option>`}${options.map(([one, words]) => html`<option key=${one} value=${one} selected=${one === value}>${words}</option>`)}</select></label>`;
  return html`<div class="goal">
    ${pick("person", people(), to.person, (person) => onChange({ person }))}
    ${pick("team", teams(), to.team, (team) => onChange({ team }))}
    <label><span>${t("settings.routing.skills")}</span><input type="text" dir="auto" value=${to.skills.join(", ")} onChange=${(/** @type {Event} */ event) => onChange({ skills: typed(event).split(",").map((one) => one.trim()).filter(Boolean) })} /></label>
    <label><span>${t("settings.routing.level")}</span><input type="number" min="0" max="9" value=${to.level} onInput=${(/** @type {Event} */ event) => onChange({ level: Number(typed(event)) })} /></label>
  </div>`;
}

function Rules() {
  const rules = /** @type {Rule[]} */ (valueOf(RULES));
  const put = (/** @type {Rule[]} */ next) => edit(PART, RULES, next);
  const set = (/** @type {number} */ at, /** @type {Partial<Rule>} */ change) => put(rules.map((rule, index) => (index === at ? { ...rule, ...change } : rule)));
  const words = settings.value?.words.assignment ?? {};
  const options = { platform: platforms(), account: accounts(), language: languages() };
  const add = () => {
    put([...rules, { name: named(t("settings.routing.newRule"), rules.map(({ name }) => name)), when: `platform == "${platforms()[0][0]}"`, to: { person: "", team: teams()[0]?.[0] ?? "", skills: [], level: 0 } }]);
    // The keyboard goes to what has come, which may have pushed the button out of sight.
    requestAnimationFrame(() => document.getElementById(idOf(`${RULES}.${rules.length}.name`))?.focus());
  };
  return html`${rules.length === 0 ? html`<p class="quiet">${t("settings.routing.noRules")}</p>` : null}
    <ol class="rows-of">${rules.map((rule, at) => {
      const wrong = wrongUnder(PART, `${RULES}.${at}`);
      return html`<li key=${at} class="rule" id=${idOf(`${RULES}.${at}`)} tabindex="-1" data-wrong=${wrong ? "" : undefined}>
        <header><label class="grow"><span class="hidden">${t("settings.routing.ruleName")}</span><input type="text" id=${idOf(`${RULES}.${at}.name`)} dir="ltr" value=${rule.name} onInput=${(/** @type {Event} */ event) => set(at, { name: typed(event) })} /></label>
          <span class="order"><${Small} label=${t("settings.up")} onClick=${() => put(moved(rules, at, -1))} /><${Small} label=${t("settings.down")} onClick=${() => put(moved(rules, at, 1))} /><${Away} label=${t("settings.routing.dropRule", { name: rule.name })} onClick=${() => put(rules.filter((_, index) => index !== at))} /></span></header>
        <${Condition} path=${`${RULES}.${at}.when`} text=${rule.when} words=${words} options=${options} wrong=${wrong} onChange=${(/** @type {string} */ when) => set(at, { when })} />
        <${Goal} at=${at} to=${rule.to} onChange=${(/** @type {Partial<To>} */ change) => set(at, { to: { ...rule.to, ...change } })} />
        ${wrong ? html`<p class="wrong">${wrong}</p>` : null}</li>`;
    })}</ol>
    <p><${Small} label=${t("settings.routing.addRule")} onClick=${add} /></p>`;
}

function Teams() {
  const all = /** @type {Team[]} */ (valueOf(TEAMS));
  const put = (/** @type {Team[]} */ next) => edit(PART, TEAMS, next);
  const set = (/** @type {number} */ at, /** @type {Partial<Team>} */ change) => put(all.map((team, index) => (index === at ? { ...team, ...change } : team)));
  const known = new Set((settings.value?.policy.assignment.teams ?? []).map((/** @type {Team} */ { id }) => id));
  const rename = (/** @type {number} */ at, /** @type {string} */ name) => set(at, known.has(all[at].id) ? { name } : { name, id: named(name, all.filter((_, index) => index !== at).map(({ id }) => id)) });
  const wrong = wrongUnder(PART, TEAMS);
  return html`${all.length === 0 ? html`<p class="quiet">${t("settings.routing.noTeams")}</p>` : null}
    <ul class="rows-of" id=${idOf(TEAMS)} tabindex="-1">${all.map((team, at) => html`<li key=${at} class="rule">
      <header><label class="grow"><span>${t("settings.routing.teamName")}</span><input type="text" dir=${team.name ? "auto" : undefined} value=${team.name} onInput=${(/** @type {Event} */ event) => rename(at, typed(event))} /></label><code dir="ltr">${team.id}</code><${Away} label=${t("settings.routing.dropTeam", { name: team.name || team.id })} onClick=${() => put(all.filter((_, index) => index !== at))} /></header>
      <div class="chosen"><${Some} label=${t("settings.targets.platforms")} all=${t("settings.none")} options=${platforms()} value=${team.platforms} onChange=${(/** @type {string[]} */ value) => set(at, { platforms: value })} />
      <${Some} label=${t("settings.routing.accounts")} all=${t("settings.none")} options=${accounts()} value=${team.accounts} onChange=${(/** @type {string[]} */ value) => set(at, { accounts: value })} /></div></li>`)}</ul>
    ${wrong ? html`<p class="wrong">${wrong}</p>` : null}
    <p><${Small} label=${t("settings.routing.addTeam")} onClick=${() => put([...all, { id: named(t("settings.routing.newTeam"), all.map(({ id }) => id)), name: t("settings.routing.newTeam"), platforms: [], accounts: [] }])} /></p>`;
}

/** @param {{readOnly: boolean}} props */
export default function RoutingPart({ readOnly }) {
  return html`<${Part} part=${PART} readOnly=${readOnly}>
    <${Group} title=${t("settings.routing.rules")} hint=${t("settings.routing.rules.hint")}><${Rules} /><//>
    <${Group} title=${t("settings.routing.teams")} hint=${t("settings.routing.teams.hint")}><${Teams} /><//>
    <${Group} title=${t("settings.routing.spread")}>
      <${Choice} part=${PART} path="assignment.spread" label=${t("settings.routing.way")} options=${["least_loaded", "round_robin"].map((one) => [one, t(`settings.routing.${one}`)])} />
      <${Choice} part=${PART} path="assignment.language" label=${t("settings.routing.language")} options=${["ignored", "preferred", "required"].map((one) => [one, t(`settings.routing.language.${one}`)])} />
      <${Switch} part=${PART} path="assignment.take_waiting" label=${t("settings.routing.take_waiting")} hint=${t("settings.routing.take_waiting.hint")} />
      <${Num} part=${PART} path="assignment.same_agent_days" label=${t("settings.routing.same_agent")} hint=${t("settings.routing.same_agent.hint")} min=${0} max=${365} unit=${t("settings.unit.days")} />
      <${Wait} part=${PART} path="assignment.note_after_seconds" label=${t("settings.routing.note_after")} hint=${t("settings.routing.note_after.hint")} /><//>
    ${readOnly ? null : html`<${DryRun} part=${PART} hint=${t("settings.routing.dry")} fields=${["assignment"]} />`}
  <//>`;
}
