// The states of the workflow as a drawing, with the way of the case lit. What it shows stands beside it as a list too.
import { html, useEffect, useRef } from "../vendor/preact-11.2.0.js";
import { has, t } from "../core/i18n.js";
import { layered } from "../core/layered.js";

/** @typedef {import("../types.d.ts").Trace} Trace */
/** @typedef {{name: string, lines: string[], x: number, y: number, state: Trace["states"][number], visits: number[], here: boolean}} Node */

const SIZES = { width: 148, height: 46, across: 18, down: 34, lane: 12 };
const MARGIN = 16;
const LETTERS = 19;

/** @param {string} words @returns {string[]} in at most two lines */
function inLines(words) {
  if (words.length <= LETTERS) return [words];
  const parts = words.split(" ");
  const cut = parts.findIndex((_, index) => parts.slice(0, index + 1).join(" ").length > words.length / 2);
  return [parts.slice(0, Math.max(1, cut)).join(" "), parts.slice(Math.max(1, cut)).join(" ")].filter(Boolean);
}

/** @param {string} name of a state @returns {string} for people; a state of a later definition is shown by its own name, in words */
export const stateName = (name) => (has(`workflow.state.${name}`) ? t(`workflow.state.${name}`) : name.replace(/([a-z])([A-Z])/g, (_, end, begin) => `${end} ${begin.toLowerCase()}`));

/** @param {[number, number][]} points @returns {string} a path that leaves and meets the boxes upright */
function pathOf(points) {
  const [first, ...rest] = points;
  let [x, y] = first;
  return rest.reduce((path, [nextX, nextY]) => {
    const half = (y + nextY) / 2;
    const piece = x === nextX ? `V${nextY}` : `C${x} ${half} ${nextX} ${half} ${nextX} ${nextY}`;
    [x, y] = [nextX, nextY];
    return `${path}${piece}`;
  }, `M${x} ${y}`);
}

/** @param {{node: Node}} props the shape says what kind of a state it is; so do the words beside the drawing */
function Shape({ node: { state, x, y } }) {
  const [left, top, right, bottom] = [x - SIZES.width / 2, y - SIZES.height / 2, x + SIZES.width / 2, y + SIZES.height / 2];
  if (state.kind === "choice") return html`<path class="shape" d=${`M${left} ${y}L${left + 14} ${top}H${right - 14}L${right} ${y}L${right - 14} ${bottom}H${left + 14}Z`} />`;
  return html`<rect class="shape" x=${left} y=${top} width=${SIZES.width} height=${SIZES.height} rx=${state.kind === "step" ? 8 : SIZES.height / 2} />`;
}

/** @param {{node: Node, mirrored: boolean}} props which steps of the way these were, at a corner of the box */
function Visits({ node: { x, y, visits }, mirrored }) {
  const said = visits.length > 3 ? `${visits[0]} … ${visits.at(-1)}` : visits.join(", ");
  const width = 12 + 7 * said.length;
  const middle = x + (mirrored ? -1 : 1) * (SIZES.width / 2 - width / 2 + 6);
  return html`<g class="visits"><rect x=${middle - width / 2} y=${y - SIZES.height / 2 - 10} width=${width} height="20" rx="10" /><text x=${middle} y=${y - SIZES.height / 2} text-anchor="middle" dominant-baseline="central">${said}</text></g>`;
}

/** @param {{shown: Trace, chosen: string, onChoose: (name: string) => void}} props */
export function WorkflowPicture({ shown, chosen, onChoose }) {
  const box = useRef(/** @type {SVGSVGElement | null} */ (null));
  const plan = layered(shown.states.map(({ name }) => name), shown.ways, shown.start, SIZES);
  const mirrored = document.documentElement.dir === "rtl";
  const width = plan.width + 2 * MARGIN;
  const height = plan.height + 2 * MARGIN;
  const across = (/** @type {number} */ x) => Math.round((mirrored ? plan.width - x : x) + MARGIN);
  const taken = new Set(shown.path.slice(1).map((step, index) => `${shown.path[index].state}\n${step.state}`));
  const nodes = plan.boxes.map(({ name, x, y }) => {
    const visits = shown.path.flatMap((step, index) => (step.state === name ? [index + 1] : []));
    const last = shown.path.at(-1);
    return { name, lines: inLines(stateName(name)), x: across(x), y: y + MARGIN, visits, here: shown.running && last?.state === name && !last.left_at, state: /** @type {Trace["states"][number]} */ (shown.states.find((state) => state.name === name)) };
  });
  const lines = plan.lines.map(({ from, to, points }) => ({ from, to, lit: taken.has(`${from}\n${to}`), near: from === chosen || to === chosen, d: pathOf(points.map(([x, y]) => [across(x), Math.round(y + MARGIN)])) }));
  // What is lit is drawn last, over the rest.
  lines.sort((one, other) => Number(one.lit) - Number(other.lit) || Number(one.near) - Number(other.near));
  const focusOn = (/** @type {Node | undefined} */ node) => {
    if (!node) return;
    onChoose(node.name);
    /** @type {SVGElement | null | undefined} */ (box.current?.querySelector(`[data-state="${CSS.escape(node.name)}"]`))?.focus();
  };
  const onKey = (/** @type {KeyboardEvent} */ event, /** @type {Node} */ from) => {
    const [stepX, stepY] = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key] ?? [0, 0];
    const distance = (/** @type {Node} */ { x, y }) => (stepY ? Math.abs(y - from.y) * 4 + Math.abs(x - from.x) : Math.abs(x - from.x) + Math.abs(y - from.y) * 4);
    const ahead = nodes.filter(({ x, y }) => (stepX ? (x - from.x) * stepX > 0 && Math.abs(y - from.y) < SIZES.height : (y - from.y) * stepY > 0));
    if (stepX || stepY) focusOn(ahead.sort((one, other) => distance(one) - distance(other))[0]);
    else if (event.key === "Home") focusOn(nodes.find(({ name }) => name === shown.start));
    else if (event.key === "End") focusOn(nodes.find(({ name }) => name === shown.path.at(-1)?.state));
    else if (event.key === "Enter" || event.key === " ") onChoose(from.name);
    else return;
    event.preventDefault();
  };
  useEffect(() => {
    box.current?.querySelector("[data-here], [data-chosen]")?.scrollIntoView({ block: "center", inline: "center" });
  }, [shown]);
  return html`<div class="workflow-picture" dir="ltr"><svg ref=${box} width=${width} height=${height} viewBox=${`0 0 ${width} ${height}`} role="group" aria-label=${t("workflow.picture")}>
    <defs>${["plain", "near", "lit"].map((kind) => html`<marker key=${kind} id=${`arrow-${kind}`} data-kind=${kind} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.500L8 4L0 7.500z" /></marker>`)}</defs>
    <g aria-hidden="true">${lines.map(({ from, to, lit, near, d }) => html`<path key=${`${from} ${to}`} class="way" data-way=${`${from} ${to}`} data-lit=${lit ? "" : undefined} data-near=${near ? "" : undefined} d=${d} marker-end=${`url(#arrow-${lit ? "lit" : near ? "near" : "plain"})`} />`)}</g>
    ${nodes.map((node) => html`<g key=${node.name} class="state" role="button" tabindex=${node.name === chosen ? "0" : "-1"} aria-pressed=${node.name === chosen ? "true" : "false"} aria-label=${t("workflow.stateSaid", { name: stateName(node.name), kind: t(`workflow.kind.${node.state.kind}`), visits: node.visits.length ? t("workflow.visits", { n: node.visits.length }) : t("workflow.unvisited") })}
      data-state=${node.name} data-kind=${node.state.kind} data-lit=${node.visits.length ? "" : undefined} data-here=${node.here ? "" : undefined} data-chosen=${node.name === chosen ? "" : undefined}
      onClick=${() => focusOn(node)} onKeyDown=${(/** @type {KeyboardEvent} */ event) => onKey(event, node)}>
      <${Shape} node=${node} />
      ${node.lines.map((line, index) => html`<text key=${index} x=${node.x} y=${node.y + (index - (node.lines.length - 1) / 2) * 15} text-anchor="middle" dominant-baseline="central">${line}</text>`)}
      ${node.visits.length ? html`<${Visits} node=${node} mirrored=${mirrored} />` : null}
    </g>`)}
  </svg></div>`;
}
