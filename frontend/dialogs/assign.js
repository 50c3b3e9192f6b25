// Gives a case to somebody, or to nobody.
import { html, useState } from "../vendor/preact-11.2.0.js";
import { dropNote, keepNote, NOBODY, noteFor, noteWanted } from "../core/handover.js";
import { isolate, t } from "../core/i18n.js";
import { assignAll, casesOf } from "../core/selecting.js";
import { me, myId } from "../core/session.js";
import { Avatar } from "../ui/chips.js";
import { Icon } from "../ui/icon.js";
import { closeDialog, Frame } from "./frame.js";
import { Picker } from "./picker.js";

/** @param {import("../types.d.ts").Me | null} who @param {string | null} owner "" nobody, null for cases of different owners @returns {import("./picker.js").Option[]} me first, then those on shift */
function optionsFor(who, owner) {
  const members = [...(who?.members ?? [])].sort((one, other) => {
    const rank = (/** @type {import("../types.d.ts").Member} */ member) => (member.id === who?.agent.id ? 0 : member.on_shift ? 1 : 2);
    return rank(one) - rank(other) || one.name.localeCompare(other.name);
  });
  const people = members.map((member) => ({
    id: member.id,
    label: member.id === myId.peek() ? t("assign.me", { name: member.name }) : member.name,
    detail: t(member.on_shift ? "assign.onShift" : "assign.offShift"),
    current: member.id === owner,
    mark: () => html`<${Avatar} id=${member.id} letters=${member.initials} small />`,
  }));
  return [...people, { id: NOBODY, label: t("assign.nobody"), current: owner === "" }];
}

/** @param {{id: string, about: string}} props id: of the case, or of several, parted by spaces; about: who was chosen when the server asked for a note, else "" */
export default function AssignDialog({ id, about }) {
  // As they were when this was opened: they may leave the list meanwhile.
  const [cases] = useState(() => casesOf(id));
  const [note, setNote] = useState(noteFor(id));
  if (cases.length === 0) return null;
  const give = async (/** @type {string} */ member) => {
    closeDialog();
    if (await assignAll(cases, member === NOBODY ? null : member, note)) dropNote(id);
  };
  const chosen = about === NOBODY ? t("assign.nobody") : (me.value?.members.find((member) => member.id === about)?.name ?? "");
  const missing = note.trim() === "";
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (!about || missing || event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    give(about);
  };
  const onInput = (/** @type {InputEvent} */ event) => {
    const { value } = /** @type {HTMLTextAreaElement} */ (event.target);
    setNote(value);
    keepNote(id, value);
  };
  const field = html`<label class="field"><span>${t(about ? "assign.note" : "assign.noteOptional")}</span>
    <textarea rows="3" maxlength="10000" dir=${note ? "auto" : undefined} value=${note} aria-required=${about ? "true" : undefined} aria-describedby=${about ? "note-wanted" : undefined} onInput=${onInput} onKeyDown=${onKey} autofocus=${about !== ""}></textarea></label>`;
  if (!about) {
    const title = cases.length > 1 ? t("assign.many", { n: cases.length }) : t("assign.title");
    const [owner, ...others] = new Set(cases.map((row) => row.owner?.id ?? ""));
    return html`<${Frame} title=${title}><${Picker} label=${t("assign.find")} options=${optionsFor(me.value, others.length > 0 ? null : owner)} onPick=${give} />${cases.some((row) => row.owner) ? field : null}<//>`;
  }
  return html`<${Frame} title=${t("assign.titleTo", { name: isolate(chosen) })}>
    <div class="notice" data-tone="warn" role="alert"><${Icon} name="note" /><span id="note-wanted">${noteWanted.get(id) ?? ""}</span></div>
    ${field}
    <p class="choices"><button type="button" class="button main" aria-disabled=${missing ? "true" : undefined} aria-keyshortcuts="Control+Enter" onClick=${() => !missing && give(about)}>${t("action.assign")}<kbd aria-hidden="true">${t("key.ctrl")} ↵</kbd></button>
      <button type="button" class="button" onClick=${closeDialog}>${t("assign.cancel")}</button></p>
  <//>`;
}
