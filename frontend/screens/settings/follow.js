// After the answer: asking whether all is solved, silence that closes, opening again, and how satisfied people were.
import { html } from "../../vendor/preact-11.2.0.js";
import { t } from "../../core/i18n.js";
import { valueOf } from "../../core/policy.js";
import { languages } from "./choices.js";
import { Choice, Group, Num, Part, Switch, Texts, Wait } from "./form.js";

const PART = "follow";

/** @param {{readOnly: boolean}} props */
export default function FollowPart({ readOnly }) {
  return html`<${Part} part=${PART} readOnly=${readOnly}>
    <${Group} title=${t("settings.follow.ask")}>
      <${Wait} part=${PART} path="follow_up_seconds" label=${t("settings.follow.after")} />
      <${Choice} part=${PART} path="follow_up.ask" label=${t("settings.follow.who")} options=${["owner", "customer"].map((one) => [one, t(`settings.follow.who.${one}`)])} />
      ${valueOf("follow_up.ask") === "customer" ? html`<${Switch} part=${PART} path="follow_up.ask_in_public" label=${t("settings.follow.public")} hint=${t("settings.follow.public.hint")} />` : null}
      <${Num} part=${PART} path="follow_up.reminders" label=${t("settings.follow.reminders")} min=${1} max=${5} />
      <${Wait} part=${PART} path="silence_closes_seconds" label=${t("settings.follow.silence")} />
      <${Num} part=${PART} path="follow_up.reopen_days" label=${t("settings.follow.reopen")} hint=${t("settings.follow.reopen.hint")} min=${1} max=${3650} unit=${t("settings.unit.days")} />
      <${Texts} part=${PART} path="follow_up.question" label=${t("settings.follow.question")} hint=${t("settings.follow.question.hint")} languages=${languages()} /><//>
    <${Group} title=${t("settings.follow.satisfaction")}>
      <${Switch} part=${PART} path="satisfaction.on" label=${t("settings.follow.on")} hint=${t("settings.follow.on.hint")} />
      <${Num} part=${PART} path="satisfaction.valid_days" label=${t("settings.follow.valid")} min=${1} max=${90} unit=${t("settings.unit.days")} />
      <${Texts} part=${PART} path="satisfaction.invitation" label=${t("settings.follow.invitation")} hint=${t("settings.follow.invitation.hint", { link: "{link}" })} languages=${languages()} /><//>
  <//>`;
}
