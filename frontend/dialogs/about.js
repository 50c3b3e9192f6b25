// The facts of a case where there is no room for a column.
import { html } from "../vendor/preact-11.2.0.js";
import { conversation } from "../core/conversation.js";
import { t } from "../core/i18n.js";
import { About } from "../ui/about.js";
import { Frame } from "./frame.js";

export default function AboutDialog() {
  const shown = conversation.value;
  return shown ? html`<${Frame} title=${t("about.title")} kind="side"><div class="about"><${About} conversation=${shown} /></div><//>` : null;
}
