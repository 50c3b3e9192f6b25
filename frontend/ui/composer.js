// Where agents write: a public reply or a note for the team. Text never follows from one into the other.
import { html, useEffect, useRef } from "../vendor/preact-11.2.0.js";
import { reachable } from "../core/api.js";
import { loadRules, measure } from "../core/counting.js";
import { draftOf, keepDraft, revision } from "../core/drafts.js";
import { t, tNodes } from "../core/i18n.js";
import { addNote, haveSeen, refusal, sending, sendReply } from "../core/replies.js";
import { me } from "../core/session.js";
import { PlatformMark } from "./chips.js";
import { Counter } from "./counter.js";
import { Icon } from "./icon.js";
import { RefusalPanel } from "./refusal-panel.js";
import { ByHand, Price } from "./verbs.js";

/** @typedef {import("../types.d.ts").Conversation} Conversation */
/** @typedef {import("../types.d.ts").Mode} Mode */
/** @typedef {import("../core/drafts.js").Draft} Draft */

/** One reply at a time: the server takes no second one while the first is in these states. */
const UNDER_WAY = new Set(["pending", "sending", "unknown", "human"]);

/** @param {{mode: Mode, conversation: Conversation, onMode: (mode: Mode) => void}} props */
function Modes({ mode, conversation, onMode }) {
  /** @param {Mode} name @param {string} icon @param {string} keys */
  const choice = (name, icon, keys) => html`<button type="button" class="mode" data-mode=${name} aria-pressed=${mode === name} aria-keyshortcuts=${keys} onClick=${() => onMode(name)}>
    ${name === "public" ? html`<${PlatformMark} platform=${conversation.case.platform} />` : null}<${Icon} name=${icon} />${t(`mode.${name}`)}${draftOf(conversation.case.id, name) ? html`<span class="dot" title=${t("row.draft")}></span>` : null}<kbd aria-hidden="true">${keys}</kbd>
  </button>`;
  return html`<div class="modes" role="group" aria-label=${t("modes")}>
    ${choice("public", "public", "r")}${choice("note", "note", "n")}
    <span class="audience">${mode === "public" ? html`<${Icon} name="public" />${t("public.long")}` : html`<${Icon} name="note" />${t("note.audience")}`}</span>
  </div>`;
}

/**
 * @param {Conversation} conversation @param {Draft} draft
 * @returns {boolean} all that was said since the draft was begun are replies of ours, which need no reading; edits
 *   and deletions count as said too but bring no new message
 */
function onlyOursSince({ messages, case: { talk } }, draft) {
  const since = messages.slice(messages.findIndex((message) => message.id === draft.last) + 1);
  return draft.key === undefined && since.length === talk - draft.seen && since.every((message) => message.own && message.by);
}

/** @param {{conversation: Conversation, draft: Draft}} props something changed while this draft was being written */
function Unread({ conversation, draft }) {
  const { id, talk } = conversation.case;
  const { seen } = draft;
  const onlyMine = talk > seen && onlyOursSince(conversation, draft);
  useEffect(() => {
    if (onlyMine) haveSeen(id, talk);
  }, [onlyMine, id, talk]);
  if (talk <= seen || onlyMine || refusal.value?.id === id) return null;
  return html`<div class="notice" data-tone="warn" role="status"><span>${t("draft.newer")}</span><button type="button" class="button small" onClick=${() => haveSeen(id, talk)}>${t("draft.read")}</button></div>`;
}

/** @param {string} id @param {Mode} mode @returns {Draft | null} the stored draft; whoever asks is drawn again when it changes */
function currentDraft(id, mode) {
  revision.value;
  return draftOf(id, mode);
}

/** @param {Conversation} conversation */
const byHandOf = (conversation) => conversation.verbs.find((offered) => offered.verb === "by_hand" && offered.allowed);

/** @param {{conversation: Conversation, mode: Mode}} props keyed by conversation and mode: each has its own draft */
function Box({ conversation, mode }) {
  const { id, talk, name, handle } = conversation.case;
  const draft = currentDraft(id, mode);
  const box = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const text = draft?.text ?? "";
  const verb = conversation.verbs.find((offered) => offered.verb === "public_reply");
  const byHand = mode === "public" ? byHandOf(conversation) : undefined;
  const measured = mode === "public" && verb ? measure(text, verb.limit) : null;
  const over = measured?.level === "over";
  const busy = mode === "public" && UNDER_WAY.has(conversation.case.reply_state);
  const blocked = text.trim() === "" || over || busy || sending.value || !reachable.value;
  const refused = refusal.value;

  useEffect(() => {
    if (mode === "public") loadRules();
  }, [mode]);
  const write = (/** @type {string} */ next) => {
    keepDraft(id, mode, { text: next, seen: draft?.seen ?? talk, last: draft?.last ?? conversation.messages.at(-1)?.id ?? "" });
  };
  const send = async () => {
    if (blocked) return;
    await (mode === "public" ? sendReply(id) : addNote(id));
    box.current?.focus();
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    send();
  };

  return html`
    ${mode === "public" && draft ? html`<${Unread} conversation=${conversation} draft=${draft} />` : null}
    ${mode === "public" && refused?.id === id ? html`<${RefusalPanel} refusal=${refused} customer=${name || `@${handle}`} onEdit=${() => box.current?.focus()} />` : null}
    <label class="hidden" for="reply-box">${t(`mode.${mode}`)}</label>
    <textarea
      id="reply-box"
      ref=${box}
      rows="3"
      dir=${text ? "auto" : undefined}
      placeholder=${t(`placeholder.${mode}`)}
      value=${text}
      aria-describedby=${mode === "public" ? "reply-limits" : undefined}
      aria-invalid=${over ? "true" : undefined}
      onKeyDown=${onKey}
      onInput=${(/** @type {InputEvent} */ event) => write(/** @type {HTMLTextAreaElement} */ (event.target).value)}
    ></textarea>
    <div class="send-line">
      <p class="limits" id="reply-limits">
        ${mode === "public" && verb ? html`<${Price} verb=${verb} links=${measured?.links ?? 0} />` : null}
        ${byHand ? html`<${ByHand} verb=${byHand} prominent=${false} />` : null}
        ${busy ? html`<span class="hint"><${Icon} name="info" />${t(conversation.case.reply_state === "human" ? "busy.human" : "busy.way")}</span>` : null}
        ${reachable.value ? null : html`<span class="chip" data-tone="warn"><${Icon} name="offline" />${t("send.offline")}</span>`}
      </p>
      ${measured && verb ? html`<${Counter} measured=${measured} limit=${verb.limit} />` : null}
      <button type="button" class="button send" data-mode=${mode} aria-disabled=${blocked ? "true" : undefined} aria-keyshortcuts="Control+Enter" onClick=${send}>
        <${Icon} name=${mode === "public" ? "send" : "note"} />${t(sending.value ? "send.sending" : `send.${mode}`)}<kbd aria-hidden="true">${t("key.ctrl")} ↵</kbd>
      </button>
    </div>`;
}

/** @param {{conversation: Conversation, mode: Mode, onMode: (mode: Mode) => void}} props */
export function Composer({ conversation, mode, onMode }) {
  const row = conversation.case;
  const verb = conversation.verbs.find((offered) => offered.verb === "public_reply");
  const byHand = byHandOf(conversation);
  const impossible = mode === "public" && (!verb || !verb.allowed);
  const foreign = row.owner && row.owner.id !== me.value?.agent.id;
  return html`<section class="composer" data-mode=${mode} aria-label=${t("composer")}>
    <${Modes} mode=${mode} conversation=${conversation} onMode=${onMode} />
    ${mode === "public" && foreign && row.owner ? html`<p class="hint"><${Icon} name="person" /><span>${tNodes("owner.other", { name: row.owner.name })}</span></p>` : null}
    ${impossible
      ? html`<div class="notice" data-tone="warn"><${Icon} name="warning" /><span>${verb?.reason || t("verb.none")}</span></div>`
      : html`<${Box} key=${`${row.id}.${mode}`} conversation=${conversation} mode=${mode} />`}
    ${impossible && byHand ? html`<${ByHand} verb=${byHand} prominent />` : null}
  </section>`;
}
