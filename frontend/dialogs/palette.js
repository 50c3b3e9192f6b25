// Everything the desk can do, by name: each command with its key, views and screens, and the cases of the list.
import { html } from "../vendor/preact-11.2.0.js";
import { can, run } from "../core/commands.js";
import { conversation } from "../core/conversation.js";
import { firstLetter, personName, t } from "../core/i18n.js";
import { cap } from "../core/key-caps.js";
import { BINDINGS } from "../core/keys.js";
import { rows } from "../core/queue.js";
import { go, route } from "../core/route.js";
import { Avatar, PlatformMark } from "../ui/chips.js";
import { closeDialog, Frame } from "./frame.js";
import { Picker } from "./picker.js";

/** @typedef {import("./picker.js").Option} Option */
/** @typedef {import("../types.d.ts").Row} Row */

const MOST = 60;
const ORDER = ["case", "go", "desk", "list"];
/** Moving by one is what keys are for; and this dialog is open already. */
const NOT_HERE = new Set(["next", "previous", "palette"]);

/** @returns {Option[]} each command once, with every way to give it */
function commands() {
  const bindings = BINDINGS.filter(({ command }) => can(command) && !NOT_HERE.has(command));
  const rank = (/** @type {{group: string}} */ { group }) => ORDER.indexOf(group);
  const names = [...new Set(bindings.sort((one, other) => rank(one) - rank(other)).map(({ command }) => command))];
  return names.map((command) => {
    const own = bindings.filter((binding) => binding.command === command);
    const detail = own[0].group === "case" ? "" : t(`key.group.${own[0].group}`);
    return { id: `command-${command}`, label: t(own[0].label), detail, keys: own.flatMap(({ keys }) => keys.map(cap)) };
  });
}

/** @param {Row} row @returns {Option} */
function caseOption(row) {
  const name = personName(row);
  return {
    id: `case-${row.id}`, label: name, text: row.snippet, language: row.language, detail: row.handle ? `@${row.handle}` : "", also: row.id,
    mark: () => html`<span class="face"><${Avatar} id=${row.handle || row.id} letters=${firstLetter(name)} small /></span><${PlatformMark} platform=${row.platform} />`,
  };
}

/** @returns {Row[]} of the list on screen, the open one too where it stands in another view */
function cases() {
  const open = conversation.peek()?.case;
  return open && !rows.peek().some(({ id }) => id === open.id) ? [open, ...rows.peek()] : rows.peek();
}

export default function PaletteDialog() {
  const pick = (/** @type {string} */ chosen) => {
    closeDialog();
    // Only then has the dialog gone, and the keyboard is where it was before.
    setTimeout(() => {
      if (chosen.startsWith("case-")) go(route.peek().view, chosen.slice("case-".length));
      else run(chosen.slice("command-".length));
    });
  };
  return html`<${Frame} title=${t("palette.title")} kind="wide"><${Picker} label=${t("palette.find")} options=${[...commands(), ...cases().map(caseOption)]} onPick=${pick} most=${MOST} /><//>`;
}
