// One thing that listening found: who said what, why it was found, and what becomes of it.
import { html } from "../vendor/preact-11.2.0.js";
import { firstLetter, langOf, personName, t, tNodes } from "../core/i18n.js";
import { dismiss, makeCase, putBack } from "../core/listening.js";
import { platformName } from "../core/platforms.js";
import { hrefOf } from "../core/route.js";
import { me } from "../core/session.js";
import { age, fullTime, now } from "../core/spans.js";
import { Avatar, PlatformMark } from "../ui/chips.js";
import { Icon } from "../ui/icon.js";

/** @typedef {import("../core/listening.js").Shown} Shown */

/**
 * The text with the words that were looked for marked, wherever they stand in it.
 * @param {string} text @param {string[]} words as they stand in it @returns {{text: string, found: boolean}[]}
 */
export function marked(text, words) {
  const escaped = words.filter(Boolean).sort((one, other) => other.length - one.length).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (escaped.length === 0) return [{ text, found: false }];
  const pieces = text.split(new RegExp(`(?<![\\p{L}\\p{N}_])(${escaped.join("|")})(?![\\p{L}\\p{N}_])`, "u"));
  return pieces.map((piece, at) => ({ text: piece, found: at % 2 === 1 })).filter((piece) => piece.text !== "");
}

/** @param {{hit: Shown}} props who decided what, and when */
function Decided({ hit }) {
  if (hit.over) return html`<p class="hit-decided" role="status"><${Icon} name="info" /><span>${t("listening.over")}</span></p>`;
  if (!hit.decided || hit.state === "waiting") return null;
  const by = hit.decided.by || t("listening.theDesk");
  const words = hit.state === "case" ? tNodes("listening.by.case", { name: by }) : tNodes("listening.by.not_ours", { name: by });
  return html`<p class="hit-decided"><span>${words}</span> <time datetime=${hit.decided.at} title=${fullTime(hit.decided.at)}>${age(hit.decided.at, now.value)}</time></p>`;
}

/** @param {{hit: Shown, current: boolean, onStand: () => void, leaving: (id: string) => () => void}} props */
export function HitCard({ hit, current, onStand, leaving }) {
  const mayWrite = !me.value?.agent.roles.includes("reader");
  const name = personName(hit);
  const platform = platformName(hit.platform);
  const leave = (/** @type {(hit: Shown) => Promise<void>} */ act) => () => {
    const next = leaving(hit.id);
    act(hit);
    next();
  };
  const waits = hit.state === "waiting" && !hit.over && mayWrite;
  return html`<article class="hit" data-hit=${hit.id} data-state=${hit.state} data-over=${hit.over ? "" : undefined} data-current=${current ? "" : undefined} tabindex=${current ? 0 : -1} aria-label=${t("listening.by", { name, platform })} onFocusIn=${onStand}>
    <header><span class="face"><${Avatar} id=${hit.handle || hit.id} letters=${firstLetter(name)} /></span>
      <h2><bdi>${name}</bdi> ${hit.handle && hit.name ? html`<bdi class="handle">@${hit.handle}</bdi>` : null}</h2>
      <p class="hit-meta"><${PlatformMark} platform=${hit.platform} /><time datetime=${hit.at} title=${fullTime(hit.at)}>${age(hit.at, now.value)}</time>${hit.followers > 0 ? html`<span>${t("listening.followers", { n: hit.followers })}</span>` : null}${hit.query.name ? html`<span class="chip"><bdi>${hit.query.name}</bdi></span>` : null}</p></header>
    <p class="text" dir="auto" lang=${langOf(hit.language)}>${marked(hit.text, hit.found).map((piece, at) => (piece.found ? html`<mark key=${at}>${piece.text}</mark>` : piece.text))}</p>
    <${Decided} hit=${hit} />
    <div class="choices">
      ${waits ? html`<button type="button" class="button main" data-do="case" onClick=${leave(makeCase)}>${t("listening.case")}<kbd aria-hidden="true">↵</kbd></button>
        <button type="button" class="button" data-do="dismiss" aria-keyshortcuts="e" onClick=${leave(dismiss)}>${t("listening.dismiss")}<kbd aria-hidden="true">e</kbd></button>` : null}
      ${hit.state === "not_ours" && mayWrite && !hit.over ? html`<button type="button" class="button" data-do="undo" onClick=${leave(putBack)}><${Icon} name="undo" />${t("listening.back")}</button>` : null}
      ${hit.state === "case" ? html`<a class="button" href=${hrefOf("open", hit.conversation)}>${t("listening.openCase")}</a>` : null}
      ${hit.link ? html`<a class="button bare" href=${hit.link} target="_blank" rel="noreferrer"><${Icon} name="external" />${t("listening.onPlatform", { platform })}</a>` : null}
    </div>
  </article>`;
}
