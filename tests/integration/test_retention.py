"""What was said is removed some time after its case was closed: completely, once, and for good (I4, I6, I29, F32)."""

from __future__ import annotations

import gzip
import itertools
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hark import aws, wiring
from hark.domain import case as rules
from hark.domain import talk
from hark.domain.approvals import Draft
from hark.domain.case import Case
from hark.domain.events import Media, MediaKind
from hark.domain.message import kept_media
from hark.domain.policy import Policy
from hark.domain.reply import Reply, State
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store import media as places
from hark.store.drafts import Drafts
from hark.store.table import to_item

from .browser import Browser
from .conftest import BRAND, Desk
from .faults import Crash, Kind, fault
from .x_deliveries import mention

SignIn = Callable[..., Browser]
CANARY = "canary"
"""Stands in every word that is said about the first customer."""


@pytest.fixture
def lea(desk: Desk, sign_in: SignIn) -> Browser:
    aws.s3().create_bucket(Bucket="hark-media")
    return sign_in("lea", name="Lea Lead", role="lead", seconds=5 * 365 * 86400)


def said(number: int, text: str = "my canary parcel is late", **more: Any) -> Any:
    return mention(str(number), f"@acme {text}", author_id=str(number), **more)


def closed(desk: Desk, case: Case) -> Case:
    """Answered and closed now."""
    cases, now = wiring.reminding().cases, time_text(desk.clock())
    case = cases.commit(case, *talk.answered(case, Policy(), now, "reply.sent", "dana", "r1"), now)
    over, lines = rules.closed(case, "agent", "dana", now)
    case = cases.commit(case, over, lines, now)
    cases.signal_delivered(case, now)
    return case


def the_case(desk: Desk, number: int) -> Case:
    (found,) = [case for case in desk.cases() if case.customer_id == str(number)]
    return found


def full(desk: Desk, number: int = 1) -> Case:
    """A closed case with everything that can hold words: name, note, draft, failed reply, rating, picture."""
    desk.take_in(said(number))
    case, table, now = the_case(desk, number), desk.table, time_text(desk.clock())
    known = case.model_copy(update={"name": "Canary Kim", "handle": "canary_kim", "reference": "canary-1"})
    cases = wiring.reminding().cases
    case = cases.commit(case, known, (rules.Line(code="case.claimed", at=now),), now)
    pk = keys.case(BRAND, case.id).pk
    table.put(keys.identity(BRAND, "x", case.customer_id), {"name": "Canary Kim", "avatar": "https://x/canary.png"})
    table.put(keys.note(BRAND, case.id, now, "n1"), {"id": "n1", "text": "a canary note", "by": "dana", "at": now})
    failed = Reply(
        id="r" + "a" * 25, brand=BRAND, case=case.id, provider="x", platform="x", account_id=case.account_id,
        in_reply_to=case.reply_to, asked_at=now, text="canary reply", by="dana", at=now, not_after=now,
        state=State.FAILED, detail="canary",
    )  # fmt: skip
    draft = Draft(
        id="d" + "a" * 25, brand=BRAND, case=case.id, by="dana", at=now, text="canary draft", verb="public_reply",
        seen=1, number=1, state="returned", reason="canary is misspelt",
    )  # fmt: skip
    table.transact([wiring.actions().replies.new(failed), Drafts(table).new(draft)])
    table.put(keys.Key(pk, "RATING#000001"), {"at": now, "gen": 1, "comment": "canary", "stars": 5, "place": "public"})
    messages = wiring.copies().messages
    old = messages.get(BRAND, "x", case.reply_to)
    assert old
    picture = kept_media(Media(MediaKind.IMAGE, "https://pictures.example/canary.png"))
    table.transact([messages.write(old, old.model_copy(update={"media": (picture,)}))])
    aws.s3().put_object(Bucket="hark-media", Key=places.of_message(BRAND, "x", old.id) + "1", Body=b"canary")
    return closed(desk, the_case(desk, number))


def words(desk: Desk) -> str:
    """All that is kept: items, raw events unpacked, and copies of media."""
    parts = []
    for item in desk.items():
        for name, value in item.items():
            packed = isinstance(value, bytes) and value[:2] == b"\x1f\x8b"
            parts.append(f"{name}={gzip.decompress(value).decode() if packed else value}")
    copies = aws.s3().list_objects_v2(Bucket="hark-media").get("Contents", [])
    parts += [aws.s3().get_object(Bucket="hark-media", Key=one["Key"])["Body"].read().decode() for one in copies]
    return "\n".join(parts).lower()


def years_later(desk: Desk, months: int = 25) -> None:
    now = desk.clock()
    year, month = divmod(now.year * 12 + now.month - 1 + months, 12)
    desk.clock.now = datetime(year, month + 1, min(now.day, 28), now.hour, tzinfo=UTC)


def sweep(desk: Desk) -> None:
    desk.call("sweep", {})


def looked(desk: Desk) -> None:
    """The daily look, and what it leaves to the sweeper."""
    wiring.health().run("x")
    sweep(desk)


def test_of_a_case_that_came_to_its_end_no_word_is_left_and_all_that_counts_stays(desk: Desk, lea: Browser) -> None:
    old = full(desk)
    facts = {item["sk"]: item for item in desk.items("FACT")}
    years_later(desk, 23)
    looked(desk)
    assert words(desk).count(CANARY) > 8, "not before its time"
    years_later(desk, 2)
    sweep(desk)
    assert CANARY not in words(desk)
    case = the_case(desk, 1)
    kept = {"id", "gen", "opened_at", "closed_at", "close_reason", "answered_at", "customer_id", "platform"}
    assert case.model_dump(include=kept) == old.model_dump(include=kept)
    assert (case.removed_after, case.status) == (24, "closed")
    assert {item["sk"]: item for item in desk.items("FACT")} == facts, "reports stay true"
    assert lea.get("queue", "view=done").said["items"] == [], "nobody looks through what says nothing"
    shown = lea.get(f"conversations/{case.id}").said
    assert shown["case"]["removed"]["months"] == 24 and (shown["messages"], shown["notes"]) == ([], [])
    (line,) = lea.get("policy/history").said["items"]
    assert (line["what"], line["facts"]) == ("retention.ran", {"n": 1, "months": 24})
    assert lea.get("retention").said["last"]["cases"] == 1

    before = desk.items()
    desk.take_in(said(1), said(1))  # an old delivery comes again (I4, I6)
    sweep(desk)
    assert CANARY not in words(desk)
    changed = [item for item in desk.items() if item not in before]
    assert [item["sk"] for item in changed if item["sk"] not in ("RAW", "RETENTION")] == []
    later: dict[str, Any] = {"id": "12", "edit_history_tweet_ids": ["1", "12"], "conversation_id": "1"}
    desk.take_in(said(1, **later))  # nor does a later wording of it
    assert CANARY not in words(desk) and the_case(desk, 1).status == "closed"


def test_what_is_open_again_or_has_newer_talk_is_left_and_a_customer_who_comes_back_is_heard(
    desk: Desk, lea: Browser
) -> None:
    for number in (1, 2, 3):
        desk.take_in(said(number))
        closed(desk, the_case(desk, number))
    years_later(desk, 12)
    case = the_case(desk, 1)
    now = time_text(desk.clock())
    wiring.reminding().cases.commit(case, *rules.reopened(case, Policy(), "dana", now), now)
    thanks = the_case(desk, 2)
    wiring.reminding().cases.commit(thanks, thanks.model_copy(update={"last_at": now}), (), now)
    years_later(desk, 13)
    looked(desk)
    assert [bool(the_case(desk, n).removed_at) for n in (1, 2, 3)] == [False, False, True]
    again = {"author_id": "3", "created_at": time_text(desk.clock()), "conversation_id": "3"}
    desk.take_in(mention("33", "@acme me again", **again))
    case = the_case(desk, 3)
    shown = lea.get(f"conversations/{case.id}").said
    assert (case.status, [message["text"] for message in shown["messages"]]) == ("open", ["@acme me again"])
    assert shown["case"]["removed"], "what was before it is said to be gone"
    years_later(desk, 30)
    sweep(desk)
    assert "me again" in words(desk), "it was not closed again"


@pytest.mark.parametrize("operation", ["TransactWriteItems", "UpdateItem", "DeleteItem"])
def test_f12_whoever_dies_at_any_write_the_next_minutes_end_it_and_it_is_counted_once(
    desk: Desk, lea: Browser, operation: str
) -> None:
    full(desk)
    years_later(desk)
    wiring.health().run("x")
    before, begun, deaths = desk.items(), desk.clock(), 0
    kinds: tuple[Kind, ...] = ("crash before", "crash after")
    over: set[str] = set()
    for number, kind in itertools.product(range(1, 20), kinds):
        if kind in over:
            continue
        desk.clock.now = begun
        desk.forget()
        for item in before:
            desk.table.client.put_item(TableName=desk.table.name, Item=to_item(item))
        with fault(operation, kind, first=number, times=1) as met, suppress(Crash):
            sweep(desk)
        deaths += met.struck
        over |= set() if met.struck else {kind}
        for _ in range(3 * met.struck):
            desk.clock.forward(minutes=3)
            sweep(desk)
        found = words(desk)
        assert CANARY not in found, (kind, number)
        assert [item for item in desk.items() if item["sk"] == "REMOVAL"] == [], (kind, number)
        lines = [item["facts"] for item in desk.items() if item.get("what") == "retention.ran"]
        assert lines == ['{"n": 1, "months": 24}'], (kind, number)
    assert deaths >= {"TransactWriteItems": 6, "UpdateItem": 10, "DeleteItem": 4}[operation]


def test_many_cases_go_in_limited_steps_and_the_story_tells_of_one_round(
    desk: Desk, lea: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hark.desk.retaining.AT_ONCE", 2)
    for number in range(5):
        desk.take_in(said(number))
        closed(desk, the_case(desk, number))
    years_later(desk)
    assert lea.send("POST", "retention/dry-run", {"months": 24}).said["cases"] == 5
    wiring.health().run("x")
    left = []
    for _ in range(3):
        sweep(desk)
        left.append(sum(not case.removed_at for case in desk.cases()))
        desk.clock.forward(minutes=1)
    assert left == [3, 1, 0]
    (line,) = lea.get("policy/history").said["items"]
    assert line["facts"]["n"] == 5
    sweep(desk)
    assert lea.get("retention").said["running"] is False


def test_a_shorter_rule_says_what_would_go_wants_one_yes_and_leaves_an_hour_for_second_thoughts(
    desk: Desk, lea: Browser
) -> None:
    desk.take_in(said(1))
    closed(desk, the_case(desk, 1))
    years_later(desk, 7)
    wiring.health().run("x")
    sweep(desk)
    version = lea.get("retention").said["version"]
    assert lea.send("POST", "retention/dry-run", {"months": 6}).said["cases"] == 1
    wish = {"months": 6, "version": version}
    assert lea.send("PATCH", "retention", wish).code == (409, "confirm_first")
    policy = lea.get("policy").said
    by_the_way = {"version": policy["version"], "changes": {"retention": {"months": 1}}}
    assert lea.send("PATCH", "policy", by_the_way).code == (422, "unusable"), "not by the way either"
    assert lea.send("PATCH", "retention", wish | {"confirmed": True}).said["months"] == 6
    assert lea.send("PATCH", "retention", wish | {"confirmed": True}).code == (409, "stale")
    desk.clock.forward(minutes=30)
    sweep(desk)
    assert CANARY in words(desk)
    version = lea.get("retention").said["version"]
    assert lea.send("PATCH", "retention", {"months": None, "version": version}).said["months"] is None, "and longer"
    desk.clock.forward(days=2)
    sweep(desk)
    assert CANARY in words(desk)
    version = lea.get("retention").said["version"]
    lea.send("PATCH", "retention", {"months": 6, "version": version, "confirmed": True})
    desk.clock.forward(minutes=61)
    sweep(desk)
    assert CANARY not in words(desk)
