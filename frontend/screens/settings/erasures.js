// Erased customers: when, by whom, how much, and the signed receipts. Who it was, nobody can tell any more.
import { html, useEffect, useState } from "../../vendor/preact-11.2.0.js";
import { get } from "../../core/api.js";
import { t } from "../../core/i18n.js";
import { sentenceFor } from "../../core/policy.js";
import { fullTime } from "../../core/spans.js";
import { Progress } from "../../ui/erasure.js";

/** @typedef {import("../../ui/erasure.js").Erasure} Erasure */

export default function ErasuresPart() {
  const [known, setKnown] = useState(/** @type {Erasure[] | null} */ (null));
  const [failed, setFailed] = useState("");
  const load = () => get("erasures").then(
    (found) => {
      setFailed("");
      setKnown(found.items);
    },
    (error) => setFailed(sentenceFor(error)),
  );
  useEffect(() => {
    load();
  }, []);
  return html`<div class="set-part" aria-labelledby="set-title"><header><h2 id="set-title" tabindex="-1">${t("settings.part.erasures")}</h2><p class="quiet">${t("settings.about.erasures")}</p></header>
    ${failed ? html`<div class="notice" data-tone="bad" role="alert"><span>${failed}</span><button type="button" class="button small" onClick=${load}>${t("retry")}</button></div>` : null}
    ${!known && !failed ? html`<p class="quiet" role="status">${t("loading")}</p>` : null}
    ${known && known.length === 0 ? html`<p class="quiet">${t("erase.none")}</p>` : null}
    <ul class="rows-of">${(known ?? []).map((one) => html`<li key=${one.id} class="rule"><header><b>${one.by ? t("erase.asked") : t("erase.platform")}</b><time class="quiet" datetime=${one.at}>${fullTime(one.at)}</time></header><${Progress} first=${one} /></li>`)}</ul></div>`;
}
