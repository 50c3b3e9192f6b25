// The brand itself: its name, the languages its customers write in, its replies' last look back.
import { html } from "../../vendor/preact-11.2.0.js";
import { t } from "../../core/i18n.js";
import { Group, Lines, Num, Part, Text, Wait } from "./form.js";

const PART = "brand";

/** @param {{readOnly: boolean}} props */
export default function BrandPart({ readOnly }) {
  return html`<${Part} part=${PART} readOnly=${readOnly}>
    <${Group} title=${t("settings.part.brand")}>
      <${Text} part=${PART} path="name" label=${t("settings.brand.name")} hint=${t("settings.brand.name.hint")} />
      <${Lines} part=${PART} path="languages" label=${t("settings.brand.languages")} hint=${t("settings.brand.languages.hint")} /><//>
    <${Group} title=${t("settings.brand.replies")}>
      <${Num} part=${PART} path="undo_seconds" label=${t("settings.brand.undo")} hint=${t("settings.brand.undo.hint")} min=${0} max=${30} unit=${t("settings.unit.seconds")} />
      <${Wait} part=${PART} path="reply_valid_seconds" label=${t("settings.brand.valid")} hint=${t("settings.brand.valid.hint")} /><//>
    <${Group} title=${t("settings.brand.notices")}>
      <${Num} part=${PART} path="notices.mails_per_hour" label=${t("settings.brand.mails")} hint=${t("settings.brand.mails.hint")} min=${1} max=${60} />
      <${Num} part=${PART} path="notices.kept_days" label=${t("settings.brand.kept")} min=${1} max=${365} unit=${t("settings.unit.days")} /><//>
  <//>`;
}
