// The cases behind one number, newest first, a page at a time.
import { html, useEffect, useRef, useState } from "../../vendor/preact-11.2.0.js";
import { get, reachable } from "../../core/api.js";
import { has, personName, t } from "../../core/i18n.js";
import { hrefOf, screenHref } from "../../core/route.js";
import { dayTime, fullTime } from "../../core/spans.js";
import { PlatformMark } from "../../ui/chips.js";
import { Icon } from "../../ui/icon.js";
import { failureOf } from "./failure.js";
import { hourName, length, saidOf, weekdayName } from "./words.js";

/** @typedef {import("../../types.d.ts").Counted} Counted */
/** @typedef {import("./words.js").Asked} Asked */

/** @param {string} what a counter's name @returns {string} what the cases of a list have in common */
export function nameOf(what) {
  const parts = what.split(".");
  const [first, day, hour] = parts;
  if (first === "hour" && parts.length === 3) return t("reports.what.hour", { day: weekdayName(Number(day)), hour: hourName(Number(hour)) });
  for (let upTo = parts.length; upTo > 0; upTo -= 1) {
    const key = `reports.what.${parts.slice(0, upTo).join(".")}`;
    if (has(key)) return t(key);
  }
  return t("screen.reports");
}

/** @param {Counted} counted @returns {string} what this number knows of the case */
function detailOf({ kind, length_ms: long, mark, stars, end }) {
  if (kind === "answered" || (kind === "closed" && long)) return `${length(long)}${mark === "missed" ? ` · ${t("reports.missed")}` : ""}`;
  if (kind === "rated") return t("reports.given", { n: stars ?? 0 });
  return end && has(`reports.what.ended.${end}`) ? t(`reports.what.ended.${end}`) : "";
}

/** @param {{counted: Counted}} props */
function Line({ counted }) {
  const { case: row, at, by } = counted;
  const detail = detailOf(counted);
  const when = html`<time datetime=${at} title=${fullTime(at)}>${dayTime(at)}</time>`;
  if (!row) return html`<li class="counted"><span class="counted-gone quiet">${t("reports.forgotten")}</span><span class="counted-facts">${detail}</span>${when}</li>`;
  return html`<li class="counted"><a href=${hrefOf(row.status === "closed" ? "done" : row.status === "snoozed" ? "snoozed" : "open", row.id)}>
    <span class="counted-who"><${PlatformMark} platform=${row.platform} /><bdi class="name">${personName(row)}</bdi></span>
    <span class="counted-said quiet"><span dir="auto" lang=${row.language === "und" ? undefined : row.language}>${row.snippet}</span></span>
    <span class="counted-facts">${detail ? html`<span class=${counted.mark === "missed" ? "chip" : undefined} data-tone="bad">${detail}</span>` : null}${by ? html`<bdi class="quiet">${by}</bdi>` : null}</span>
    ${when}
  </a></li>`;
}

/** @param {{asked: Asked, what: string}} props */
export default function Cases({ asked, what }) {
  const [items, setItems] = useState(/** @type {Counted[]} */ ([]));
  const [next, setNext] = useState(/** @type {string | null} */ (""));
  const [phase, setPhase] = useState(/** @type {"loading" | "ready" | "failed"} */ ("loading"));
  const [failure, setFailure] = useState("");
  const title = useRef(/** @type {HTMLElement | null} */ (null));
  const address = new URLSearchParams(saidOf(asked, { what })).toString();
  const wanted = useRef(address);

  /** @param {Counted[]} had @param {string} cursor */
  const load = async (had, cursor) => {
    wanted.current = address;
    setPhase("loading");
    try {
      const page = await get(`reports/cases?${address}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
      if (wanted.current !== address) return;
      setItems([...had, ...page.items]);
      setNext(page.next);
      setPhase("ready");
    } catch (error) {
      if (wanted.current !== address) return;
      setFailure(failureOf(error));
      setPhase("failed");
    }
  };
  useEffect(() => {
    setItems([]);
    load([], "");
    title.current?.focus();
  }, [address]);
  return html`<header class="screen-head"><a class="button bare" href=${screenHref("reports", "", saidOf(asked))}><${Icon} name="back" />${t("reports.back")}</a>
      <h1 ref=${title} tabindex="-1">${nameOf(what)}</h1>${phase === "ready" && items.length > 0 ? html`<p class="quiet">${t(next === null ? "reports.count" : "reports.countMore", { n: items.length })}</p>` : null}</header>
    <div class="screen-body">
      ${items.length > 0 ? html`<ol class="counted-list">${items.map((counted, at) => html`<${Line} key=${at} counted=${counted} />`)}</ol>` : null}
      ${phase === "loading" ? html`<p class="quiet" role="status">${t("loading")}</p>` : null}
      ${phase === "failed" ? html`<div class="empty" role="alert"><${Icon} name=${reachable.value ? "warning" : "offline"} /><p>${failure}</p><button type="button" class="button" onClick=${() => load(items, next ?? "")}>${t("retry")}</button></div>` : null}
      ${phase === "ready" && items.length === 0 && next === null ? html`<div class="empty"><${Icon} name="reports" /><p>${t("reports.noCases")}</p></div>` : null}
      ${phase === "ready" && next ? html`<div class="more"><button type="button" class="button" onClick=${() => load(items, next)}>${t(items.length > 0 ? "queue.more" : "reports.lookFurther")}</button></div>` : null}
    </div>`;
}
