// Short messages at the bottom start, with Undo for ten seconds.
import { signal } from "../vendor/preact-11.2.0.js";

/** @typedef {{id: number, text: string, tone: "plain" | "error", action?: {label: string, run: () => void}, undo?: boolean, at: number}} Toast */

const STAYS = 10_000;
let last = 0;

/** @type {import("../vendor/preact-11.2.0.js").Signal<Toast[]>} */
export const toasts = signal([]);

/** @param {Omit<Toast, "id" | "at">} toast @returns {number} id for `dismiss` */
export function say(toast) {
  const id = ++last;
  toasts.value = [...toasts.peek().slice(-2), { id, at: Date.now(), ...toast }];
  setTimeout(() => dismiss(id), STAYS);
  return id;
}

/** @param {number} id */
export function dismiss(id) {
  toasts.value = toasts.peek().filter((toast) => toast.id !== id);
}

/** @param {Toast} toast */
export function runAction(toast) {
  dismiss(toast.id);
  toast.action?.run();
}

/** @param {number} moment of this device @returns {boolean} something that can be undone was done after it */
export const undoableSince = (moment) => toasts.peek().some((shown) => shown.undo && shown.at > moment);

/** Undoes the newest change that can be undone. @returns {boolean} */
export function undoLast() {
  const toast = toasts.peek().findLast((shown) => shown.undo);
  if (toast) runAction(toast);
  return toast !== undefined;
}
