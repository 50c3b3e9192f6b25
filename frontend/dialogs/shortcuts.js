// Every key, and the switch for single letters.
import { html } from "../vendor/preact-11.2.0.js";
import { preferences, prefer } from "../core/device.js";
import { t } from "../core/i18n.js";
import { cap } from "../core/key-caps.js";
import { BINDINGS } from "../core/keys.js";
import { Frame } from "./frame.js";

const GROUPS = ["list", "case", "go", "approvals", "desk"];

/** @param {string} group @returns {{label: string, ways: string[][]}[]} each command once, with every way to give it */
function rowsOf(group) {
  const bindings = BINDINGS.filter((binding) => binding.group === group && binding.keys.length > 0);
  const labels = [...new Set(bindings.map((binding) => binding.label))];
  return labels.map((label) => ({ label, ways: bindings.filter((binding) => binding.label === label).map((binding) => binding.keys) }));
}

/** @param {{checked: boolean}} props */
function LetterSwitch({ checked }) {
  const onChange = (/** @type {Event} */ event) => prefer({ letters: /** @type {HTMLInputElement} */ (event.target).checked });
  return html`<label class="switch"><input type="checkbox" checked=${checked} onChange=${onChange} />${t("key.letters")}</label>`;
}

export default function ShortcutsDialog() {
  return html`<${Frame} title=${t("key.title")} kind="wide">
    <${LetterSwitch} checked=${preferences.value.letters} />
    <div class="key-groups" tabindex="0" role="group" aria-label=${t("key.title")}>${GROUPS.map((group) => html`<section key=${group} aria-label=${t(`key.group.${group}`)}>
      <h3>${t(`key.group.${group}`)}</h3>
      <dl>${rowsOf(group).map(({ label, ways }) => html`<div key=${label}><dt>${t(label)}</dt><dd>${ways.flat().map((key) => html`<kbd>${cap(key)}</kbd> `)}</dd></div>`)}</dl>
    </section>`)}</div>
  <//>`;
}
