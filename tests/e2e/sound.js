// What `soundness.py` asks of a page, beside axe; it comes in by the browser's own door, past the page's policy.
globalThis.look = async ({ part, only }) => {
  const place = part ? document.querySelector(part) : document;
  if (!place) return [`there is no ${part}`];
  const { violations } = await axe.run(place, { preload: false, resultTypes: ["violations"], runOnly: only });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`));
};
globalThis.begin = (asked) => {
  // After this call has been answered, so that another page can begin at the same time.
  const turn = new MessageChannel();
  globalThis.looked = new Promise((done, failed) => {
    turn.port1.onmessage = () => globalThis.look(asked).then(done, failed);
  });
  turn.port2.postMessage(0);
};
const called = (one) => one.outerHTML.slice(0, 160);
const seen = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().width > 1;
const TARGETS = "button, a[href], summary, select, input, textarea, [role=option], [role=menuitem]";
// What sticks out, the innermost first: nothing else of it has to be looked for.
const beyond = (box) => {
  const edge = box.getBoundingClientRect();
  const out = ({ left, right, width }) => width > 0 && (right > edge.right + 1 || left < edge.left - 1);
  return [...box.querySelectorAll("*")].filter((one) => out(one.getBoundingClientRect())).slice(-2).map(called).join(" and ");
};
globalThis.tooWide = (panes) => [document.documentElement, ...document.querySelectorAll(panes)]
  .filter((one) => one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1)
  .map((one) => `too wide, ${one.scrollWidth} > ${one.clientWidth}: ${called(one)} by ${beyond(one)}`);
globalThis.tooSmall = (least) => [...(document.querySelector("dialog[open]") ?? document).querySelectorAll(TARGETS)]
  .filter((one) => seen(one) && getComputedStyle(one).display !== "inline" && !one.closest("svg"))
  .map((one) => [one, (one.matches("[type=checkbox], [type=radio]") ? one.closest("label") ?? one : one).getBoundingClientRect()])
  .filter(([, { width, height }]) => width < least - 0.5 || height < least - 0.5)
  .map(([one, { width, height }]) => `small, ${Math.round(width)} x ${Math.round(height)} < ${least}: ${called(one)}`);
globalThis.nameless = () => {
  axe.setup(document.documentElement);
  const place = document.querySelector("dialog[open]") ?? document;
  const found = [...place.querySelectorAll(`${TARGETS}, [tabindex]:not([tabindex="-1"])`)]
    .filter((one) => seen(one) && !axe.commons.text.accessibleText(one).trim()).map((one) => `nameless: ${called(one)}`);
  axe.teardown();
  return found;
};
