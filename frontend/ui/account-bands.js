// Bands above everything: accounts that cannot act or that something is wrong with.
import { html, useState } from "../vendor/preact-11.2.0.js";
import { accountName, placesOf, problemOf, whyStopped } from "../core/health.js";
import { t } from "../core/i18n.js";
import { showDialog } from "../core/intents.js";
import { me } from "../core/session.js";
import { Icon } from "./icon.js";

/** @typedef {import("../types.d.ts").Account} Account */

/** @param {Account} account @returns {string} the same while the same is wrong */
const stateKey = ({ id, state, reason, problems }) => [id, state, reason, ...problems].join(" ");

/** @param {{account: Account, onHide: () => void}} props what has stopped an account cannot be put aside */
function Band({ account, onHide }) {
  const paused = account.state === "paused";
  const [first, ...more] = account.problems;
  const words = paused ? whyStopped(account) : problemOf(first);
  return html`<p class="band" data-tone=${paused ? "bad" : "warn"} data-account=${account.id}><${Icon} name="warning" />
    <span class="band-words"><b>${placesOf(account)} · <bdi>${accountName(account)}</bdi></b> ${words}${!paused && more.length > 0 ? ` ${t("band.more", { n: more.length })}` : ""}</span>
    <button type="button" class="button small" aria-haspopup="dialog" onClick=${() => showDialog("accounts")}>${t("band.details")}</button>
    ${paused ? null : html`<button type="button" class="button bare small" onClick=${onHide}><${Icon} name="close" /><span class="hidden">${t("toast.dismiss")}</span></button>`}
  </p>`;
}

/** Problems that do not stop us can be put aside until they change or the page is loaded anew. */
export function AccountBands() {
  const [aside, setAside] = useState(/** @type {string[]} */ ([]));
  const ill = me.value?.accounts.filter((account) => account.state === "paused" || (account.state === "degraded" && !aside.includes(stateKey(account)))) ?? [];
  return ill.map((account) => html`<${Band} key=${account.id} account=${account} onHide=${() => setAside([...aside, stateKey(account)])} />`);
}
