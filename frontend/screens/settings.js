// The settings: a menu of parts, each loaded when it is first opened. Agents have their own; leads the brand's, too.
import { html, signal, useEffect, useState } from "../vendor/preact-11.2.0.js";
import { reachable } from "../core/api.js";
import { t } from "../core/i18n.js";
import { failure, loadSettings, phase, settings, unsaved } from "../core/policy.js";
import { screenHref } from "../core/route.js";
import { me } from "../core/session.js";
import { Icon } from "../ui/icon.js";
import { loadStyle } from "../ui/later.js";

await Promise.all([loadStyle("screens/settings.css"), loadStyle("dialogs/dialogs.css")]);

const PATIENCE = 150;
/** Parts of the menu by what they are about; `me` is everybody's. @type {[string, string[]][]} */
const GROUPS = [
  ["own", ["me"]],
  ["replies", ["canned", "checks", "bot"]],
  ["work", ["hours", "targets", "routing", "triage", "listening", "follow"]],
  ["brand", ["people", "accounts", "programs", "brand", "retention", "erasures", "history"]],
];
const LEADING = new Set(["lead", "operator"]);
const SEEING = new Set(["lead", "operator", "reader"]);
const OF_LEADS = new Set(["programs", "retention", "erasures"]);
/** Parts that live by the brand's policy. */
const OF_POLICY = new Set(["checks", "bot", "hours", "targets", "routing", "triage", "listening", "follow", "people", "brand"]);

/** @type {import("../vendor/preact-11.2.0.js").Signal<Record<string, any>>} */
const parts = signal({});
/** @type {import("../vendor/preact-11.2.0.js").Signal<string>} */
const missing = signal("");

/** @param {string} name */
async function loadPart(name) {
  missing.value = "";
  try {
    const module = await import(`./settings/${name}.js`);
    parts.value = { ...parts.peek(), [name]: module.default };
  } catch {
    // Without a connection, or in a tab that is older than the deployed files.
    missing.value = name;
  }
}

/** @param {{known: string[], part: string}} props */
function Menu({ known, part }) {
  return html`<nav class="set-menu" aria-label=${t("screen.settings")}>
    ${GROUPS.map(([group, names]) => {
      const mine = names.filter((name) => known.includes(name));
      return mine.length === 0 ? null : html`<section key=${group}><h2>${t(`settings.group.${group}`)}</h2><ul>${mine.map((name) => html`<li key=${name}><a href=${screenHref("settings", name)} aria-current=${name === part ? "page" : undefined}>${t(`settings.part.${name}`)}${unsaved.value.has(name) ? html`<span class="unsaved-dot"><span class="hidden">${t("settings.unsaved")}</span></span>` : null}</a></li>`)}</ul></section>`;
    })}
  </nav>`;
}

/** Nothing is drawn at first: most answers come before a skeleton would only flicker. */
function Skeleton() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  return html`<div class="skeleton" aria-busy="true"><span class="hidden" role="status">${t("loading")}</span>${late ? html`<i></i><i></i><i></i>` : null}</div>`;
}

/** @param {{words: string, again: () => void}} props */
const Failed = ({ words, again }) => html`<div class="empty" role="alert"><${Icon} name=${reachable.value ? "warning" : "offline"} /><p>${words}</p><button type="button" class="button" onClick=${again}>${t("retry")}</button></div>`;

/** @param {{part: string, at: string, role: string, query: string}} props at: what the address says, "" for the menu */
function Opened({ part, at, role, query }) {
  const needsPolicy = OF_POLICY.has(part);
  useEffect(() => {
    if (!parts.peek()[part]) loadPart(part);
    if (needsPolicy) loadSettings();
  }, [part]);
  const Found = parts.value[part];
  useEffect(() => {
    document.getElementById("set-title")?.focus();
  }, [part, at, Boolean(Found), Boolean(settings.value)]);
  if (missing.value === part) return html`<${Failed} words=${t("band.missing")} again=${() => location.reload()} />`;
  if (needsPolicy && !settings.value) return phase.value === "failed" ? html`<${Failed} words=${failure.value} again=${loadSettings} />` : html`<${Skeleton} />`;
  if (!Found) return html`<${Skeleton} />`;
  return html`${needsPolicy && phase.value === "failed" ? html`<div class="notice" data-tone="bad" role="alert"><span>${failure.value}</span><button type="button" class="button small" onClick=${loadSettings}>${t("retry")}</button></div>` : null}
    <${Found} key=${part} readOnly=${!LEADING.has(role)} query=${query} />`;
}

/** @param {{part: string, query: string}} props */
export default function SettingsScreen({ part, query }) {
  const role = me.value?.agent.roles[0];
  if (!role) return html`<${Skeleton} />`;
  const known = GROUPS.flatMap(([, names]) => names).filter((name) => name === "me" || (OF_LEADS.has(name) ? LEADING : SEEING).has(role));
  const shown = part || "me";
  const narrow = part === "";
  return html`<header class="screen-head"><a class="button bare back-to-menu" href=${screenHref("settings")} hidden=${narrow}><${Icon} name="back" /><span class="hidden">${t("settings.menu")}</span></a><h1>${t("screen.settings")}</h1></header>
    <div class="settings" data-at=${narrow ? "menu" : "part"}>
      <${Menu} known=${known} part=${shown} />
      <div class="set-place">${known.includes(shown)
        ? html`<${Opened} key=${shown} part=${shown} at=${part} role=${role} query=${query} />`
        : html`<div class="empty" role="alert"><${Icon} name="shut" /><p>${t("settings.notYours")}</p><a class="button" href=${screenHref("settings", "me")}>${t("settings.part.me")}</a></div>`}</div>
    </div>`;
}
