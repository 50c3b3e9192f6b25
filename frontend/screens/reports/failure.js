// Why there are no figures, in words.
import { Problem, Unreachable } from "../../core/api.js";
import { t } from "../../core/i18n.js";

/**
 * @param {unknown} error what a request of this screen was refused with, or that none got through
 * @returns {string}
 * @throws {unknown} anything else: a mistake of ours
 */
export function failureOf(error) {
  if (error instanceof Unreachable) return t("reports.unreachable");
  if (error instanceof Problem) return error.message || t("failed.refused", { n: error.status });
  throw error;
}
