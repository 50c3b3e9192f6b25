// The health of every account: what it carries, what is wrong, what last came in.
import { html, useEffect } from "../vendor/preact-11.2.0.js";
import { Problem, Unreachable } from "../core/api.js";
import { accountName, placesOf, problemOf, whyStopped } from "../core/health.js";
import { t } from "../core/i18n.js";
import { loadMe, me } from "../core/session.js";
import { dayLabel, fullTime, now, span } from "../core/spans.js";
import { PlatformMark } from "../ui/chips.js";
import { Icon } from "../ui/icon.js";
import { Frame } from "./frame.js";
import { Ledger } from "./ledger.js";

/** @typedef {import("../types.d.ts").Account} Account */

const MINUTE = 60_000;
const DAY = 86_400_000;
const SOON = 14 * DAY;
const TONES = { ok: "good", degraded: "warn", paused: "bad" };

/** @param {string} at @returns {string} */
const ago = (at) => (now.value - Date.parse(at) < MINUTE ? t("accounts.justNow") : t("accounts.ago", { span: span(now.value - Date.parse(at), "long") }));

/** @param {{label: string, at: string | null, none: string}} props a moment that has passed */
const Past = ({ label, at, none }) => html`<dt>${t(label)}</dt><dd>${at ? html`<time datetime=${at} title=${fullTime(at)}>${ago(at)}</time>` : t(none)}</dd>`;

/** @param {{account: Account}} props */
function Ends({ account: { expires_at: at } }) {
  if (!at) return html`<dt>${t("accounts.ends")}</dt><dd>${t("accounts.endless")}</dd>`;
  const left = Date.parse(at) - now.value;
  const words = left <= 0 ? t("accounts.ended") : t("accounts.endsIn", { date: dayLabel(at, now.value), span: span(left, "long") });
  return html`<dt>${t("accounts.ends")}</dt><dd class=${left < SOON ? "soon" : undefined}><time datetime=${at} title=${fullTime(at)}>${words}</time></dd>`;
}

/** @param {{account: Account}} props */
function Missed({ account: { missed, missed_at: at } }) {
  return html`<dt>${t("accounts.missed")}</dt><dd>${missed > 0 ? t("accounts.missedSome", { n: missed }) : t("accounts.missedNone")}${at ? html` <time class="quiet" datetime=${at} title=${fullTime(at)}>${t("accounts.missedLast", { when: ago(at) })}</time>` : null}</dd>`;
}

/** @param {{account: Account, children?: import("../vendor/preact-11.2.0.js").Child}} props */
export function Card({ account, children }) {
  const { id, platform, platforms, state, reason, problems } = account;
  return html`<li class="account-card" data-account=${id} data-state=${state}>
    <h3>${(platforms.length > 0 ? platforms : [platform]).map((one) => html`<span aria-hidden="true" key=${one}><${PlatformMark} platform=${one} /></span>`)}<span>${placesOf(account)} · <bdi>${accountName(account)}</bdi></span>
      <span class="chip" data-tone=${TONES[state]}><${Icon} name=${state === "ok" ? "done" : "warning"} />${t(`account.state.${state}`)}</span></h3>
    ${state === "paused" ? html`<p class="why"><${Icon} name="warning" /><span>${whyStopped(account)} <code>${reason}</code></span></p>` : null}
    ${problems.map((code) => html`<p class="why" key=${code}><${Icon} name="warning" /><span>${problemOf(code)} <code>${code}</code></span></p>`)}
    <dl class="facts"><${Past} label="accounts.lastEvent" at=${account.last_event_at} none="accounts.never" /><${Past} label="accounts.checked" at=${account.checked_at} none="accounts.unchecked" /><${Ends} account=${account} /><${Missed} account=${account} /></dl>
    ${children}
  </li>`;
}

export default function AccountsDialog() {
  useEffect(() => {
    loadMe().catch((error) => {
      // What is shown is older then; the band at the top says that there is no connection.
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    });
  }, []);
  return html`<${Frame} title=${t("accounts.title")} kind="wide"><ul class="account-cards">${me.value?.accounts.map((account) => html`<${Card} key=${account.id} account=${account} />`)}</ul><${Ledger} /><//>`;
}
