// How a case went through the workflow: a drawing where there is room, and the same as lists everywhere.
import { html, useEffect, useState } from "../vendor/preact-11.2.0.js";
import { get, Problem, Unreachable } from "../core/api.js";
import { sentenceOf } from "../core/changes.js";
import { t, tNodes } from "../core/i18n.js";
import { dayTime, fullTime, span } from "../core/spans.js";
import { Icon } from "../ui/icon.js";
import { loadStyle } from "../ui/later.js";
import { Reason } from "../ui/reason.js";
import { Frame } from "./frame.js";
import { stateName, WorkflowPicture } from "./workflow-picture.js";

/** @typedef {import("../types.d.ts").Trace} Trace */

await loadStyle("dialogs/workflow.css");

const wide = matchMedia("(width >= 60rem)");

/** @returns {boolean} there is room for the drawing beside the list */
function useRoom() {
  const [room, setRoom] = useState(wide.matches);
  useEffect(() => {
    const look = () => setRoom(wide.matches);
    wide.addEventListener("change", look);
    return () => wide.removeEventListener("change", look);
  }, []);
  return room;
}

/** @param {{at: string}} props */
const At = ({ at }) => html`<time dir="auto" datetime=${at} title=${fullTime(at)}>${dayTime(at)}</time>`;

/** @param {Trace} shown @param {number} index @returns {string} why the step was left for the next one, where there is only one way between them */
function whyLeft(shown, index) {
  const [here, next] = [shown.path[index], shown.path[index + 1]];
  const between = shown.ways.filter((way) => way.from === here.state && way.to === next?.state);
  const kind = shown.states.find((state) => state.name === here.state)?.kind;
  return kind !== "choice" && between.length === 1 ? between[0].why : "";
}

/** @param {{shown: Trace, index: number, chosen: string, onChoose: (name: string) => void}} props */
function Step({ shown, index, chosen, onChoose }) {
  const { state, at, left_at: leftAt, reasons } = shown.path[index];
  const here = shown.running && !leftAt;
  const why = whyLeft(shown, index);
  return html`<li data-step=${state} data-here=${here ? "" : undefined} data-chosen=${state === chosen ? "" : undefined}>
    <p class="step-head"><button type="button" class="step-name" aria-pressed=${state === chosen ? "true" : "false"} onClick=${() => onChoose(state)}>${stateName(state)}</button>
      ${here ? html`<span class="chip" data-tone="warn">${t("workflow.here")}</span>` : null}</p>
    <p class="quiet"><${At} at=${at} />${leftAt && Date.parse(leftAt) - Date.parse(at) >= 60_000 ? html` · ${t("workflow.stayed", { span: span(Date.parse(leftAt) - Date.parse(at), "long") })}` : null}</p>
    ${reasons.length ? html`<ul class="step-reasons">${reasons.map((reason) => html`<li key=${`${reason.code}${reason.at}`}><p><${Reason} of=${reason} /></p><p class="quiet"><${At} at=${reason.at} /> · <code>${reason.code}</code></p></li>`)}</ul>` : null}
    ${why ? html`<p class="quiet">${tNodes("workflow.left", { why })}</p>` : null}
  </li>`;
}

/** @param {{shown: Trace, name: string}} props what a state is for, and where it leads */
function About({ shown, name }) {
  const state = shown.states.find((known) => known.name === name);
  if (!state) return null;
  const ways = shown.ways.filter((way) => way.from === name);
  const visits = shown.path.filter((step) => step.state === name).length;
  return html`<p class="quiet">${t(`workflow.kind.${state.kind}`)} · ${visits ? t("workflow.visits", { n: visits }) : t("workflow.unvisited")}</p>
    <p><bdi>${state.comment}</bdi></p>
    ${ways.length ? html`<ul class="ways">${ways.map((way) => html`<li key=${`${way.to}${way.why}`}><span aria-hidden="true" class="to">→</span> ${stateName(way.to)}${way.why && state.kind !== "choice" ? html` <span class="quiet">(<bdi>${way.why}</bdi>)</span>` : null}</li>`)}</ul>` : null}`;
}

/** @param {{shown: Trace}} props */
function Shown({ shown }) {
  const room = useRoom();
  const [chosen, setChosen] = useState(shown.path.at(-1)?.state ?? shown.start);
  const steps = html`<section class="way-taken" aria-labelledby="way-title"><h3 id="way-title">${t("workflow.way")}</h3>
    <p class="quiet">${t(shown.running ? "workflow.running" : "workflow.over")}${shown.generation > 1 ? ` · ${t("workflow.generation", { n: shown.generation })}` : ""}</p>
    <ol class="steps">${shown.path.map((step, index) => html`<${Step} key=${`${index}${step.at}`} shown=${shown} index=${index} chosen=${room ? chosen : ""} onChoose=${setChosen} />`)}</ol></section>`;
  if (!room) {
    return html`<div class="workflow">${steps}
      <section class="all-states" aria-labelledby="all-title"><h3 id="all-title">${t("workflow.all")}</h3>
        <ul>${shown.states.map(({ name }) => html`<li key=${name} data-state=${name} data-lit=${shown.path.some((step) => step.state === name) ? "" : undefined}><details open=${name === chosen}><summary>${stateName(name)}</summary><${About} shown=${shown} name=${name} /></details></li>`)}</ul></section></div>`;
  }
  return html`<div class="workflow" data-room><${WorkflowPicture} shown=${shown} chosen=${chosen} onChoose=${setChosen} />
    <div class="beside" tabindex="0" role="group" aria-label=${t("workflow.beside")}><section class="state-about" aria-live="polite"><h3>${stateName(chosen)}</h3><${About} shown=${shown} name=${chosen} /></section>${steps}</div></div>`;
}

/** @param {{id: string}} props */
export default function WorkflowDialog({ id }) {
  const [found, setFound] = useState(/** @type {{shown: Trace | null, code: string, sentence: string}} */ ({ shown: null, code: "", sentence: "" }));
  const load = async () => {
    setFound({ shown: null, code: "", sentence: "" });
    try {
      setFound({ shown: await get(`conversations/${id}/workflow`), code: "", sentence: "" });
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      setFound({ shown: null, code: error instanceof Problem ? error.code : "unreachable", sentence: sentenceOf(error) });
    }
  };
  useEffect(() => {
    load();
  }, [id]);
  const { shown, code, sentence } = found;
  return html`<${Frame} title=${t("workflow.title")} kind="picture">
    ${shown ? html`<${Shown} shown=${shown} />` : null}
    ${code === "no_trace" ? html`<div class="empty"><${Icon} name="info" /><p>${sentence}</p></div>` : null}
    ${code && code !== "no_trace" ? html`<div class="empty" role="alert"><${Icon} name="warning" /><p>${sentence}</p><button type="button" class="button" onClick=${load}>${t("retry")}</button></div>` : null}
    ${!shown && !code ? html`<p class="quiet" role="status">${t("loading")}</p>` : null}
  <//>`;
}
