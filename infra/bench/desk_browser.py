"""What the desk costs in a headless Chromium: bytes, requests, times to the next paint, the main thread's time."""

from __future__ import annotations

import json
import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, Route

from infra.bench.desk_cases import OpenCases

SIZE: Any = {"width": 1440, "height": 900}
LETTER_APART, PRESS_APART, REPEAT_APART = 60, 300, 33
"""Milliseconds between two letters, two presses of `j` (the thread follows after 80), two repeats of a held key."""
ROUNDS, PRESSES, REPEATS, LETTERS, POLLS, UNTIL_REST = 3, 15, 60, 80, 10, 60

PAINTED = """
new MutationObserver((_, watcher) => {
  if (!document.querySelector(".row")) return;
  watcher.disconnect();
  performance.mark("listed");
  requestAnimationFrame(() => {
    const after = new MessageChannel();
    after.port1.onmessage = () => performance.mark("painted");
    after.port2.postMessage(0);
  });
}).observe(document, { subtree: true, childList: true });
"""
"""Marks when the first row stands in the document, and when it has been drawn."""
LOADED = """() => performance.getEntriesByType("resource").some(({ name }) => name.includes("/changes")) &&
  performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/ui/composer.js"))"""
"""What comes after the list by itself is on its way: polling, and the conversation's modules to the deepest."""
KEYS = """
window.untilPaint = [];
addEventListener("keydown", ({ timeStamp }) => requestAnimationFrame(() => {
  const after = new MessageChannel();
  after.port1.onmessage = () => untilPaint.push(performance.now() - timeStamp);
  after.port2.postMessage(0);
}), { capture: true });
"""
"""Milliseconds from each key press to the end of the frame that follows it."""


@dataclass(frozen=True)
class Line:
    """A network and a processor as slow as a budget says."""

    name: str
    latency_ms: int
    bits_per_second: int
    cpu_divided_by: int


SLOW_4G = Line("slow 4G, CPU ÷ 4", 150, 1_600_000, 4)
ORDINARY = Line("40 ms, 10 Mbit/s", 40, 10_000_000, 1)


@dataclass
class Visit:
    """A first visit with an empty cache."""

    painted_ms: float
    engine_ms: float
    """Of that, from asking for the queue to the first byte of its answer."""
    requests: int
    """Until the list stood."""
    requests_in_all: int
    wire: dict[str, int] = field(default_factory=dict)
    """Bytes on the wire, headers of answers included, by path; of what was asked for until the list stood."""
    wire_in_all: int = 0


def p95(values: Sequence[float]) -> float:
    """The 95th percentile: as many values are above it as one in twenty."""
    return sorted(values)[math.ceil(len(values) * 0.95) - 1]


class Wire:
    """Counts what a page asks for and what its answers weigh."""

    def __init__(self, session: CDPSession) -> None:
        self.bytes: dict[str, int] = {}
        self.sizes: dict[str, list[int]] = {}
        self._paths: dict[str, str] = {}
        self._heads: dict[str, int] = {}
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.responseReceived", self._begun)
        session.on("Network.loadingFinished", self._came)
        session.send("Network.enable")

    def _asked(self, event: dict[str, Any]) -> None:
        address = urlsplit(event["request"]["url"])
        if address.scheme.startswith("http"):
            self._paths[event["requestId"]] = address.path

    def _begun(self, event: dict[str, Any]) -> None:
        self._heads[event["requestId"]] = int(event["response"]["encodedDataLength"])
        if event["response"]["status"] == 304:  # Chromium tells of no end of it
            self._came({"requestId": event["requestId"], "encodedDataLength": 0})

    def _came(self, event: dict[str, Any]) -> None:
        path, head = self._paths.get(event["requestId"]), self._heads.get(event["requestId"], 0)
        if path is not None:
            size = max(head, int(event["encodedDataLength"]))
            self.bytes[path] = self.bytes.get(path, 0) + size
            self.sizes.setdefault(path, []).append(size)


def visit(known: BrowserContext, line: Line | None, front: str = "") -> Visit:
    """Open the desk once with an empty cache, on a line or as fast as this machine goes.

    Args:
        known: a browser that has signed in; a new one gets its cookies.
        front: address of a `Front`; without one the engine is asked directly.
    """
    browser = known.browser
    if browser is None:
        raise ValueError("a browser of its own is wanted, not a persistent one")
    context = browser.new_context(
        base_url=front or known.pages[0].url.removesuffix("a/"), ignore_https_errors=bool(front), viewport=SIZE,
        locale="en-GB", storage_state=known.storage_state(),
    )  # fmt: skip
    page = context.new_page()
    page.add_init_script(PAINTED)
    session = context.new_cdp_session(page)
    wire = Wire(session)
    if line:
        speed = line.bits_per_second / 8
        session.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": line.latency_ms, "downloadThroughput": speed, "uploadThroughput": speed / 2},
        )
        session.send("Emulation.setCPUThrottlingRate", {"rate": line.cpu_divided_by})
    page.goto("/#/open", wait_until="commit")
    page.wait_for_function("() => performance.getEntriesByName('painted').length > 0", timeout=120_000)
    page.wait_for_function(LOADED, timeout=120_000)
    page.wait_for_load_state("networkidle", timeout=120_000)
    told = page.evaluate(
        """() => {
          const at = (name) => performance.getEntriesByName(name)[0].startTime;
          const all = performance.getEntriesByType("resource");
          const queue = all.find(({ name }) => name.includes("/api/v1/queue"));
          const before = all.filter(({ startTime }) => startTime <= at("listed"));
          return {
            painted: at("painted"), all: all.length + 1, engine: queue.responseStart - queue.requestStart,
            before: [location.pathname, ...before.map(({ name }) => new URL(name).pathname)],
          };
        }"""
    )
    until = {path: wire.bytes.get(path, 0) for path in dict.fromkeys(told["before"])}
    context.close()
    return Visit(told["painted"], told["engine"], len(told["before"]), told["all"], until, sum(wire.bytes.values()))


class Desk:
    """An open desk in which keys are pressed.

    Args:
        context: signed in.
        cases: those of the table.
        count: how many there are. Pages of the list after the first come from `cases` without the table: the engine
            reads a whole partition for each.
    """

    def __init__(self, context: BrowserContext, cases: OpenCases, count: int) -> None:
        self.cases, self.count = cases, count
        self.page = context.new_page()
        self.page.set_default_timeout(120_000)
        self.page.add_init_script(KEYS)
        self.page.route("**/api/v1/queue?*cursor=*", self._further)
        self.session = context.new_cdp_session(self.page)
        self.wire = Wire(self.session)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self.page.goto(f"/#/open/{cases.case(0).id}")
        self.page.locator("#reply-box").wait_for()
        self.page.wait_for_load_state("networkidle")

    def _further(self, route: Route) -> None:
        asked = parse_qs(urlsplit(route.request.url).query)
        said = asked["cursor"][0]
        start = int(said) if said.isdigit() else FIRST_PAGE
        end = min(self.count, start + int(asked["limit"][0]))
        answer = {
            "items": self.cases.page(start, end), "next": str(end) if end < self.count else None,
            "counts": {"mine": 0, "unassigned": 100, "open": 100, "snoozed": 0}, "now": self.cases.now_text(),
        }  # fmt: skip
        route.fulfill(body=json.dumps(answer), headers={"content-type": "application/json"})

    def load_all(self, told: Callable[[str], None]) -> None:
        """Scroll until every row is loaded, and back to the top."""
        loaded = 0
        while loaded < self.count:
            before = loaded
            loaded = self.page.evaluate(
                """() => {
                  const list = document.querySelector(".scroller");
                  list.scrollTop = list.scrollHeight;
                  const row = list.querySelector("li").offsetHeight;
                  return Math.round(list.querySelector(".rows").parentElement.offsetHeight / row);
                }"""
            )
            self.page.wait_for_timeout(30)
            if loaded // 2_500 > before // 2_500:
                told(f"{loaded} rows are loaded")
        self._to_the_top()

    def nodes(self) -> int:
        """Elements in the document, now."""
        return int(self.page.evaluate("document.querySelectorAll('*').length"))

    def thread_ms(self) -> float:
        """Time of the page's main thread so far, in milliseconds."""
        metrics = self.session.send("Performance.getMetrics")["metrics"]
        return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")) * 1000

    def _beyond_rest(self, act: Callable[[], None], times: int, *, in_list: bool = True) -> float:
        """Milliseconds of the main thread for each of so many acts, beyond a desk at rest for as long; the median."""
        found = []
        for _ in range(ROUNDS):
            if in_list:
                self._to_the_top()
            begun, before = time.monotonic(), self.thread_ms()
            act()
            spent, lasted = self.thread_ms() - before, time.monotonic() - begun
            before = self.thread_ms()
            self.page.wait_for_timeout(lasted * 1000)
            found.append((spent - (self.thread_ms() - before)) / times)
        return max(0.0, statistics.median(found))

    def _to_the_top(self) -> None:
        self.page.evaluate("() => { document.querySelector('.scroller').scrollTop = 0; }")
        first = self.page.locator(f"#row-{self.cases.case(0).id}")
        first.click()
        self.page.locator("#reply-box").wait_for()
        self.page.wait_for_timeout(700)

    def _press(self, letter: str, times: int, apart: int) -> None:
        for _ in range(times):
            self.page.keyboard.press(letter)
            self.page.wait_for_timeout(apart)

    def until_paint(self) -> list[float]:
        """Milliseconds from key to paint since the last asking."""
        return list(self.page.evaluate("untilPaint.splice(0)"))

    def steps(self) -> tuple[float, float]:
        """`j`, the thread following each: p95 until the paint, and the main thread's time; milliseconds."""
        self.until_paint()
        cpu = self._beyond_rest(lambda: self._press("j", PRESSES, PRESS_APART), PRESSES)
        return p95(self.until_paint()), cpu

    def held(self) -> float:
        """A held `j`: milliseconds of the main thread for each repeat; the thread follows once, at the end."""
        key = {"key": "j", "code": "KeyJ", "text": "j", "windowsVirtualKeyCode": 74}

        def hold() -> None:
            for number in range(REPEATS):
                self.session.send("Input.dispatchKeyEvent", {"type": "keyDown", "autoRepeat": number > 0, **key})
                self.page.wait_for_timeout(REPEAT_APART)
            self.session.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
            self.page.wait_for_timeout(PRESS_APART)

        return self._beyond_rest(hold, REPEATS)

    def typed(self) -> float:
        """Letters in the reply box: p95 until the paint, milliseconds."""
        self.page.locator("#reply-box").click()
        self.until_paint()
        words = "Hello Maya, your parcel left Riga this morning. "
        for number in range(LETTERS):
            self._press(words[number % len(words)], 1, LETTER_APART)
        times = self.until_paint()
        self.page.locator("#reply-box").fill("")
        return p95(times)

    def idle_poll(self) -> tuple[float, float]:
        """A poll that brings nothing: bytes of its answer, and milliseconds of the main thread.

        Raises:
            RuntimeError: something is new at nearly each poll; the cloud is not at rest.
        """
        path = "/api/v1/changes"
        answered: list[int] = []
        self.page.on("response", lambda answer: answered.append(answer.status) if path in answer.url else None)

        def poll(times: int) -> None:
            for _ in range(times):
                seen = len(answered)
                self.page.evaluate("() => { dispatchEvent(new Event('focus')); }")
                while len(answered) == seen:
                    self.page.wait_for_timeout(20)
                self.page.wait_for_timeout(100)

        for _ in range(UNTIL_REST):
            poll(1)
            if answered[-3:] == [304] * 3:
                break
        else:
            raise RuntimeError(f"the desk does not come to rest: {answered}")
        before = len(self.wire.sizes[path])
        cpu = self._beyond_rest(lambda: poll(POLLS), POLLS, in_list=False)
        return statistics.median(self.wire.sizes[path][before:]), cpu


FIRST_PAGE = 25
"""Rows the desk asks for at first (frontend/core/queue.js)."""


def signed_in(browser: Browser, desk: str) -> BrowserContext:
    """A browser in which Dana has signed in."""
    context = browser.new_context(base_url=desk, viewport=SIZE, locale="en-GB", timezone_id="Europe/Riga")
    page = context.new_page()
    page.goto("/auth/login?to=/")
    page.get_by_role("button", name="Dana Ozola").click()
    page.wait_for_url(f"{desk}/**")
    page.locator(".row").first.wait_for(timeout=60_000)
    page.goto("/a/")  # says where the desk is, and does nothing
    return context
