// Hours of the clock on the brand's wall, wherever the agent sits.

const FIELDS = /** @type {const} */ ({ year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" });

/** @param {string} zone IANA name @param {number} at @returns {number} milliseconds by which the zone's clock is ahead of UTC at that moment */
function offset(zone, at) {
  const parts = new Intl.DateTimeFormat("en-US", { ...FIELDS, timeZone: zone, hourCycle: "h23" }).formatToParts(at);
  const [year, month, day, hour, minute, second] = Object.keys(FIELDS).map((name) => Number(parts.find(({ type }) => type === name)?.value));
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

/**
 * @param {string} zone @param {number} present milliseconds @param {number} days from today there @param {number} hour 0–23
 * @returns {number} the moment at which the zone's clock shows that hour, so many days on
 */
export function brandHour(zone, present, days, hour) {
  const wall = new Date(present + offset(zone, present));
  const shown = Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate() + days, hour);
  // The clock may be turned in between: what holds then is asked for then.
  return shown - offset(zone, shown - offset(zone, shown));
}

/** @param {string} zone @param {number} present @returns {number} day of the week there, 0 is Sunday */
export const brandDay = (zone, present) => new Date(present + offset(zone, present)).getUTCDay();

/** @param {string} zone @param {number} at @returns {boolean} its clock shows another time than the agent's */
export const elsewhere = (zone, at) => offset(zone, at) !== -new Date(at).getTimezoneOffset() * 60_000;

/** @param {number} at milliseconds @returns {string} value of a `datetime-local` field, in the agent's own time */
export function fieldValue(at) {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
