// What the agent has asked the screen for: a dialog, or to write. Whoever can fulfil it watches the signal.
import { signal } from "../vendor/preact-11.2.0.js";

/** @typedef {"account" | "assign" | "snooze" | "shortcuts" | "about" | "accounts" | "delete" | "erase" | "workflow" | "canned" | "palette" | "promise" | "search" | "send-later" | "tags"} DialogName */
/** @typedef {import("./modes.js").Wanted} Wanted */

/** The open dialog; each is loaded when first asked for. */
/** @type {import("../vendor/preact-11.2.0.js").Signal<{name: DialogName, id: string, about: string} | null>} */
export const dialog = signal(null);

/** @param {DialogName} name @param {string} [id] the conversation it is about @param {string} [about] one of its messages */
export function showDialog(name, id = "", about = "") {
  dialog.value = { name, id, about };
}

/** Cases that are selected take commands for themselves: whether they took this one, given by this key or by its name. */
/** @type {{of: (command: string, key: string) => boolean}} */
export const instead = { of: () => false };

/** The box on screen: whose it is, and whether nothing can be sent as it stands. */
/** @type {import("../vendor/preact-11.2.0.js").Signal<{id: string, mode: import("../types.d.ts").Mode, blocked: boolean}>} */
export const writing = signal({ id: "", mode: "note", blocked: true });

/** A wish to write, fulfilled by the open conversation once it is there. */
/** @type {import("../vendor/preact-11.2.0.js").Signal<{mode: Wanted, text: string} | null>} */
export const wish = signal(null);

/** @param {Wanted} mode @param {string} [text] goes into the box if nothing else is being written there */
export function compose(mode, text = "") {
  wish.value = { mode, text };
}
