// Who is signed in, and leaving.
import { computed, signal } from "../vendor/preact-11.2.0.js";
import { get, signedOut, write } from "./api.js";
import { forgetConversations } from "./conversation.js";
import { forgetDrafts, openDrafts } from "./drafts.js";
import { rows } from "./queue.js";
import { setClock } from "./spans.js";

/** @typedef {import("../types.d.ts").Me} Me */

/** @type {import("../vendor/preact-11.2.0.js").Signal<Me | null>} */
export const me = signal(null);
export const myId = computed(() => me.value?.agent.id ?? "");

/** @throws {import("./api.js").Problem | import("./api.js").Unreachable} */
export async function loadMe() {
  const answer = /** @type {Me} */ (await get("me"));
  openDrafts(answer.agent.id);
  setClock(answer.now);
  me.value = answer;
}

/** Ends the session on the server first: a failed sign-out must not look like one. */
export async function signOut() {
  await write("POST", "/auth/sign-out", {});
  forgetDrafts();
  forgetConversations();
  rows.value = [];
  me.value = null;
  signedOut.value = true;
}
