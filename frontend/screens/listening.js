// The listening review: posts that name the brand and that nobody sent to it, one after the other, decided by a key.
import { html, useEffect, useRef, useState } from "../vendor/preact-11.2.0.js";
import { reachable } from "../core/api.js";
import { preferences } from "../core/device.js";
import { t } from "../core/i18n.js";
import { isLead, useAnswer } from "../core/incidents.js";
import { dialog } from "../core/intents.js";
import { keyName } from "../core/keys.js";
import { failure, hits, more, moreHits, nextCursor, openHits, phase, refreshHits, STATES, troubleOf } from "../core/listening.js";
import { screenHref } from "../core/route.js";
import { Icon } from "../ui/icon.js";
import { loadStyle } from "../ui/later.js";
import { HitCard } from "./hit-card.js";

/** @typedef {import("../types.d.ts").QueryState} QueryState */

await loadStyle("screens/listening.css");

const EVERY = 30_000;
const PATIENCE = 150;
/** Keys of a card, and the button each presses. @type {Record<string, string>} */
const PRESSES = { e: "dismiss" };

const cards = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".hit")]);

/** @param {HTMLElement | undefined} card */
function stand(card) {
  card?.focus();
  card?.scrollIntoView({ block: "nearest" });
}

/** @param {HTMLElement | null} from @param {number} step */
function move(from, step) {
  const all = cards();
  const at = from ? all.indexOf(from) : all.findIndex((card) => "current" in card.dataset);
  stand(all[Math.max(0, Math.min(all.length - 1, from ? at + step : at))]);
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.defaultPrevented || event.isComposing || dialog.peek() || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (target?.matches("textarea, input, select")) return;
  const card = /** @type {HTMLElement | null} */ (target?.closest(".hit") ?? null);
  const name = keyName(event);
  const press = (/** @type {HTMLElement | undefined | null} */ on, /** @type {string} */ what) => /** @type {HTMLElement | null} */ (on?.querySelector(`[data-do=${what}]`))?.click();
  if (name === "Enter" && card && target === card) {
    event.preventDefault();
    press(card, "case");
    return;
  }
  if (!preferences.peek().letters) return;
  const asked = Object.hasOwn(PRESSES, name) ? PRESSES[name] : "";
  if (name !== "j" && name !== "k" && !asked) return;
  event.preventDefault();
  if (asked) press(card ?? cards().find((one) => "current" in one.dataset), asked);
  else move(card, name === "j" ? 1 : -1);
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

/** @param {{queries: QueryState[]}} props what keeps queries from finding what they should */
function Troubles({ queries }) {
  const ill = queries.filter(({ on, problem }) => on && problem);
  return ill.map(({ id, name, problem, limit }) => html`<div key=${id} class="notice" data-tone="warn" data-query=${id}><${Icon} name="warning" /><span>${troubleOf(problem?.code ?? "", name, limit)}</span></div>`);
}

/** @param {{queries: QueryState[] | null, lead: boolean}} props */
function Empty({ queries, lead }) {
  if (queries === null) return null;
  if (!queries.some(({ on }) => on)) {
    return html`<div class="empty explained"><${Icon} name="listening" /><h2>${t("listening.off")}</h2><p>${t("listening.what")}</p><p>${t("listening.price")}</p>
      ${lead ? html`<a class="button main" href=${screenHref("settings", "listening")}>${t("listening.turnOn")}</a>` : html`<p class="quiet">${t("listening.askLead")}</p>`}</div>`;
  }
  return html`<div class="empty"><${Icon} name="done" /><p>${t("listening.empty")}</p><p class="quiet">${t("listening.emptyHint")}</p></div>`;
}

function More() {
  if (nextCursor.value === null) return null;
  return html`<div class="more">${more.value === "failed" ? html`<p role="alert">${t("queue.moreFailed")}</p>` : null}
    <button type="button" class="button" aria-disabled=${more.value === "loading" ? "true" : undefined} onClick=${moreHits}>${t(more.value === "loading" ? "loading" : "queue.more")}</button></div>`;
}

/** @param {{state: string, query: string, queries: QueryState[]}} props */
function Choices({ state, query, queries }) {
  const href = (/** @type {string} */ one) => screenHref("listening", "", { ...(one === "waiting" ? {} : { state: one }), ...(query ? { query } : {}) });
  const choose = (/** @type {Event} */ event) => {
    const chosen = /** @type {HTMLSelectElement} */ (event.target).value;
    location.hash = screenHref("listening", "", { ...(state === "waiting" ? {} : { state }), ...(chosen ? { query: chosen } : {}) });
  };
  return html`<div class="hit-choices"><nav aria-label=${t("listening.states")}><ul>${STATES.map((one) => html`<li key=${one}><a href=${href(one)} aria-current=${one === state ? "page" : undefined}>${t(`listening.state.${one}`)}</a></li>`)}</ul></nav>
    ${queries.length > 1 ? html`<label><span class="hidden">${t("listening.query")}</span><select onChange=${choose}><option value="" selected=${query === ""}>${t("listening.allQueries")}</option>${queries.map(({ id, name }) => html`<option key=${id} value=${id} selected=${id === query}>${name}</option>`)}</select></label>` : null}</div>`;
}

/** @param {{query: string}} props what stands behind the question mark of the address */
export default function Listening({ query: asked }) {
  const given = new URLSearchParams(asked);
  const state = STATES.find((one) => one === given.get("state")) ?? "waiting";
  const query = /^[a-z0-9-]{1,40}$/.test(given.get("query") ?? "") ? given.get("query") ?? "" : "";
  const items = hits.value;
  const title = useRef(/** @type {HTMLElement | null} */ (null));
  const [current, setCurrent] = useState("");
  const about = useAnswer("listening/queries", EVERY * 4);
  const queries = /** @type {QueryState[] | null} */ (about.found?.items ?? null);
  useEffect(() => {
    openHits(state, query);
  }, [state, query]);
  useEffect(() => {
    const look = () => !document.hidden && phase.peek() !== "loading" && refreshHits();
    const timer = setInterval(look, EVERY);
    document.addEventListener("keydown", onKey);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  const ready = phase.value === "ready";
  useEffect(() => {
    if (ready) stand(cards()[0]);
  }, [ready, state, query]);
  /** @param {string} id the card that leaves: the keyboard goes on to the next one, or the last @returns {() => void} */
  const leaving = (id) => {
    const at = hits.peek().findIndex((hit) => hit.id === id);
    return () => requestAnimationFrame(() => stand(cards()[Math.min(at, cards().length - 1)] ?? title.current ?? undefined));
  };
  const standing = items.some(({ id }) => id === current) ? current : items[0]?.id;
  const lead = isLead() === true;
  return html`<header class="screen-head"><h1 ref=${title} tabindex="-1">${t("screen.listening")}</h1>
      ${ready && state === "waiting" && items.length > 0 ? html`<p class="quiet">${t(nextCursor.value === null ? "listening.count" : "listening.countMore", { n: items.filter(({ over }) => !over).length })}</p><p class="hit-keys quiet" aria-hidden="true"><kbd>j</kbd><kbd>k</kbd> ${t("approvals.move")} <kbd>↵</kbd> ${t("listening.case")} <kbd>e</kbd> ${t("listening.dismiss")} <kbd>z</kbd> ${t("toast.undo")}</p>` : null}
    </header>
    <div class="screen-body hits">
      <${Choices} state=${state} query=${query} queries=${queries ?? []} />
      <${Troubles} queries=${queries ?? []} />
      ${failure.value && ready ? html`<div class="notice" data-tone="bad" role="alert"><span>${failure.value}</span><button type="button" class="button small" onClick=${refreshHits}>${t("retry")}</button></div>` : null}
      ${phase.value === "loading" ? html`<${Skeleton} />` : null}
      ${phase.value === "failed" ? html`<div class="empty" role="alert"><${Icon} name=${reachable.value ? "warning" : "offline"} /><p>${failure.value}</p><button type="button" class="button" onClick=${() => openHits(state, query)}>${t("retry")}</button></div>` : null}
      ${ready && items.length === 0 ? (state === "waiting" ? html`<${Empty} queries=${queries} lead=${lead} />` : html`<div class="empty"><p>${t(`listening.none.${state}`)}</p></div>`) : null}
      <ol aria-label=${t("screen.listening")}>${items.map((hit) => html`<li key=${hit.id}><${HitCard} hit=${hit} current=${hit.id === standing} onStand=${() => setCurrent(hit.id)} leaving=${leaving} /></li>`)}</ol>
      <${More} />
    </div>`;
}
