// Starts the desk: strings, session, address, polling, keyboard, the frame.
import { effect, html, render } from "./vendor/preact-11.2.0.js";
import { Problem, Unreachable } from "./core/api.js";
import { preferences } from "./core/device.js";
import { loadOtherStrings, loadStrings, t } from "./core/i18n.js";
import { answered, counts, highlighted, openView } from "./core/queue.js";
import { route, watchAddress } from "./core/route.js";
import { loadMe } from "./core/session.js";
import { startClock } from "./core/spans.js";
import { Shell } from "./ui/shell.js";

function applyTheme() {
  document.documentElement.dataset.theme = preferences.value.theme;
}

function showCount() {
  const n = counts.value?.unassigned ?? 0;
  document.title = n > 0 ? t("title.count", { n }) : t("title");
}

async function start() {
  // The queue request goes out first: index.html has preloaded it, and it needs no strings.
  const first = openView(route.peek().view);
  const who = loadMe().catch((error) => {
    // The poller asks again; until then the desk shows the queue without the agent's name.
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
  });
  await loadStrings();
  effect(applyTheme);
  effect(showCount);
  watchAddress();
  startClock();
  const place = /** @type {HTMLElement} */ (document.getElementById("desk"));
  place.replaceChildren();
  render(html`<${Shell} />`, place);
  let view = route.peek().view;
  effect(() => {
    const next = route.value;
    if (next.view !== view) {
      view = next.view;
      openView(view);
    }
    if (next.id) highlighted.value = next.id;
  });
  // With an address that names a conversation it is wanted at once.
  const conversations = Promise.resolve(route.peek().id ? null : answered).then(() => import("./core/conversation.js"));
  const following = conversations.then(({ followAddress }) => followAddress());
  await first;
  await answered;
  /** Pressed before anybody listens, on a slow line or machine. @type {{event: KeyboardEvent, at: number}[]} */
  const early = [];
  const keep = (/** @type {KeyboardEvent} */ event) => { early.push({ event, at: performance.now() }); };
  addEventListener("keydown", keep);
  // Asked for once the list stands, so that they take nothing of its way; whatever changes a case comes with the keys.
  const [{ listenToKeys }, { startLive }] = await Promise.all([import("./core/commands.js"), import("./core/live.js"), loadOtherStrings(), following]);
  removeEventListener("keydown", keep);
  listenToKeys(early);
  await who;
  startLive();
}

start().catch((error) => {
  // Most likely the strings could not be had, so these words cannot come from them.
  /** @type {HTMLElement} */ (document.getElementById("desk")).textContent = "The desk could not be loaded. Please reload this page.";
  throw error;
});
