// A disc with a person's first letter or initials, and their picture on it once it is there. The hue comes from the id,
// so that it never changes.
import { html, useState } from "../vendor/preact-11.2.0.js";

const HUES = 8;

/** @param {string} id @returns {number} 0 to 7, the same for the same id */
export function hueOf(id) {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % HUES;
}

/** @param {{address: string}} props keyed by address */
function Face({ address }) {
  const [there, setThere] = useState(/** @type {boolean | null} */ (null));
  if (there === false) return null;
  // Not seen before it is whole: the letter stays when there is no picture.
  return html`<img src=${address} alt="" data-there=${there ? "" : undefined} decoding="async" onLoad=${() => setThere(true)} onError=${() => setThere(false)} />`;
}

/** @param {{id: string, letters: string, small?: boolean, title?: string, picture?: string}} props picture: its address here */
export function Avatar({ id, letters, small, title, picture = "" }) {
  return html`<span class=${small ? "avatar small" : "avatar"} data-hue=${hueOf(id)} aria-hidden="true" title=${title}><bdi>${letters}</bdi>${picture ? html`<${Face} key=${picture} address=${picture} />` : null}</span>`;
}
