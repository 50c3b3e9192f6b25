// One conversation: head, thread, composer; beside it, when there is room, what is known about the case.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../vendor/preact-11.2.0.js";
import { conversation, loadFailure, loadingOlder, loadOlder, openConversation, openId } from "../core/conversation.js";
import { draftOf, keepDraft } from "../core/drafts.js";
import { langOf, personName, t } from "../core/i18n.js";
import { compose, showDialog, wish } from "../core/intents.js";
import { isEmpty, modeFor, modesOf, openingMode } from "../core/modes.js";
import { go, route } from "../core/route.js";
import { me } from "../core/session.js";
import { dayLabel, now } from "../core/spans.js";
import { hadDrafts, timelineOf } from "../core/timeline.js";
import { say } from "../core/toasts.js";
import { Banners } from "./banners.js";
import { MessageBubble, NoteBubble, ReplyBubble } from "./bubbles.js";
import { CaseActions } from "./case-actions.js";
import { ApprovalMark, AudienceMark, CompanyMark, DueChip, EscalationMark, PlatformBadge, PriorityMark, StatusChip, SurfaceMark, Tags } from "./chips.js";
import { Composer } from "./composer.js";
import { Icon } from "./icon.js";
import { later } from "./later.js";

/** @typedef {import("../types.d.ts").Conversation} Conversation */
/** @typedef {import("../types.d.ts").Mode} Mode */
/** @typedef {import("../types.d.ts").Reply} Reply */

const About = later(() => import("./about.js").then((module) => module.About));
const IncidentBand = later(() => import("./incident-band.js").then((module) => module.IncidentBand));
const Drafts = later(() => import("./drafts.js").then((module) => module.Drafts));

const AT_END = 40;

/** @param {{shown: Conversation}} props */
function Head({ shown }) {
  const row = shown.case;
  const name = personName(row);
  return html`<header class="pane-head thread-head">
    <button type="button" class="button bare back" aria-keyshortcuts="u" onClick=${() => go(route.peek().view)}><${Icon} name="back" /><span class="hidden">${t("thread.back")}</span></button>
    <h2 id="thread-title" tabindex="-1"><bdi lang=${langOf(row.language)}>${name}</bdi>${row.handle ? html`<bdi class="handle">@${row.handle}</bdi>` : null}</h2>
    <p class="marks"><${PlatformBadge} platform=${row.platform} /><${AudienceMark} row=${row} /><${SurfaceMark} row=${row} /><${StatusChip} row=${row} /><${DueChip} row=${row} /><${PriorityMark} row=${row} /><${EscalationMark} row=${row} /><${ApprovalMark} row=${row} /><${Tags} row=${row} /></p>
    <${CaseActions} row=${row} empty=${isEmpty(shown)} />
    <button type="button" class="button bare about-open" aria-haspopup="dialog" aria-keyshortcuts="c" onClick=${() => showDialog("about", row.id)}><${Icon} name="info" /><span class="hidden">${t("about.title")}</span></button>
  </header>`;
}

/** @param {{shown: Conversation, onEdit: (reply: Reply) => void}} props */
function Thread({ shown, onEdit }) {
  const scroller = useRef(/** @type {HTMLElement | null} */ (null));
  const atEnd = useRef(true);
  const heightBefore = useRef(0);
  const [below, setBelow] = useState(false);
  const entries = timelineOf(shown);
  const customer = personName(shown.customer);
  const last = entries.at(-1)?.key;
  const first = shown.messages[0]?.id;

  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    if (atEnd.current) box.scrollTop = box.scrollHeight;
    else setBelow(true);
  }, [last]);
  // Whoever reads the end keeps it in sight while the box to write in grows, or a line is added to a message.
  useEffect(() => {
    const box = scroller.current;
    if (!box) return undefined;
    const observer = new ResizeObserver(() => {
      if (atEnd.current) box.scrollTop = box.scrollHeight;
    });
    for (const watched of [box, ...box.children]) observer.observe(watched);
    return () => observer.disconnect();
  }, []);
  // Older messages push the rest down; the line being read stays where it is.
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box && heightBefore.current) box.scrollTop += box.scrollHeight - heightBefore.current;
    heightBefore.current = 0;
  }, [first]);

  const onScroll = () => {
    const box = scroller.current;
    if (!box) return;
    atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < AT_END;
    if (atEnd.current) setBelow(false);
  };
  const older = async () => {
    heightBefore.current = scroller.current?.scrollHeight ?? 0;
    await loadOlder();
  };
  const toEnd = () => scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  return html`<div class="thread-place">
    <div class="thread" ref=${scroller} onScroll=${onScroll} tabindex="0" role="log" aria-labelledby="thread-title">
      ${shown.older ? html`<p class="older"><button type="button" class="button small" aria-disabled=${loadingOlder.value ? "true" : undefined} onClick=${older}>${t(loadingOlder.value ? "loading" : "thread.older")}</button></p>` : null}
      <ol>
        ${entries.map((entry) => {
          if (entry.kind === "day") return html`<li class="day" key=${entry.key}><span>${dayLabel(entry.at, now.value)}</span></li>`;
          if (entry.kind === "note") return html`<${NoteBubble} key=${entry.key} note=${entry.note} />`;
          if (entry.kind === "reply") return html`<${ReplyBubble} key=${entry.key} id=${shown.case.id} platform=${shown.case.platform} reply=${entry.reply} onEdit=${onEdit} />`;
          return html`<${MessageBubble} key=${entry.key} shown=${shown} message=${entry.message} follows=${entry.follows} customer=${customer} />`;
        })}
        ${hadDrafts(shown) ? html`<${Drafts} shown=${shown} />` : null}
      </ol>
    </div>
    <p class="company-place" role="status"><${CompanyMark} id=${shown.case.id} /></p>
    ${below ? html`<button type="button" class="button below" onClick=${toEnd}><${Icon} name="down" />${t("thread.below")}</button>` : null}
  </div>`;
}

/** @param {Reply} reply one that says something @returns {import("../core/modes.js").Wanted} what was private is not written anew in public */
const modeOf = (reply) => /** @type {import("../types.d.ts").Saying} */ (reply.verb);

/**
 * Head and composer stay for the next conversation, because to make them anew takes longer than all else of a step; what
 * has a state of its own is keyed by conversation, and the thread, or each step would be read out as what is new in it.
 * @param {{shown: Conversation}} props
 */
function Open({ shown }) {
  const { id } = shown.case;
  const [chosen, setChosen] = useState(/** @type {{id: string, mode: Mode} | null} */ (null));
  const mode = chosen?.id === id && modesOf(shown).includes(chosen.mode) ? chosen.mode : openingMode(shown);
  const setMode = (/** @type {Mode} */ next) => setChosen({ id, mode: next });
  const wanted = wish.value;
  // At once and not as a wish: what is typed next must not land in the box of the mode before.
  const choose = (/** @type {Mode} */ next) => {
    setMode(next);
    requestAnimationFrame(() => document.getElementById("reply-box")?.focus());
  };
  useEffect(() => {
    if (!wanted) return;
    wish.value = null;
    const next = modeFor(shown, wanted.mode);
    if (next === null) {
      say({ text: t("mode.missing"), tone: "plain" });
      return;
    }
    if (wanted.text && !draftOf(id, next)) keepDraft(id, next, { text: wanted.text, seen: shown.case.talk, last: shown.messages.at(-1)?.id ?? "" });
    setMode(next);
    requestAnimationFrame(() => document.getElementById("reply-box")?.focus());
  }, [wanted]);
  return html`<section class="conversation" aria-labelledby="thread-title">
      <${Head} shown=${shown} />
      ${loadFailure.value ? html`<div class="notice" data-tone="bad" role="alert"><span>${loadFailure.value.sentence || t("thread.failed")}</span><button type="button" class="button small" onClick=${() => openConversation(id)}>${t("retry")}</button></div>` : null}
      <${Banners} conversation=${shown} />
      ${shown.case.incident ? html`<${IncidentBand} key=${id} shown=${shown} />` : null}
      <${Thread} key=${id} shown=${shown} onEdit=${(/** @type {Reply} */ reply) => compose(modeOf(reply), reply.text)} />
      ${me.value ? html`<${Composer} conversation=${shown} mode=${mode} onMode=${choose} />` : null}
    </section>`;
}

/** @param {{children: unknown}} props */
const Blank = ({ children }) => html`<section class="conversation blank" aria-label=${t("thread")}>${children}</section>`;

export function ConversationPane() {
  const shown = conversation.value;
  if (shown) return html`<${Open} shown=${shown} />`;
  const failed = loadFailure.value;
  if (failed) {
    return html`<${Blank}><div class="empty" role="alert"><${Icon} name="warning" /><p>${failed.sentence || t("thread.failed")}</p>
      <button type="button" class="button" onClick=${() => openConversation(openId.peek())}>${t("retry")}</button>
      <button type="button" class="button" onClick=${() => go(route.peek().view)}>${t("thread.back")}</button></div><//>`;
  }
  return html`<${Blank}><p class="hidden" role="status">${t("loading")}</p><//>`;
}

/** The case's facts as a column of their own; on narrower screens the same opens as a dialog. */
export function AboutColumn() {
  const shown = conversation.value;
  if (!shown) return null;
  return html`<aside class="about" aria-labelledby="about-title"><h2 id="about-title">${t("about.title")}</h2><${About} conversation=${shown} /></aside>`;
}
