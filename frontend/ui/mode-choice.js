// The choice of what to write. Who will read it is told by colour, icon and words.
import { html } from "../vendor/preact-11.2.0.js";
import { draftOf } from "../core/drafts.js";
import { personName, t, tNodes } from "../core/i18n.js";
import { audienceOf, modeFor, modesOf, verbOf } from "../core/modes.js";
import { PlatformMark } from "./chips.js";
import { Icon } from "./icon.js";

/** @typedef {import("../types.d.ts").Conversation} Conversation */
/** @typedef {import("../types.d.ts").Mode} Mode */

/** @param {Conversation} conversation @param {Mode} mode @returns {string} the key that leads to it; "" for none */
function keyOf(conversation, mode) {
  if (mode === "note") return "n";
  if (mode === modeFor(conversation, "answer")) return "r";
  return mode === modeFor(conversation, "private") ? "p" : "";
}

/** @param {{conversation: Conversation, mode: Mode, pressed: boolean, onMode: (mode: Mode) => void}} props */
function Choice({ conversation, mode, pressed, onMode }) {
  const { id, platform, public: isPublic } = conversation.case;
  const verb = verbOf(conversation, mode);
  const shut = mode !== "note" && !verb?.allowed;
  const keys = keyOf(conversation, mode);
  const audience = audienceOf(mode, isPublic);
  return html`<button type="button" class="mode" data-audience=${audience} data-shut=${shut ? "" : undefined} aria-pressed=${pressed} aria-keyshortcuts=${keys || undefined} title=${shut ? verb?.reason : undefined} onClick=${() => onMode(mode)}>
    ${mode === "note" ? null : html`<span aria-hidden="true"><${PlatformMark} platform=${platform} /></span>`}<${Icon} name=${shut ? "shut" : audience} />${t(`mode.${mode}`)}${shut ? html`<span class="hidden">${t("mode.shut")}</span>` : null}${draftOf(id, mode) ? html`<span class="dot" title=${t("row.draft")}></span>` : null}${keys ? html`<kbd aria-hidden="true">${keys}</kbd>` : null}
  </button>`;
}

/** @param {{conversation: Conversation, mode: Mode, onMode: (mode: Mode) => void}} props */
export function ModeChoice({ conversation, mode, onMode }) {
  const row = conversation.case;
  const audience = audienceOf(mode, row.public);
  return html`<div class="modes" role="group" aria-label=${t("modes")}>
    ${modesOf(conversation).map((other) => html`<${Choice} key=${other} conversation=${conversation} mode=${other} pressed=${other === mode} onMode=${onMode} />`)}
    <span class="audience" data-audience=${audience}><${Icon} name=${audience} /><span>${audience === "private" ? tNodes("private.only", { name: personName(row) }) : t(`${audience}.long`)}</span></span>
  </div>`;
}
