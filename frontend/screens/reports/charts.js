// Pictures of numbers, drawn at the size they have on the screen so that their words stay readable. Each is an image
// with a label, and its numbers stand in a table below it. A second series differs by its form, not by colour alone.
import { html, useEffect, useId, useRef, useState } from "../../vendor/preact-11.2.0.js";
import { t } from "../../core/i18n.js";
import { dayName, hourName, weekdayName } from "./words.js";

/** @typedef {import("../../vendor/preact-11.2.0.js").Child} Child */
/** @typedef {{name: string, values: (number | null)[], form: "bar" | "line" | "dashed"}} Series */
/** @typedef {(value: number) => string} Say */

const HEIGHT = 180;
const AXIS = 44;
const FOOT = 22;
const TOP = 10;
const LABEL = 52;

/** @returns {[import("../../vendor/preact-11.2.0.js").Ref<HTMLElement | null>, number]} an element, and its width in pixels */
function useWidth() {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!box.current) return undefined;
    const watcher = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
    watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  return [box, width];
}

const MINUTE = 60_000;
/** Lengths that people count in, in minutes. */
const ROUND_MINUTES = [1, 2, 4, 10, 20, 30, 60, 120, 240, 480, 720, 1440, 2880, 5760, 11520, 23040, 46080];

/** @param {number} most @param {boolean} [lengths] of milliseconds @returns {number} a round number that is not less */
function ceiling(most, lengths = false) {
  if (lengths) return (ROUND_MINUTES.find((minutes) => minutes * MINUTE >= most) ?? most / MINUTE) * MINUTE;
  if (most <= 4) return Math.max(1, most);
  const step = 10 ** Math.floor(Math.log10(most));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((times) => times * step).find((round) => round >= most) ?? most;
}

/** Time runs with the line of reading. @param {number} width @returns {(x: number) => number} */
const along = (width) => (document.documentElement.dir === "rtl" ? (x) => width - x : (x) => x);

/** @param {{series: {name: string, form: string}[]}} props */
function Legend({ series }) {
  return html`<ul class="legend" aria-hidden="true">${series.map(({ name, form }) => html`<li key=${name}><svg width="22" height="12" focusable="false"><${Sample} form=${form} /></svg>${name}</li>`)}</ul>`;
}

/** @param {{form: string}} props how a series looks, for its legend */
function Sample({ form }) {
  if (form === "line" || form === "dashed") {
    return html`<g class=${`series ${form}`}><path d="M1 6h20" /><${Point} x=${11} y=${6} form=${form} /></g>`;
  }
  return html`<rect class=${`series ${form}`} x="1" y="1" width="20" height="10" />`;
}

/** @param {{x: number, y: number, form: string}} props */
function Point({ x, y, form }) {
  return form === "dashed" ? html`<rect x=${x - 3} y=${y - 3} width="6" height="6" />` : html`<circle cx=${x} cy=${y} r="3.5" />`;
}

/** @param {{width: number, most: number, days: string[], say: Say}} props lines to read heights and days by */
function Frame({ width, most, days, say }) {
  const at = along(width);
  const step = (width - AXIS) / days.length;
  const each = Math.ceil(LABEL / step);
  const marks = most > 1 ? [0, most / 2, most] : [0, most];
  return html`<g class="frame">
    ${marks.map((value) => {
      const y = TOP + (HEIGHT - TOP - FOOT) * (1 - value / most);
      return html`<g key=${value}><path d=${`M${at(AXIS)} ${y}L${at(width)} ${y}`} /><text x=${at(AXIS - 6)} y=${y + 4} text-anchor="end">${say(value)}</text></g>`;
    })}
    ${days.map((day, n) => (n % each === 0 ? html`<text key=${day} x=${at(AXIS + step * (n + 0.5))} y=${HEIGHT - 5} text-anchor="middle">${dayName(day)}</text>` : null))}
  </g>`;
}

/**
 * Bars, and lines over them, one place for each day.
 * @param {{label: string, days: string[], series: Series[], say: Say, lengths?: boolean}} props lengths: the values are milliseconds
 */
export function DayChart({ label, days, series, say, lengths }) {
  const [box, width] = useWidth();
  const most = ceiling(Math.max(1, ...series.flatMap(({ values }) => values.map((value) => value ?? 0))), lengths);
  const at = along(width);
  const step = (width - AXIS) / days.length;
  /** @param {number} value */
  const y = (value) => TOP + (HEIGHT - TOP - FOOT) * (1 - value / most);
  /** @param {number} n */
  const middle = (n) => at(AXIS + step * (n + 0.5));
  const thick = Math.min(28, Math.max(2, step * 0.6));
  return html`<div class="chart" ref=${box}>
    <${Legend} series=${series} />
    <svg role="img" aria-label=${label} width=${width} height=${HEIGHT} focusable="false">
      ${width > AXIS ? html`<${Frame} width=${width} most=${most} days=${days} say=${say} />` : null}
      ${width > AXIS ? series.map(({ name, values, form }) => html`<g key=${name} class=${`series ${form}`}>
        ${form === "bar"
          ? values.map((value, n) => (value ? html`<rect key=${n} x=${middle(n) - thick / 2} y=${y(value)} width=${thick} height=${HEIGHT - FOOT - y(value)} rx="2"><title>${`${dayName(days[n])}: ${say(value)}`}</title></rect>` : null))
          : html`<path d=${pathOf(values.map((value, n) => (value === null ? null : [middle(n), y(value)])))} />${values.map((value, n) => (value === null || (days.length > 45 && value === 0) ? null : html`<g key=${n}><title>${`${dayName(days[n])}: ${say(value)}`}</title><${Point} x=${middle(n)} y=${y(value)} form=${form} /></g>`))}`}
      </g>`) : null}
    </svg>
  </div>`;
}

/** @param {(number[] | null)[]} points @returns {string} a line that breaks where there is none */
function pathOf(points) {
  return points.map((point, n) => (point ? `${points[n - 1] ? "L" : "M"}${point[0]} ${point[1]}` : "")).join("");
}

/**
 * How each day was made up: bars of parts, each with a pattern of its own.
 * @param {{label: string, days: string[], parts: {name: string, form: string, values: number[]}[], say: Say}} props
 */
export function PartsChart({ label, days, parts, say }) {
  const [box, width] = useWidth();
  const id = useId();
  const most = ceiling(Math.max(1, ...days.map((_, n) => parts.reduce((sum, { values }) => sum + values[n], 0))));
  const at = along(width);
  const step = (width - AXIS) / days.length;
  const thick = Math.min(28, Math.max(2, step * 0.7));
  const scale = (HEIGHT - TOP - FOOT) / most;
  return html`<div class="chart" ref=${box}>
    <ul class="legend" aria-hidden="true">${parts.map(({ name, form }) => html`<li key=${name}><svg width="22" height="12" focusable="false"><${Part} id=${id} form=${form} x=${1} y=${1} width=${20} height=${10} /></svg>${name}</li>`)}</ul>
    <svg role="img" aria-label=${label} width=${width} height=${HEIGHT} focusable="false">
      <defs>
        <pattern id=${`${id}hatch`} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="pattern-line" d="M0 0V5" /></pattern>
        <pattern id=${`${id}dots`} width="5" height="5" patternUnits="userSpaceOnUse"><circle class="pattern-dot" cx="2.500" cy="2.500" r="1" /></pattern>
      </defs>
      ${width > AXIS ? html`<${Frame} width=${width} most=${most} days=${days} say=${say} />` : null}
      ${width > AXIS ? days.map((day, n) => {
        let foot = HEIGHT - FOOT;
        const x = at(AXIS + step * (n + 0.5)) - thick / 2;
        return html`<g key=${day}>${parts.map(({ name, form, values }) => {
          const high = values[n] * scale;
          foot -= high;
          return high > 0 ? html`<g key=${name}><title>${`${dayName(day)}, ${name}: ${say(values[n])}`}</title><${Part} id=${id} form=${form} x=${x} y=${foot} width=${thick} height=${high} /></g>` : null;
        })}</g>`;
      }) : null}
    </svg>
  </div>`;
}

/** @param {{id: string, form: string, x: number, y: number, width: number, height: number}} props */
function Part({ id, form, ...place }) {
  const pattern = form === "negative" ? "hatch" : form === "positive" ? "dots" : "";
  return html`<rect class=${`part ${form}`} ...${place} />${pattern ? html`<rect fill=${`url(#${id}${pattern})`} ...${place} />` : null}`;
}

const LEVELS = 5;

/**
 * A week of hours: the fuller a cell is, the larger is the square in it, so that it needs no colour to be read.
 * @param {{label: string, hours: number[][]}} props Monday first
 */
export function HeatMap({ label, hours }) {
  const [box, width] = useWidth();
  const most = Math.max(1, ...hours.flat());
  const at = along(width);
  const side = (width - AXIS) / 24;
  const high = Math.max(14, Math.min(24, side));
  const every = side < 16 ? 6 : side < 30 ? 3 : 2;
  return html`<div class="chart" ref=${box}>
    <svg role="img" aria-label=${label} width=${width} height=${high * 7 + FOOT} focusable="false">
      ${width > AXIS ? hours.map((row, day) => html`<g key=${day} class="frame"><text x=${at(AXIS - 6)} y=${day * high + high / 2 + 4} text-anchor="end">${weekdayName(day)}</text>
        ${row.map((n, hour) => {
          const level = n === 0 ? 0 : Math.ceil((n / most) * LEVELS);
          const size = level === 0 ? 2 : Math.min(side, high) * (0.35 + (0.6 * level) / LEVELS);
          const x = at(AXIS + side * (hour + 0.5));
          return html`<rect key=${hour} class="cell" data-level=${level} x=${x - size / 2} y=${(day + 0.5) * high - size / 2} width=${size} height=${size} rx="1.500"><title>${t("reports.heat.cell", { day: weekdayName(day), hour: hourName(hour), n })}</title></rect>`;
        })}
      </g>`) : null}
      <g class="frame">${width > AXIS ? Array.from({ length: Math.ceil(24 / every) }, (_, n) => html`<text key=${n} x=${at(AXIS + side * (n * every + 0.5))} y=${high * 7 + 16} text-anchor="middle">${hourName(n * every)}</text>`) : null}</g>
    </svg>
  </div>`;
}

/** @param {{part: number, whole: number}} props a share as a bar; its number stands beside it */
export function ShareBar({ part, whole }) {
  const filled = whole > 0 ? Math.round((part / whole) * 100) : 0;
  const rtl = document.documentElement.dir === "rtl";
  return html`<svg class="share-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="all" width="100" height="6" /><rect class="filled" x=${rtl ? 100 - filled : 0} width=${filled} height="6" /></svg>`;
}
