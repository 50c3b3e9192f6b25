// What may be done to a message, and how far what was asked for has come.
import { html } from "../vendor/preact-11.2.0.js";
import { actOn, asked, offered, placeOf } from "../core/acts.js";
import { t } from "../core/i18n.js";
import { platformName } from "../core/platforms.js";
import { Icon } from "./icon.js";
import { later } from "./later.js";

/** @typedef {import("../types.d.ts").Acting} Acting */
/** @typedef {import("../types.d.ts").Message} Message */
/** @typedef {import("../types.d.ts").Reply} Reply */

const ActsMenu = later(() => import("./acts-menu.js").then((module) => module.ActsMenu));

/** @param {{id: string, message: Message, replies: Reply[]}} props id of the conversation */
export function Acts({ id, message, replies }) {
  const acts = offered(message, actOn(replies, message.id));
  if (message.gone || acts.length === 0 || asked.value.has(placeOf(id, message.id))) return null;
  return html`<${ActsMenu} id=${id} message=${message} acts=${acts} />`;
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
