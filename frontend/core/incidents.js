// What leads ask and do about incidents (docs/incidents.md). An attempt whose answer was lost is repeated under its key.
import { useEffect, useRef, useState } from "../vendor/preact-11.2.0.js";
import { get, newKey, Problem, Unreachable, write } from "./api.js";
import { sentenceOf } from "./changes.js";
import { me } from "./session.js";
import { setClock } from "./spans.js";

/** @typedef {"loading" | "ready" | "failed"} Phase */

/** Languages the desk reads; a text may be in any. */
export const LANGUAGES = ["en", "lv", "ru", "ms", "he", "ar"];

/** @returns {boolean | null} whether whoever looks may see incidents; null while nobody knows */
export function isLead() {
  const roles = me.value?.agent.roles;
  return roles ? roles.some((role) => role === "lead" || role === "operator") : null;
}

/**
 * An answer that is asked for again every so often; what was there stays when that fails.
 * @param {string} path "" asks for nothing @param {number} every milliseconds
 */
export function useAnswer(path, every) {
  const [state, setState] = useState(/** @type {{of: string, phase: Phase, found: any, sentence: string, status: number}} */ ({ of: "", phase: "loading", found: null, sentence: "", status: 0 }));
  const asked = useRef("");
  asked.current = path;
  const load = async () => {
    const of = path;
    if (!of) return;
    try {
      const found = await get(of);
      if (asked.current !== of) return;
      if (found.now) setClock(found.now);
      setState({ of, phase: "ready", found, sentence: "", status: 200 });
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      if (asked.current !== of) return;
      const status = error instanceof Problem ? error.status : 0;
      setState((held) => (held.of === of && held.found ? { ...held, sentence: sentenceOf(error), status } : { of, phase: "failed", found: null, sentence: sentenceOf(error), status }));
    }
  };
  useEffect(() => {
    setState({ of: path, phase: "loading", found: null, sentence: "", status: 0 });
    load();
    const look = () => !document.hidden && load();
    const timer = setInterval(look, every);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [path]);
  const take = (/** @type {any} */ found) => setState({ of: path, phase: "ready", found, sentence: "", status: 200 });
  const shown = state.of === path ? state : { ...state, phase: /** @type {Phase} */ ("loading"), found: null, sentence: "" };
  return { ...shown, load, take };
}

/** Attempts nobody knows the end of. @type {Map<string, string>} */
const unsure = new Map();

/**
 * One step of a lead's.
 * @param {"POST" | "PATCH"} method @param {string} path @param {unknown} body
 * @returns {Promise<{done: any, code: string, sentence: string}>} done is null when it was refused, with the server's sentence
 */
export async function act(method, path, body) {
  const what = `${method} ${path} ${JSON.stringify(body)}`;
  const key = unsure.get(what) ?? newKey();
  unsure.set(what, key);
  try {
    const done = await write(method, path, body, key);
    unsure.delete(what);
    return { done, code: "", sentence: "" };
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    if (error instanceof Problem) unsure.delete(what);
    return { done: null, code: error instanceof Problem ? error.code : "unreachable", sentence: sentenceOf(error) };
  }
}
