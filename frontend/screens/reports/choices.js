// Which days, and of what: the head of the reports. Every choice is an address, so that it can be sent to somebody.
import { html, useState } from "../../vendor/preact-11.2.0.js";
import { t } from "../../core/i18n.js";
import { platformName } from "../../core/platforms.js";
import { screenHref, visit } from "../../core/route.js";
import { me } from "../../core/session.js";
import { daysFrom, saidOf } from "./words.js";

/** @typedef {import("./words.js").Asked} Asked */

const SPANS = [1, 7, 28];
const LONGEST = 92;
const OLDEST = 399;

/** @param {Asked} asked @param {string} today @returns {number} days of a span that ends today, 0 for any other */
const spanOf = ({ from, to }, today) => (to === today ? (SPANS.find((days) => daysFrom(today, 1 - days) === from) ?? 0) : 0);

/** @param {{asked: Asked, today: string}} props */
function Custom({ asked, today }) {
  const [from, setFrom] = useState(asked.from);
  const [to, setTo] = useState(asked.to);
  const wrong = from > to ? "reports.wrongOrder" : daysFrom(from || today, LONGEST) <= to ? "reports.tooLong" : "";
  /** @param {Event} event */
  const show = (event) => {
    event.preventDefault();
    if (from && to && !wrong) visit(screenHref("reports", "", saidOf({ ...asked, from, to })));
  };
  /** @param {(value: string) => void} set */
  const field = (set) => (/** @type {Event} */ event) => set(/** @type {HTMLInputElement} */ (event.target).value);
  return html`<form class="custom" onSubmit=${show}>
    <label><span>${t("reports.from")}</span><input type="date" required value=${from} min=${daysFrom(today, -OLDEST)} max=${today} onInput=${field(setFrom)} /></label>
    <label><span>${t("reports.to")}</span><input type="date" required value=${to} min=${daysFrom(today, -OLDEST)} max=${today} onInput=${field(setTo)} /></label>
    <button class="button" aria-disabled=${wrong ? "true" : undefined}>${t("reports.show")}</button>
    ${wrong ? html`<p class="custom-wrong" role="alert">${t(wrong, { n: LONGEST })}</p>` : null}
  </form>`;
}

/** @param {{label: string, value: string, name: "platform" | "account" | "agent", asked: Asked, options: {id: string, name: string}[]}} props */
function Narrow({ label, value, name, asked, options }) {
  if (options.length < 2 && !value) return null;
  const known = value && !options.some(({ id }) => id === value) ? [...options, { id: value, name: t("reports.gone") }] : options;
  /** @param {Event} event */
  const choose = (event) => visit(screenHref("reports", "", saidOf({ ...asked, [name]: /** @type {HTMLSelectElement} */ (event.target).value })));
  return html`<label class="narrow"><span>${label}</span><select value=${value} onChange=${choose}><option value="">${t("reports.all")}</option>${known.map((each) => html`<option key=${each.id} value=${each.id}>${each.name}</option>`)}</select></label>`;
}

/** @param {{asked: Asked, today: string, own: boolean}} props */
export function Choices({ asked, today, own }) {
  const span = spanOf(asked, today);
  const [custom, setCustom] = useState(span === 0);
  const accounts = me.value?.accounts ?? [];
  const platforms = [...new Set(accounts.flatMap(({ platforms: all, platform }) => (all.length > 0 ? all : [platform])))].map((id) => ({ id, name: platformName(id) }));
  const file = `/api/v1/reports?${new URLSearchParams(saidOf(asked, { format: "csv" }))}`;
  return html`<div class="choices">
    <div class="spans" role="group" aria-label=${t("reports.days")}>
      ${SPANS.map((days) => html`<a key=${days} class="button small" aria-current=${!custom && span === days ? "true" : undefined} onClick=${() => setCustom(false)} href=${screenHref("reports", "", saidOf({ ...asked, from: daysFrom(today, 1 - days), to: today }))}>${days === 1 ? t("reports.today") : t("reports.lastDays", { n: days })}</a>`)}
      <button type="button" class="button small" aria-expanded=${custom} aria-current=${custom ? "true" : undefined} onClick=${() => setCustom(!custom)}>${t("reports.custom")}</button>
    </div>
    ${custom ? html`<${Custom} key=${`${asked.from} ${asked.to}`} asked=${asked} today=${today} />` : null}
    <div class="narrows">
      <${Narrow} label=${t("reports.platform")} name="platform" value=${asked.platform} asked=${asked} options=${platforms} />
      <${Narrow} label=${t("reports.account")} name="account" value=${asked.account} asked=${asked} options=${accounts.map(({ id, handle, name }) => ({ id, name: name || handle || id }))} />
      ${own ? null : html`<${Narrow} label=${t("reports.agent")} name="agent" value=${asked.agent} asked=${asked} options=${me.value?.members ?? []} />`}
      <a class="button small take" href=${file} download="">${t("reports.csv")}</a>
    </div>
  </div>`;
}
