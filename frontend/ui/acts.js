// What may be done to a message, as a small menu at its foot; and how far that has come.
import { html, useId, useRef } from "../vendor/preact-11.2.0.js";
import { act, actOn, asked, offered, placeOf } from "../core/acts.js";
import { money, t } from "../core/i18n.js";
import { showDialog } from "../core/intents.js";
import { platformName } from "../core/platforms.js";
import { Icon } from "./icon.js";

/** @typedef {import("../types.d.ts").Acting} Acting */
/** @typedef {import("../types.d.ts").Message} Message */
/** @typedef {import("../types.d.ts").Reply} Reply */

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
function Menu({ id, message, acts }) {
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

/** @param {{id: string, message: Message, replies: Reply[]}} props id of the conversation */
export function Acts({ id, message, replies }) {
  const acts = offered(message, actOn(replies, message.id));
  if (message.gone || acts.length === 0 || asked.value.has(placeOf(id, message.id))) return null;
  return html`<${Menu} id=${id} message=${message} acts=${acts} />`;
}

/** @param {{id: string, message: Message, replies: Reply[]}} props @returns {{verb: Acting, reply: Reply | null} | null} what is being done to it, or could not be */
export function actState({ id, message, replies }) {
  const clicked = asked.value.get(placeOf(id, message.id));
  if (clicked) return { verb: clicked, reply: null };
  const reply = actOn(replies, message.id);
  if (!reply || message.gone) return null;
  const verb = /** @type {Acting} */ (reply.verb);
  // A failure is past once the message is as it was wanted: then the same is no longer offered.
  if (reply.state === "failed" && !message.acts?.some((one) => one.verb === verb)) return null;
  return { verb, reply };
}

/** @param {{state: {verb: Acting, reply: Reply | null}, platform: string}} props */
export function ActState({ state, platform }) {
  const { verb, reply } = state;
  const step = !reply || reply.state === "sending" || reply.state === "" ? "pending" : reply.state;
  const words = step === "pending" ? t(`act.pending.${verb}`) : t(`act.${step}`, { verb: t(`verb.${verb}`), platform: platformName(platform) });
  return html`<p class="act" data-act=${verb} data-state=${step} role="status"><${Icon} name=${step === "pending" ? verb : "warning"} /><span><b>${words}</b>${reply?.sentence ? html` <span>${reply.sentence}</span>` : null}</span></p>`;
}
