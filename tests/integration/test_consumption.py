"""What docs/costs.md and docs/data.md are computed from, measured anew.

When the code consumes something else than `infra/costs/measured.json` says, these tests fail. To take over the new
figures: `HARK_MEASURE=write python -m pytest tests/integration/test_consumption.py && python -m infra.costs`.
"""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hark import aws, wiring
from hark.desk.clicks import Click
from hark.domain.events import RawEvent
from hark.domain.people import Member
from hark.domain.time import text as time_text
from hark.providers.x.fake import SECRETS, Fake
from hark.store.accounts import Accounts
from hark.store.cases import Cases
from hark.store.facts import Facts
from hark.store.hits import Hits
from hark.store.incidents import Incidents
from hark.store.ledger import Ledger
from hark.store.messages import Messages
from hark.store.people import People
from hark.store.replies import Replies
from hark.store.retention import Retentions
from hark.store.seals import Seals
from hark.store.seats import Seats
from hark.store.table import to_item

from infra.costs.capacity import item_bytes, stored_bytes
from infra.costs.measured import FILE

from . import queue_page
from .access_patterns import ONLY_DESCRIBE, patterns
from .conftest import BRAND, Clock, Desk
from .consumption import TASK_TOKEN, Walk, complaint, fill, one_case, open_session
from .crowd import said_by
from .x_deliveries import ACME


@pytest.fixture
def walk(
    desk: Desk, clock: Clock, enrol: Callable[..., Member], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Walk]:  # fmt: skip
    clock.now = datetime.now(UTC)
    with Fake() as fake:
        monkeypatch.setenv("PROVIDER_ENDPOINTS", f"x={fake.url}")
        for name in ("app", f"accounts/{ACME}"):
            aws.ssm().put_parameter(
                Name=f"/hark/test/x/{name}", Value=json.dumps(dict(SECRETS[ACME])), Type="SecureString",
                Overwrite=True,
            )  # fmt: skip
        enrol("dana-0000-0000-0000-000000000000")
        made = Walk(desk, fake, capsys, open_session(desk, "dana-0000-0000-0000-000000000000"))
        yield made
        made.close()


def check(part: str, found: object) -> None:
    """Compare with the file, or write it when asked to."""
    known = json.loads(FILE.read_text()) if FILE.exists() else {}
    if os.environ.get("HARK_MEASURE") == "write":
        FILE.write_text(json.dumps(known | {part: found}, indent=1, sort_keys=True) + "\n")
        return
    wrong = list(differences(json.loads(json.dumps(found)), known[part], part))
    assert not wrong, f"{wrong}; see this file's first lines"


def differences(found: Any, known: Any, where: str) -> Iterator[str]:
    """Where two measurements differ by more than they may: ids and times differ by a few bytes from run to run, so
    sizes do, and a sum over many items may fall on the other side of a unit."""
    if isinstance(found, dict) and isinstance(known, dict) and set(found) == set(known):
        for name in found:
            yield from differences(found[name], known[name], f"{where}.{name}")
    elif isinstance(found, int | float) and isinstance(known, int | float):
        sized = "bytes" in where or where.startswith("look.") or where.endswith((".counts.read", ".of_view.read"))
        slack = max(2, abs(known) * 0.05) if sized else 0
        if abs(found - known) > slack:
            yield f"{where}: {found}, not {known}"
    elif found != known:
        yield f"{where}: {found}, not {known}"


def account(walk: Walk) -> dict[str, Any]:
    functions: dict[str, Any] = {}
    for name in sorted({*walk.uses, *walk.meter.consumed}):
        consumed = walk.meter.consumed[name].as_json()
        use = walk.uses.get(name)
        if use:
            consumed |= {
                "invocations": use.invocations, "log_bytes": _rounded(use.log_bytes),
                "counters": dict(sorted(use.counters.items())),
            }  # fmt: skip
        functions[name] = consumed
    return functions


def _rounded(size: int) -> int:
    """Log lines hold the digits of durations and line numbers: rounded up to 100 bytes."""
    return -(-size // 100) * 100


def test_a_minute_and_a_poll_in_which_nothing_happens_consume_what_is_written_down(walk: Walk) -> None:
    walk.desk.call("sweep", {})  # the first finds that somebody has joined the team
    with walk.charged("sweep"):
        assert walk.desk.call("sweep", {}) == {"events": 0, "cases": 0, "replies": 0}
    walk.poll()  # the first finds secrets and cursor for the first time
    del walk.uses["poll"], walk.meter.consumed["poll"]
    walk.poll()
    check("idle", account(walk))


def test_one_case_from_complaint_to_close_consumes_what_is_written_down(walk: Walk) -> None:
    before = {(item["pk"], item["sk"]) for item in walk.desk.items()}
    one_case(walk)
    left = [i for i in walk.desk.items() if (i["pk"], i["sk"]) not in before and "#CURSOR#" not in i["pk"]]
    kept = [to_item(item) for item in left if "expires" not in item]
    sizes: dict[str, int] = {}
    for item in left:  # of several of a kind, the largest
        kind = item["sk"].split("#")[0]
        sizes[kind] = max(sizes.get(kind, 0), item_bytes(to_item(item)))
    case = account(walk)
    check(
        "case",
        {
            "functions": case,
            "bus_events": walk.bus_events,
            "token_characters": len(TASK_TOKEN),
            "free_calls": dict(sorted(walk.calls.items())),
            "stored_items": len(kept),
            "stored_bytes": stored_bytes(kept, tuple(walk.meter.indexes.values())),
            "item_bytes": dict(sorted(sizes.items())),
        },
    )


def test_a_post_that_listening_finds_and_somebody_dismisses_consumes_what_is_written_down(walk: Walk) -> None:
    body = said_by(1, "has anybody ever reached akme by phone?", event_type="poll.search", entities={})
    event = RawEvent("post:1", "poll.search", ACME, json.dumps(body).encode())
    with walk.meter.charge("found") as found:
        wiring.intake().ledger.store(BRAND, "x", event, walk.desk.clock(), "search")
        walk.desk.fold()
    (hit,) = walk.desk.items("HIT")
    dana = Click.of(People(walk.desk.table).members(BRAND)[0], "a-click-of-dana", "", {})
    with walk.meter.charge("dismissed") as dismissed:
        wiring.reviewing().dismiss(dana, hit["pk"].rpartition("#")[2])
    check("hit", {
        name: {"read": each.read, "write": each.table_write + each.index_write}
        for name, each in (("found", found), ("dismissed", dismissed))
    })  # fmt: skip


EVENTS = 100
"""Of a day of the ledger."""


def test_a_day_of_the_ledger_consumes_what_is_written_down(walk: Walk) -> None:
    desk, ledger, sealing = walk.desk, wiring.intake().ledger, wiring.sealing()
    desk.clock.now = datetime.now(UTC).replace(hour=9)
    wiring._daily_from(BRAND, time_text(desk.clock.now))

    def night() -> None:
        desk.clock.now = (desk.clock.now + timedelta(days=1)).replace(hour=0, minute=20)
        sealing.run(BRAND, lambda: True)

    def prove() -> None:
        assert sealing.proving.report(BRAND).findings == ()

    def come() -> None:
        for number in range(EVENTS):
            said = said_by(number, "@acme thanks", event_type=f"post.unheard.of.{number % 3}")
            event = RawEvent(f"post:{number}", "x", ACME, json.dumps(said).encode())
            ledger.store(BRAND, "x", event, desk.clock(), "webhook")

    found = {}
    for name, step in {"storing": come, "folding": desk.fold, "night": night, "empty": night, "verify": prove}.items():
        with walk.meter.charge(name) as units:
            step()
        found[name] = {"read": units.read, "write": units.table_write + units.index_write}
    assert sealing.shown(BRAND)["days"][1]["received"] == EVENTS
    del found["folding"]  # a matter of docs/costs.md
    check("sealing", {"events": EVENTS, **found})


OTHERS, PAGE = 30, 25
"""Open cases beside the walk's own; rows of a page of the queue."""
MINE = 12
"""Open cases of one agent: as many as the shipped capacity lets the desk give to one."""


def test_a_look_at_the_queue_consumes_what_is_written_down(walk: Walk) -> None:
    complaint(walk)
    case, there, found = walk.desk.case(), 1, {}
    for size in (1, 30, 300):
        fill(walk.desk, case, size - 1, MINE - 1, start=there - 1)
        with walk.meter.charge(f"queue of {size}") as consumed:
            walk.ask("/api/v1/queue", "view=open&limit=25", who=f"queue of {size}")
        found[str(size)] = {"queue": consumed.read}
        with walk.meter.charge(f"conversation of {size}") as consumed:
            walk.ask(f"/api/v1/conversations/{case.id}", who=f"conversation of {size}")
        found[str(size)]["conversation"] = consumed.read
        there = size
    answers = {
        "queue": walk.ask("/api/v1/queue", "view=open&limit=25"),
        "conversation": walk.ask(f"/api/v1/conversations/{case.id}"),
    }
    check("look", {
        "by_open_cases": found,
        "answer_bytes": {name: _rounded(len(answer["body"].encode())) for name, answer in answers.items()},
    })  # fmt: skip


def test_a_page_of_the_queue_reads_as_much_of_a_thousand_cases_as_of_a_hundred_thousand() -> None:
    """The hundred thousand were asked by `queue_page`; what a hundred read, too, is as written down. Of a hundred some
    parts of the view have less than a page."""
    found, known = queue_page.measure((100, 1000)), json.loads(queue_page.FILE.read_text())
    assert found["100"] == known["100"]
    assert found["1000"] == known["10000"] == known["100000"]
    assert all(read <= found["1000"][name] for name, read in found["100"].items())


def test_each_question_to_the_store_consumes_what_is_written_down_and_none_is_left_out(walk: Walk) -> None:
    one_case(walk)
    case = walk.desk.case()
    fill(walk.desk, case.model_copy(update={"status": "open", "due_at": case.closed_at}), OTHERS, MINE)
    found = {}
    for name, ask in patterns(walk).items():
        with walk.meter.charge(name) as consumed:
            ask()
        found[name] = {
            "read": consumed.read, "table_write": consumed.table_write, "index_write": consumed.index_write,
        }  # fmt: skip
    stores = (
        Accounts, Ledger, Messages, Cases, Replies, People, Seats, Incidents, Facts, Hits, Retentions, Seals,
    )  # fmt: skip
    methods = {
        f"{store.__name__}.{name}"
        for store in stores
        for name, _ in inspect.getmembers(store, callable)
        if not name.startswith("_")
    }
    assert methods <= set(found) | ONLY_DESCRIBE, methods - set(found) - ONLY_DESCRIBE
    check("patterns", found)
    check("others", OTHERS)
    check("page_rows", PAGE)
