// The keyboard table and how an event is matched to it. No Alt or AltGr: they type letters in many layouts.

/**
 * @typedef {object} Binding
 * @property {string} command
 * @property {string[]} keys one key, or two pressed one after the other; none where the palette alone gives it
 * @property {string} label string key of what it does
 * @property {"list" | "case" | "go" | "approvals" | "desk"} group
 * @property {boolean} [always] works inside text fields too
 */

/** @type {Binding[]} */
export const BINDINGS = [
  { command: "next", keys: ["j"], label: "key.next", group: "list" },
  { command: "previous", keys: ["k"], label: "key.previous", group: "list" },
  { command: "open", keys: ["Enter"], label: "key.open", group: "list" },
  { command: "back", keys: ["u"], label: "key.back", group: "list" },
  { command: "back", keys: ["Escape"], label: "key.back", group: "list", always: true },
  { command: "select", keys: ["x"], label: "key.select", group: "list" },
  { command: "select.range", keys: ["Shift+x"], label: "key.selectRange", group: "list" },
  { command: "search", keys: ["/"], label: "key.search", group: "list" },
  { command: "reply", keys: ["r"], label: "key.reply", group: "case" },
  { command: "private", keys: ["p"], label: "key.private", group: "case" },
  { command: "note", keys: ["n"], label: "key.note", group: "case" },
  { command: "send", keys: ["Ctrl+Enter"], label: "key.send", group: "case", always: true },
  { command: "later", keys: [], label: "key.later", group: "case" },
  { command: "canned", keys: ["/"], label: "key.canned", group: "case" },
  { command: "promise", keys: [], label: "key.promise", group: "case" },
  { command: "done", keys: ["e"], label: "key.done", group: "case" },
  { command: "assign", keys: ["a"], label: "key.assign", group: "case" },
  { command: "take", keys: ["i"], label: "key.take", group: "case" },
  { command: "snooze", keys: ["h"], label: "key.snooze", group: "case" },
  { command: "tag", keys: ["l"], label: "key.tag", group: "case" },
  { command: "acts", keys: ["m"], label: "key.acts", group: "case" },
  { command: "workflow", keys: ["w"], label: "key.workflow", group: "case" },
  { command: "about", keys: ["c"], label: "key.about", group: "case" },
  { command: "go.mine", keys: ["g", "m"], label: "view.mine", group: "go" },
  { command: "go.unassigned", keys: ["g", "u"], label: "view.unassigned", group: "go" },
  { command: "go.open", keys: ["g", "o"], label: "view.open", group: "go" },
  { command: "go.snoozed", keys: ["g", "s"], label: "view.snoozed", group: "go" },
  { command: "go.done", keys: ["g", "d"], label: "view.done", group: "go" },
  { command: "go.approvals", keys: ["g", "p"], label: "screen.approvals", group: "go" },
  { command: "go.listening", keys: ["g", "l"], label: "screen.listening", group: "go" },
  { command: "go.reports", keys: ["g", "r"], label: "screen.reports", group: "go" },
  { command: "go.incidents", keys: ["g", "n"], label: "screen.incidents", group: "go" },
  { command: "go.settings", keys: ["g", "t"], label: "screen.settings", group: "go" },
  { command: "accounts", keys: ["g", "c"], label: "accounts.title", group: "go" },
  { command: "approval.approve", keys: ["a"], label: "approval.approve", group: "approvals" },
  { command: "approval.edit", keys: ["e"], label: "approvals.edit", group: "approvals" },
  { command: "approval.return", keys: ["b"], label: "approval.return", group: "approvals" },
  { command: "approval.withdraw", keys: ["w"], label: "approvals.withdraw", group: "approvals" },
  { command: "palette", keys: ["Ctrl+k"], label: "palette.title", group: "desk", always: true },
  { command: "undo", keys: ["z"], label: "key.undo", group: "desk" },
  { command: "shortcuts", keys: ["?"], label: "key.shortcuts", group: "desk" },
];

/**
 * The Latin letter of a key press. Layouts of other scripts (Russian, Hebrew, Arabic) report their own letter as
 * `key`; there the place of the key decides. A Latin letter with a mark (ā, é) is itself and no shortcut.
 * @param {{key: string, code: string}} event
 * @returns {string}
 */
export function keyName({ key, code }) {
  if (key === "؟") return "?";
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  // In Hebrew the place of W types an apostrophe; no Latin layout has one there.
  if (key === "'" && code === "KeyW") return "w";
  // Named keys are ASCII too; the Arabic key that types two letters, lam and alef, is not.
  const foreign = !/^[\x20-\x7e]+$|\p{Script=Latin}/u.test(key);
  return foreign && /^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : key;
}

/**
 * @param {{key: string, code: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean, shiftKey: boolean, getModifierState?: (key: string) => boolean}} event
 * @param {string} previous name of the key pressed shortly before, or ""
 * @param {{typing: boolean, letters: boolean}} state whether focus is in a text field; whether single letters are on
 * @returns {{command: string, pending: string}} command "" when none; pending is the first key of a possible pair
 */
export function matchKey(event, previous, state) {
  const none = { command: "", pending: "" };
  if (event.altKey || event.getModifierState?.("AltGraph")) return none;
  const name = keyName(event);
  const control = event.ctrlKey || event.metaKey;
  const shift = event.shiftKey && /^[a-z]$/.test(name);
  if (control && shift) return none;
  const wanted = control ? `Ctrl+${name}` : shift ? `Shift+${name}` : name;
  const single = wanted.length === 1 || shift;
  if (single && (state.typing || !state.letters)) return none;
  const pair = BINDINGS.find(({ keys }) => keys.length === 2 && keys[0] === previous && keys[1] === wanted);
  if (pair) return { command: pair.command, pending: "" };
  const found = BINDINGS.find(({ keys, always }) => keys.length === 1 && keys[0] === wanted && (always || !state.typing));
  if (found) return { command: found.command, pending: "" };
  return { command: "", pending: BINDINGS.some(({ keys }) => keys.length === 2 && keys[0] === wanted) ? wanted : "" };
}
