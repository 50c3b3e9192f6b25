// Canned texts and the FAQ by language: written, changed, taken away; and what waits for a lead to approve it.
import { html, useEffect, useRef, useState } from "../../vendor/preact-11.2.0.js";
import { get, newKey, write } from "../../core/api.js";
import { langOf, languageName, t } from "../../core/i18n.js";
import { sentenceFor } from "../../core/policy.js";
import { say } from "../../core/toasts.js";
import { Icon } from "../../ui/icon.js";
import { ticked, typed } from "./form.js";

/** @typedef {import("../../types.d.ts").CannedEntry} Entry */
/** @typedef {Pick<Entry, "title" | "text" | "questions" | "kind" | "standing" | "public">} Words */

const LANGUAGES = ["en", "lv", "ru", "ms", "he", "ar"];
/** @type {Words} */
const EMPTY = { title: "", text: "", questions: [], kind: "canned", standing: "approved", public: false };

/** @param {Words} entry @returns {Words} what a lead writes of an entry */
const wordsOf = ({ title, text, questions, kind, standing, public: shown }) => ({ title, text, questions, kind, standing, public: shown });

/** @param {{entry: Entry | null, languages: string[], onSaved: (entry: Entry) => void, onLeave: () => void}} props entry: null for a new one */
function Editor({ entry, languages, onSaved, onLeave }) {
  const [words, setWords] = useState(entry ? wordsOf(entry) : EMPTY);
  const [language, setLanguage] = useState(entry?.language ?? languages[0]);
  const [failed, setFailed] = useState("");
  const [busy, setBusy] = useState(false);
  const [key, setKey] = useState(newKey);
  const set = (/** @type {Partial<Words>} */ change) => {
    setWords({ ...words, ...change });
    setKey(newKey());
  };
  const title = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => title.current?.focus(), []);
  const lacking = !words.title.trim() || !words.text.trim();
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (lacking || busy) {
      setFailed(lacking ? t("settings.canned.lacking") : "");
      return;
    }
    setBusy(true);
    setFailed("");
    const body = { ...words, title: words.title.trim(), questions: words.kind === "faq" ? words.questions.map((one) => one.trim()).filter(Boolean) : [] };
    try {
      onSaved(entry ? await write("PATCH", `canned/${entry.id}`, { ...body, version: entry.version }, key) : await write("POST", "canned", { ...body, language }, key));
    } catch (error) {
      setFailed(sentenceFor(error));
      setBusy(false);
    }
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save(event);
    if (event.key === "Escape") onLeave();
  };
  return html`<form class="card canned-edit" noValidate onSubmit=${save} onKeyDown=${onKey}>
    <div class="pair"><label><span>${t("settings.canned.language")}</span><select disabled=${entry !== null} onChange=${(/** @type {Event} */ event) => setLanguage(typed(event))}>${languages.map((tag) => html`<option key=${tag} value=${tag} selected=${tag === language}>${languageName(tag) || tag}</option>`)}</select></label>
      <label><span>${t("settings.canned.kind")}</span><select onChange=${(/** @type {Event} */ event) => set({ kind: /** @type {Words["kind"]} */ (typed(event)) })}>${["canned", "faq"].map((kind) => html`<option key=${kind} value=${kind} selected=${kind === words.kind}>${t(`settings.canned.kind.${kind}`)}</option>`)}</select></label></div>
    <label><span>${t("settings.canned.title")}</span><input ref=${title} type="text" maxlength="120" lang=${language} dir=${words.title ? "auto" : undefined} value=${words.title} aria-invalid=${failed && !words.title.trim() ? "true" : undefined} onInput=${(/** @type {Event} */ event) => set({ title: typed(event) })} /></label>
    <label><span>${t("settings.canned.text")}</span><textarea rows="4" maxlength="4000" lang=${language} dir=${words.text ? "auto" : undefined} value=${words.text} aria-invalid=${failed && !words.text.trim() ? "true" : undefined} onInput=${(/** @type {Event} */ event) => set({ text: typed(event) })}></textarea><span class="hint">${t("settings.canned.gaps", { name: "{name}" })}</span></label>
    ${words.kind === "faq" ? html`<label><span>${t("settings.canned.questions")}</span><textarea rows="3" lang=${language} dir=${words.questions.length ? "auto" : undefined} value=${words.questions.join("\n")} onInput=${(/** @type {Event} */ event) => set({ questions: typed(event) ? typed(event).split("\n").slice(0, 20) : [] })}></textarea><span class="hint">${t("settings.canned.questions.hint")}</span></label>
      <label class="switch"><input type="checkbox" checked=${words.public} onChange=${(/** @type {Event} */ event) => set({ public: ticked(event) })} />${t("settings.canned.public")}</label>` : null}
    ${failed ? html`<p class="wrong" role="alert"><${Icon} name="warning" /><span>${failed}</span></p>` : null}
    <p class="choices"><button type="submit" class="button main" aria-disabled=${busy ? "true" : undefined}>${t("settings.save")}</button><button type="button" class="button" onClick=${onLeave}>${t("settings.cancel")}</button></p></form>`;
}

/** @param {{readOnly: boolean}} props */
export default function CannedPart({ readOnly }) {
  const [entries, setEntries] = useState(/** @type {Entry[] | null} */ (null));
  const [failed, setFailed] = useState("");
  const [wanted, setWanted] = useState("");
  const [sought, setSought] = useState("");
  const [open, setOpen] = useState("");
  const load = () => get("canned").then(
    ({ items }) => {
      setFailed("");
      setEntries(items);
    },
    (error) => setFailed(sentenceFor(error)),
  );
  useEffect(() => {
    load();
  }, []);
  const all = entries ?? [];
  const used = [...new Set(all.map(({ language }) => language))].sort();
  const languages = [...new Set([...LANGUAGES, ...used])];
  const keep = (/** @type {Entry} */ entry) => setEntries((old) => [...(old ?? []).filter(({ id }) => id !== entry.id), entry]);
  const leave = (/** @type {string} */ id) => {
    setOpen("");
    requestAnimationFrame(() => document.querySelector(`[data-entry="${id}"] button, .canned-add`)?.dispatchEvent(new Event("focus")));
  };
  const saved = (/** @type {Entry} */ entry) => {
    keep(entry);
    setOpen("");
    say({ text: t("settings.saved"), tone: "plain" });
  };
  const change = async (/** @type {Entry} */ entry, /** @type {Partial<Words>} */ words, /** @type {string} */ done) => {
    try {
      keep(await write("PATCH", `canned/${entry.id}`, { ...wordsOf(entry), ...words, version: entry.version }));
      say({ text: done, tone: "plain" });
    } catch (error) {
      say({ text: sentenceFor(error), tone: "error" });
      load();
    }
  };
  const again = async (/** @type {Entry} */ entry) => {
    try {
      keep(await write("POST", "canned", { ...wordsOf(entry), language: entry.language }));
      say({ text: t("toast.undone"), tone: "plain" });
    } catch (error) {
      say({ text: sentenceFor(error), tone: "error" });
    }
  };
  const drop = async (/** @type {Entry} */ entry) => {
    setEntries((old) => (old ?? []).filter(({ id }) => id !== entry.id));
    try {
      await write("DELETE", `canned/${entry.id}`, {});
      say({ text: t("settings.canned.gone"), tone: "plain", undo: true, action: { label: t("toast.undo"), run: () => again(entry) } });
    } catch (error) {
      keep(entry);
      say({ text: sentenceFor(error), tone: "error" });
    }
  };
  const needle = sought.trim().toLocaleLowerCase();
  const fits = (/** @type {Entry} */ entry) => (!wanted || entry.language === wanted) && (!needle || `${entry.title} ${entry.text}`.toLocaleLowerCase().includes(needle));
  const shown = all.filter(fits).sort((one, other) => one.language.localeCompare(other.language) || one.title.localeCompare(other.title));
  const candidates = shown.filter(({ standing }) => standing === "candidate");
  const approved = shown.filter(({ standing }) => standing === "approved");
  const row = (/** @type {Entry} */ entry) => html`<li key=${entry.id} data-entry=${entry.id} class="rule">${open === entry.id
    ? html`<${Editor} entry=${entry} languages=${languages} onSaved=${saved} onLeave=${() => leave(entry.id)} />`
    : html`<header><b dir="auto" lang=${langOf(entry.language)} class="grow">${entry.title}</b><span class="chip">${languageName(entry.language) || entry.language}</span>${entry.kind === "faq" ? html`<span class="chip">${t("settings.canned.kind.faq")}</span>` : null}${entry.public ? html`<span class="chip"><${Icon} name="public" />${t("settings.canned.isPublic")}</span>` : null}${entry.uses > 0 ? html`<span class="quiet">${t("settings.canned.uses", { n: entry.uses })}</span>` : null}</header>
      <p class="canned-text" dir="auto" lang=${langOf(entry.language)}>${entry.text}</p>
      ${readOnly ? null : html`<p class="choices">${entry.standing === "candidate" ? html`<button type="button" class="button small strong" onClick=${() => change(entry, { standing: "approved" }, t("settings.canned.approved"))}>${t("settings.canned.approve")}</button>` : null}
        <button type="button" class="button small" onClick=${() => setOpen(entry.id)}>${t("settings.edit")}<span class="hidden">: ${entry.title}</span></button>
        <button type="button" class="button small" onClick=${() => drop(entry)}>${t("settings.delete")}<span class="hidden">: ${entry.title}</span></button></p>`}`}</li>`;
  return html`<div class="set-part" aria-labelledby="set-title"><header><h2 id="set-title" tabindex="-1">${t("settings.part.canned")}</h2><p class="quiet">${t("settings.about.canned")}</p></header>
    ${readOnly ? html`<p class="notice"><${Icon} name="info" /><span>${t("settings.readOnly")}</span></p>` : null}
    ${failed ? html`<div class="notice" data-tone="bad" role="alert"><span>${failed}</span><button type="button" class="button small" onClick=${load}>${t("retry")}</button></div>` : null}
    ${!entries && !failed ? html`<p class="quiet" role="status">${t("loading")}</p>` : null}
    ${entries ? html`<div class="canned-tools"><label><span class="hidden">${t("settings.canned.search")}</span><input type="search" placeholder=${t("settings.canned.search")} dir=${sought ? "auto" : undefined} value=${sought} onInput=${(/** @type {Event} */ event) => setSought(typed(event))} /></label>
      <label><span class="hidden">${t("settings.canned.language")}</span><select onChange=${(/** @type {Event} */ event) => setWanted(typed(event))}><option value="" selected=${wanted === ""}>${t("settings.canned.all")}</option>${used.map((tag) => html`<option key=${tag} value=${tag} selected=${tag === wanted}>${languageName(tag) || tag}</option>`)}</select></label>
      ${readOnly ? null : html`<button type="button" class="button main canned-add" onClick=${() => setOpen("new")}>${t("settings.canned.add")}</button>`}</div>` : null}
    ${open === "new" ? html`<${Editor} entry=${null} languages=${wanted ? [wanted, ...languages.filter((tag) => tag !== wanted)] : languages} onSaved=${saved} onLeave=${() => leave("new")} />` : null}
    ${candidates.length > 0 ? html`<section class="set-group"><h3>${t("settings.canned.candidates", { n: candidates.length })}</h3><p class="hint">${t("settings.canned.candidates.hint")}</p><ul class="rows-of">${candidates.map(row)}</ul></section>` : null}
    ${entries && shown.length === 0 ? html`<div class="empty"><p>${all.length === 0 ? t("settings.canned.none") : t("settings.canned.noneFound")}</p></div>` : null}
    ${approved.length > 0 ? html`<ul class="rows-of">${approved.map(row)}</ul>` : null}</div>`;
}
