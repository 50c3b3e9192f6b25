// The figures of the chosen days, one card each: the number, what it comes from, what it means, the cases behind it.
import { html } from "../../vendor/preact-11.2.0.js";
import { t } from "../../core/i18n.js";
import { ShareBar } from "./charts.js";
import { answersOf, cameOf, casesHref, length, number, price, rating, share } from "./words.js";

/** @typedef {import("../../types.d.ts").Report} Report */
/** @typedef {import("./words.js").Asked} Asked */
/** @typedef {import("../../vendor/preact-11.2.0.js").Child} Child */
/** @typedef {{id: string, value: string, what: string, n: number, notes: Child[], of?: [number, number]}} Card what: a counter's name */

/** @param {{asked: Asked, what: string, n: number, children: Child}} props a number that opens its cases; none opens nothing */
function Opens({ asked, what, n, children }) {
  return n > 0 ? html`<a href=${casesHref(asked, what)}>${children}</a>` : html`<span>${children}</span>`;
}

/** @param {Asked} asked @returns {(what: string, key: string, n: number) => Child} a sentence with a number that opens its cases */
const noteOf = (asked) => (what, key, n) => html`<${Opens} asked=${asked} what=${what} n=${n}>${t(key, { n })}<//>`;

/** @param {Report} report @param {Asked} asked @returns {Card[]} */
function cardsOf({ total, own }, asked) {
  const note = noteOf(asked);
  const { first, wall, resolution, coverage, satisfaction, promises, answers, next, cost } = total;
  const ended = Object.values(total.ended).reduce((sum, n) => sum + n, 0);
  const answered = answersOf(total);
  const answerable = coverage.answered + coverage.unanswered;
  /** @type {Card[]} */
  const found = [
    { id: "came", value: number(cameOf(total)), what: "came", n: cameOf(total), notes: [
      note("came.public", "reports.public", total.came.public), note("came.private", "reports.private", total.came.private),
      note("ended", "reports.ended", ended)] },
    { id: "first", value: length(first.median_ms), what: "first", n: first.n, of: [first.met, first.met + first.missed], notes: [
      t("reports.p90", { span: length(first.p90_ms) }), t("reports.wall", { span: length(wall.median_ms), most: length(wall.p90_ms) }),
      note("first_mark.missed", "reports.late", first.missed)] },
    { id: "resolution", value: length(resolution.median_ms), what: "resolution", n: resolution.n, of: [resolution.met, resolution.met + resolution.missed], notes: [
      t("reports.p90", { span: length(resolution.p90_ms) }), note("resolution_mark.missed", "reports.late", resolution.missed),
      note("taken_back", "reports.takenBack", total.taken_back)] },
    { id: "coverage", value: share(coverage.answered, answerable), what: "coverage", n: answerable, of: [coverage.answered, answerable], notes: [
      t("reports.ofAll", { part: number(coverage.answered), n: answerable }), note("coverage.unanswered", "reports.unanswered", coverage.unanswered)] },
    { id: "next", value: share(next.given - next.missed, next.given), what: "next", n: next.given, of: [next.given - next.missed, next.given], notes: [
      t("reports.ofAll", { part: number(next.given - next.missed), n: next.given }), note("next.missed", "reports.late", next.missed)] },
    { id: "satisfaction", value: rating(satisfaction.average), what: "rated", n: satisfaction.n, notes: [
      note("rated", "reports.ratings", satisfaction.n),
      t("reports.stars", { public: rating(satisfaction.public.average), private: rating(satisfaction.private.average) })] },
    { id: "promises", value: share(promises.kept, promises.kept + promises.missed), what: "promise", n: promises.kept + promises.missed, of: [promises.kept, promises.kept + promises.missed], notes: [
      t("reports.ofAll", { part: number(promises.kept), n: promises.kept + promises.missed }), note("promise.missed", "reports.broken", promises.missed)] },
    { id: "places", value: share(answers.public, answered), what: "answers", n: answered, of: [answers.public, answered], notes: [
      t("reports.answers", { public: number(answers.public), private: number(answers.private) })] },
    { id: "bot", value: share(answers.desk, answered), what: "answers.desk", n: answers.desk, of: [answers.desk, answered], notes: [
      note("answers.person", "reports.byPeople", answers.person), note("answers.outside", "reports.outside", answers.outside)] },
    { id: "cost", value: price(cost.each_usd), what: "closed", n: total.closed, notes: [
      note("cost.fees", "reports.closed", total.closed), t("reports.fees", { fees: price(cost.fees_usd), all: price(cost.whole_usd) })] },
  ];
  return own || asked.agent ? found.filter(({ id }) => id !== "came" && id !== "bot") : found;
}

/** @param {{report: Report, asked: Asked}} props */
export function Cards({ report, asked }) {
  return html`<ul class="figures">${cardsOf(report, asked).map(({ id, value, what, n, notes, of }) => html`<li key=${id} class="card figure" data-figure=${id}>
    <h2>${t(`reports.${id}`)}</h2>
    <p class="figure-value"><${Opens} asked=${asked} what=${what} n=${n}>${value}<//></p>
    ${of ? html`<p class="figure-share"><${ShareBar} part=${of[0]} whole=${of[1]} />${id === "first" || id === "resolution" ? html`<span>${t("reports.inTime", { share: share(...of) })}</span>` : null}</p>` : null}
    <ul class="figure-notes quiet">${notes.map((each, at) => html`<li key=${at}>${each}</li>`)}</ul>
    <details class="meaning"><summary>${t("reports.meaning")}<span class="hidden"> ${t(`reports.${id}`)}</span></summary><p>${t(`reports.${id}.means`)}</p></details>
  </li>`)}</ul>`;
}
