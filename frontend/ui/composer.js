// Where agents write: an answer, public or private, or a note for the team. Text never follows from one into another.
import { html, useEffect, useRef } from "../vendor/preact-11.2.0.js";
import { reachable } from "../core/api.js";
import { refresh } from "../core/conversation.js";
import { measure, prepareCounting } from "../core/counting.js";
import { draftOf, GAP, keepDraft, revision } from "../core/drafts.js";
import { isolate, personName, t, tNodes } from "../core/i18n.js";
import { showDialog, writing } from "../core/intents.js";
import { audienceOf, isEmpty, verbOf } from "../core/modes.js";
import { haveSeen, refusal, sending } from "../core/sending.js";
import { me } from "../core/session.js";
import { closing, now } from "../core/spans.js";
import { Counter } from "./counter.js";
import { Icon } from "./icon.js";
import { later } from "./later.js";
import { ModeChoice } from "./mode-choice.js";
import { ByHand, Closing, Price, Remark } from "./verbs.js";

/** @typedef {import("../types.d.ts").Conversation} Conversation */
/** @typedef {import("../types.d.ts").Mode} Mode */
/** @typedef {import("../types.d.ts").Verb} Verb */
/** @typedef {import("../core/drafts.js").Draft} Draft */

const RefusalPanel = later(() => import("./refusal-panel.js").then((module) => module.RefusalPanel));

const Aids = later(() => import("./writing-tools.js").then((module) => module.Aids));
const Tools = later(() => import("./writing-tools.js").then((module) => module.Tools));

/** One reply at a time: the server takes no second one while the first is in these states. */
const UNDER_WAY = new Set(["held", "pending", "sending", "unknown", "human"]);

/**
 * @param {Conversation} conversation @param {Draft} draft
 * @returns {boolean} all that was said since the draft was begun are replies of whoever writes it, which need no reading;
 *   a colleague's do, and edits and deletions count as said too but bring no new message
 */
function onlyOwnSince({ messages, case: { talk } }, draft) {
  const since = messages.slice(messages.findIndex((message) => message.id === draft.last) + 1);
  const mine = me.value?.agent.name;
  return draft.key === undefined && since.length === talk - draft.seen && since.every(({ own, by }) => own && by === mine);
}

/** @param {{conversation: Conversation, mode: Mode, draft: Draft}} props something changed while this draft was being written */
function Unread({ conversation, mode, draft }) {
  const { id, talk } = conversation.case;
  const { seen } = draft;
  const onlyMine = talk > seen && onlyOwnSince(conversation, draft);
  useEffect(() => {
    if (onlyMine) haveSeen(id, mode, talk);
  }, [onlyMine, id, mode, talk]);
  if (talk <= seen || onlyMine || refusal.value?.id === id) return null;
  return html`<div class="notice" data-tone="warn" role="status"><span>${t("draft.newer")}</span><button type="button" class="button small" onClick=${() => haveSeen(id, mode, talk)}>${t("draft.read")}</button></div>`;
}

/** @param {string} id @param {Mode} mode @returns {Draft | null} the stored draft; whoever asks is drawn again when it changes */
function currentDraft(id, mode) {
  revision.value;
  return draftOf(id, mode);
}

/**
 * What a verb allowed may not hold any more once its time is over; the server is asked at once, nothing is sent until
 * it has answered.
 * @param {string} id @param {Verb | undefined} verb @returns {boolean} the time of the verb is over
 */
function useEnd(id, verb) {
  const over = closing(verb?.until ?? null, now.value)?.level === "late";
  useEffect(() => {
    if (over) refresh(id, true);
  }, [over, id]);
  return over;
}

/**
 * The box on the page stays for the next draft while nobody has been in it; else a new one takes its place, with no caret
 * and nothing to undo of another conversation.
 * @param {string} of whose draft it is
 * @returns {{key: number, touch: () => void}}
 */
function useOwnBox(of) {
  const own = useRef({ of, touched: false, key: 0 });
  if (own.current.of !== of) own.current = { of, touched: false, key: own.current.key + Number(own.current.touched) };
  return { key: own.current.key, touch: () => { own.current.touched = true; } };
}

/** @param {{conversation: Conversation, mode: Mode, verb: Verb | undefined}} props a note has no verb */
function Box({ conversation, mode, verb }) {
  const { id, talk, platform, public: isPublic } = conversation.case;
  const draft = currentDraft(id, mode);
  const box = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const of = `${id}.${mode}`;
  const own = useOwnBox(of);
  const text = draft?.text ?? "";
  const audience = audienceOf(mode, isPublic);
  const customer = personName(conversation.case);
  const measured = verb ? measure(text, verb) : null;
  const over = measured?.level === "over";
  const ended = useEnd(id, verb);
  const busy = verb !== undefined && UNDER_WAY.has(conversation.case.reply_state);
  const gap = draft?.canned !== undefined && GAP.test(text);
  const waits = conversation.replies.some((reply) => reply.state === "held" && reply.send_at);
  const blocked = text.trim() === "" || gap || over || ended || busy || sending.value || !reachable.value;
  const refused = refusal.value;

  useEffect(() => {
    if (verb) prepareCounting(verb);
  }, [verb?.counting]);
  useEffect(() => {
    writing.value = { id, mode, blocked };
  }, [id, mode, blocked]);
  const write = (/** @type {string} */ next) => {
    keepDraft(id, mode, { text: next, canned: draft?.canned, seen: draft?.seen ?? talk, last: draft?.last ?? conversation.messages.at(-1)?.id ?? "" });
  };
  const send = async () => {
    if (blocked) return;
    const { addNote, sendReply } = await import("../core/replies.js");
    await (verb ? sendReply(id, mode) : addNote(id));
    if (writing.peek().id === id) box.current?.focus();
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (verb && event.key === "/" && text === "" && !event.isComposing) {
      event.preventDefault();
      showDialog("canned", id, mode);
      return;
    }
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    send();
  };

  return html`
    ${verb ? html`<${Remark} verb=${verb} />` : null}
    ${verb && draft ? html`<${Unread} conversation=${conversation} mode=${mode} draft=${draft} />` : null}
    ${verb && refused?.id === id && refused.mode === mode ? html`<${RefusalPanel} key=${of} refusal=${refused} customer=${customer} onEdit=${() => box.current?.focus()} />` : null}
    <label class="hidden" for="reply-box">${t(`mode.${mode}`)}</label>
    <textarea
      key=${own.key}
      id="reply-box"
      ref=${box}
      rows="3"
      dir=${text ? "auto" : undefined}
      placeholder=${t(`placeholder.${audience}`, { name: isolate(customer) })}
      value=${text}
      aria-describedby=${verb ? "reply-limits" : undefined}
      aria-invalid=${over ? "true" : undefined}
      onFocus=${own.touch}
      onKeyDown=${onKey}
      onInput=${(/** @type {InputEvent} */ event) => write(/** @type {HTMLTextAreaElement} */ (event.target).value)}
    ></textarea>
    ${verb && text ? html`<${Aids} key=${of} conversation=${conversation} mode=${mode} text=${text} canned=${draft?.canned ?? ""} />` : null}
    <div class="send-line">
      ${verb ? html`<${Tools} conversation=${conversation} mode=${mode} blocked=${blocked} />` : null}
      <p class="limits" id="reply-limits">
        ${verb ? html`<${Closing} verb=${verb} /><${Price} verb=${verb} links=${measured?.links ?? 0} />` : null}
        ${verb ? html`<${ByHand} verb=${verbOf(conversation, "by_hand")} platform=${platform} prominent=${false} />` : null}
        ${busy ? html`<span class="hint"><${Icon} name="info" />${t(conversation.case.reply_state === "human" ? "busy.human" : waits ? "busy.later" : "busy.way")}</span>` : null}
        ${reachable.value ? null : html`<span class="chip" data-tone="warn"><${Icon} name="offline" />${t("send.offline")}</span>`}
      </p>
      ${measured && verb?.limit && verb.counting ? html`<${Counter} measured=${measured} limit=${verb.limit} counting=${verb.counting} />` : null}
      <button type="button" class="button send" data-audience=${audience} aria-disabled=${blocked ? "true" : undefined} aria-keyshortcuts="Control+Enter" onClick=${send}>
        <${Icon} name=${audience === "public" ? "send" : audience} />${t(sending.value ? "send.sending" : `send.${audience}`)}<kbd aria-hidden="true">${t("key.ctrl")} ↵</kbd>
      </button>
    </div>`;
}

/** @param {{conversation: Conversation, mode: Mode, onMode: (mode: Mode) => void}} props */
export function Composer({ conversation, mode, onMode }) {
  const row = conversation.case;
  const verb = verbOf(conversation, mode);
  const empty = isEmpty(conversation);
  const impossible = mode === "by_hand" || (mode !== "note" && (empty || !verb?.allowed));
  const foreign = row.owner && row.owner.id !== me.value?.agent.id;
  return html`<section class="composer" data-audience=${audienceOf(mode, row.public)} aria-label=${t("composer")}>
    <${ModeChoice} conversation=${conversation} mode=${mode} onMode=${onMode} />
    ${mode !== "note" && foreign && row.owner ? html`<p class="hint"><${Icon} name="person" /><span>${tNodes("owner.other", { name: row.owner.name })}</span></p>` : null}
    ${impossible
      ? html`<div class="notice" data-tone="warn"><${Icon} name="warning" /><span>${empty ? t("verb.removed") : (verb && !verb.allowed && verb.reason) || t("verb.none")}</span></div>
        ${empty ? null : html`<${ByHand} verb=${verbOf(conversation, "by_hand")} platform=${row.platform} prominent />`}`
      : html`<${Box} conversation=${conversation} mode=${mode} verb=${mode === "note" ? undefined : verb} />`}
  </section>`;
}
