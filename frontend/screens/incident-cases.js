// The cases of an incident: all of them by pages, and those who still wait for us.
import { html, useEffect, useState } from "../vendor/preact-11.2.0.js";
import { get, Problem, Unreachable } from "../core/api.js";
import { sentenceOf } from "../core/changes.js";
import { langOf, personName, t } from "../core/i18n.js";
import { hrefOf } from "../core/route.js";
import { age, fullTime, now } from "../core/spans.js";
import { PlatformMark, StatusChip } from "../ui/chips.js";
import { Icon } from "../ui/icon.js";

/** @typedef {import("../types.d.ts").Row} Row */

const EVERY = 60_000;

/** @param {{row: Row & {unanswered?: boolean}}} props */
export function CaseLine({ row }) {
  return html`<li><a class="case-line" href=${hrefOf("open", row.id)}><span class="case-who"><${PlatformMark} platform=${row.platform} /><b><bdi>${personName(row)}</bdi></b>
      ${row.unanswered ? html`<span class="chip" data-tone="warn">${t("incident.waits")}</span>` : html`<${StatusChip} row=${row} />`}
      <time class="quiet" datetime=${row.asked_at} title=${fullTime(row.asked_at)}>${age(row.asked_at, now.value)}</time></span>
    <span class="case-words" lang=${langOf(row.language)}><span dir="auto">${row.snippet || t("row.noText")}</span></span>
    <span class="quiet">${row.owner ? html`<bdi>${row.owner.name}</bdi>` : t("row.unowned")}</span></a></li>`;
}

/** @param {{path: string}} props all of them, by pages */
export function Cases({ path }) {
  const [items, setItems] = useState(/** @type {Row[]} */ ([]));
  const [next, setNext] = useState(/** @type {string | null} */ (null));
  const [phase, setPhase] = useState("loading");
  const [sentence, setSentence] = useState("");
  const more = async (/** @type {string | null} */ cursor) => {
    setPhase("loading");
    try {
      const page = await get(`${path}/cases${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""}`);
      setItems((held) => (cursor ? [...held, ...page.items.filter((/** @type {Row} */ row) => !held.some(({ id }) => id === row.id))] : page.items));
      setNext(page.next);
      setPhase("ready");
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      setSentence(sentenceOf(error));
      setPhase("failed");
    }
  };
  useEffect(() => {
    more(null);
  }, [path]);
  return html`<section class="card" data-part="cases" aria-labelledby="cases-title"><h3 id="cases-title">${t("incident.cases")}</h3>
    ${phase === "ready" && items.length === 0 ? html`<p class="quiet">${t("incident.casesNone")}</p>` : null}
    <ul class="case-lines">${items.map((row) => html`<${CaseLine} key=${row.id} row=${row} />`)}</ul>
    ${phase === "failed" ? html`<div class="notice" data-tone="bad" role="alert"><span>${sentence}</span><button type="button" class="button small" onClick=${() => more(items.length ? next : null)}>${t("retry")}</button></div>` : null}
    ${phase === "loading" && items.length === 0 ? html`<p class="quiet" role="status">${t("loading")}</p>` : null}
    ${next && phase !== "failed" ? html`<p><button type="button" class="button" aria-disabled=${phase === "loading" ? "true" : undefined} onClick=${() => phase !== "loading" && more(next)}>${t(phase === "loading" ? "loading" : "queue.more")}</button></p>` : null}
  </section>`;
}

/** @param {{path: string, known: {count: number, items: Row[]} | null, closed: boolean}} props known: the list that closing gave; nobody of it is to be passed over */
export function Waiting({ path, known, closed }) {
  const [found, setFound] = useState(known);
  const [sentence, setSentence] = useState("");
  const [open, setOpen] = useState(false);
  const load = async () => {
    try {
      setFound(await get(`${path}/unanswered`));
      setSentence("");
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      setSentence(sentenceOf(error));
    }
  };
  useEffect(() => {
    load();
    const timer = setInterval(() => !document.hidden && load(), EVERY);
    return () => clearInterval(timer);
  }, [path]);
  useEffect(() => {
    if (!known) return;
    setFound(known);
    setOpen(true);
  }, [known]);
  if (sentence && !found) return html`<div class="notice" data-tone="bad" role="alert"><span>${sentence}</span><button type="button" class="button small" onClick=${load}>${t("retry")}</button></div>`;
  if (!found) return null;
  if (found.count === 0) return html`<div class="waiting" data-count="0"><p><${Icon} name="done" /> ${t("incident.nobodyWaits")}</p></div>`;
  return html`<details class="waiting" data-count=${found.count} open=${open} onToggle=${(/** @type {Event} */ event) => setOpen(/** @type {HTMLDetailsElement} */ (event.target).open)}>
    <summary><b>${t("incident.waiting", { n: found.count })}</b>${closed ? html` <span class="quiet">${t("incident.waitingClosed")}</span>` : null}</summary>
    <ul class="case-lines">${found.items.map((row) => html`<${CaseLine} key=${row.id} row=${{ ...row, unanswered: true }} />`)}</ul>
    ${found.count > found.items.length ? html`<p class="quiet">${t("incident.oldest", { n: found.items.length })}</p>` : null}
  </details>`;
}
