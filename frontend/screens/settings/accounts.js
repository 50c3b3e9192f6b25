// The brand's accounts and how they are: what each carries, what is wrong, what last came in.
import { html, useEffect, useState } from "../../vendor/preact-11.2.0.js";
import { t } from "../../core/i18n.js";
import { sentenceFor } from "../../core/policy.js";
import { loadMe, me } from "../../core/session.js";
import { Card } from "../../dialogs/accounts.js";
import { Ledger } from "../../dialogs/ledger.js";
import { Pausing } from "./pausing.js";

/** @param {{readOnly: boolean}} props */
export default function AccountsPart({ readOnly }) {
  const [failed, setFailed] = useState("");
  const load = () => loadMe().then(() => setFailed(""), (error) => setFailed(sentenceFor(error)));
  useEffect(() => {
    load();
  }, []);
  const accounts = me.value?.accounts ?? [];
  return html`<div class="set-part" aria-labelledby="set-title"><header><h2 id="set-title" tabindex="-1">${t("settings.part.accounts")}</h2><p class="quiet">${t("settings.about.accounts")}</p></header>
    ${failed ? html`<div class="notice" data-tone="bad" role="alert"><span>${failed}</span><button type="button" class="button small" onClick=${load}>${t("retry")}</button></div>` : null}
    ${accounts.length === 0 ? html`<div class="empty"><p>${t("settings.accounts.none")}</p></div>` : html`<ul class="account-cards">${accounts.map((account) => html`<${Card} key=${account.id} account=${account}>${readOnly ? null : html`<${Pausing} account=${account} />`}<//>`)}</ul>`}
    <p class="hint">${t("settings.accounts.hint")}</p>
    <${Ledger} /></div>`;
}
