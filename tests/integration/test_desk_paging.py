"""Paging: each case and message exactly once, in order, whatever the length; cursors are ours or nothing (H39)."""

from __future__ import annotations

import itertools
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest
from hark.domain.case import Case, Status
from hark.domain.message import Message
from hark.domain.time import FAR
from hark.store import keys
from hark.store.cases import Cases, indexes
from hark.store.messages import Messages
from hark.store.table import FORMAT, to_item
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .browser import Browser
from .conftest import BRAND, Desk
from .x_deliveries import mention

SignIn = Callable[..., Browser]
minutes = st.integers(0, 59).map(lambda minute: f"2026-11-20T09:{minute:02}:00.000Z")
STATES = ("open", "open", "snoozed", "closed")


def case_of(brand: str, number: int, status: str, owner: str, due_at: str, at: str) -> Case:
    return Case(
        id=f"c{number:05}", brand=brand, provider="x", platform="x", account_id="1", thread_id="1", customer_id="1",
        status=cast("Status", status), owner=owner, due_at=due_at, last_at=at, opened_at=at, asked_at=at, updated_at=at,
        deadline=at, snoozed_until=at if status == "snoozed" else "", closed_at=at if status == "closed" else "",
    )  # fmt: skip


def put(desk: Desk, cases: Sequence[Case]) -> None:
    items = [
        {**case.model_dump(mode="json"), **indexes(case), **keys.case(case.brand, case.id)._asdict(), "v": FORMAT}
        for case in cases
    ]
    for start in range(0, len(items), 25):
        wanted: Any = [{"PutRequest": {"Item": to_item(item)}} for item in items[start : start + 25]]
        desk.table.client.batch_write_item(RequestItems={desk.table.name: wanted})


def expected(cases: Sequence[Case], view: str, member: str) -> list[str]:
    if view == "done":
        done = [c for c in cases if c.status == "closed"]
        return [c.id for c in sorted(done, key=lambda c: (c.closed_at, c.id), reverse=True)]
    if view == "snoozed":
        return [
            c.id for c in sorted((c for c in cases if c.status == "snoozed"), key=lambda c: (c.snoozed_until, c.id))
        ]
    owners = {"mine": (member,), "unassigned": ("",), "open": ("", member, "other")}[view]
    shown = [c for c in cases if c.status == "open" and c.owner in owners]
    return [c.id for c in sorted(shown, key=lambda c: (c.due_at or FAR, c.last_at, c.id))]


def pages(browser: Browser, view: str, limit: int) -> list[list[str]]:
    found, query = [], f"view={view}&limit={limit}"
    while True:
        said = browser.get("queue", query).said
        found.append([row["id"] for row in said["items"]])
        if said["next"] is None:
            return found
        query = f"view={view}&limit={limit}&cursor={said['next']}"
        assert len(found) < 20, "paging does not end"


def pages_of_the_store(cases: Cases, brand: str, view: str, limit: int) -> list[list[str]]:
    found: list[list[str]] = []
    start: dict[str, Any] = {}
    while True:
        page, start = cases.of_view(brand, view, "dana", start, limit)
        found.append([case.id for case in page])
        if not start:
            return found
        assert len(found) < 20, "paging does not end"


numbers = itertools.count()


VIEWS = ("mine", "unassigned", "open", "snoozed", "done")


@pytest.mark.parametrize("length", [0, 1, 24, 25, 26, 60])
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_each_case_of_a_view_comes_exactly_once_and_in_order(desk: Desk, length: int, data: st.DataObject) -> None:
    brand, start = f"brand{next(numbers)}", data.draw(st.integers(0, 10**4))
    cases = [
        case_of(
            brand, start + number, STATES[number % len(STATES)], ("", "dana", "other", "")[number // 2 % 4],
            data.draw(minutes | st.just("")), data.draw(minutes),
        )
        for number in range(length)
    ]  # fmt: skip
    put(desk, cases)
    limit = data.draw(st.sampled_from([7, 24, 25, 26, 100]))
    for view in VIEWS:
        found = pages_of_the_store(Cases(desk.table), brand, view, limit)
        assert [case_id for page in found for case_id in page] == expected(cases, view, "dana"), (view, limit)
        assert all(len(page) == limit for page in found[:-2])


def test_a_browser_pages_through_every_view_and_its_counts_are_right(desk: Desk, sign_in: SignIn) -> None:
    dana = sign_in()
    cases = [
        case_of(BRAND, n, STATES[n % 4], ("", "dana", "other", "")[n // 2 % 4], "", f"2026-11-20T09:{n:02}:00.000Z")
        for n in range(40)
    ]
    put(desk, cases)
    for view in VIEWS:
        assert [case_id for page in pages(dana, view, 9) for case_id in page] == expected(cases, view, "dana")
    counts = dana.get("queue").said["counts"]
    assert counts == {view: len(expected(cases, view, "dana")) for view in VIEWS[:-1]}


def test_a_hundred_and_more_is_told_as_a_hundred(desk: Desk, sign_in: SignIn) -> None:
    dana = sign_in()
    put(desk, [case_of(BRAND, n, "open", "dana", "", "2026-11-20T09:00:00.000Z") for n in range(101)])
    counts = dana.get("queue").said["counts"]
    assert (counts["mine"], counts["open"], counts["unassigned"]) == (100, 100, 0)


def test_a_count_below_a_hundred_is_exact(desk: Desk, sign_in: SignIn) -> None:
    dana = sign_in()
    one_part = [n for n in range(400) if keys.shard(f"c{n:05}") == 0][:40]
    put(desk, [case_of(BRAND, n, "open", "", "", "2026-11-20T09:00:00.000Z") for n in one_part])
    assert dana.get("queue").said["counts"]["open"] == 40


def test_what_moves_while_somebody_pages_takes_nothing_else_with_it(desk: Desk, sign_in: SignIn) -> None:
    dana = sign_in()
    cases = [
        case_of(BRAND, n, "open", "", f"2026-11-20T09:{n:02}:00.000Z", "2026-11-20T09:00:00.000Z") for n in range(30)
    ]
    put(desk, cases)
    first = dana.get("queue", "limit=10").said
    gone = cases[12].model_copy(update={"status": "closed", "closed_at": FAR})
    put(desk, [gone, cases[3].model_copy(update={"due_at": "2026-11-20T10:30:00.000Z"})])
    rest = dana.get("queue", f"limit=100&cursor={first['next']}").said
    seen = [row["id"] for row in first["items"] + rest["items"]]
    assert set(seen) == {c.id for c in cases} - {gone.id}
    assert rest["next"] is None


def test_each_message_of_a_long_thread_comes_exactly_once_and_in_order(desk: Desk, sign_in: SignIn) -> None:
    desk.take_in(mention())
    dana, case, messages = sign_in(), desk.case(), Messages(desk.table)
    for number in range(60):
        said = Message(
            id=f"{10**6 + number}", brand=BRAND, platform="x", conversation=case.id, text=str(number),
            at=f"2026-11-20T08:{number // 3:02}:00.000Z",
        )  # fmt: skip
        desk.table.transact([messages.write(None, said)])
    found: list[str] = []
    query = ""
    while True:
        shown = dana.get(f"conversations/{case.id}", query).said
        assert len(shown["messages"]) <= 50
        found = [message["text"] for message in shown["messages"]] + found
        if shown["older"] is None:
            break
        query = f"before={shown['older']}"
    assert found == [*map(str, range(60)), "@acme my parcel is late"]


# --- cursors ------------------------------------------------------------------------------------


def test_h39_a_cursor_is_ours_of_this_session_brand_and_list_or_nothing(desk: Desk, sign_in: SignIn) -> None:
    dana, eve = sign_in(), sign_in("eve")
    stranger = sign_in("sam", brand="other")
    for brand in (BRAND, "other"):
        put(desk, [case_of(brand, n, "open", "", "", "2026-11-20T09:00:00.000Z") for n in range(5)])
    desk.take_in(mention())
    conversation = f"conversations/{dana_case(desk)}"
    good = dana.get("queue", "limit=1").said["next"]
    state, _, mac = good.partition(".")
    assert dana.get("queue", f"limit=1&cursor={good}").status == 200
    other_state = urlsafe_b64encode(json.dumps({"0": {"pk": "other#CASE#c00001", "sk": "CASE"}}).encode()).decode()
    for cursor in (
        "", ".", "x", state, f"{state}.", f".{mac}", f"{state}.{mac[:-1]}", f"{state}.{mac.upper()}",
        f"{state}A.{mac}", f"{other_state.rstrip('=')}.{mac}", f"{state}.{'0' * 64}", f"{state}.{mac}.{mac}", "é",
        "A" * 8000, "e30.", "null",
        f"{state}.ü", "%00", stranger.get("queue", "limit=1").said["next"], eve.get("queue", "limit=1").said["next"],
        dana.get("queue", "view=unassigned&limit=1").said["next"],
    ):  # fmt: skip
        answer = dana.get("queue", f"cursor={cursor}")
        assert answer.code == (400, "bad_cursor"), cursor
        assert dana.get(conversation, f"before={cursor}").code == (400, "bad_cursor"), cursor
    for browser in (eve, stranger):
        assert browser.get("queue", f"cursor={good}").code == (400, "bad_cursor")
    assert dana.get("queue", f"view=unassigned&cursor={good}").code == (400, "bad_cursor")
    assert dana.get(conversation, f"before={good}").code == (400, "bad_cursor")


def dana_case(desk: Desk) -> str:
    """The one case that came in by a message."""
    return next(case.id for case in desk.cases() if case.snippet)


def test_h39_a_page_has_a_sensible_length(sign_in: SignIn) -> None:
    dana = sign_in()
    odd: tuple[Any, ...] = (
        -1, 0, 101, 10**9, "", "x", "1.0", "1e1", "+5", "%2B5", "٥", "５", "0x10", "1_0", "1" * 5000, "%20", "5%00",
        "²",
    )  # fmt: skip
    for limit in odd:
        assert dana.get("queue", f"limit={limit}").code == (400, "invalid"), str(limit)[:20]
    for limit in (1, 25, 100, "007"):
        assert dana.get("queue", f"limit={limit}").status == 200
