// A disc with a person's first letter or initials; its hue comes from the id, so that it never changes.
import { html } from "../vendor/preact-11.2.0.js";

const HUES = 8;

/** @param {string} id @returns {number} 0 to 7, the same for the same id */
export function hueOf(id) {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % HUES;
}

/** @param {{id: string, letters: string, small?: boolean, title?: string}} props */
export function Avatar({ id, letters, small, title }) {
  return html`<span class=${small ? "avatar small" : "avatar"} data-hue=${hueOf(id)} aria-hidden="true" title=${title}><bdi>${letters}</bdi></span>`;
}
