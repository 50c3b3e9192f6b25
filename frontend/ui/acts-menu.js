// What may be done to a message, as a small menu at its foot.
import { html, useId, useRef } from "../vendor/preact-11.2.0.js";
import { act } from "../core/acting.js";
import { money, t } from "../core/i18n.js";
import { showDialog } from "../core/intents.js";
import { Icon } from "./icon.js";
import { loadStyle } from "./later.js";

await loadStyle("ui/acts-menu.css");

/** @typedef {import("../types.d.ts").Acting} Acting */
/** @typedef {import("../types.d.ts").Message} Message */

const STEPS = /** @type {Record<string, (at: number, last: number) => number>} */ ({
  ArrowDown: (at, last) => (at === last ? 0 : at + 1),
  ArrowUp: (at, last) => (at <= 0 ? last : at - 1),
  Home: () => 0,
  End: (_, last) => last,
});
const MARGIN = 8;

/** Beside its button, inside the window. @param {HTMLElement} menu @param {HTMLElement} button */
function place(menu, button) {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = at.bottom + height + MARGIN < innerHeight;
  menu.style.insetBlockStart = `${below ? at.bottom + 2 : Math.max(MARGIN, at.top - height - 2)}px`;
  const towardsEnd = document.documentElement.dir === "rtl" ? at.right - width : at.left;
  const start = Math.min(Math.max(MARGIN, towardsEnd), innerWidth - width - MARGIN);
  menu.style.insetInlineStart = `${document.documentElement.dir === "rtl" ? innerWidth - start - width : start}px`;
}

/** @param {{id: string, message: Message, acts: NonNullable<Message["acts"]>}} props */
export function ActsMenu({ id, message, acts }) {
  const name = useId();
  const menu = useRef(/** @type {HTMLElement | null} */ (null));
  const button = useRef(/** @type {HTMLElement | null} */ (null));
  const items = () => [...(menu.current?.querySelectorAll("button") ?? [])];
  const onToggle = (/** @type {ToggleEvent} */ event) => {
    const open = event.newState === "open";
    button.current?.setAttribute("aria-expanded", String(open));
    if (!open || !menu.current || !button.current) return;
    place(menu.current, button.current);
    items()[0]?.focus();
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    // The menu has its own keys, as dialogs have; Escape must not also leave the conversation.
    event.stopPropagation();
    if (event.key === "Tab") menu.current?.hidePopover();
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const all = items();
    all[step(all.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement)), all.length - 1)]?.focus();
  };
  const pick = (/** @type {Acting} */ verb) => {
    menu.current?.hidePopover();
    if (verb === "delete") showDialog("delete", id, message.id);
    else act(id, message, verb);
  };
  return html`<button type="button" class="acts-open" ref=${button} popovertarget=${name} aria-haspopup="menu" aria-expanded="false" aria-keyshortcuts="m"><${Icon} name="dots" /><span class="hidden">${t("acts.open")}</span></button>
    <div id=${name} ref=${menu} popover="auto" class="menu" role="menu" aria-label=${t("acts.open")} onToggle=${onToggle} onKeyDown=${onKey}>
      ${acts.map(({ verb, price_usd: price }) => html`<button type="button" role="menuitem" tabindex="-1" key=${verb} data-verb=${verb} onClick=${() => pick(verb)}><${Icon} name=${verb} /><span>${t(`verb.${verb}`)}${verb === "delete" ? "…" : ""}</span>${price > 0 ? html`<span class="quiet">${money(price)}</span>` : null}</button>`)}
    </div>`;
}
