// How keys are printed; only dialogs do.
import { t } from "./i18n.js";

/** @param {string} name @returns {string} how the key is printed */
export const cap = (name) => name.replace("Ctrl", t("key.ctrl")).replace("Enter", "↵").replace("Escape", "Esc").replace(/\+(.)$/, (_, letter) => `+${letter.toUpperCase()}`);
