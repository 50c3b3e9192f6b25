// What settings choose among, with words for each: platforms, languages, lanes, people, teams.
import { languageName, t } from "../../core/i18n.js";
import { valueOf } from "../../core/policy.js";
import { platformName } from "../../core/platforms.js";
import { me } from "../../core/session.js";

/** @typedef {[string, string]} Option value and words */

const PLATFORMS = ["x", "facebook", "instagram", "messenger", "viber"];
const MOODS = ["negative", "neutral", "positive", "unsure"];

/** @returns {Option[]} what the brand's accounts carry, or all where none is connected */
export function platforms() {
  const carried = [...new Set((me.value?.accounts ?? []).flatMap(({ platform, platforms: more }) => (more.length > 0 ? more : [platform])))];
  return (carried.length > 0 ? carried.sort() : PLATFORMS).map((name) => [name, platformName(name)]);
}

/** @returns {Option[]} */
export const priorities = () => [1, 2, 3, 4, 5].map((n) => [String(n), t("settings.priority", { n })]);

/** @returns {Option[]} lanes beside the ordinary one */
export const lanes = () => ["praise", "long"].map((name) => [name, t(`settings.lane.${name}`)]);

/** @returns {Option[]} */
export const moods = () => MOODS.map((name) => [name, t(`settings.mood.${name}`)]);

/** @returns {Option[]} the languages the brand's customers write in */
export const languages = () => /** @type {string[]} */ (valueOf("languages") ?? []).map((tag) => [tag, languageName(tag) || tag]);

/** @returns {Option[]} who is on the team */
export const people = () => (me.value?.members ?? []).map(({ id, name }) => [id, name]);

/** @returns {Option[]} the brand's teams, also those that are not saved yet */
export const teams = () => /** @type {{id: string, name: string}[]} */ (valueOf("assignment.teams") ?? []).map(({ id, name }) => [id, name || id]);

/** @returns {Option[]} */
export const accounts = () => (me.value?.accounts ?? []).map(({ id, handle, name, platform }) => [id, `${name || handle || id} · ${platformName(platform)}`]);
