// What the customer talked about with us before, and under which names: asked for once a conversation has been open for
// a moment, so that moving through a list asks for nothing.
import { html, signal, useEffect, useRef } from "../vendor/preact-11.2.0.js";
import { get, Problem, Unreachable } from "../core/api.js";
import { langOf, personName, t } from "../core/i18n.js";
import { hrefOf, route } from "../core/route.js";
import { age, clockTime, dayLabel, fullTime, now } from "../core/spans.js";
import { PlatformMark, StatusChip } from "./chips.js";
import { Reason } from "./reason.js";

/** @typedef {import("../types.d.ts").Conversation} Conversation */
/** @typedef {import("../types.d.ts").KnownCustomer} KnownCustomer */

const REST = 400;
const KEPT = 50;

/** By conversation and generation; null: could not be had. @type {import("../vendor/preact-11.2.0.js").Signal<Map<string, KnownCustomer | null>>} */
const known = signal(new Map());

/** @param {Conversation} shown */
const keyOf = ({ case: { id, generation } }) => `${id} ${generation}`;

/** @param {string} key @param {KnownCustomer | null} found */
function keep(key, found) {
  const next = new Map(known.peek());
  next.delete(key);
  next.set(key, found);
  for (const oldest of next.keys()) {
    if (next.size <= KEPT) break;
    next.delete(oldest);
  }
  known.value = next;
}

/** Asked for and not answered yet. @type {Set<string>} */
const asking = new Set();

/** @param {string} id @param {string} key */
async function load(id, key) {
  if (asking.has(key)) return;
  asking.add(key);
  try {
    keep(key, await get(`conversations/${id}/customer`));
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    keep(key, null);
  } finally {
    asking.delete(key);
  }
}

/** @param {{shown: Conversation}} props names on other channels than this one's, and what is special about them; part of a list of facts */
export function Channels({ shown }) {
  const channels = known.value.get(keyOf(shown))?.channels ?? [];
  const told = channels.filter((channel, index) => index > 0 || channel.protected || !channel.reachable);
  if (told.length === 0) return null;
  return html`<dt>${t("about.channels")}</dt><dd><ul class="channels">${told.map((channel) => html`<li key=${channel.platform + channel.id}><${PlatformMark} platform=${channel.platform} /> <bdi>${personName(channel)}</bdi>
    ${channel.protected ? html` <span class="quiet">(${t("about.protected")})</span>` : null}${channel.reachable ? null : html` <span class="quiet">(${t("about.unreachable")})</span>`}</li>`)}</ul></dd>`;
}

/** @param {string} at */
const day = (at) => html`<time dir="auto" datetime=${at} title=${fullTime(at)}>${dayLabel(at, now.value)}, ${clockTime(at)}</time>`;

/** @param {{shown: Conversation}} props */
export function Earlier({ shown }) {
  const key = keyOf(shown);
  const { id } = shown.case;
  const asked = known.value.has(key);
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    let timer = 0;
    // The column is there on narrow screens too, unseen: then only the dialog asks, or the column once there is room.
    const observer = new ResizeObserver(() => {
      if (!timer && !known.peek().has(key) && box.current?.checkVisibility()) timer = window.setTimeout(() => load(id, key), REST);
    });
    if (box.current) observer.observe(box.current);
    return () => {
      observer.disconnect();
      clearTimeout(timer);
    };
  }, [key]);
  const found = known.value.get(key);
  return html`<details ref=${box} open class="earlier">
    <summary>${t("about.earlier")}${found?.conversations.length ? html` <span class="quiet">${t(found.more ? "count.many" : "count", { n: found.conversations.length })}</span>` : null}</summary>
    ${asked && !found ? html`<p class="why" role="alert"><span>${t("about.failed")}</span> <button type="button" class="button small" onClick=${() => load(id, key)}>${t("retry")}</button></p>` : null}
    ${found && found.conversations.length === 0 && found.earlier.length === 0 ? html`<p class="quiet">${t("about.earlierNone")}</p>` : null}
    ${asked ? null : html`<p class="quiet">${t("loading")}</p>`}
    ${found?.conversations.length ? html`<ul class="talks">${found.conversations.map((row) => html`<li key=${row.id}><a href=${hrefOf(route.value.view, row.id)}>
        <span class="talk-head"><${PlatformMark} platform=${row.platform} /><${StatusChip} row=${row} /><time class="quiet" datetime=${row.opened_at} title=${fullTime(row.opened_at)}>${age(row.opened_at, now.value)}</time></span>
        <span class="talk-words" lang=${langOf(row.language)} dir="auto">${row.snippet || t("row.noText")}</span></a></li>`)}</ul>` : null}
    ${found?.more ? html`<p class="quiet">${t("about.earlierMore")}</p>` : null}
    ${found?.earlier.length ? html`<h3>${t("about.before")}</h3><ol class="history">${found.earlier.map((one) => html`<li key=${one.generation}><span>${one.sentence ? html`<${Reason} of=${one} />` : null}</span><span class="quiet">${day(one.began_at)}${one.closed_at ? html` – ${day(one.closed_at)}` : null}</span></li>`)}</ol>` : null}
  </details>`;
}
