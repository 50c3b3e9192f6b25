// Taking a message of ours off a platform: the one act that nothing brings back.
import { html } from "../vendor/preact-11.2.0.js";
import { act } from "../core/acting.js";
import { conversationOf } from "../core/conversation.js";
import { langOf, t } from "../core/i18n.js";
import { platformName } from "../core/platforms.js";
import { closeDialog, Frame } from "./frame.js";

/** @param {{id: string, about: string}} props the conversation and its message */
export default function DeleteDialog({ id, about }) {
  const held = conversationOf(id);
  const message = held?.messages.find((one) => one.id === about);
  if (!held || !message) return null;
  const remove = () => {
    closeDialog();
    act(id, message, "delete");
  };
  return html`<${Frame} title=${t("delete.title", { platform: platformName(held.case.platform) })}>
    <blockquote dir="auto" lang=${langOf(message.language)}>${message.text || t("row.noText")}</blockquote>
    <p>${t("delete.final")}</p>
    <p class="choices"><button type="button" class="button danger" onClick=${remove}>${t("verb.delete")}</button>
      <button type="button" class="button" autofocus onClick=${closeDialog}>${t("delete.keep")}</button></p>
  <//>`;
}
