// Beside the box: canned texts, a later time, a promise; under it what the checks say while somebody writes.
import { html, useEffect, useState } from "../vendor/preact-11.2.0.js";
import { Problem, reachable, Unreachable, write } from "../core/api.js";
import { gapsOf } from "../core/canned.js";
import { t } from "../core/i18n.js";
import { showDialog } from "../core/intents.js";
import { refusal } from "../core/sending.js";
import { dayTime, due, fullTime, now } from "../core/spans.js";
import { Icon } from "./icon.js";
import { loadStyle } from "./later.js";

await loadStyle("ui/writing-tools.css");

/** @typedef {import("../types.d.ts").Conversation} Conversation */
/** @typedef {import("../types.d.ts").Check} Check */
/** @typedef {import("../types.d.ts").Mode} Mode */

const REST = 700;
const LEAST = 4;
/** Told already by the counter, and by the gaps. */
const TOLD = new Set(["check.too_long", "check.placeholder"]);

/** @param {{icon: string, label: string, keys?: string, off?: boolean, onClick: () => void}} props */
function Tool({ icon, label, keys, off, onClick }) {
  return html`<button type="button" class="button bare tool" title=${label} aria-haspopup="dialog" aria-keyshortcuts=${keys} aria-disabled=${off ? "true" : undefined} onClick=${() => !off && onClick()}><${Icon} name=${icon} /><span class="label">${label}</span></button>`;
}

/** @param {{conversation: Conversation, mode: Mode, blocked: boolean}} props blocked: nothing can be sent as it stands */
export function Tools({ conversation: { case: row }, mode, blocked }) {
  const promised = row.promise?.state === "open" ? row.promise.by : "";
  return html`<div class="tools" role="group" aria-label=${t("tools")}>
    <${Tool} icon="canned" label=${t("canned.tool")} keys="/" onClick=${() => showDialog("canned", row.id, mode)} />
    <${Tool} icon="promise" label=${promised ? t("promise.by", { time: dayTime(promised) }) : t("promise.tool")} onClick=${() => showDialog("promise", row.id)} />
    <${Tool} icon="snoozed" label=${t("sendLater.tool")} off=${blocked} onClick=${() => showDialog("send-later", row.id, mode)} />
  </div>
  ${promised ? html`<span class="chip" data-due=${due(promised, now.value)?.level} title=${fullTime(promised)}><${Icon} name="promise" />${t("promise.by", { time: dayTime(promised) })}</span>` : null}`;
}

/** @param {string} text selects its first place in the box */
function select(text) {
  const box = document.getElementById("reply-box");
  if (!(box instanceof HTMLTextAreaElement)) return;
  const at = box.value.indexOf(text);
  box.focus();
  if (at >= 0) box.setSelectionRange(at, at + text.length);
}

/** @param {{gaps: string[]}} props */
function Gaps({ gaps }) {
  if (gaps.length === 0) return null;
  return html`<p class="gaps"><${Icon} name="draft" /><span>${t("canned.gaps")}</span>${gaps.map((gap) => html`<button key=${gap} type="button" class="button small" dir="auto" onClick=${() => select(gap)}>${gap}</button>`)}</p>`;
}

/**
 * What the server says about a text once its author rests.
 * @param {string} id @param {Mode} mode @param {string} text @param {string} canned what it was made of
 * @returns {{said: Check, of: string} | null}
 */
function useCheck(id, mode, text, canned) {
  const [check, setCheck] = useState(/** @type {{said: Check, of: string} | null} */ (null));
  const worth = text.trim().length >= LEAST;
  useEffect(() => {
    if (!worth) setCheck(null);
    if (!worth || !reachable.value) return undefined;
    let wanted = true;
    const timer = setTimeout(async () => {
      try {
        const said = await write("POST", `conversations/${id}/check`, { text, verb: mode, ...(canned ? { canned } : {}) });
        if (wanted) setCheck({ said, of: text });
      } catch (error) {
        // Nothing is claimed then; whoever takes the reply asks the same again.
        if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
        if (wanted) setCheck(null);
      }
    }, REST);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [id, mode, text, canned, worth, reachable.value]);
  return worth ? check : null;
}

/** @param {{conversation: Conversation, mode: Mode, text: string, canned: string}} props */
export function Aids({ conversation, mode, text, canned }) {
  const { id } = conversation.case;
  const check = useCheck(id, mode, text, canned);
  const told = refusal.value?.id === id && refusal.value.mode === mode && refusal.value.kind === "check";
  const findings = told ? [] : (check?.said.findings ?? []).filter(({ code }) => !TOLD.has(code));
  const points = findings.length > 0 ? [...(check?.of ?? "")] : [];
  return html`<div class="aids" role="status">
    <${Gaps} gaps=${canned ? gapsOf(text) : []} />
    ${findings.map(({ code, level, sentence, start, end }) => html`<p key=${`${code}${start}`} class="finding" data-level=${level} data-code=${code}><${Icon} name=${level === "block" ? "shut" : "warning"} /><span>${sentence}${end > start ? html` <q dir="auto">${points.slice(start, end).join("")}</q>` : null}</span></p>`)}
  </div>`;
}
