// Why the desk did something, in the desk's own language: the server tells a code and an English sentence.
import { html } from "../vendor/preact-11.2.0.js";
import { language } from "../core/i18n.js";
import { missing } from "./later.js";

/** @returns {Promise<Record<string, string>>} sentences by code; none for English, which the server speaks */
async function load() {
  if (language === "en") return {};
  const answer = await fetch(new URL(`../i18n/reasons/${language}.json`, import.meta.url));
  if (!answer.ok) throw new TypeError(`reasons of ${language}: ${answer.status}`);
  return answer.json();
}

const words = await load().catch((error) => {
  if (!(error instanceof TypeError)) throw error;
  // English is better than nothing; the frame says that something is missing.
  missing.value = true;
  return /** @type {Record<string, string>} */ ({});
});

/** @param {{of: {code: string, sentence: string}}} props one without words here is told as the server tells it */
export function Reason({ of: { code, sentence } }) {
  const own = Object.hasOwn(words, code);
  return html`<bdi lang=${own ? undefined : "en"}>${own ? words[code] : sentence}</bdi>`;
}
