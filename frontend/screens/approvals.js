// Drafts that wait for somebody's approval: read beside what the customer wrote, approved, changed or sent back.
import { html, useEffect, useRef, useState } from "../vendor/preact-11.2.0.js";
import { reachable } from "../core/api.js";
import { failure, more, moreApprovals, nextCursor, openApprovals, phase, refreshApprovals, waiting } from "../core/approvals.js";
import { preferences } from "../core/device.js";
import { t } from "../core/i18n.js";
import { dialog } from "../core/intents.js";
import { keyName } from "../core/keys.js";
import { Icon } from "../ui/icon.js";
import { loadStyle } from "../ui/later.js";
import { ApprovalCard } from "./approval-card.js";

/** @typedef {import("../core/approvals.js").Shown} Shown */

await loadStyle("screens/approvals.css");

const EVERY = 15_000;
const PATIENCE = 150;

/** Keys of a card, and the button each presses. @type {Record<string, string>} */
const PRESSES = { a: "approve", e: "edit", b: "return", w: "withdraw" };

const cards = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".approval")]);

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
  const card = /** @type {HTMLElement | null} */ (target?.closest(".approval") ?? null);
  const name = keyName(event);
  if (name === "Enter" && card && target === card) {
    event.preventDefault();
    /** @type {HTMLElement | null} */ (card.querySelector("[data-do=open]"))?.click();
    return;
  }
  if (!preferences.peek().letters) return;
  const press = Object.hasOwn(PRESSES, name) ? PRESSES[name] : "";
  if (name !== "j" && name !== "k" && !press) return;
  event.preventDefault();
  if (press) /** @type {HTMLElement | null} */ ((card ?? cards().find((one) => "current" in one.dataset))?.querySelector(`[data-do=${press}]`))?.click();
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

/** @param {{items: Shown[]}} props how many wait, and how many of them for whoever looks */
function Count({ items }) {
  const open = items.filter(({ over }) => !over);
  const mine = open.filter(({ may_approve: may }) => may).length;
  if (open.length === 0) return null;
  const many = nextCursor.value !== null;
  return html`<p class="quiet">${t(many ? "approvals.countMore" : "approvals.count", { n: open.length })}${mine < open.length ? ` · ${t("approvals.forYou", { n: mine })}` : null}</p>`;
}

function More() {
  if (nextCursor.value === null) return null;
  return html`<div class="more">${more.value === "failed" ? html`<p role="alert">${t("queue.moreFailed")}</p>` : null}
    <button type="button" class="button" aria-disabled=${more.value === "loading" ? "true" : undefined} onClick=${moreApprovals}>${t(more.value === "loading" ? "loading" : "queue.more")}</button></div>`;
}

/** @param {{part: string}} props the draft to begin with, "" for the first */
export default function Approvals({ part }) {
  const items = waiting.value;
  const title = useRef(/** @type {HTMLElement | null} */ (null));
  const [current, setCurrent] = useState(part);
  useEffect(() => {
    openApprovals();
    const look = () => !document.hidden && phase.peek() !== "loading" && refreshApprovals();
    const timer = setInterval(look, EVERY);
    document.addEventListener("keydown", onKey);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  // The draft that was asked for may stand further down than the first page reaches.
  const ready = phase.value === "ready";
  const found = items.some(({ draft }) => draft.id === part);
  useEffect(() => {
    if (!ready) return;
    if (part && !found && nextCursor.peek() !== null && more.peek() === "") moreApprovals();
    else stand(cards().find((card) => card.dataset.draft === part) ?? cards()[0]);
  }, [ready, part, found, nextCursor.value]);
  /** @param {string} id the card that leaves: the keyboard goes on to the next one, or the last @returns {() => void} */
  const leaving = (id) => {
    const at = waiting.peek().findIndex(({ draft }) => draft.id === id);
    return () => requestAnimationFrame(() => stand(cards()[Math.min(at, cards().length - 1)] ?? title.current ?? undefined));
  };
  const standing = items.some(({ draft }) => draft.id === current) ? current : items[0]?.draft.id;
  return html`<header class="screen-head"><h1 ref=${title} tabindex="-1">${t("screen.approvals")}</h1><${Count} items=${items} />
      ${items.some(({ may_approve: may }) => may) ? html`<p class="approval-keys quiet" aria-hidden="true"><kbd>j</kbd><kbd>k</kbd> ${t("approvals.move")} <kbd>a</kbd> ${t("approval.approve")} <kbd>e</kbd> ${t("refusal.edit")} <kbd>b</kbd> ${t("approval.return")}</p>` : null}
    </header>
    <div class="screen-body approvals">
      ${failure.value && phase.value === "ready" ? html`<div class="notice" data-tone="bad" role="alert"><span>${failure.value}</span><button type="button" class="button small" onClick=${refreshApprovals}>${t("retry")}</button></div>` : null}
      ${phase.value === "loading" ? html`<${Skeleton} />` : null}
      ${phase.value === "failed" ? html`<div class="empty" role="alert"><${Icon} name=${reachable.value ? "warning" : "offline"} /><p>${failure.value}</p><button type="button" class="button" onClick=${openApprovals}>${t("retry")}</button></div>` : null}
      ${ready && items.length === 0 ? html`<div class="empty"><${Icon} name="done" /><p>${t("approvals.empty")}</p></div>` : null}
      <ol aria-label=${t("screen.approvals")}>
        ${items.map((item) => html`<li key=${item.draft.id}><${ApprovalCard} item=${item} current=${item.draft.id === standing} onStand=${() => setCurrent(item.draft.id)} leaving=${leaving} /></li>`)}
      </ol>
      <${More} />
    </div>`;
}
