// What the brand listens for beyond what is said to it: saved queries with their words, who pays, how often, how much.
import { html, useEffect, useState } from "../../vendor/preact-11.2.0.js";
import { Problem, write } from "../../core/api.js";
import { isolate, langOf, languageName, money, t } from "../../core/i18n.js";
import { useAnswer } from "../../core/incidents.js";
import { troubleOf } from "../../core/listening.js";
import { edit, sentenceFor, settings, valueOf, wrongs } from "../../core/policy.js";
import { platformName } from "../../core/platforms.js";
import { screenHref } from "../../core/route.js";
import { dayTime } from "../../core/spans.js";
import { Icon } from "../../ui/icon.js";
import { loadStyle } from "../../ui/later.js";
import { Away, Group, idOf, Part, Small, Some, typed, wrongUnder } from "./form.js";

/** @typedef {import("../../types.d.ts").Query} Query */
/** @typedef {import("../../types.d.ts").QueryState} QueryState */
/** @typedef {import("../../types.d.ts").ListeningTrial} Trial */
/** @typedef {{id: string, handle: string, platform: string, can: boolean}} Account */
/** @typedef {(change: Partial<Query>) => void} Set */

await loadStyle("screens/settings-listening.css");

const PART = "listening";
const QUERIES = "listening.queries";
const LANGUAGES = ["en", "lv", "ru", "ms", "he", "ar"];
const EVERY = [15, 30, 60, 180, 360, 720, 1440];
const MICRO = 1_000_000;
const REFRESH = 60_000;
const RESTS = 500;
/** @type {("names" | "hashtags" | "handles" | "without")[]} */
const WORDS = ["names", "hashtags", "handles", "without"];
const SIGNS = { names: "", hashtags: "#", handles: "@", without: "" };

/** @param {string} text @param {string} sign what people write before such a word, and the server does not want @returns {string[]} */
const listed = (text, sign) => text.split(/[\n,]/).map((one) => one.trim()).map((one) => (sign && one.startsWith(sign) ? one.slice(1) : one)).filter(Boolean);

/** Words, one a line; kept without empty lines while they are being typed with them. @param {{at: number, name: "names" | "hashtags" | "handles" | "without" | "aliases", query: Query, set: Set}} props */
function Words({ at, name, query, set }) {
  const sign = name === "aliases" ? "" : SIGNS[name];
  const value = query[name];
  const [text, setText] = useState(value.join("\n"));
  const shown = listed(text, sign).join("\n") === value.join("\n") ? text : value.join("\n");
  const path = `${QUERIES}.${at}.${name}`;
  const wrong = wrongUnder(PART, path);
  const onInput = (/** @type {Event} */ event) => {
    setText(typed(event));
    set({ [name]: listed(typed(event), sign) });
  };
  return html`<div class="set-field" data-path=${path}><label for=${idOf(path)}>${t(`settings.listening.${name}`)}</label>
    <textarea id=${idOf(path)} rows=${Math.min(8, Math.max(2, shown.split("\n").length + 1))} dir=${shown ? "auto" : undefined} spellcheck="false" aria-describedby=${`${idOf(path)}-hint`} aria-invalid=${wrong ? "true" : undefined} value=${shown} onInput=${onInput}></textarea>
    <p class="hint" id=${`${idOf(path)}-hint`}>${t(`settings.listening.${name}.hint`)}</p>
    ${wrong ? html`<p class="wrong"><${Icon} name="warning" /><span>${wrong}</span></p>` : null}</div>`;
}

/** @param {{trial: Trial, query: Query, set: Set}} props spellings to choose from: pressed ones are looked for */
function Spellings({ trial, query, set }) {
  const toggle = (/** @type {string} */ one) => set({ aliases: query.aliases.includes(one) ? query.aliases.filter((other) => other !== one) : [...query.aliases, one] });
  return trial.proposals.filter(({ spellings }) => spellings.length > 0).map(({ name, spellings }) => html`<div key=${name} role="group" aria-label=${t("settings.listening.spellings", { name: isolate(name) })}><p class="hint">${t("settings.listening.spellings", { name: isolate(name) })}</p>
    <p class="spellings">${spellings.map((one) => html`<button key=${one} type="button" class="button small" aria-pressed=${query.aliases.includes(one) ? "true" : "false"} onClick=${() => toggle(one)}><bdi>${one}</bdi></button>`)}</p></div>`);
}

/** @param {{at: number, query: Query, set: Set}} props what it would ask, and which of yesterday's hits it finds */
function Trying({ at, query, set }) {
  const [trial, setTrial] = useState(/** @type {Trial | null} */ (null));
  const [failed, setFailed] = useState("");
  const [busy, setBusy] = useState(false);
  const run = async () => {
    if (busy) return;
    setBusy(true);
    setFailed("");
    try {
      /** @type {Trial} */
      const found = await write("POST", "listening/trial", { query });
      setTrial(found);
      wrongs.value = { ...wrongs.peek(), [PART]: found.wrong.map((one) => ({ ...one, at: ["listening", "queries", at, ...one.at] })) };
    } catch (error) {
      setTrial(null);
      if (error instanceof Problem && error.code === "unusable") {
        wrongs.value = { ...wrongs.peek(), [PART]: error.errors.map((/** @type {any} */ one) => ({ ...one, at: ["listening", "queries", at, ...one.at.slice(3)] })) };
      } else setFailed(sentenceFor(error));
    } finally {
      setBusy(false);
    }
  };
  // What was tried once follows what is changed since, a moment after the hand rests.
  const asked = JSON.stringify(query);
  useEffect(() => {
    if (!trial) return;
    const timer = setTimeout(run, RESTS);
    return () => clearTimeout(timer);
  }, [asked]);
  return html`<div class="trial"><p class="choices"><button type="button" class="button strong" aria-disabled=${busy ? "true" : undefined} onClick=${run}><${Icon} name="refresh" />${t(busy ? "settings.dry.busy" : "settings.listening.try")}</button><span class="quiet">${t("settings.listening.try.hint")}</span></p>
    ${failed ? html`<p class="wrong" role="alert"><${Icon} name="warning" /><span>${failed}</span></p>` : null}
    ${trial ? html`<div class="dry-result" role="status">
      <${Spellings} trial=${trial} query=${query} set=${set} />
      ${trial.asked ? html`<p class="hint">${t("settings.listening.asked", { n: trial.asked.length, most: trial.longest })}</p><p><code dir="ltr">${trial.asked}</code></p>` : null}
      <p><b>${t(trial.looked_at === 0 ? "settings.listening.noHits" : "settings.listening.hits", { n: trial.found, all: trial.looked_at })}</b></p>
      <ul class="rows-of">${trial.items.map((hit) => html`<li key=${hit.id}><b><bdi>${hit.name || hit.handle}</bdi></b> <span dir="auto" lang=${langOf(hit.language)}>${hit.text}</span></li>`)}</ul></div>` : null}</div>`;
}

/** @param {{state: QueryState}} props what it read and when, as it is in force */
function Doing({ state }) {
  const { problem } = state;
  return html`<p class="hint" data-doing=${state.id}>${t("settings.listening.read", { n: state.read, most: state.limit })} ${state.asked_at ? t("settings.listening.askedAt", { time: dayTime(state.asked_at) }) : t("settings.listening.notYet")}</p>
    ${problem ? html`<p class="wrong"><${Icon} name="warning" /><span>${troubleOf(problem.code, state.name, state.limit)}</span></p>` : null}`;
}

/** @param {{at: number, query: Query, accounts: Account[], micro: number, state: QueryState | undefined, set: Set, drop: () => void, readOnly: boolean}} props */
function One({ at, query, accounts, micro, state, set, drop, readOnly }) {
  const path = (/** @type {string} */ name) => `${QUERIES}.${at}.${name}`;
  const wrong = (/** @type {string} */ name) => {
    const said = wrongUnder(PART, path(name));
    return said ? html`<p class="wrong"><${Icon} name="warning" /><span>${said}</span></p>` : null;
  };
  const known = accounts.some(({ id }) => id === query.account);
  const whole = (wrongs.value[PART] ?? []).filter((one) => one.at.join(".") === `${QUERIES}.${at}`);
  return html`<li class="rule query" id=${idOf(`${QUERIES}.${at}`)} tabindex="-1" data-query=${query.id}>
    <header><label class="grow"><span>${t("settings.listening.name")}</span><input type="text" id=${idOf(path("name"))} maxlength="60" dir=${query.name ? "auto" : undefined} value=${query.name} onInput=${(/** @type {Event} */ event) => set({ name: typed(event) })} /></label><${Away} label=${t("settings.listening.drop", { name: isolate(query.name) })} onClick=${drop} /></header>
    ${wrong("name")}${whole.map((one) => html`<p class="wrong"><${Icon} name="warning" /><span>${one.sentence}</span></p>`)}
    <div class="set-switch"><label><input type="checkbox" checked=${query.on} onChange=${() => set({ on: !query.on })} /><span>${t("settings.listening.on")}</span></label></div>
    ${state ? html`<${Doing} state=${state} />` : null}
    <div class="side-by-side words">${WORDS.map((name) => html`<${Words} key=${name} at=${at} name=${name} query=${query} set=${set} />`)}</div>
    <${Words} at=${at} name="aliases" query=${query} set=${set} />
    ${readOnly ? null : html`<${Trying} at=${at} query=${query} set=${set} />`}
    <${Some} label=${t("settings.listening.languages")} all=${t("settings.any")} options=${LANGUAGES.map((tag) => [tag, languageName(tag)])} value=${query.languages} onChange=${(/** @type {string[]} */ value) => set({ languages: value })} />
    <p class="hint">${t("settings.listening.languages.hint")}</p>
    <div class="side-by-side">
      <div class="set-field"><label for=${idOf(path("account"))}>${t("settings.listening.account")}</label><select id=${idOf(path("account"))} onChange=${(/** @type {Event} */ event) => set({ account: typed(event) })}>
        ${known ? null : html`<option value=${query.account} selected>${t("settings.listening.noAccount")}</option>`}${accounts.map(({ id, handle, platform, can }) => html`<option key=${id} value=${id} selected=${id === query.account} disabled=${!can}>${can ? `${isolate(`@${handle}`)} · ${platformName(platform)}` : t("settings.listening.cannot", { platform: platformName(platform) })}</option>`)}</select>${wrong("account")}</div>
      <div class="set-field"><label for=${idOf(path("every_minutes"))}>${t("settings.listening.every")}</label><select id=${idOf(path("every_minutes"))} onChange=${(/** @type {Event} */ event) => set({ every_minutes: Number(typed(event)) })}>
        ${(EVERY.includes(query.every_minutes) ? EVERY : [...EVERY, query.every_minutes]).map((minutes) => html`<option key=${minutes} value=${minutes} selected=${minutes === query.every_minutes}>${minutes < 60 ? t("settings.listening.minutes", { n: minutes }) : t("settings.listening.hours", { n: minutes / 60 })}</option>`)}</select>${wrong("every_minutes")}</div>
      <div class="set-field"><label for=${idOf(path("posts_a_month"))}>${t("settings.listening.limit")}</label><input type="number" id=${idOf(path("posts_a_month"))} inputmode="numeric" min="10" max="1000000" step="10" value=${query.posts_a_month} aria-describedby=${`${idOf(path("posts_a_month"))}-hint`} onInput=${(/** @type {Event} */ event) => set({ posts_a_month: Number(typed(event)) })} />
        <p class="hint" id=${`${idOf(path("posts_a_month"))}-hint`}>${t("settings.listening.cost", { price: money(micro / MICRO), most: money((query.posts_a_month * micro) / MICRO) })}</p>${wrong("posts_a_month")}</div>
    </div></li>`;
}

/** @param {Query[]} taken @returns {string} an id that no query has or had on this screen */
function freshId(taken) {
  const ids = new Set(taken.map(({ id }) => id));
  let made = "";
  do made = `q-${crypto.randomUUID().slice(0, 8)}`;
  while (ids.has(made));
  return made;
}

/** @param {{readOnly: boolean}} props */
export default function ListeningPart({ readOnly }) {
  const about = useAnswer("listening/queries", REFRESH);
  const version = settings.value?.version;
  useEffect(() => {
    about.load();
  }, [version]);
  const queries = /** @type {Query[]} */ (valueOf(QUERIES) ?? []);
  const accounts = /** @type {Account[]} */ (about.found?.accounts ?? []);
  const states = /** @type {QueryState[]} */ (about.found?.items ?? []);
  const paying = accounts.find(({ can }) => can);
  const put = (/** @type {Query[]} */ next) => edit(PART, QUERIES, next);
  const add = () => put([...queries, { id: freshId(queries), name: queries.length === 0 ? t("settings.listening.first") : "", on: true, handles: [], hashtags: [], names: [], aliases: [], without: [], languages: [], account: paying?.id ?? "", every_minutes: 60, posts_a_month: 500 }]);
  const micro = about.found?.post_micro ?? 0;
  return html`<${Part} part=${PART} readOnly=${readOnly}>
    <${Group} title=${t("settings.listening.queries")} hint=${t("settings.listening.queries.hint")}>
      ${about.phase === "failed" ? html`<p class="wrong" role="alert"><${Icon} name="warning" /><span>${about.sentence}</span></p><p><${Small} label=${t("retry")} onClick=${about.load} /></p>` : null}
      ${about.found && !paying ? html`<p class="notice"><${Icon} name="info" /><span>${t("settings.listening.nobodyCan")}</span></p>` : null}
      ${queries.length === 0 ? html`<p class="quiet">${t("settings.listening.none")}</p>` : html`<p><a class="button small" href=${screenHref("listening")}><${Icon} name="listening" />${t("settings.listening.review")}</a></p>`}
      <ul class="rows-of" id=${idOf(QUERIES)} tabindex="-1">${about.found ? queries.map((query, at) => html`<${One} key=${query.id} at=${at} query=${query} accounts=${accounts} micro=${micro} state=${states.find(({ id }) => id === query.id)} readOnly=${readOnly} set=${(/** @type {Partial<Query>} */ change) => put(queries.map((one, place) => (place === at ? { ...one, ...change } : one)))} drop=${() => put(queries.filter((_, place) => place !== at))} />`) : null}</ul>
      ${paying && queries.length < 20 ? html`<p><${Small} label=${t("settings.listening.add")} onClick=${add} /></p>` : null}<//>
  <//>`;
}
