// Where somebody is signed in: one's own sessions, ended one by one or all at once; and for leads those of a colleague.
import { html, useEffect, useState } from "../../vendor/preact-11.2.0.js";
import { get, write } from "../../core/api.js";
import { isolate, t } from "../../core/i18n.js";
import { sentenceFor } from "../../core/policy.js";
import { dayTime, fullTime, now, setClock, span } from "../../core/spans.js";
import { say } from "../../core/toasts.js";
import { signOut } from "../../dialogs/account.js";

/** @typedef {{id: string, since: string, used_at: string, ends_at: string, browser: string, system: string, this: boolean}} Session */

/** @param {Session} session @returns {string} */
function nameOf({ browser, system }) {
  if (!browser) return system || t("settings.sessions.unknown");
  return system ? t("settings.sessions.on", { browser, system }) : browser;
}

/** @param {{session: Session, onEnd: () => void}} props */
function Row({ session, onEnd }) {
  const used = t("settings.sessions.used", { span: span(now.value - Date.parse(session.used_at), "long") });
  return html`<li class="rule" data-session=${session.this ? "this" : "other"}><header><b>${nameOf(session)}</b>
      ${session.this ? html`<span class="chip">${t("settings.sessions.this")}</span>` : null}
      ${session.this ? null : html`<span class="order"><button type="button" class="button small" onClick=${onEnd}>${t("settings.sessions.end")}<span class="hidden">: ${nameOf(session)}</span></button></span>`}</header>
    <p class="quiet"><time datetime=${session.since} title=${fullTime(session.since)}>${t("settings.sessions.since", { at: dayTime(session.since) })}</time>${session.this ? null : html` · ${used}`}</p></li>`;
}

/** One's own sessions. */
export function Sessions() {
  const [sessions, setSessions] = useState(/** @type {Session[] | null} */ (null));
  const [failed, setFailed] = useState("");
  const load = () => get("me/sessions").then(
    ({ items, now: at }) => {
      setClock(at);
      setFailed("");
      setSessions(items);
    },
    (error) => setFailed(sentenceFor(error)),
  );
  useEffect(() => {
    load();
  }, []);
  const attempt = async (/** @type {() => Promise<unknown>} */ act, /** @type {string} */ done) => {
    try {
      await act();
      say({ text: done, tone: "plain" });
    } catch (error) {
      load();
      say({ text: sentenceFor(error), tone: "error" });
    }
  };
  const end = (/** @type {Session} */ { id }) => {
    setSessions((all) => (all ?? []).filter((one) => one.id !== id));
    return attempt(() => write("DELETE", `me/sessions/${id}`, {}), t("settings.sessions.ended"));
  };
  const elsewhere = () => {
    setSessions((all) => (all ?? []).filter((one) => one.this));
    return attempt(() => write("POST", "me/sessions/sign-out", { here: false }), t("settings.sessions.elsewhereDone"));
  };
  const everywhere = () => attempt(() => signOut("me/sessions/sign-out", { here: true }), t("settings.sessions.everywhereDone"));
  if (failed) return html`<div class="notice" data-tone="bad" role="alert"><span>${failed}</span><button type="button" class="button small" onClick=${load}>${t("retry")}</button></div>`;
  if (!sessions) return html`<p class="quiet" role="status">${t("loading")}</p>`;
  const alone = sessions.every((one) => one.this);
  return html`<ul class="rows-of">${sessions.map((session) => html`<${Row} key=${session.id} session=${session} onEnd=${() => end(session)} />`)}</ul>
    ${alone ? html`<p class="quiet" role="status">${t("settings.sessions.alone")}</p>` : null}
    <p class="choices">${alone ? null : html`<button type="button" class="button" onClick=${elsewhere}>${t("settings.sessions.elsewhere")}</button>`}
      <button type="button" class="button" onClick=${everywhere}>${t("settings.sessions.everywhere")}</button></p>
    <p class="hint">${t("account.drafts")}</p>`;
}

/** For who leads: a colleague's sessions end all at once. @param {{member: {id: string, name: string}}} props */
export function SignMemberOut({ member }) {
  const [busy, setBusy] = useState(false);
  const act = async () => {
    if (busy) return;
    setBusy(true);
    try {
      await write("POST", `team/${member.id}/sign-out`, {});
      say({ text: t("settings.sessions.memberDone", { name: isolate(member.name) }), tone: "plain" });
    } catch (error) {
      say({ text: sentenceFor(error), tone: "error" });
    } finally {
      setBusy(false);
    }
  };
  return html`<p><button type="button" class="button small" aria-disabled=${busy ? "true" : undefined} onClick=${act}>${t("settings.sessions.member")}<span class="hidden">: ${member.name}</span></button></p>`;
}
