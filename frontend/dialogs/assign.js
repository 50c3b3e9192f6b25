// Gives a case to somebody, or to nobody.
import { html } from "../vendor/preact-11.2.0.js";
import { assign, caseOf } from "../core/changes.js";
import { t } from "../core/i18n.js";
import { me, myId } from "../core/session.js";
import { Avatar } from "../ui/avatar.js";
import { closeDialog, Frame } from "./frame.js";
import { Picker } from "./picker.js";

const NOBODY = "nobody-";

/** @param {import("../types.d.ts").Me | null} who @param {string} owner @returns {import("./picker.js").Option[]} me first, then those on shift */
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
    mark: html`<${Avatar} id=${member.id} letters=${member.initials} small />`,
  }));
  return [...people, { id: NOBODY, label: t("assign.nobody"), current: owner === "" }];
}

/** @param {{id: string}} props */
export default function AssignDialog({ id }) {
  const row = caseOf(id);
  if (!row) return null;
  const pick = (/** @type {string} */ member) => {
    closeDialog();
    assign(row, member === NOBODY ? null : member);
  };
  return html`<${Frame} title=${t("assign.title")}><${Picker} label=${t("assign.find")} options=${optionsFor(me.value, row.owner?.id ?? "")} onPick=${pick} /><//>`;
}
