// What the first look does without: modules and style sheets that are loaded when they are first asked for.
import { html, signal, useEffect, useState } from "../vendor/preact-11.2.0.js";
import { loadOtherStrings } from "../core/i18n.js";
import { answered } from "../core/queue.js";

/** A part could not be had: without a connection, or because this tab is older than the deployed files. */
export const missing = signal(false);

/**
 * @template {(props: any) => unknown} Part
 * @param {() => Promise<Part>} load gives the component
 * @returns {(props: Parameters<Part>[0]) => unknown} draws nothing until it has come, after the first list, and from then on at once
 */
export function later(load) {
  /** @type {Part | null} */
  let part = null;
  return function Later(props) {
    const [, draw] = useState(0);
    useEffect(() => {
      if (part) return;
      answered.then(() => Promise.all([load(), loadOtherStrings()])).then(
        ([found]) => {
          part = found;
          draw(1);
        },
        () => {
          missing.value = true;
        },
      );
    }, []);
    return part ? html`<${part} ...${props} />` : null;
  };
}

/** @type {Map<string, Promise<void>>} */
const styles = new Map();

/** Loads a style sheet beside `style.css` once. @param {string} path @returns {Promise<void>} rejects when it cannot be had */
export function loadStyle(path) {
  const asked = styles.get(path) ?? new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL(`../${path}`, import.meta.url).href });
    link.onload = () => resolve();
    link.onerror = () => {
      link.remove();
      styles.delete(path);
      reject(new Error(path));
    };
    document.head.append(link);
  });
  styles.set(path, asked);
  return asked;
}
