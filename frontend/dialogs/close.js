// Closes a case with a reason of the agent's choice.
import { html } from "../vendor/preact-11.2.0.js";
import { caseOf, close, CLOSE_REASONS } from "../core/changes.js";
import { t } from "../core/i18n.js";
import { closeDialog, Frame } from "./frame.js";
import { Picker } from "./picker.js";

/** @param {{id: string}} props */
export default function CloseDialog({ id }) {
  const row = caseOf(id);
  if (!row) return null;
  const pick = (/** @type {string} */ reason) => {
    closeDialog();
    close(row, reason);
  };
  return html`<${Frame} title=${t("close.title")}><${Picker} label=${t("close.find")} options=${CLOSE_REASONS.map((code) => ({ id: code, label: t(`close.${code}`) }))} onPick=${pick} /><//>`;
}
