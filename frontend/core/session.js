// Who is signed in.
import { computed, signal } from "../vendor/preact-11.2.0.js";
import { get } from "./api.js";
import { setClock } from "./spans.js";

/** @typedef {import("../types.d.ts").Me} Me */

/** @type {import("../vendor/preact-11.2.0.js").Signal<Me | null>} */
export const me = signal(null);
export const myId = computed(() => me.value?.agent.id ?? "");

/** @throws {import("./api.js").Problem | import("./api.js").Unreachable} */
export async function loadMe() {
  const answer = /** @type {Me} */ (await get("me"));
  setClock(answer.now);
  me.value = answer;
}
