// One draft that waits: what the customer wrote, what would leave and who would read it, and what may be done.
import { html, useEffect, useRef, useState } from "../vendor/preact-11.2.0.js";
import { get, Problem, Unreachable } from "../core/api.js";
import { approve, changeWords, dismiss, sendBack, showLater, withdraw } from "../core/approvals.js";
import { sentenceOf } from "../core/changes.js";
import { measure, prepareCounting } from "../core/counting.js";
import { firstLetter, isolate, langOf, personName, t, tNodes } from "../core/i18n.js";
import { takeBack } from "../core/replies.js";
import { hrefOf } from "../core/route.js";
import { myId } from "../core/session.js";
import { age, dayTime, fullTime, now } from "../core/spans.js";
import { say } from "../core/toasts.js";
import { Text, Time } from "../ui/bubbles.js";
import { Avatar, PlatformMark, SurfaceMark } from "../ui/chips.js";
import { Counter } from "../ui/counter.js";
import { Reason } from "../ui/drafts.js";
import { Icon } from "../ui/icon.js";
import { Attachments } from "../ui/media.js";
import { Findings, News, Why } from "../ui/refusal-panel.js";

/** @typedef {import("../core/approvals.js").Refused} Refused */
/** @typedef {import("../core/approvals.js").Shown} Shown */
/** @typedef {import("../types.d.ts").Conversation} Conversation */
/** @typedef {import("../types.d.ts").Draft} Draft */
/** @typedef {import("../types.d.ts").Message} Message */
/** @typedef {import("../types.d.ts").Row} Row */
/** @typedef {import("../types.d.ts").Verb} Verb */

/** Words an approver has begun to change, by draft: another screen in between does not lose them. @type {Map<string, string>} */
const begun = new Map();

/** @param {string} id @returns {Promise<{shown?: Conversation, sentence?: string}>} */
async function conversationNow(id) {
  try {
    return { shown: await get(`conversations/${id}`) };
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    return { sentence: sentenceOf(error) };
  }
}

/** @param {{at: string}} props with its day when that is not today */
function When({ at }) {
  if (new Date(at).toDateString() === new Date(now.value).toDateString()) return html`<${Time} at=${at} />`;
  return html`<time datetime=${at} title=${fullTime(at)}>${dayTime(at)}</time>`;
}

/** @param {{row: Row, message: Message | null}} props what the draft answers */
function Asked({ row, message }) {
  const name = personName(row);
  if (!message) return html`<p class="text gone">${t("approvals.noMessage")}</p>`;
  return html`<p class="meta"><b><bdi>${name}</bdi></b> <${When} at=${message.at} /> <${SurfaceMark} row=${{ ...row, surface: message.surface }} /></p>
    ${message.gone ? html`<p class="text gone">${t("message.gone")}</p>` : message.text ? html`<${Text} text=${message.text} language=${message.language} />` : null}
    ${message.media.length > 0 && !message.gone ? html`<${Attachments} id=${row.id} message=${message} />` : null}`;
}

/** @param {{draft: Draft, customer: string}} props who would read it, in colour, sign and words */
function Reader({ draft, customer }) {
  const audience = draft.verb === "public_reply" ? "public" : "private";
  return html`<p class="reader"><${Icon} name=${audience} /><b>${t(`mode.${draft.verb}`)}</b> <span>${audience === "public" ? t("public.long") : tNodes("private.only", { name: customer })}</span></p>`;
}

/** @param {{item: Shown, onDone: () => void}} props */
function Edit({ item, onDone }) {
  const { draft } = item;
  const [text, setText] = useState(begun.get(draft.id) ?? draft.text);
  const [verb, setVerb] = useState(/** @type {Verb | null} */ (null));
  const [refused, setRefused] = useState(/** @type {Refused | null} */ (null));
  const [busy, setBusy] = useState(false);
  const box = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  useEffect(() => {
    box.current?.focus();
    // Only for the count under the box: the server counts again.
    conversationNow(draft.conversation).then(({ shown }) => {
      const found = shown?.verbs.find((one) => one.verb === draft.verb) ?? null;
      if (found) prepareCounting(found);
      setVerb(found);
    });
  }, []);
  const measured = verb ? measure(text, verb) : null;
  const blocked = busy || text.trim() === "" || measured?.level === "over";
  const asks = refused?.findings.length ? refused.findings : null;
  const stops = asks?.some(({ level }) => level === "block");
  const close = () => {
    begun.delete(draft.id);
    onDone();
  };
  const save = async (/** @type {boolean} */ also) => {
    if (blocked) return;
    setBusy(true);
    const said = text === draft.text ? { item, refused: undefined } : await changeWords(item, text, asks && !stops ? asks.map(({ code }) => code) : []);
    const after = said.item && also ? await approveNow(said.item) : null;
    setBusy(false);
    setRefused(said.refused ?? after?.refused ?? null);
    if (!said.refused) begun.delete(draft.id);
    if (!said.refused && !after?.refused) onDone();
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      save(item.may_approve);
    }
  };
  const onInput = (/** @type {InputEvent} */ event) => {
    const { value } = /** @type {HTMLTextAreaElement} */ (event.target);
    begun.set(draft.id, value);
    setText(value);
    setRefused(null);
  };
  const name = `words-${draft.id}`;
  return html`<div class="field"><label class="hidden" for=${name}>${t("approvals.words")}</label>
      <textarea id=${name} ref=${box} rows="4" dir=${text ? "auto" : undefined} value=${text} aria-invalid=${measured?.level === "over" ? "true" : undefined} onInput=${onInput} onKeyDown=${onKey}></textarea></div>
    ${refused?.code === "stale" ? html`<div class="theirs"><p class="quiet">${t("approvals.theirs")}</p><${Text} text=${draft.text} /></div>` : null}
    ${refused ? html`<div class="why" role="alert"><${Icon} name="warning" />${asks ? html`<${Findings} text=${text} findings=${asks} />` : html`<span>${refused.sentence}</span>`}</div>` : null}
    <div class="choices">
      ${item.may_approve ? html`<button type="button" class="button main" aria-disabled=${blocked || stops ? "true" : undefined} aria-keyshortcuts="Control+Enter" onClick=${() => save(true)}>${t(asks && !stops ? "approvals.saveApproveAnyway" : "approvals.saveApprove")}<kbd aria-hidden="true">${t("key.ctrl")} ↵</kbd></button>` : null}
      <button type="button" class=${item.may_approve ? "button" : "button main"} aria-disabled=${blocked || stops ? "true" : undefined} onClick=${() => save(false)}>${t("approvals.save")}</button>
      <button type="button" class="button" onClick=${close}>${t("assign.cancel")}</button>
      ${measured && verb?.limit && verb.counting ? html`<${Counter} measured=${measured} limit=${verb.limit} counting=${verb.counting} />` : null}
    </div>`;
}

/** @param {Shown} item @returns {boolean} its case has another owner by now: approving gives it back to the author */
const given = ({ draft, conversation: { owner } }) => owner !== null && owner.id !== draft.by.id;

/**
 * @param {Shown} item @param {number} [seen] how far the conversation was read
 * @returns {Promise<{refused?: Refused}>}
 */
async function approveNow(item, seen = item.draft.talk) {
  const { reply, refused } = await approve(item, seen, given(item));
  if (refused) return { refused };
  const customer = isolate(personName(item.conversation));
  if (!reply) say({ text: t("approvals.oneMore", { customer }), tone: "plain" });
  else if (reply.send_at) say({ text: t("approvals.later", { customer, time: dayTime(reply.send_at) }), tone: "plain" });
  else if (reply.state === "held") say({ text: t("approvals.approved", { customer }), tone: "plain", undo: true, action: { label: t("toast.undo"), run: () => takeBack(item.conversation.id, reply) } });
  else say({ text: t("approvals.approved", { customer }), tone: "plain" });
  return {};
}

/** @param {Shown} item @returns {{label: string, children: unknown}} what the main button says */
function agreement(item) {
  const { draft } = item;
  if (given(item)) return { label: "give", children: tNodes("approval.approveGive", { name: draft.by.name }) };
  return { label: draft.stale ? "anyway" : "plain", children: t(draft.stale ? "approvals.anyway" : `approvals.approve.${draft.verb}`) };
}

/** @param {{item: Shown, onEdit: () => void, onReturn: () => void, onRefused: (refused: Refused | null) => void, seen: number, left: () => void}} props */
function Choices({ item, onEdit, onReturn, onRefused, seen, left }) {
  const [busy, setBusy] = useState(false);
  const { draft, conversation: row, may_approve: may } = item;
  const mine = draft.by.id === myId.value;
  const act = async (/** @type {() => Promise<{refused?: Refused}>} */ what) => {
    if (busy) return;
    setBusy(true);
    const { refused } = await what();
    setBusy(false);
    onRefused(refused ?? null);
    if (!refused) left();
  };
  const open = html`<a class="button bare" data-do="open" aria-keyshortcuts="Enter" href=${hrefOf("open", row.id)}>${t("approvals.open")}<kbd aria-hidden="true">↵</kbd></a>`;
  if (item.over) return html`<div class="choices"><button type="button" class="button" onClick=${() => dismiss(draft.id)}>${t("toast.dismiss")}</button>${open}</div>`;
  const { label, children } = agreement(item);
  return html`<div class="choices">
    ${may ? html`<button type="button" class="button main" data-do="approve" data-way=${label} data-audience=${draft.verb === "public_reply" ? "public" : "private"} aria-keyshortcuts="a" aria-disabled=${busy ? "true" : undefined} onClick=${() => act(() => approveNow(item, seen))}><${Icon} name="done" /><span>${children}</span><kbd aria-hidden="true">a</kbd></button>` : null}
    ${may || mine ? html`<button type="button" class="button" data-do="edit" aria-keyshortcuts="e" onClick=${onEdit}>${t("refusal.edit")}<kbd aria-hidden="true">e</kbd></button>` : null}
    ${may ? html`<button type="button" class="button" data-do="return" aria-keyshortcuts="b" onClick=${onReturn}>${t("approval.sendBack")}<kbd aria-hidden="true">b</kbd></button>` : null}
    ${mine ? html`<button type="button" class="button" data-do="withdraw" aria-keyshortcuts="w" aria-disabled=${busy ? "true" : undefined} onClick=${() => act(() => withdraw(item))}>${t("approval.withdraw")}<kbd aria-hidden="true">w</kbd></button>` : null}
    ${open}
  </div>`;
}

/** @param {Draft} draft @returns {string} who has read it and may not decide any more, or never may */
function standingOf({ by, approved_by: agreed }) {
  if (by.id === myId.value) return "approvals.yours";
  return agreed.some(({ id }) => id === myId.value) ? "approvals.agreed" : "approvals.notYou";
}

/** What a stale draft answers, what was said after it, and how far that is (`talk`). @typedef {{before: Message | null, messages: Message[], talk: number}} Since */

/**
 * What was said since a stale draft was submitted, so that whoever agrees has read it.
 * @param {Shown} item @returns {Since | null} null while it is not there
 */
function useSince({ draft }) {
  const [since, setSince] = useState(/** @type {Since | null} */ (null));
  useEffect(() => {
    if (!draft.stale) return;
    conversationNow(draft.conversation).then(({ shown }) => {
      if (!shown) return;
      const before = shown.messages.findLast(({ own, at }) => !own && at <= draft.at) ?? null;
      setSince({ before, messages: shown.messages.filter(({ at }) => at > draft.at), talk: shown.case.talk });
    });
  }, [draft.stale, draft.talk, draft.rev]);
  return since;
}

/** @param {{item: Shown, current: boolean, onStand: () => void, leaving: (id: string) => () => void}} props */
export function ApprovalCard({ item, current, onStand, leaving }) {
  const [doing, setDoing] = useState(/** @type {"" | "edit" | "return"} */ (begun.has(item.draft.id) ? "edit" : ""));
  const [refused, setRefused] = useState(/** @type {Refused | null} */ (null));
  const card = useRef(/** @type {HTMLElement | null} */ (null));
  const since = useSince(item);
  const { draft, conversation: row } = item;
  const customer = personName(row);
  const missing = draft.number - draft.approved_by.length;
  const title = `approval-${draft.id}`;
  // What has opened under the hand is in sight, with the words it is about.
  useEffect(() => {
    if (doing) card.current?.scrollIntoView({ block: "nearest" });
  }, [doing]);
  const left = leaving(draft.id);
  const back = () => {
    setDoing("");
    if (card.current) card.current.focus();
    else left();
  };
  const giveBack = async (/** @type {string} */ reason) => {
    const said = await sendBack(item, reason);
    setRefused(said.refused ?? null);
    if (said.refused) back();
    else {
      say({ text: t("approvals.returned", { name: isolate(draft.by.name) }), tone: "plain" });
      left();
    }
  };
  // A stale draft whose news could not be had is approved as its author saw it: the server answers with what is new.
  const seen = draft.stale && refused?.code !== "talked" ? (since?.talk ?? draft.seen) : draft.talk;
  const news = refused?.news.length ? refused.news : (since?.messages ?? []);
  return html`<article class="approval" ref=${card} tabindex=${current ? 0 : -1} aria-labelledby=${title} data-draft=${draft.id} data-over=${item.over ? "" : undefined} data-current=${current ? "" : undefined} onFocus=${onStand} onFocusIn=${onStand}>
    <header><span class="face"><${Avatar} id=${row.handle || row.id} letters=${firstLetter(customer)} /><${PlatformMark} platform=${row.platform} /></span>
      <h2 id=${title}><bdi lang=${langOf(row.language)}>${customer}</bdi>${row.handle ? html` <bdi class="handle">@${row.handle}</bdi>` : null}</h2>
      <span class="age" title=${fullTime(draft.at)}>${age(draft.at, now.value)}</span>
      <p class="marks">
        ${item.over ? html`<span class="chip">${t("approvals.over")}</span>` : draft.number > 1 || !item.may_approve ? html`<span class="chip">${t("approval.missing", { n: missing })}</span>` : null}
        ${draft.stale && !item.over ? html`<span class="chip" data-tone="warn"><${Icon} name="warning" />${t("approvals.stale")}</span>` : null}
        ${draft.send_at ? html`<span class="chip"><${Icon} name="snoozed" />${t("held.at", { time: dayTime(draft.send_at) })}</span>` : null}
      </p></header>
    <div class="sides">
      <div class="asked" role="group" aria-label=${t("approvals.asked")}><${Asked} row=${row} message=${(draft.stale && since?.before) || item.message} /></div>
      <div class="answer" role="group" data-audience=${draft.verb === "public_reply" ? "public" : "private"} aria-label=${t("approvals.answer")}>
        <${Reader} draft=${draft} customer=${customer} />
        ${doing === "edit" && !item.over ? html`<${Edit} item=${item} onDone=${back} />` : html`<${Text} text=${draft.text} />`}
        <p class="foot"><b><bdi>${draft.by.name}</bdi></b> <${When} at=${draft.at} />${" "}
          ${draft.edited_by.length > 0 ? html`<span>${t("approval.editedBy")} <bdi>${draft.edited_by.map(({ name }) => name).join(", ")}</bdi></span> ` : null}
          ${draft.approved_by.length > 0 ? html`<span>${t("approval.by")} <bdi>${draft.approved_by.map(({ name }) => name).join(", ")}</bdi></span>` : null}</p>
        <${Why} why=${draft.why} />
      </div>
    </div>
    ${draft.stale && !item.over ? html`<div class="since" role="group" aria-label=${t("approvals.since")}><p><${Icon} name="warning" /><b>${t("approval.stale")}</b></p>${news.length > 0 ? html`<${News} customer=${customer} news=${news} />` : null}</div>` : null}
    ${item.later && !item.over ? html`<div class="notice" role="status"><span>${t("approvals.changed")}</span><button type="button" class="button small" onClick=${() => showLater(draft.id)}>${t("approvals.show")}</button></div>` : null}
    ${given(item) && !item.over && item.may_approve ? html`<p class="hint"><${Icon} name="person" /><span>${tNodes("approvals.owned", { name: row.owner?.name ?? "" })}</span></p>` : null}
    ${refused && !refused.news.length ? html`<p class="why" role="alert"><${Icon} name="warning" /><span>${refused.sentence}</span></p>` : null}
    ${!item.may_approve && !item.over ? html`<p class="hint"><${Icon} name="info" /><span>${t(standingOf(draft))}</span></p>` : null}
    ${doing === "return" && !item.over ? html`<div class="return"><${Reason} onSend=${giveBack} onClose=${back} /></div>` : null}
    ${doing === "" || item.over ? html`<${Choices} item=${item} seen=${seen} left=${left} onEdit=${() => setDoing("edit")} onReturn=${() => setDoing("return")} onRefused=${setRefused} />` : null}
  </article>`;
}
