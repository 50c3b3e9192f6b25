// The only place that talks to the server (docs/api.md).
import { signal } from "../vendor/preact-11.2.0.js";

/** @typedef {import("../types.d.ts").Finding} Finding */
/** @typedef {import("../types.d.ts").Message} Message */

const LOGIN_TRIED = "hark.login-tried";
const LOGIN_PATIENCE = 15_000;

/** False from the first call that got no answer until one gets through. */
export const reachable = signal(navigator.onLine);
export const signedOut = signal(false);

/** A refusal with the server's sentence for people (problem+json). */
export class Problem extends Error {
  /** @param {number} status @param {{code?: string, detail?: string, new?: Message[], talk?: number, findings?: Finding[], why?: string[], drafts?: {by: string}[], errors?: {at: (string | number)[], sentence: string}[]}} body */
  constructor(status, body) {
    super(body.detail ?? "");
    this.status = status;
    this.code = body.code ?? "";
    this.news = body.new ?? [];
    this.talk = body.talk;
    this.findings = body.findings ?? [];
    this.why = body.why ?? [];
    this.drafts = body.drafts ?? [];
    this.errors = body.errors ?? [];
  }
}

/** No answer: for a write nobody knows whether it took effect. */
export class Unreachable extends Error {}

/** @returns {string} an idempotency key of 128 random bits */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A sign-in that fails at once must not send the browser round in circles. */
function toSignIn() {
  const tried = Number(sessionStorage.getItem(LOGIN_TRIED) ?? 0);
  if (Date.now() - tried < LOGIN_PATIENCE) {
    signedOut.value = true;
    return;
  }
  sessionStorage.setItem(LOGIN_TRIED, String(Date.now()));
  location.assign(signInAddress());
}

export function signInAddress() {
  return `/auth/login?to=${encodeURIComponent(location.pathname + location.hash)}`;
}

/** @param {Response} answer */
async function problemOf(answer) {
  const json = answer.headers.get("content-type")?.includes("json");
  return new Problem(answer.status, json ? await answer.json() : {});
}

/**
 * @param {string} path @param {RequestInit} [request]
 * @returns {Promise<Response>} any answer that is no refusal; 304 counts as one
 * @throws {Problem | Unreachable}
 */
async function call(path, request) {
  /** @type {Response} */
  let answer;
  try {
    // The first queue request has to equal the preload of index.html, so reads carry no header of ours.
    answer = await fetch(path, request);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    reachable.value = false;
    throw new Unreachable(path, { cause: error });
  }
  reachable.value = true;
  if (answer.ok || answer.status === 304) return answer;
  if (answer.status === 401) toSignIn();
  throw await problemOf(answer);
}

/** @param {string} path @returns {Promise<any>} */
export async function get(path) {
  return (await call(`/api/v1/${path}`)).json();
}

/**
 * A read that answers null when there is nothing new. Its header no foreign page can send.
 * @param {string} path @returns {Promise<any>}
 */
export async function ask(path) {
  const answer = await call(`/api/v1/${path}`, { headers: { "x-desk": "1" } });
  return answer.status === 304 ? null : answer.json();
}

/** @type {Map<string, string>} */
const etags = new Map();

/**
 * A read that answers null when nothing changed since the last one of the same path.
 * @param {string} path @param {boolean} [force] take the answer even if it is the same
 * @returns {Promise<any>}
 */
export async function getIfChanged(path, force = false) {
  const etag = force ? undefined : etags.get(path);
  const answer = await call(`/api/v1/${path}`, etag ? { headers: { "if-none-match": etag } } : undefined);
  if (answer.status === 304) return null;
  const fresh = answer.headers.get("etag");
  if (fresh) etags.set(path, fresh);
  return answer.json();
}

/** @param {string} path its next conditional read gets a full answer */
export function forgetEtag(path) {
  etags.delete(path);
}

/**
 * @param {"POST" | "PATCH" | "DELETE"} method @param {string} path @param {unknown} body
 * @param {string} [key] idempotency key; pass the same one to repeat an attempt whose answer was lost
 * @returns {Promise<any>}
 */
export async function write(method, path, body, key = newKey()) {
  const headers = { "content-type": "application/json", "idempotency-key": key, "x-desk": "1" };
  const answer = await call(path.startsWith("/") ? path : `/api/v1/${path}`, { method, headers, body: JSON.stringify(body) });
  return answer.status === 204 ? null : answer.json();
}

addEventListener("online", () => {
  reachable.value = true;
});
addEventListener("offline", () => {
  reachable.value = false;
});
