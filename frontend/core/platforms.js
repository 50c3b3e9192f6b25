// Names and marks of the platforms. The marks are drawn by us on a 16 × 16 grid, in lines; none is anybody's logo.
import { t } from "./i18n.js";

/** @type {Record<string, string>} */
const SHAPES = {
  x: "M3.500 3l9 10M12.500 3l-9 10",
  facebook: "M10.800 3H9.600a2.200 2.200 0 0 0-2.200 2.200V13.500M4.800 7.800h5.400",
  messenger: "M2.500 7.300a5.500 4.800 0 1 1 2.700 4.100L2.800 13.500zM5.300 8.200l1.900-1.700 1.700 1.500 1.900-1.700",
  instagram: "M5 2.500h6A2.500 2.500 0 0 1 13.500 5v6a2.500 2.500 0 0 1-2.500 2.500H5A2.500 2.500 0 0 1 2.500 11V5A2.500 2.500 0 0 1 5 2.500zM8 10.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM11 4.900v.1",
  viber: "M3.500 2.500h9a1 1 0 0 1 1 1v6.500a1 1 0 0 1-1 1h-4L5.700 13.800V11H3.500a1 1 0 0 1-1-1V3.500a1 1 0 0 1 1-1zM5.800 5c0 2.200 1.800 4 4 4M8.200 5a1.600 1.600 0 0 1 1.600 1.600",
};
const UNKNOWN = "M8 13.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11zM8 6v4";

/** @param {string} platform @returns {string} path data of its mark */
export const shapeOf = (platform) => SHAPES[platform] ?? UNKNOWN;

/** @param {string} platform @returns {string} its name for people; one the desk does not know is called by its id */
export const platformName = (platform) => (Object.hasOwn(SHAPES, platform) ? t(`platform.${platform}`) : platform);
