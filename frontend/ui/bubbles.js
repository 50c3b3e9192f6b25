// What was said: messages, notes of the team, and replies that are not out yet.
import { html } from "../vendor/preact-11.2.0.js";
import { langOf, t } from "../core/i18n.js";
import { piecesOf } from "../core/links.js";
import { platformName } from "../core/platforms.js";
import { decide } from "../core/replies.js";
import { clockTime, fullTime } from "../core/spans.js";
import { Icon } from "./icon.js";
import { Attachments } from "./media.js";

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
function Time({ at }) {
  return html`<time dir="auto" datetime=${at} title=${fullTime(at)}>${clockTime(at)}</time>`;
}

/** @param {{isPublic: boolean}} props */
function Audience({ isPublic }) {
  const audience = isPublic ? "public" : "private";
  return html`<span class="read-by" data-audience=${audience}><${Icon} name=${audience} />${t(`${audience}.short`)}</span>`;
}

/** @param {{id: string, platform: string, message: Message, follows: boolean, customer: string}} props */
export function MessageBubble({ id, platform, message, follows, customer }) {
  const author = message.own ? message.by || t("message.brand") : customer;
  return html`<li class="bubble" data-side=${message.own ? "ours" : "theirs"} data-follows=${follows ? "" : undefined}>
    <p class=${follows ? "meta hidden" : "meta"}><b><bdi>${author}</bdi></b></p>
    <div class="body">
      ${message.gone ? html`<p class="text gone"><${Icon} name="close" />${message.own ? t("message.goneOurs", { platform: platformName(platform) }) : t("message.gone")}</p>` : message.text || !message.notice ? html`<${Text} text=${message.text} language=${message.language} />` : html`<p class="text gone"><${Icon} name="private" />${t("message.unreadable", { platform: platformName(platform) })}</p>`}
      ${message.gone ? null : html`<${Attachments} id=${id} message=${message} />`}
    </div>
    <p class="foot">
      <${Time} at=${message.at} />
      ${message.edited && !message.gone ? html`<span>${t("message.edited")}</span>` : null}
      <${Audience} isPublic=${message.public} />
      ${message.hidden ? html`<span>${t("message.hidden")}</span>` : null}
      ${message.link && !message.gone ? html`<a href=${message.link} target="_blank" rel="noopener noreferrer"><${Icon} name="external" />${t("message.on", { platform: platformName(platform) })}</a>` : null}
    </p>
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
  const question = t("human.question", { platform: platformName(platform) });
  return html`<div class="decision" role="group" aria-label=${question}>
    <p><b>${question}</b></p>
    <button type="button" class="button" onClick=${() => decide(id, reply.id, true)}>${t("human.found")}</button>
    <button type="button" class="button" onClick=${() => decide(id, reply.id, false)}>${t("human.again")}</button>
  </div>`;
}

/** @param {{id: string, reply: Reply, platform: string, onEdit: (reply: Reply) => void}} props an act, such as a like, has no text of its own */
export function ReplyBubble({ id, reply, platform, onEdit }) {
  return html`<li class="bubble" data-side="ours" data-reply=${reply.state}>
    <p class="meta"><b><bdi>${reply.by}</bdi></b></p>
    <div class="body">${reply.text ? html`<${Text} text=${reply.text} />` : html`<p class="text">${t(`verb.${reply.verb}`)}</p>`}</div>
    <p class="foot"><${Time} at=${reply.at} />${reply.text ? html`<${Audience} isPublic=${reply.verb === "public_reply"} />` : null}<span class="state">${t(`reply.state.${reply.state || "pending"}`)}</span></p>
    ${reply.sentence || reply.state === "unknown" ? html`<p class="why"><${Icon} name="warning" /><span>${reply.sentence || t("reply.unknown")}</span></p>` : null}
    ${reply.state === "human" ? html`<${Decision} id=${id} reply=${reply} platform=${platform} />` : null}
    ${reply.state === "failed" && reply.text ? html`<button type="button" class="button" onClick=${() => onEdit(reply)}>${t("reply.editAgain")}</button>` : null}
  </li>`;
}

/** @param {{customer: string, news: Message[]}} props the messages that came in between, above the untouched draft */
export function News({ customer, news }) {
  return html`<ul class="news">${news.map((message) => html`<li key=${message.id}>
    <span class="meta"><b><bdi>${message.own ? message.by || t("message.brand") : customer}</bdi></b> <${Time} at=${message.at} /></span>
    ${message.gone ? html`<p class="text gone">${t("message.gone")}</p>` : html`<${Text} text=${message.text} language=${message.language} />`}
  </li>`)}</ul>`;
}
