// Numbers side by side: what stands behind each picture, and the same figures by platform, account and person.
import { html } from "../../vendor/preact-11.2.0.js";
import { t } from "../../core/i18n.js";
import { platformName } from "../../core/platforms.js";
import { cameOf, casesHref, dayInFull, dayName, hourName, length, number, rating, share, weekdayName } from "./words.js";

/** @typedef {import("../../types.d.ts").Report} Report */
/** @typedef {import("../../types.d.ts").Figures} Figures */
/** @typedef {import("./words.js").Asked} Asked */
/** @typedef {import("../../vendor/preact-11.2.0.js").Child} Child */
/** @typedef {{key: string, what?: string, of: (figures: Figures) => string}} Column what: the counter whose cases it opens */

/** @type {Column[]} */
const DEMAND = [{ key: "came", what: "came", of: (each) => number(cameOf(each)) }];
/** @type {Column[]} */
const WORK = [
  { key: "answered", what: "answers", of: ({ answers }) => number(answers.public + answers.private) },
  { key: "first", what: "first", of: ({ first }) => length(first.median_ms) },
  { key: "p90", what: "first", of: ({ first }) => length(first.p90_ms) },
  { key: "inTime", what: "first_mark.missed", of: ({ first }) => share(first.met, first.met + first.missed) },
  { key: "resolution", what: "resolution", of: ({ resolution }) => length(resolution.median_ms) },
  { key: "closed", what: "closed", of: ({ closed }) => number(closed) },
  { key: "satisfaction", what: "rated", of: ({ satisfaction }) => rating(satisfaction.average) },
];

/** @param {{caption: string, first: string, columns: Column[], rows: {id: string, name: Child, figures: Figures, narrowed: Partial<Asked>}[], asked: Asked}} props */
function FiguresTable({ caption, first, columns, rows, asked }) {
  return html`<div class="table-box" role="region" aria-label=${caption} tabindex="0"><table>
    <caption class="hidden">${caption}</caption>
    <thead><tr><th scope="col">${first}</th>${columns.map(({ key }) => html`<th key=${key} scope="col">${t(`reports.column.${key}`)}</th>`)}</tr></thead>
    <tbody>${rows.map(({ id, name, figures, narrowed }) => html`<tr key=${id}><th scope="row">${name}</th>${columns.map(({ key, what, of }) => {
      const said = of(figures);
      const empty = said === t("reports.none") || said === number(0);
      return html`<td key=${key}>${what && !empty ? html`<a href=${casesHref(asked, what, narrowed)}>${said}</a>` : said}</td>`;
    })}</tr>`)}</tbody>
  </table></div>`;
}

/** @param {{title: string, rows: Child, note?: string}} props */
const Section = ({ title, rows, note = "" }) => html`<section class="card"><h2>${title}</h2>${note ? html`<p class="quiet">${note}</p>` : null}${rows}</section>`;

/** @param {{report: Report, asked: Asked}} props by platform, account and person */
export function Breakdown({ report, asked }) {
  const columns = report.agent ? WORK : [...DEMAND, ...WORK];
  const platforms = report.platforms.map((each) => ({ id: each.id, name: platformName(each.id), figures: each, narrowed: { platform: each.id } }));
  const accounts = report.accounts.map((each) => ({
    id: each.id, figures: each, narrowed: { account: each.id },
    name: html`<bdi>${each.handle || each.id}</bdi>${each.platform ? html` <span class="quiet">${platformName(each.platform)}</span>` : null}`,
  }));
  const agents = report.agents.map((each) => ({ id: each.id, name: html`<bdi>${each.name || t("reports.gone")}</bdi>`, figures: each, narrowed: { agent: each.id } }));
  return html`<${Section} title=${t("reports.byPlatform")} rows=${html`<${FiguresTable} caption=${t("reports.byPlatform")} first=${t("reports.platform")} columns=${columns} rows=${platforms} asked=${asked} />`} />
    ${accounts.length > 1 ? html`<${Section} title=${t("reports.byAccount")} rows=${html`<${FiguresTable} caption=${t("reports.byAccount")} first=${t("reports.account")} columns=${columns} rows=${accounts} asked=${asked} />`} />` : null}
    ${agents.length > 0 && !report.own ? html`<${Section} title=${t("reports.byAgent")} note=${t("reports.byAgent.means")} rows=${html`<${FiguresTable} caption=${t("reports.byAgent")} first=${t("reports.agent")} columns=${WORK} rows=${agents} asked=${asked} />`} />` : null}`;
}

/** @param {{caption: string, report: Report, asked: Asked, columns: Column[]}} props the numbers of a picture, day by day */
export function DayTable({ caption, report, asked, columns }) {
  const rows = report.days.map((each) => ({ id: each.day, name: html`<span title=${dayInFull(each.day)}>${dayName(each.day)}</span>`, figures: each, narrowed: { from: each.day, to: each.day } }));
  return html`<details class="numbers"><summary>${t("reports.numbers")}<span class="hidden"> ${caption}</span></summary>
    <${FiguresTable} caption=${caption} first=${t("reports.day")} columns=${columns} rows=${rows} asked=${asked} /></details>`;
}

/** @param {{report: Report, asked: Asked}} props when customers write: only the hours in which somebody did */
export function HourTable({ report, asked }) {
  const caption = t("reports.heat");
  const used = Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => report.hours.some((row) => row[hour] > 0));
  return html`<details class="numbers"><summary>${t("reports.numbers")}<span class="hidden"> ${caption}</span></summary>
    <div class="table-box" role="region" aria-label=${caption} tabindex="0"><table>
      <caption class="hidden">${caption}</caption>
      <thead><tr><th scope="col">${t("reports.hour")}</th>${report.hours.map((_, day) => html`<th key=${day} scope="col">${weekdayName(day)}</th>`)}</tr></thead>
      <tbody>${used.map((hour) => html`<tr key=${hour}><th scope="row">${hourName(hour)}</th>${report.hours.map((row, day) => html`<td key=${day}>${row[hour] > 0 ? html`<a href=${casesHref(asked, `hour.${day}.${hour}`)}>${number(row[hour])}</a>` : number(0)}</td>`)}</tr>`)}</tbody>
    </table></div></details>`;
}
