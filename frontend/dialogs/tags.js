// What agents call a case by: the brand's tags to choose several from, new ones by typing. It is done when this closes,
// in one change with one way back.
import { html, useEffect, useRef, useState } from "../vendor/preact-11.2.0.js";
import { get, Problem, Unreachable } from "../core/api.js";
import { sentenceOf } from "../core/changes.js";
import { takeHeld } from "../core/commands.js";
import { isolate, personName, t } from "../core/i18n.js";
import { fold, holds, wordsOf } from "../core/matching.js";
import { casesOf } from "../core/selecting.js";
import { LONGEST, MOST, tag, tagAll, tidy } from "../core/tagging.js";
import { Icon } from "../ui/icon.js";
import { closeDialog, Frame } from "./frame.js";

/** @param {string[]} tags @param {string} typed @returns {string[]} those that hold every typed word, those that begin with it first */
function matching(tags, typed) {
  const words = wordsOf(typed);
  const begins = (/** @type {string} */ one) => Number(!fold(one).startsWith(words[0]));
  return words.length ? tags.filter((one) => holds([one], words)).sort((one, other) => begins(one) - begins(other)) : tags;
}

/** @param {{id: string}} props of the case, or of several, parted by spaces */
export default function TagsDialog({ id }) {
  const [cases] = useState(() => casesOf(id));
  const [row, ...others] = cases;
  const [common] = useState(() => (row?.tags ?? []).filter((one) => others.every(({ tags }) => tags.includes(one))));
  const [chosen, setChosen] = useState(common);
  /** In this order, so that none moves under the hand. */
  const [offered, setOffered] = useState(() => [...new Set([...common, ...cases.flatMap(({ tags }) => tags)])]);
  const [typed, setTyped] = useState("");
  /** None at first: Enter without a word or an arrow means that one is done. */
  const [at, setAt] = useState(-1);
  const [phase, setPhase] = useState(/** @type {"loading" | "ready" | "failed"} */ ("loading"));
  const [failure, setFailure] = useState("");
  const [held, setHeld] = useState(false);
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const wanted = useRef(chosen);
  wanted.current = chosen;

  async function load() {
    setPhase("loading");
    try {
      const { items } = /** @type {{items: {tag: string}[]}} */ (await get("tags"));
      setOffered((before) => [...new Set([...before, ...items.map((one) => one.tag)])]);
      setPhase("ready");
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      setFailure(sentenceOf(error));
      setPhase("failed");
    }
  }
  useEffect(() => {
    input.current?.focus();
    const { text, enter } = takeHeld();
    setTyped(text);
    setHeld(enter);
    load();
    return () => {
      if (others.length > 0) tagAll(cases, common, wanted.current);
      else if (row) tag(row, wanted.current);
    };
  }, []);

  const found = matching(offered, typed);
  const fresh = tidy(typed);
  const options = fresh && !offered.includes(fresh) ? [...found, fresh] : found;
  const step = typed.trim() ? Math.max(at, 0) : at;
  const active = options[Math.min(step, options.length - 1)];
  const full = chosen.length >= MOST;

  const toggle = (/** @type {string} */ one) => {
    if (!chosen.includes(one) && full) return;
    setChosen(chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one]);
    if (!offered.includes(one)) setOffered([one, ...offered]);
    if (typed) setAt(-1);
    setTyped("");
    input.current?.focus();
  };
  // Whoever types faster than the tags come means the one that is there already, if there is one.
  useEffect(() => {
    if (!held || phase === "loading") return;
    setHeld(false);
    if (active) toggle(active);
  }, [held, phase]);
  useEffect(() => {
    if (at >= 0) document.querySelector("#tag-list [data-active]")?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.isComposing) return;
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by && options.length > 0) {
      event.preventDefault();
      setAt(step < 0 ? (by > 0 ? 0 : options.length - 1) : (Math.min(step, options.length - 1) + by + options.length) % options.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (typed.trim() && phase === "loading") setHeld(true);
      else if (active) toggle(active);
      else if (!typed.trim()) closeDialog();
    }
  };
  const onInput = (/** @type {InputEvent} */ event) => {
    setTyped(/** @type {HTMLInputElement} */ (event.target).value);
    setAt(-1);
  };
  if (!row) return null;
  const hint = full ? t("tags.most", { n: MOST }) : typed.trim() && !fresh && found.length === 0 ? t("tags.wrong", { n: LONGEST }) : "";
  return html`<${Frame} title=${others.length > 0 ? t("tags.many", { n: cases.length }) : t("tags.title", { customer: isolate(personName(row)) })}>
    <div class="picker">
      <input ref=${input} type="text" role="combobox" aria-label=${t("tags.find")} placeholder=${t("tags.find")} aria-expanded="true" aria-controls="tag-list" aria-autocomplete="list" aria-activedescendant=${active ? `tag-${options.indexOf(active)}` : undefined} aria-describedby="tag-hint" autocomplete="off" autocapitalize="none" dir=${typed ? "auto" : undefined} value=${typed} onInput=${onInput} onKeyDown=${onKey} autofocus />
      <p class="quiet" id="tag-hint" role="status">${hint}</p>
      <ul id="tag-list" role="listbox" aria-multiselectable="true" aria-label=${t("tags.find")}>
        ${options.map((one, index) => {
          const on = chosen.includes(one);
          return html`<li key=${one} id=${`tag-${index}`} role="option" aria-selected=${on ? "true" : "false"} aria-disabled=${full && !on ? "true" : undefined} data-active=${one === active ? "" : undefined} onClick=${() => toggle(one)}>
            <span class="tick">${on ? html`<${Icon} name="done" />` : null}</span>
            <span class="option-label">${offered.includes(one) ? html`<bdi>${one}</bdi>` : t("tags.new", { tag: isolate(one) })}</span>
          </li>`;
        })}
      </ul>
      ${phase === "loading" ? html`<p class="quiet" role="status">${t("loading")}</p>` : null}
      ${phase === "ready" && offered.length === 0 && !typed ? html`<p class="quiet">${t("tags.none")}</p>` : null}
      ${phase === "failed" ? html`<div class="notice" data-tone="bad" role="alert"><span>${failure}</span><button type="button" class="button small" onClick=${load}>${t("retry")}</button></div>` : null}
    </div>
    <p class="choices"><button type="button" class="button main" onClick=${closeDialog}>${t("tags.ready")}<kbd aria-hidden="true">↵</kbd></button></p>
  <//>`;
}
