// What was sent beside the words. Each thing has its place from the start, so that nothing jumps when it comes or fails.
import { html, useState } from "../vendor/preact-11.2.0.js";
import { t } from "../core/i18n.js";
import { fileSize, mapAddress, mediaAddress, webAddress } from "../core/media.js";
import { Icon } from "./icon.js";
import { loadStyle } from "./later.js";

await loadStyle("ui/media.css");

/** @typedef {import("../types.d.ts").Media} Media */
/** @typedef {import("../types.d.ts").Message} Message */

const KINDS = new Set(["image", "video", "audio", "file", "sticker", "link", "location", "contact"]);

/** @param {Media} media @returns {string} */
const nameOf = (media) => media.name || t(`media.${KINDS.has(media.kind) ? media.kind : "unsupported"}`);

/** @param {{address: string, number: number}} props */
function Picture({ address, number }) {
  const [absent, setAbsent] = useState(false);
  if (absent) {
    return html`<div class="absent" role="group" aria-label=${t("message.picture", { n: number + 1 })}>
      <p><${Icon} name="shut" />${t("media.absent")}</p>
      <button type="button" class="button small" onClick=${() => setAbsent(false)}>${t("retry")}</button>
    </div>`;
  }
  return html`<a class="picture" href=${address} target="_blank" rel="noopener noreferrer"><img src=${address} width="144" height="144" alt=${t("message.picture", { n: number + 1 })} loading="lazy" decoding="async" onError=${() => setAbsent(true)} /></a>`;
}

/** Saved by the browser under the name that the server made safe. @param {{address: string, media: Media}} props */
function File({ address, media }) {
  const [state, setState] = useState(/** @type {"" | "loading" | "absent" | "later"} */ (""));
  const save = async () => {
    if (state === "loading") return;
    setState("loading");
    try {
      const answer = await fetch(address);
      setState(answer.status === 200 ? "" : answer.headers.get("x-media") === "later" || answer.status !== 204 ? "later" : "absent");
      // Had already: the browser takes it from its cache, and saves it without leaving the page.
      if (answer.status === 200) location.assign(address);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      setState("later");
    }
  };
  const size = fileSize(media.size);
  return html`<div class="file">
    <button type="button" class="button small" aria-disabled=${state === "loading" ? "true" : undefined} onClick=${save}><${Icon} name="down" /><span>${t("media.save")}</span> <bdi>${nameOf(media)}</bdi>${size ? html` <span class="quiet">${size}</span>` : null}</button>
    <p class="quiet" role="status">${state ? t(state === "loading" ? "loading" : `media.${state}`) : ""}</p>
  </div>`;
}

/** @param {{href: string, icon: string, children: unknown}} props opened only by a person's click, and not told from where */
const Away = ({ href, icon, children }) => html`<a class="chip" href=${href} target="_blank" rel="noopener noreferrer nofollow" referrerpolicy="no-referrer"><${Icon} name=${icon} />${children}</a>`;

/** @param {{media: Media, address: string, number: number}} props */
function Attachment({ media, address, number }) {
  const { kind, value } = media;
  // A sticker with a number is the platform's own drawing; there is nothing to fetch.
  if (kind === "image" || (kind === "sticker" && !value)) return html`<${Picture} address=${address} number=${number} />`;
  if (kind === "video" || kind === "audio" || kind === "file") return html`<${File} address=${address} media=${media} />`;
  if (kind === "location" && mapAddress(value)) return html`<${Away} href=${mapAddress(value)} icon="external"><span>${t("media.place")}</span> <bdi>${value}</bdi></${Away}>`;
  if (kind === "link" && webAddress(value)) return html`<${Away} href=${webAddress(value)} icon="external">${media.name ? html`<bdi>${media.name}</bdi> ` : null}<bdi>${value}</bdi></${Away}>`;
  return html`<span class="chip"><${Icon} name=${kind === "contact" ? "person" : "info"} /><bdi>${nameOf(media)}</bdi>${value ? html` <bdi>${value}</bdi>` : null}</span>`;
}

/** @param {{id: string, message: Message}} props id of the conversation */
export function Attachments({ id, message }) {
  if (message.media.length === 0) return null;
  return html`<div class="media">${message.media.map((media, number) => html`<${Attachment} key=${number} media=${media} number=${number} address=${mediaAddress(id, message.id, number)} />`)}</div>`;
}
