// What was said: messages, notes of the team, and replies that are not out yet.
import { html, useEffect, useState } from "../vendor/preact-11.2.0.js";
import { isAct } from "../core/acts.js";
import { langOf, t } from "../core/i18n.js";
import { showDialog } from "../core/intents.js";
import { piecesOf } from "../core/links.js";
import { platformName } from "../core/platforms.js";
import { clockTime, dayTime, fullTime, present } from "../core/spans.js";
import { Acts, ActState, actState } from "./acts.js";
import { Icon } from "./icon.js";
import { later } from "./later.js";

/** @typedef {import("../types.d.ts").Conversation} Conversation */
/** @typedef {import("../types.d.ts").Message} Message */
/** @typedef {import("../types.d.ts").Note} Note */
/** @typedef {import("../types.d.ts").Reply} Reply */

/**
 * Text of a person in its own direction. Names and addresses are isolated: a leading "@acme" must not turn Hebrew
 * left-to-right, and `dir="auto"` looks past `<bdi>`.
 * @param {{text: string, language?: string}} props
 */
export function Text({ text, language = "" }) {
  return html`<p class="text" dir="auto" lang=${langOf(language)}>${piecesOf(text).map((piece, index) => {
    if (piece.kind === "address") return html`<a key=${index} href=${piece.text} target="_blank" rel="noopener noreferrer nofollow"><bdi>${piece.text}</bdi></a>`;
    return piece.kind === "mention" ? html`<bdi key=${index} class="mention">${piece.text}</bdi>` : piece.text;
  })}</p>`;
}

/** @param {{at: string}} props */
export function Time({ at }) {
  return html`<time dir="auto" datetime=${at} title=${fullTime(at)}>${clockTime(at)}</time>`;
}

/** @param {{isPublic: boolean, apart?: boolean}} props apart: other people read this than the rest of the thread */
export function Audience({ isPublic, apart }) {
  const audience = isPublic ? "public" : "private";
  return html`<span class=${apart ? "read-by chip" : "read-by"} data-audience=${audience} title=${t(`${audience}.long`)}><${Icon} name=${audience} />${t(apart ? `${audience}.apart` : `${audience}.short`)}</span>`;
}

/** The desk wrote it by itself. */
const Automatic = () => html`<span class="chip" data-mark="automatic"><${Icon} name="settings" />${t("message.automatic")}</span>`;

/** Where it was said is named where that is not what the thread itself is. */
const NAMED = new Set(["review", "mention", "live_comment"]);

/** @type {Record<string, string>} */
const FACES = { like: "👍", love: "❤️", care: "🤗", haha: "😆", wow: "😮", sad: "😢", angry: "😠" };

/** @param {{reactions: Message["reactions"]}} props one the desk does not know is called as the platform calls it */
function Reactions({ reactions }) {
  const counted = Object.entries(reactions).filter(([, n]) => n > 0);
  if (counted.length === 0) return null;
  return html`<ul class="reactions" aria-label=${t("reactions")}>${counted.map(([name, n]) => html`<li key=${name} class="chip">${Object.hasOwn(FACES, name) ? html`<span aria-hidden="true">${FACES[name]}</span><span class="hidden">${t(`reaction.${name}`)}</span>` : html`<bdi>${name}</bdi>`} ${t("count", { n })}</li>`)}</ul>`;
}

/** @param {Message} message @param {string | null} seenAt up to when the customer has read @returns {Message["receipt"]} of what we wrote in private */
export function receiptOf(message, seenAt) {
  if (!message.own || message.gone) return "";
  if (message.receipt) return message.receipt;
  return !message.public && seenAt !== null && message.at <= seenAt ? "seen" : "";
}

/** @param {{receipt: Message["receipt"]}} props */
function Receipt({ receipt }) {
  if (receipt === "") return null;
  return html`<span class="receipt" data-receipt=${receipt}><${Icon} name=${receipt === "rejected" ? "warning" : receipt} />${t(`receipt.${receipt}`)}</span>`;
}

/** @param {{shown: Conversation, message: Message}} props something that came and cannot be read here */
function Notice({ shown, message }) {
  const platform = platformName(shown.case.platform);
  const link = message.link || shown.verbs.find(({ verb }) => verb === "by_hand")?.link || "";
  return html`<p class="text gone"><${Icon} name="private" />${t("message.unreadable", { platform })}</p>
    ${link.startsWith("https://") ? html`<a class="quiet-link" href=${link} target="_blank" rel="noopener noreferrer"><${Icon} name="external" />${t("message.read", { platform })}</a>` : null}`;
}

const Attachments = later(() => import("./media.js").then((module) => module.Attachments));

/** @param {{shown: Conversation, message: Message}} props */
function Said({ shown, message }) {
  if (message.gone) return html`<p class="text gone"><${Icon} name="close" />${message.own ? t("message.goneOurs", { platform: platformName(shown.case.platform) }) : t("message.gone")}</p>`;
  if (message.notice) return html`<${Notice} shown=${shown} message=${message} />`;
  return html`${message.text || message.media.length === 0 ? html`<${Text} text=${message.text} language=${message.language} />` : null}${message.media.length > 0 ? html`<${Attachments} id=${shown.case.id} message=${message} />` : null}`;
}

/** @param {{shown: Conversation, message: Message, follows: boolean, customer: string}} props */
export function MessageBubble({ shown, message, follows, customer }) {
  const { id, platform, public: threadIsPublic, surface } = shown.case;
  const author = message.own ? message.by || t("message.brand") : customer;
  const apart = message.public !== threadIsPublic;
  const state = actState({ id, message, replies: shown.replies });
  const veiled = state && state.verb === "hide" && state.reply?.state !== "failed";
  return html`<li class="bubble" data-side=${message.own ? "ours" : "theirs"} data-follows=${follows ? "" : undefined} data-message=${message.id} data-apart=${apart ? (message.public ? "public" : "private") : undefined} data-veiled=${message.hidden || veiled ? "" : undefined}>
    <p class=${follows ? "meta hidden" : "meta"}><b><bdi>${author}</bdi></b></p>
    <div class="body"><${Said} shown=${shown} message=${message} /></div>
    ${message.gone ? null : html`<${Reactions} reactions=${message.reactions} />`}
    <div class="foot">
      <${Time} at=${message.at} />
      ${message.automatic ? html`<${Automatic} />` : null}
      ${message.edited && !message.gone ? html`<span>${t("message.edited")}</span>` : null}
      <${Audience} isPublic=${message.public} apart=${apart} />
      ${NAMED.has(message.surface) || (message.surface !== surface && !apart && !message.own) ? html`<span class="surface">${t(`surface.${message.surface}`)}</span>` : null}
      ${message.hidden && !message.gone ? html`<span class="chip" data-mark="hidden"><${Icon} name="hide" />${t("message.hidden")}</span>` : null}
      ${message.liked && !message.gone ? html`<span class="chip" data-mark="liked"><${Icon} name="like" />${t("message.liked")}</span>` : null}
      <${Receipt} receipt=${receiptOf(message, shown.seen_at)} />
      ${message.link && !message.gone && !message.notice ? html`<a href=${message.link} target="_blank" rel="noopener noreferrer"><${Icon} name="external" />${t("message.on", { platform: platformName(platform) })}</a>` : null}
      <${Acts} id=${id} message=${message} replies=${shown.replies} />
    </div>
    ${state ? html`<${ActState} state=${state} platform=${platform} />` : null}
    ${state?.reply?.state === "human" ? html`<${Decision} id=${id} reply=${state.reply} platform=${platform} />` : null}
  </li>`;
}

/** @param {{note: Note}} props */
export function NoteBubble({ note }) {
  return html`<li class="bubble note">
    <p class="meta"><${Icon} name="note" /><b><bdi>${note.by}</bdi></b> <span>${t("note.kind")}</span></p>
    <div class="body"><${Text} text=${note.text} /></div>
    <p class="foot"><${Time} at=${note.at} /></p>
  </li>`;
}

/** @param {{id: string, reply: Reply, platform: string}} props */
function Decision({ id, reply, platform }) {
  const kind = isAct(reply) ? "human.act" : "human";
  const settle = async (/** @type {boolean} */ found) => (await import("../core/settling.js")).decide(id, reply.id, found);
  const question = t(`${kind}.question`, { platform: platformName(platform) });
  return html`<div class="decision" role="group" aria-label=${question}>
    <p><b>${question}</b></p>
    <button type="button" class="button" onClick=${() => settle(true)}>${t(`${kind}.found`)}</button>
    <button type="button" class="button" onClick=${() => settle(false)}>${t(`${kind}.again`)}</button>
  </div>`;
}

/** @param {{id: string, reply: Reply}} props a reply that has not left, and the way to take it back; one whose time has come may be leaving */
function Held({ id, reply }) {
  const left = () => (reply.held_until ? Math.ceil((Date.parse(reply.held_until) - present()) / 1000) : 0);
  const [seconds, setSeconds] = useState(left);
  const later = reply.send_at !== null;
  useEffect(() => {
    if (later) return undefined;
    const timer = setInterval(() => setSeconds(left()), 1000);
    return () => clearInterval(timer);
  }, [reply.held_until, later]);
  const words = later ? t("held.at", { time: dayTime(reply.send_at ?? "") }) : seconds > 0 ? t("held.in", { n: seconds }) : t("held.leaving");
  return html`<p class="held"><${Icon} name="snoozed" /><span title=${later ? fullTime(reply.send_at ?? "") : undefined}>${words}</span>
    ${later ? html`<button type="button" class="button small" aria-haspopup="dialog" onClick=${() => showDialog("send-later", id, reply.id)}><${Icon} name="snoozed" />${t("held.move")}</button>` : null}
    <button type="button" class="button small" aria-keyshortcuts=${later ? undefined : "z"} onClick=${async () => (await import("../core/replies.js")).takeBack(id, reply)}><${Icon} name="undo" />${t(later ? "held.takeBack" : "toast.undo")}${later ? null : html`<kbd aria-hidden="true">z</kbd>`}</button></p>`;
}

/** @param {{id: string, reply: Reply, platform: string, onEdit: (reply: Reply) => void}} props an act, such as a like, has no text of its own */
export function ReplyBubble({ id, reply, platform, onEdit }) {
  return html`<li class="bubble" data-side="ours" data-reply=${reply.state}>
    <p class="meta"><b><bdi>${reply.by || t("message.brand")}</bdi></b></p>
    <div class="body">${reply.text ? html`<${Text} text=${reply.text} />` : html`<p class="text">${t(`verb.${reply.verb}`)}</p>`}</div>
    <p class="foot"><${Time} at=${reply.at} />${reply.text ? html`<${Audience} isPublic=${reply.verb === "public_reply"} />` : null}<span class="state">${t(`reply.state.${reply.state || "pending"}`)}</span>${reply.automatic ? html`<${Automatic} />` : null}${reply.approved_by.length > 0 ? html`<span>${t("approval.by")} <bdi>${reply.approved_by.join(", ")}</bdi></span>` : null}</p>
    ${reply.state === "held" && !reply.automatic ? html`<${Held} id=${id} reply=${reply} />` : null}
    ${reply.sentence || reply.state === "unknown" ? html`<p class="why"><${Icon} name="warning" /><span>${reply.sentence || t("reply.unknown")}</span></p>` : null}
    ${reply.state === "human" ? html`<${Decision} id=${id} reply=${reply} platform=${platform} />` : null}
    ${reply.state === "failed" && reply.text ? html`<button type="button" class="button" onClick=${() => onEdit(reply)}>${t("reply.editAgain")}</button>` : null}
  </li>`;
}
