"""`python -m infra.bench.desk`: every budget of the desk's page against what it needs (docs/desk.md), in one run.

Starts the local cloud with the desk's files packed as for the layer, puts 100 open cases into its table and then
10,000, and opens the desk in a headless Chromium. First visits are timed over HTTP/2 (desk_front.py), without the time
of the engine and with it. Bytes, requests, CPU and elements are firm: one that is broken ends the run with 1. Wall
times are for a machine that does nothing else, and are only told.
"""

from __future__ import annotations

import runpy
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hark.store.table import Table
from playwright.sync_api import BrowserContext, sync_playwright

from infra.bench.desk_browser import ORDINARY, SLOW_4G, Desk, Line, Visit, signed_in, visit
from infra.bench.desk_cases import OpenCases
from infra.bench.desk_front import Front
from infra.expand import ROOT
from infra.local.cloud import Cloud, Options, Ports
from infra.local.engine import free_port
from infra.local.stack import client

FEW, MANY = 100, 10_000
VISITS = 3
KIB = 1024
BROWSER_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                     "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One budget. `limit` None: told without one."""

    what: str
    measured: float
    limit: float | None
    unit: str
    firm: bool = True

    @property
    def broken(self) -> bool:
        """Whether more was needed than there is."""
        return self.limit is not None and self.measured > self.limit

    def __str__(self) -> str:
        digits = 1 if self.unit in ("KiB", "ms") and self.measured < 1_000 else 0
        limit = "" if self.limit is None else f"{self.limit:,.0f} {self.unit}"
        verdict = "" if self.limit is None else "ok" if not self.broken else "BROKEN" if self.firm else "missed"
        return f"{self.what:<58} {self.measured:>9,.{digits}f} {self.unit:<5} {limit:>10}  {verdict}"


_begun = time.monotonic()


def tell(said: str) -> None:
    """A line of progress, with the seconds since the start."""
    print(f"  {time.monotonic() - _begun:4.0f} s  {said}", file=sys.stderr, flush=True)


def packed_frontend(folder: Path) -> Path:
    """The desk's files as in the layer, compressed beside themselves."""
    root = folder / "frontend"
    shutil.copytree(ROOT / "frontend", root, ignore=shutil.ignore_patterns("node_modules", "*.md", "*.d.ts"))
    runpy.run_path(str(root / "pack.py"))["main"](str(root))
    return root


def _median(visits: list[Visit]) -> Visit:
    return sorted(visits, key=lambda one: one.painted_ms)[len(visits) // 2]


def _timed(context: BrowserContext, front: Front, line: Line, rows: int, limit: float) -> list[Row]:
    tell(f"first visits: {line.name}, {rows:,} cases")
    front.forget()
    medians = []
    for front.at_once in (True, False):
        visit(context, None, front.address)  # fills what the front keeps
        medians.append(_median([visit(context, line, front.address) for _ in range(VISITS)]))
    page, all_of_it = medians
    return [
        Row(f"Queue painted, {line.name}, {rows:,} cases", page.painted_ms, limit, "ms", firm=False),
        Row("    when the engine itself answers", all_of_it.painted_ms, None, "ms"),
        Row("    of that, until its answer to the queue request", all_of_it.engine_ms, None, "ms"),
    ]


def _first_visit(context: BrowserContext) -> list[Row]:
    tell("a first visit: bytes and requests")
    visit(context, None)  # the functions are warm from here on
    seen = visit(context, None)
    kinds = {".js": 0, ".css": 0}
    for path, size in seen.wire.items():
        if (suffix := Path(path).suffix) in kinds:
            kinds[suffix] += size
    return [
        Row("First visit on the wire until the list stands", sum(seen.wire.values()) / KIB, 60, "KiB"),
        Row("    of it scripts, headers included", kinds[".js"] / KIB, None, "KiB"),
        Row("    of it styles, headers included", kinds[".css"] / KIB, None, "KiB"),
        Row("    with all that comes after it by itself", seen.wire_in_all / KIB, None, "KiB"),
        Row("Requests until the list stands", seen.requests, 25, ""),
        Row("    with all that comes after it by itself", seen.requests_in_all, None, ""),
    ]


def _code() -> list[Row]:
    """Queue and conversation as tests/rules/test_desk_bytes.py weighs them."""
    weigh = runpy.run_path(str(ROOT / "tests/rules/test_desk_bytes.py"))
    scripts = weigh["brotli"](*weigh["with_imports"]("app.js", "ui/conversation-pane.js"))
    return [
        Row("Scripts of queue and conversation, brotli", scripts / KIB, 40, "KiB"),
        Row("Styles of queue and conversation, brotli", weigh["brotli"]("style.css") / KIB, 6, "KiB"),
    ]


def _at_work(context: BrowserContext, cases: OpenCases, count: int) -> list[Row]:
    desk = Desk(context, cases, count)
    desk.load_all(tell)
    tell(f"keys, {count:,} rows in the list")
    nodes = desk.nodes()
    paint, cpu = desk.steps()
    rows = [
        Row(f"j to next paint, p95, {count:,} rows", paint, 50, "ms", firm=False),
        Row(f"CPU of the page for each j, {count:,} rows", cpu, 30, "ms"),
        Row(f"CPU of the page for each repeat of a held j, {count:,} rows", desk.held(), 10, "ms"),
        Row(f"Key in the reply box to next paint, p95, {count:,} rows", desk.typed(), 30, "ms", firm=False),
        Row(f"Elements in the page, {count:,} rows, a conversation open", max(nodes, desk.nodes()), 1_500, ""),
    ]
    if count == FEW:
        tell("polls that bring nothing")
        size, spent = desk.idle_poll()
        rows += [Row("One idle poll, answer on the wire", size, 1_000, "B"), Row("One idle poll, CPU", spent, 5, "ms")]
    desk.page.close()
    return rows


def main() -> int:
    """Measure all of it, print it, and say by the exit status whether the firm budgets hold."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("no chromium on this machine", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        frontend = packed_frontend(Path(folder))
        tell("the desk's files are packed; the local cloud starts")
        options = Options(
            ports=Ports(free_port(), free_port(), 0), poll_schedule="rate(1 day)",
            environment={"DeskApiFunction": {"FRONTEND_PATH": str(frontend)}},
        )  # fmt: skip
        with (
            Cloud(options) as cloud,
            Front(cloud.desk, free_port(), Path(folder)) as front,
            sync_playwright() as playwright,
        ):
            cases = OpenCases(Table(client("dynamodb"), cloud.stack.outputs["TableName"]), datetime.now(UTC))
            browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_ARGUMENTS)
            for put in cases.put(0, FEW):
                tell(f"{put} open cases are in the table")
            context = signed_in(browser, cloud.desk)
            rows = [*_code(), *_first_visit(context)]
            rows += [*_timed(context, front, SLOW_4G, FEW, 2_000), *_timed(context, front, ORDINARY, FEW, 700)]
            rows += _at_work(context, cases, FEW)
            for put in cases.put(FEW, MANY):
                if put % 1_000 < 40:
                    tell(f"{put} open cases are in the table")
            rows += _timed(context, front, ORDINARY, MANY, 700)
            rows += _at_work(context, cases, MANY)
            browser.close()
    print(f"{'What':<58} {'Measured':>15} {'Budget':>10}")
    print("\n".join(str(row) for row in rows))
    broken = [row for row in rows if row.broken and row.firm]
    print(f"{len(broken)} firm budgets are broken." if broken else "All firm budgets hold.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
