// Finds a conversation of the view at hand: by name, handle, platform, tags, and words of its newest message.
import { html, useEffect, useRef, useState } from "../vendor/preact-11.2.0.js";
import { standOn, takeHeld } from "../core/commands.js";
import { firstLetter, langOf, personName, t } from "../core/i18n.js";
import { holds, inSight, piecesOf } from "../core/matching.js";
import { rows } from "../core/queue.js";
import { go, route } from "../core/route.js";
import { ENOUGH, REACH, searchIn } from "../core/searching.js";
import { age, fullTime, now } from "../core/spans.js";
import { Avatar, PlatformMark } from "../ui/chips.js";
import { closeDialog, Frame } from "./frame.js";

/** @typedef {import("../types.d.ts").Row} Row */
/** @typedef {ReturnType<typeof searchIn>} Search */

/** @param {{text: string, found: boolean}[]} pieces */
const marked = (pieces) => pieces.map(({ text, found }) => (found ? html`<mark>${text}</mark>` : text));

/** @param {{row: Row, words: string[], chosen: boolean, onPick: () => void, onPoint: () => void}} props */
function Hit({ row, words, chosen, onPick, onPoint }) {
  const name = personName(row);
  const since = row.awaiting === "us" ? row.asked_at : row.updated_at;
  const snippet = inSight(piecesOf(row.snippet, words));
  return html`<li id=${`option-${row.id}`} role="option" aria-selected=${chosen ? "true" : "false"} onClick=${onPick} onPointerMove=${onPoint}>
    <span class="face"><${Avatar} id=${row.handle || row.id} letters=${firstLetter(name)} small /></span><${PlatformMark} platform=${row.platform} />
    <span class="option-label"><bdi>${marked(piecesOf(name, words))}</bdi>${row.handle && row.name ? html` <bdi class="quiet">${marked(piecesOf(`@${row.handle}`, words))}</bdi>` : null}
      ${row.tags.filter((tag) => words.some((word) => holds([tag], [word]))).map((tag) => html` <bdi class="chip tag" key=${tag}>${marked(piecesOf(tag, words))}</bdi>`)}
      ${row.snippet ? html`<span class="option-text"><bdi dir="auto" lang=${langOf(row.language)}>${marked(snippet)}</bdi></span>` : html`<span class="option-text"><i>${t("row.noText")}</i></span>`}</span>
    <span class="quiet" title=${fullTime(since)}>${age(since, now.value)}</span>
  </li>`;
}

/** @param {{search: Search, view: string}} props how far the search is, in words */
function Progress({ search, view }) {
  const { hits, read, words, failure, goesOn, whole } = search;
  if (failure.value) return html`<div class="notice" data-tone="bad" role="alert"><span>${failure.value}</span><button type="button" class="button small" onClick=${search.retry}>${t("retry")}</button></div>`;
  const found = hits.value.length;
  const said = [t("search.searched", { n: read.value })];
  if (!words.value.length) said.splice(0, 1, t("search.hint"));
  else if (goesOn.value) said.unshift(t("search.goesOn"));
  else if (read.value === 0) said.splice(0, 1, t(`empty.${view}`));
  else {
    said.unshift(found ? t("search.found", { n: Math.min(found, ENOUGH) }) : t("search.none"));
    if (found > ENOUGH || (found === ENOUGH && !whole.value)) said.push(t("search.enough"));
    else if (!whole.value && read.value >= REACH) said.push(t("search.limit"));
  }
  // Read out once it stands, not at each page.
  return html`<p class="quiet" role="status" aria-busy=${goesOn.value ? "true" : undefined}>${said.join(" ")}</p>`;
}

export default function SearchDialog() {
  const view = useState(() => route.peek().view)[0];
  const search = useState(() => searchIn(view))[0];
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const shown = search.hits.value.slice(0, ENOUGH);
  const active = shown[Math.min(at, shown.length - 1)];
  const pick = (/** @type {Row} */ row) => {
    closeDialog();
    // Only then has the dialog gone, and the keyboard is where it was before.
    setTimeout(() => {
      go(view, row.id);
      if (rows.peek().some(({ id }) => id === row.id)) standOn(row.id);
    });
  };
  const type = (/** @type {string} */ text) => {
    setTyped(text);
    setAt(0);
    search.type(text);
  };
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => {
    input.current?.focus();
    const { text, enter } = takeHeld();
    type(text);
    const [first] = search.hits.peek();
    // The dialog has to be there before it can be closed.
    if (enter && first) setTimeout(() => pick(first));
    return search.close;
  }, []);
  // With the keys: the mouse stands on what is in sight.
  const [byKey, setByKey] = useState(0);
  useEffect(() => {
    if (byKey) document.querySelector("#picker-list [aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [byKey]);
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step && shown.length > 0) {
      event.preventDefault();
      setAt((Math.min(at, shown.length - 1) + step + shown.length) % shown.length);
      setByKey(byKey + 1);
    } else if (event.key === "Enter" && active) {
      event.preventDefault();
      pick(active);
    }
  };
  const label = t("search.find");
  return html`<${Frame} title=${t("search.title", { view: t(`view.${view}`) })} kind="wide">
    <div class="picker">
      <input ref=${input} type="text" role="combobox" aria-label=${label} placeholder=${label} aria-expanded=${shown.length > 0 ? "true" : "false"} aria-controls="picker-list" aria-autocomplete="list" aria-activedescendant=${active ? `option-${active.id}` : undefined} autocomplete="off" dir=${typed ? "auto" : undefined} value=${typed} onInput=${(/** @type {InputEvent} */ event) => type(/** @type {HTMLInputElement} */ (event.target).value)} onKeyDown=${onKey} autofocus />
      <ul id="picker-list" role="listbox" aria-label=${label} hidden=${shown.length === 0}>
        ${shown.map((row, index) => html`<${Hit} key=${row.id} row=${row} words=${search.words.value} chosen=${row === active} onPick=${() => pick(row)} onPoint=${() => setAt(index)} />`)}
      </ul>
      <${Progress} search=${search} view=${view} />
    </div>
  <//>`;
}
