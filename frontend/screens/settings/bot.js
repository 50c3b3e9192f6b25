// The bot: off as shipped; what it may answer, how much of it, and what it says of itself.
import { html } from "../../vendor/preact-11.2.0.js";
import { t } from "../../core/i18n.js";
import { valueOf } from "../../core/policy.js";
import { languages, people } from "./choices.js";
import { Choice, Group, Num, Part, Switch, Texts } from "./form.js";

const PART = "bot";

/** @param {{readOnly: boolean}} props */
export default function BotPart({ readOnly }) {
  return html`<${Part} part=${PART} readOnly=${readOnly}>
    <${Group} title=${t("settings.bot.on")}><${Switch} part=${PART} path="bot.enabled" label=${t("settings.bot.enabled")} hint=${t(valueOf("bot.enabled") ? "settings.bot.enabled.hint" : "settings.bot.off.hint")} />
      <${Num} part=${PART} path="bot.share_percent" label=${t("settings.bot.share")} hint=${t("settings.bot.share.hint")} min=${0} max=${100} unit="%" />
      <${Choice} part=${PART} path="bot.reviewer" label=${t("settings.bot.reviewer")} hint=${t("settings.bot.reviewer.hint")} options=${[["", t("settings.bot.anyLead")], ...people()]} /><//>
    <${Group} title=${t("settings.bot.sure")}>
      <${Num} part=${PART} path="bot.gate" label=${t("settings.bot.gate")} hint=${t("settings.bot.gate.hint")} min=${30} max=${100} step=${5} unit="%" times=${100} />
      <${Num} part=${PART} path="bot.margin" label=${t("settings.bot.margin")} hint=${t("settings.bot.margin.hint")} min=${0} max=${100} step=${5} unit="%" times=${100} />
      <${Switch} part=${PART} path="bot.hands_over" label=${t("settings.bot.hands_over")} /><//>
    <${Group} title=${t("settings.bot.words")}>
      <${Texts} part=${PART} path="bot.labels" label=${t("settings.bot.labels")} hint=${t("settings.bot.labels.hint")} languages=${languages()} />
      <${Texts} part=${PART} path="bot.hand_over_texts" label=${t("settings.bot.hand_over_texts")} languages=${languages()} /><//>
  <//>`;
}
