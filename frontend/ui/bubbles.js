// What was said: messages, notes of the team, and replies that are not out yet.
import { html } from "../vendor/preact-11.2.0.js";
import { langOf, t } from "../core/i18n.js";
import { piecesOf } from "../core/links.js";
import { decide } from "../core/replies.js";
import { clockTime, fullTime } from "../core/spans.js";
import { Icon } from "./icon.js";

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

/** @param {{media: string[]}} props */
function Media({ media }) {
  if (media.length === 0) return null;
  return html`<div class="media">${media.map((url, index) => html`<a key=${url} href=${url} target="_blank" rel="noopener noreferrer nofollow"><img src=${url} alt=${t("message.picture", { n: index + 1 })} loading="lazy" decoding="async" referrerpolicy="no-referrer" /></a>`)}</div>`;
}

/** @param {{message: Message, follows: boolean, customer: string}} props */
export function MessageBubble({ message, follows, customer }) {
  const author = message.own ? message.by || t("message.brand") : customer;
  return html`<li class="bubble" data-side=${message.own ? "ours" : "theirs"} data-follows=${follows ? "" : undefined}>
    <p class=${follows ? "meta hidden" : "meta"}><b><bdi>${author}</bdi></b></p>
    <div class="body">
      ${message.gone ? html`<p class="text gone"><${Icon} name="close" />${t(message.own ? "message.goneOurs" : "message.gone")}</p>` : html`<${Text} text=${message.text} language=${message.language} />`}
      ${message.gone ? null : html`<${Media} media=${message.media} />`}
    </div>
    <p class="foot">
      <${Time} at=${message.at} />
      ${message.edited && !message.gone ? html`<span>${t("message.edited")}</span>` : null}
      ${message.public ? html`<span>${t("public.short")}</span>` : null}
      ${message.link && !message.gone ? html`<a href=${message.link} target="_blank" rel="noopener noreferrer"><${Icon} name="external" />${t("message.onX")}</a>` : null}
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

/** @param {{id: string, reply: Reply}} props */
function Decision({ id, reply }) {
  return html`<div class="decision" role="group" aria-label=${t("human.question")}>
    <p><b>${t("human.question")}</b></p>
    <button type="button" class="button" onClick=${() => decide(id, reply.id, true)}>${t("human.found")}</button>
    <button type="button" class="button" onClick=${() => decide(id, reply.id, false)}>${t("human.again")}</button>
  </div>`;
}

/** @param {{id: string, reply: Reply, onEdit: (text: string) => void}} props */
export function ReplyBubble({ id, reply, onEdit }) {
  return html`<li class="bubble" data-side="ours" data-reply=${reply.state}>
    <p class="meta"><b><bdi>${reply.by}</bdi></b></p>
    <div class="body"><${Text} text=${reply.text} /></div>
    <p class="foot"><${Time} at=${reply.at} /><span class="state">${t(`reply.state.${reply.state || "pending"}`)}</span></p>
    ${reply.sentence || reply.state === "unknown" ? html`<p class="why"><${Icon} name="warning" /><span>${reply.sentence || t("reply.unknown")}</span></p>` : null}
    ${reply.state === "human" ? html`<${Decision} id=${id} reply=${reply} />` : null}
    ${reply.state === "failed" ? html`<button type="button" class="button" onClick=${() => onEdit(reply.text)}>${t("reply.editAgain")}</button>` : null}
  </li>`;
}

/** @param {{customer: string, news: Message[]}} props the messages that came in between, above the untouched draft */
export function News({ customer, news }) {
  return html`<ul class="news">${news.map((message) => html`<li key=${message.id}>
    <span class="meta"><b><bdi>${message.own ? message.by || t("message.brand") : customer}</bdi></b> <${Time} at=${message.at} /></span>
    ${message.gone ? html`<p class="text gone">${t("message.gone")}</p>` : html`<${Text} text=${message.text} language=${message.language} />`}
  </li>`)}</ul>`;
}
