// The note for whoever gets a case next, kept until the server has taken it.

/** Stands for "to nobody" where a member's id is asked for. */
export const NOBODY = "nobody-";

/** What was typed, by case. @type {Map<string, string>} */
const notes = new Map();

/** Why the server asks for a note, by case: its sentence. @type {Map<string, string>} */
export const noteWanted = new Map();

/** @param {string} id @returns {string} */
export const noteFor = (id) => notes.get(id) ?? "";

/** @param {string} id @param {string} text */
export const keepNote = (id, text) => notes.set(id, text);

/** @param {string} id */
export function dropNote(id) {
  notes.delete(id);
  noteWanted.delete(id);
}
