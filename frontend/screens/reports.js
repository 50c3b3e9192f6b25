// Reports: what happened over some days, in figures and pictures. Every number leads to the cases behind it.
import { html, useEffect, useRef, useState } from "../vendor/preact-11.2.0.js";
import { get, reachable } from "../core/api.js";
import { t } from "../core/i18n.js";
import { screenHref } from "../core/route.js";
import { me } from "../core/session.js";
import { clockTime, present } from "../core/spans.js";
import { Icon } from "../ui/icon.js";
import { loadStyle } from "../ui/later.js";
import { Cards } from "./reports/cards.js";
import Cases from "./reports/cases.js";
import { DayChart, HeatMap, PartsChart } from "./reports/charts.js";
import { Choices } from "./reports/choices.js";
import { failureOf } from "./reports/failure.js";
import { Breakdown, DayTable, HourTable } from "./reports/tables.js";
import { answersOf, cameOf, dayInFull, dayName, dayOf, daysFrom, length, number, saidOf } from "./reports/words.js";

/** @typedef {import("../types.d.ts").Report} Report */
/** @typedef {import("./reports/words.js").Asked} Asked */

await loadStyle("screens/reports.css");

const SHIPPED_DAYS = 7;
const EVERY = 60_000;
const PATIENCE = 150;
const MOODS = /** @type {const} */ (["negative", "neutral", "positive", "unsure"]);

/** @param {string} query @param {string} today @returns {Asked & {what: string}} what the address asks for; the last seven days when it does not say */
function askedOf(query, today) {
  const said = new URLSearchParams(query);
  const day = (/** @type {string} */ name, /** @type {string} */ other) => (/^\d{4}-\d\d-\d\d$/.test(said.get(name) ?? "") ? /** @type {string} */ (said.get(name)) : other);
  const to = day("to", today);
  return {
    from: day("from", daysFrom(to, 1 - SHIPPED_DAYS)), to, platform: said.get("platform") ?? "", account: said.get("account") ?? "",
    agent: said.get("agent") ?? "", what: said.get("what") ?? "",
  };
}

function Skeleton() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  return html`<div aria-busy="true"><span class="hidden" role="status">${t("loading")}</span>${late ? html`<ul class="figures" aria-hidden="true">${[1, 2, 3, 4, 5, 6].map((n) => html`<li key=${n} class="card figure waiting"></li>`)}</ul>` : null}</div>`;
}

/** @param {{report: Report, asked: Asked}} props the pictures; of one day there is no course of days */
function Pictures({ report, asked }) {
  const { days, hours } = report;
  const names = days.map(({ day }) => day);
  const course = days.length > 1;
  const span = { from: dayInFull(report.from), to: dayInFull(report.to) };
  const first = { key: "first", what: "first", of: (/** @type {import("../types.d.ts").Figures} */ each) => length(each.first.median_ms) };
  const p90 = { key: "p90", what: "first", of: (/** @type {import("../types.d.ts").Figures} */ each) => length(each.first.p90_ms) };
  const came = { key: "came", what: "came", of: (/** @type {import("../types.d.ts").Figures} */ each) => number(cameOf(each)) };
  const closed = { key: "closed", what: "closed", of: (/** @type {import("../types.d.ts").Figures} */ each) => number(each.closed) };
  const moods = MOODS.map((mood) => ({ key: mood, what: `sentiment.${mood}`, of: (/** @type {import("../types.d.ts").Figures} */ each) => number(each.sentiment[mood]) }));
  return html`<div class="pictures">
    ${course ? html`<section class="card wide"><h2>${t("reports.course")}</h2>
      <${DayChart} label=${t("reports.course.label", span)} days=${names} say=${number} series=${[
        ...(report.agent ? [{ name: t("reports.column.answered"), form: "bar", values: days.map(answersOf) }] : [{ name: t("reports.column.came"), form: "bar", values: days.map(cameOf) }]),
        { name: t("reports.column.closed"), form: "dashed", values: days.map((each) => each.closed) }]} />
      <${DayTable} caption=${t("reports.course")} report=${report} asked=${asked} columns=${report.agent ? [closed] : [came, closed]} /></section>` : null}
    ${course ? html`<section class="card"><h2>${t("reports.waits")}</h2>
      <${DayChart} label=${t("reports.waits.label", span)} days=${names} say=${length} lengths series=${[
        { name: t("reports.column.first"), form: "line", values: days.map((each) => each.first.median_ms) },
        { name: t("reports.column.p90"), form: "dashed", values: days.map((each) => each.first.p90_ms) }]} />
      <${DayTable} caption=${t("reports.waits")} report=${report} asked=${asked} columns=${[first, p90]} /></section>` : null}
    ${report.agent ? null : html`<section class="card"><h2>${t("reports.mood")}</h2>
      <${PartsChart} label=${t("reports.mood.label", span)} days=${names} say=${number} parts=${MOODS.map((mood) => ({ name: t(`reports.column.${mood}`), form: mood, values: days.map((each) => each.sentiment[mood]) }))} />
      <${DayTable} caption=${t("reports.mood")} report=${report} asked=${asked} columns=${moods} />
      <details class="meaning"><summary>${t("reports.meaning")}<span class="hidden"> ${t("reports.mood")}</span></summary><p>${t("reports.mood.means")}</p></details></section>`}
    ${report.agent ? null : html`<section class="card wide"><h2>${t("reports.heat")}</h2>
      <${HeatMap} label=${t("reports.heat.label", span)} hours=${hours} />
      <${HourTable} report=${report} asked=${asked} />
      <details class="meaning"><summary>${t("reports.meaning")}<span class="hidden"> ${t("reports.heat")}</span></summary><p>${t("reports.heat.means", { zone: report.zone })}</p></details></section>`}
  </div>`;
}

/** @param {{asked: Asked, today: string}} props nothing was counted */
function Nothing({ asked, today }) {
  return html`<div class="empty"><${Icon} name="reports" /><p>${t("reports.empty")}</p>
    ${asked.platform || asked.account || asked.agent ? html`<a class="button" href=${screenHref("reports", "", { from: asked.from, to: asked.to })}>${t("reports.widen")}</a>` : html`<a class="button" href=${screenHref("reports", "", { from: daysFrom(today, -27), to: today })}>${t("reports.lastDays", { n: 28 })}</a>`}</div>`;
}

/** @param {{asked: Asked, today: string}} props */
function Overview({ asked, today }) {
  const [report, setReport] = useState(/** @type {Report | null} */ (null));
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(true);
  const address = new URLSearchParams(saidOf(asked)).toString();
  const wanted = useRef("");
  const load = async () => {
    wanted.current = address;
    setBusy(true);
    try {
      const found = await get(`reports?${address}`);
      if (wanted.current !== address) return;
      setReport(found);
      setFailure("");
    } catch (error) {
      if (wanted.current !== address) return;
      setFailure(failureOf(error));
    }
    setBusy(false);
  };
  useEffect(() => {
    load();
    // Only today goes on.
    const timer = asked.to < today ? 0 : setInterval(() => !document.hidden && load(), EVERY);
    return () => clearInterval(timer);
  }, [address]);
  const own = report?.own ?? me.value?.agent.roles.includes("agent") ?? false;
  const nothing = report && cameOf(report.total) + answersOf(report.total) + report.total.closed + report.total.satisfaction.n === 0;
  return html`<header class="screen-head reports-head"><h1>${t("screen.reports")}</h1>
      ${report ? html`<p class="quiet">${t("reports.asOf", { from: dayName(report.from), to: dayName(report.to), time: clockTime(report.now), zone: report.zone })}</p>` : null}
      <${Choices} asked=${asked} today=${today} own=${own} /></header>
    <div class="screen-body reports" aria-busy=${busy}>
      ${failure && report ? html`<div class="notice" data-tone="bad" role="alert"><span>${failure}</span><button type="button" class="button small" onClick=${load}>${t("retry")}</button></div>` : null}
      ${failure && !report ? html`<div class="empty" role="alert"><${Icon} name=${reachable.value ? "warning" : "offline"} /><p>${failure}</p><button type="button" class="button" onClick=${load}>${t("retry")}</button></div>` : null}
      ${!report && !failure ? html`<${Skeleton} />` : null}
      ${own ? html`<p class="quiet">${t("reports.own")}</p>` : null}
      ${report && nothing ? html`<${Nothing} asked=${asked} today=${today} />` : null}
      ${report && !nothing ? html`<${Cards} report=${report} asked=${asked} /><${Pictures} report=${report} asked=${asked} /><${Breakdown} report=${report} asked=${asked} />` : null}
    </div>`;
}

/** @param {{part: string, query: string}} props part: "cases" for those behind a number */
export default function Reports({ part, query }) {
  const zone = me.value?.brand.zone;
  // The days are the brand's: who it is has to be known first.
  if (!zone) return html`<${Skeleton} />`;
  const today = dayOf(zone, present());
  const { what, ...asked } = askedOf(query, today);
  return part === "cases" && what ? html`<${Cases} asked=${asked} what=${what} />` : html`<${Overview} asked=${asked} today=${today} />`;
}
