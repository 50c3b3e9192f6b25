/** Types of what the vendored module exports, as far as the desk uses it. */
export function parseTweet(text: string): { weightedLength: number; valid: boolean; permillage: number };
export function extractUrls(text: string): string[];
