// Where pictures and files of people are had: from our own origin, never from the platform (docs/media.md).
import { language } from "./i18n.js";

/** @param {string} platformId @returns {string} in base64url, as the addresses have it */
function addressable(platformId) {
  const bytes = String.fromCharCode(...new TextEncoder().encode(platformId));
  return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {string} id of the conversation @param {string} message its id @param {number} number from 0, among the message's */
export function mediaAddress(id, message, number) {
  return `/api/v1/media/${id}/${addressable(message)}/${number}`;
}

/** @param {string} platform @param {string} person the platform's id of them */
export function avatarAddress(platform, person) {
  return `/api/v1/avatars/${platform}/${addressable(person)}`;
}

/** @param {string} value "56.95,24.11" @returns {string} a map there, "" if that is no place */
export function mapAddress(value) {
  const place = /^(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)$/.exec(value);
  return place ? `https://www.openstreetmap.org/?mlat=${place[1]}&mlon=${place[2]}#map=16/${place[1]}/${place[2]}` : "";
}

/** @param {string} value @returns {string} an address of the web that a person may open, else "" */
export function webAddress(value) {
  return /^https?:\/\//.test(value) && URL.canParse(value) ? value : "";
}

const UNITS = /** @type {const} */ (["byte", "kilobyte", "megabyte", "gigabyte"]);

/** @param {number} bytes @returns {string} for reading, "" when unknown */
export function fileSize(bytes) {
  if (bytes <= 0) return "";
  const step = Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  return new Intl.NumberFormat(language, { style: "unit", unit: UNITS[step], maximumFractionDigits: step > 1 ? 1 : 0 }).format(bytes / 1000 ** step);
}
