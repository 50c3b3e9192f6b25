// What is looked at before a reply leaves, and when somebody else has to agree to it.
import { html } from "../../vendor/preact-11.2.0.js";
import { t } from "../../core/i18n.js";
import { edit, settings, valueOf } from "../../core/policy.js";
import { languages, people, platforms } from "./choices.js";
import { Condition } from "./condition.js";
import { Away, Choice, Group, idOf, Lines, Num, Part, Small, Some, Switch, typed, Wait, wrongUnder } from "./form.js";

/** @typedef {{name: string, condition: string, number: number}} When */

const PART = "checks";
const WHEN = "approvals.when";
const LOOKS = ["personal_data", "asks_for_data", "same_text", "heated", "placeholder", "long_thread", "telephone"];

function Conditions() {
  const all = /** @type {When[]} */ (valueOf(WHEN));
  const put = (/** @type {When[]} */ next) => edit(PART, WHEN, next);
  const set = (/** @type {number} */ at, /** @type {Partial<When>} */ change) => put(all.map((one, index) => (index === at ? { ...one, ...change } : one)));
  const words = settings.value?.words.approvals ?? {};
  const tags = Object.keys(valueOf("approvals.tags") ?? {}).map((name) => /** @type {[string, string]} */ ([name, name]));
  const fresh = () => {
    let n = all.length + 1;
    while (all.some(({ name }) => name === `reason_${n}`)) n += 1;
    return `reason_${n}`;
  };
  return html`${all.length === 0 ? html`<p class="quiet">${t("settings.checks.noConditions")}</p>` : null}
    <ol class="rows-of">${all.map((one, at) => {
      const wrong = wrongUnder(PART, `${WHEN}.${at}`);
      return html`<li key=${at} class="rule" id=${idOf(`${WHEN}.${at}`)} tabindex="-1" data-wrong=${wrong ? "" : undefined}>
        <header><label class="grow"><span>${t("settings.checks.reason")}</span><input type="text" dir="ltr" value=${one.name} onInput=${(/** @type {Event} */ event) => set(at, { name: typed(event) })} /></label>
          <label><span>${t("settings.checks.number")}</span><select onChange=${(/** @type {Event} */ event) => set(at, { number: Number(typed(event)) })}>${[1, 2].map((n) => html`<option key=${n} value=${n} selected=${one.number === n}>${n}</option>`)}</select></label>
          <${Away} label=${t("settings.drop")} onClick=${() => put(all.filter((_, index) => index !== at))} /></header>
        <${Condition} path=${`${WHEN}.${at}.condition`} text=${one.condition} words=${words} options=${{ platform: platforms(), language: languages(), tags }} wrong=${wrong} onChange=${(/** @type {string} */ condition) => set(at, { condition })} />
        ${wrong ? html`<p class="wrong">${wrong}</p>` : null}</li>`;
    })}</ol>
    <p><${Small} label=${t("settings.checks.addCondition")} onClick=${() => put([...all, { name: fresh(), condition: "amount >= 100", number: 1 }])} /></p>`;
}

/** @param {{readOnly: boolean}} props */
export default function ChecksPart({ readOnly }) {
  const strict = /** @type {[string, string][]} */ (["off", "warn", "block"].map((one) => [one, t(`settings.checks.${one}`)]));
  return html`<${Part} part=${PART} readOnly=${readOnly}>
    <${Group} title=${t("settings.checks.title")} hint=${t("settings.checks.hint")}>
      ${LOOKS.map((name) => html`<${Choice} key=${name} part=${PART} path=${`checks.${name}`} label=${t(`settings.checks.${name}`)} options=${strict} />`)}
      <${Switch} part=${PART} path="checks.confirm" label=${t("settings.checks.confirm")} hint=${t("settings.checks.confirm.hint")} />
      <${Wait} part=${PART} path="checks.cool_down_seconds" label=${t("settings.checks.cool_down")} />
      <${Num} part=${PART} path="checks.public_replies" label=${t("settings.checks.public_replies")} min=${1} max=${50} />
      <${Switch} part=${PART} path="checks.sign" label=${t("settings.checks.sign")} hint=${t("settings.checks.sign.hint")} />
      <${Lines} part=${PART} path="checks.own_contacts" label=${t("settings.checks.own_contacts")} hint=${t("settings.checks.own_contacts.hint")} /><//>
    <${Group} title=${t("settings.approvals.title")} hint=${t("settings.approvals.hint")}>
      <${Choice} part=${PART} path="approvals.number" number label=${t("settings.approvals.number")} options=${[0, 1, 2].map((n) => [String(n), t(`settings.approvals.number.${n}`)])} />
      <${Conditions} />
      <${Some} label=${t("settings.approvals.approvers")} options=${people()} value=${valueOf("approvals.approvers")} onChange=${(/** @type {string[]} */ value) => edit(PART, "approvals.approvers", value)} />
      <p class="hint">${t("settings.approvals.approvers.hint")}</p>
      <${Switch} part=${PART} path="approvals.edited_needs_another" label=${t("settings.approvals.edited")} />
      <${Wait} part=${PART} path="approvals.escalate_seconds" label=${t("settings.approvals.escalate")} />
      <${Wait} part=${PART} path="approvals.expires_seconds" label=${t("settings.approvals.expires")} /><//>
  <//>`;
}
