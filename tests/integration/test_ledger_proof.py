"""The ledger's proof: each event has one end, each day balances, and the chain of days tells what was tampered with."""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.client import BaseClient
from hark import operator, wiring
from hark.desk.proving import Report
from hark.domain.events import RawEvent
from hark.store import keys
from hark.store.keys import Key
from hark.store.seals import Seals
from hark.store.table import Change, ConditionFailed, Item, Put

from .conftest import BRAND, Clock, Desk
from .x_deliveries import ACME, deletion, mention

FIRST, SECOND, THIRD, FOURTH = "2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"
NIGHT = 20
"""Minutes after midnight (UTC) at which the sweeper finds that a day is to be sealed."""


@pytest.fixture(autouse=True)
def begun(desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def wake(function: str, wanted: list[Key]) -> None:
        assert function == "ingest"
        desk.call("ingest", {"keys": [key._asdict() for key in wanted]})

    monkeypatch.setattr(wiring, "wake", wake)
    wiring._daily_from(BRAND, clock.now.isoformat())


def night(desk: Desk, clock: Clock) -> None:
    """The night after: the day is over, the sweeper runs."""
    tomorrow = (clock.now + timedelta(days=1)).replace(hour=0, minute=NIGHT, second=0, microsecond=0)
    clock.now = tomorrow
    desk.call("sweep", {})


def proof() -> Report:
    return wiring.sealing().proving.report(BRAND)


def broken(code: str = "") -> list[str]:
    return sorted({finding.code for finding in proof().findings} - {code})


def post(number: int, **more: Any) -> dict[str, Any]:
    return mention(f"30000000000000{number:05d}", f"@acme parcel {number} is late", **more)


def three_days(desk: Desk, clock: Clock) -> None:
    """Two events a day, and every day sealed."""
    for day in range(3):
        desk.take_in(post(10 * day), post(10 * day + 1))
        night(desk, clock)
        clock.forward(hours=9)


def the(desk: Desk, number: int) -> Item:
    """The ledger's entry of a post."""
    return next(item for item in desk.items("RAW") if item["event"].endswith(f"{number:05d}"))


def seals(desk: Desk) -> list[Item]:
    return sorted((i for i in desk.items() if i["pk"].endswith("#SEALS")), key=lambda item: item["sk"])


def put(desk: Desk, item: Item) -> None:
    values = {name: value for name, value in item.items() if name not in ("pk", "sk")}
    desk.table.put(Key(item["pk"], item["sk"]), values)


def test_a_day_is_sealed_with_what_became_of_each_of_its_events(desk: Desk, clock: Clock) -> None:
    desk.take_in(post(1), post(2), post(2), {"nothing": "we know"})
    desk.take_in(mention("30000000000000009", "unheard of", event_type="post.unheard.of"))
    assert desk.deliver(b'{"not": JSON') == 200
    night(desk, clock)
    report = proof()
    assert report.findings == () and [day.state for day in report.days] == ["balanced", "running"]
    balance = report.days[0].balance
    assert (balance.received, balance.folded, balance.open, balance.holds) == (balance.ended, 2, 0, True)
    assert sum(balance.quarantined.values()) == len(desk.items("QUARANTINE")) + sum(
        item["state"] == "quarantined" for item in desk.items("RAW")
    )
    assert sum(balance.ignored.values()) == sum(item["state"] == "set_aside" for item in desk.items("RAW"))
    assert all(reason for reason in balance.ignored)


def test_an_event_belongs_to_the_day_on_which_it_was_received_however_late_it_ends(desk: Desk, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 20, 23, 59, 59, 900_000, tzinfo=UTC)
    assert desk.deliver(post(1)) == 200
    clock.forward(seconds=5)
    desk.fold()
    assert desk.deliver(post(2)) == 200
    desk.fold()
    clock.now = datetime(2026, 11, 21, 0, NIGHT, tzinfo=UTC)
    desk.call("sweep", {})
    first, second = proof().days
    assert (first.day, first.balance.received, first.balance.folded) == (FIRST, 1, 1)
    assert (second.day, second.balance.received, second.state) == (SECOND, 1, "running")
    night(desk, clock)
    assert broken() == [], "its late end is part of the second day's seal"
    assert seals(desk)[1]["ends"]


def test_a_seal_waits_for_what_is_not_finished_and_then_says_so_until_it_is(
    desk: Desk, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.take_in(post(1))
    assert desk.deliver(post(2)) == 200
    key = Key(the(desk, 2)["pk"], "RAW")
    clock.now = datetime(2026, 11, 21, 0, NIGHT, tzinfo=UTC)

    def runs() -> dict[str, Any]:
        wiring.sealing().run(BRAND, lambda: True)
        return wiring.sealing().shown(BRAND)

    assert runs()["state"] == "new" and seals(desk) == [], "it is not sealed while an event is under way"
    clock.now = datetime(2026, 11, 21, 6, 5, tzinfo=UTC)
    told = runs()
    assert (told["state"], told["open"], told["until"]) == ("open", [{"day": FIRST, "events": 1}], None)
    assert '"ledger_unbalanced": 1' in capsys.readouterr().out
    wiring.intake().fold(key)
    assert proof().days[0].state == "balanced", "the end it came to late counts for the day it came on"
    night(desk, clock)
    told = wiring.sealing().shown(BRAND)
    assert (told["state"], told["open"], told["until"]) == ("balanced", [], SECOND)
    assert told["days"][1]["late"] == 1 and broken() == []


def test_events_taken_up_again_after_their_day_was_sealed_leave_the_chain_whole_i4(desk: Desk, clock: Clock) -> None:
    """Replays of every kind: the same once more, another kind of it, an edit, a deletion, better bytes."""
    desk.take_in(post(1, event_type="post.reply.create"), post(2))
    night(desk, clock)
    clock.forward(hours=8)
    desk.take_in(post(1), post(1, event_type="post.reply.create"), post(2))
    assert desk.deliver(deletion("3000000000000000002")) == 200
    desk.fold()
    assert "body" not in the(desk, 2), "the words are gone"
    assert [item["state"] for item in desk.items("RAW")] == ["folded"] * len(desk.items("RAW"))
    assert broken() == []
    night(desk, clock)
    assert broken() == [] and {day.state for day in proof().days} == {"balanced", "running"}


def test_words_that_go_by_retention_or_for_a_persons_sake_leave_the_chain_whole_i30(desk: Desk, clock: Clock) -> None:
    three_days(desk, clock)
    ledger = wiring.intake().ledger
    for item in desk.items("RAW"):
        ledger.table.change(ledger.erased(Key(item["pk"], "RAW")))
    assert not any("body" in item for item in desk.items("RAW"))
    assert broken() == []
    text = "".join(str(item) for item in desk.items() if "LEAVES" in item["pk"] or "SEALS" in item["pk"])
    assert "parcel" not in text and "kim_l" not in text


def _gone(desk: Desk) -> None:
    desk.table.delete(Key(the(desk, 10)["pk"], "RAW"))


def _added(desk: Desk) -> None:
    item = the(desk, 10)
    put(desk, {**item, "pk": keys.raw(BRAND, "x", "post:forged").pk})


def _changed(desk: Desk) -> None:
    desk.table.change(Change(Key(the(desk, 10)["pk"], "RAW"), {"state": "set_aside", "reason": "because"}))


def _redated(desk: Desk) -> None:
    desk.table.change(Change(Key(the(desk, 10)["pk"], "RAW"), {"arrived": "2026-11-21T23:00:00.000Z"}))


def _unlisted(desk: Desk) -> None:
    desk.table.change(Change(Key(the(desk, 10)["pk"], "RAW"), {}, remove=("change_pk", "change_sk")))


def _out_of_work(desk: Desk) -> None:
    desk.table.change(Change(Key(the(desk, 10)["pk"], "RAW"), {"state": "received"}))


def _seal_changed(desk: Desk) -> None:
    seal = seals(desk)[1]
    put(desk, {**seal, "balance": {**seal["balance"], "received": 1}})


def _seal_gone(desk: Desk) -> None:
    desk.table.delete(Key(seals(desk)[1]["pk"], SECOND))


def _seals_swapped(desk: Desk) -> None:
    second, third = seals(desk)[1:3]
    put(desk, {**second, "sk": THIRD})
    put(desk, {**third, "sk": SECOND})


def _end_cut(desk: Desk) -> None:
    desk.table.delete(Key(seals(desk)[2]["pk"], THIRD))


def _rewritten(desk: Desk) -> None:
    """A seal forged so that it fits itself and its day, but not its neighbours."""
    known = Seals(desk.table).of_day(BRAND, SECOND)
    assert known
    forged = known.model_copy(update={"made_at": "2026-11-22T00:20:00.001Z"}).hashed()
    put(desk, {"pk": seals(desk)[0]["pk"], "sk": SECOND, **forged.model_dump(mode="json")})


def _list_changed(desk: Desk) -> None:
    (item, *_) = [i for i in desk.items() if i["pk"] == keys.leaves(BRAND, SECOND, "").pk]
    (other, *_) = [i for i in desk.items() if i["pk"] == keys.leaves(BRAND, FIRST, "").pk]
    put(desk, {**item, "body": other["body"]})


def _list_gone(desk: Desk) -> None:
    (item, *_) = [i for i in desk.items() if i["pk"] == keys.leaves(BRAND, SECOND, "").pk]
    desk.table.delete(Key(item["pk"], item["sk"]))


def _end_added(desk: Desk) -> None:
    entry = Key(the(desk, 10)["pk"], "RAW")
    desk.table.transact([wiring.intake().ledger.late_end(entry, "folded", "", "2026-11-22T12:00:00.000Z")])


def _head_gone(desk: Desk) -> None:
    desk.table.delete(keys.ledger_head(BRAND))


TAMPERED: dict[Callable[[Desk], None], set[str]] = {
    _gone: {"event.missing"}, _added: {"event.added"}, _changed: {"event.changed"}, _redated: {"event.changed"},
    _unlisted: {"event.unlisted"}, _out_of_work: {"event.out_of_work"},
    _seal_changed: {"seal.changed", "seal.unbalanced"}, _seal_gone: {"seal.missing", "seal.moved"},
    _seals_swapped: {"seal.cut", "seal.moved"}, _end_cut: {"seal.cut", "seal.missing"}, _rewritten: {"seal.moved"},
    _list_changed: {"leaves.changed", "event.added"}, _list_gone: {"leaves.missing", "event.added"},
    _end_added: {"end.added"}, _head_gone: {"head.missing"},
}  # fmt: skip


def test_whatever_is_done_to_a_sealed_day_is_named(desk: Desk, clock: Clock) -> None:
    three_days(desk, clock)
    whole = desk.items()
    for tamper, named in TAMPERED.items():
        assert broken() == []
        tamper(desk)
        assert set(broken()) == named, tamper.__name__
        assert all(finding.sentence and finding.advice for finding in proof().findings)
        for item in desk.items():
            desk.table.delete(Key(item["pk"], item["sk"]))
        for item in whole:
            put(desk, item)


def test_a_chain_that_was_written_anew_from_end_to_end_does_not_fit_a_hash_noted_outside(
    desk: Desk, clock: Clock
) -> None:
    three_days(desk, clock)
    noted = {str(seal["day"]): str(seal["hash"]) for seal in seals(desk)}
    assert wiring.sealing().proving.report(BRAND, "", noted).findings == ()
    desk.table.delete(Key(the(desk, 10)["pk"], "RAW"))
    for item in desk.items():
        if item["pk"].endswith("#SEALS") or "#LEAVES#" in item["pk"]:
            desk.table.delete(Key(item["pk"], item["sk"]))
    desk.table.delete(keys.ledger_head(BRAND))
    wiring._daily_from(BRAND, f"{FIRST}T09:00:00.000Z")
    assert wiring.sealing().run(BRAND, lambda: True) == 3
    assert broken() == [], "it is well made"
    assert [f.code for f in wiring.sealing().proving.report(BRAND, "", noted).findings] == ["seal.unknown"] * 3


def test_the_night_finds_what_was_tampered_with_and_does_not_forget_it(
    desk: Desk, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    three_days(desk, clock)
    lost = the(desk, 20)
    desk.table.delete(Key(lost["pk"], "RAW"))
    for _ in range(4):
        night(desk, clock)
        told = wiring.sealing().shown(BRAND)
        assert (told["state"], [one["code"] for one in told["findings"]]) == ("broken", ["event.missing"])
        assert '"ledger_unbalanced": 1' in capsys.readouterr().out
    put(desk, lost)
    night(desk, clock)
    assert wiring.sealing().shown(BRAND)["state"] == "balanced"


def test_of_two_who_seal_at_once_one_does_and_the_chain_is_whole(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.take_in(post(1), post(2))
    clock.now = datetime(2026, 11, 21, 0, NIGHT, tzinfo=UTC)
    sealing, keep = wiring.sealing(), Seals.seal
    others: list[int] = []

    def overtaken(self: Seals, *given: Any) -> None:
        monkeypatch.setattr(Seals, "seal", keep)
        others.append(sealing.run(BRAND, lambda: True))
        keep(self, *given)

    monkeypatch.setattr(Seals, "seal", overtaken)
    assert sealing.run(BRAND, lambda: True) == 0 and others == [1]
    assert len(seals(desk)) == 1 and broken() == []


class Died(BaseException):
    """A process that ends: nothing after it runs, and nobody catches it."""


class Killer:
    """Ends the process before or after the write of this number (from 0)."""

    def __init__(self, number: int, *, before: bool) -> None:
        self.left = number
        self.before = before

    def call(self, client: BaseClient, operation: str, given: Any) -> Any:
        writes = operation in ("PutItem", "UpdateItem", "TransactWriteItems")
        self.left -= writes
        if writes and self.left == -1 and self.before:
            raise Died
        answer = CALL(client, operation, given)
        if writes and self.left == -1:
            raise Died
        return answer


CALL = vars(BaseClient)["_make_api_call"]


def test_a_seal_that_dies_at_any_write_is_made_by_the_next_run(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before and after each write of the sealing, and of the looking through after it."""
    monkeypatch.setattr("hark.store.seals.A_LIST", 1)
    died = 0
    for at in range(40):
        desk.take_in(post(at))
        killer = Killer(at // 2, before=bool(at % 2))
        clock.now = (clock.now + timedelta(days=1)).replace(hour=0, minute=NIGHT)
        with monkeypatch.context() as patched, contextlib.suppress(Died):
            patched.setattr(BaseClient, "_make_api_call", lambda *given, killer=killer: killer.call(*given))
            wiring.sealing().run(BRAND, lambda: True)
        if killer.left >= 0:
            break
        died += 1
        wiring.sealing().run(BRAND, lambda: True)
        assert broken() == [], at
    assert died >= 6 and killer.left >= 0
    assert [seal["day"] for seal in seals(desk)] == sorted({seal["day"] for seal in seals(desk)})


def test_sealing_goes_on_where_time_was_up(desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hark.store.seals.A_LIST", 2)
    desk.take_in(*(post(number) for number in range(9)))
    clock.now = datetime(2026, 11, 21, 0, NIGHT, tzinfo=UTC)
    runs = 0
    while not seals(desk):
        ticks = [False, True, True]
        wiring.sealing().run(BRAND, ticks.pop)
        runs += 1
        assert runs < 20
    wiring.sealing().run(BRAND, lambda: True)
    assert runs > 3 and broken() == [] and seals(desk)[0]["balance"]["received"] == 9


@pytest.mark.parametrize("seed", range(5))
def test_in_any_order_of_deliveries_duplicates_and_poison_every_day_balances_i4(
    desk: Desk, clock: Clock, seed: int
) -> None:
    """The real handlers over four days: deliveries, repeats, other kinds, edits, deletions before and after, poison,
    folding at once, late or by the sweeper alone; every night the sweeper."""
    chance = random.Random(seed)
    bodies: list[dict[str, Any] | bytes] = []
    for number in range(12):
        bodies += [post(number), post(number, event_type="post.reply.create")]
        if chance.random() < 0.3:
            bodies.append(deletion(f"30000000000000{number:05d}"))
        if chance.random() < 0.3:
            bodies.append(chance.choice([b"\xff\xfe", b'{"a": 1, "a": 2}', b"[]", b'{"n": NaN}', b"%d" % number]))
        if chance.random() < 0.3:
            bodies.append(post(number + 100, event_type=f"post.unheard.{number}"))
        if chance.random() < 0.2:
            bodies.append(post(number + 200, payload_is_wrong=True, created_at=7))
    bodies += chance.choices(bodies, k=15)
    chance.shuffle(bodies)
    for number, body in enumerate(bodies):
        assert desk.deliver(body) == 200
        if chance.random() < 0.6:
            desk.fold()
        clock.forward(minutes=chance.choice([1, 5, 30, 120]))
        if number % 20 == 19:
            night(desk, clock)
    for _ in range(2):
        desk.fold()
        night(desk, clock)
    report = proof()
    assert report.findings == ()
    assert all(day.balance.holds for day in report.days)
    assert sum(day.balance.received for day in report.days) == len(desk.items("RAW")) + len(desk.items("QUARANTINE"))
    assert sum(seal["balance"]["open"] for seal in seals(desk)) >= 0


def test_what_only_the_poll_found_is_counted_by_day_and_account_once_i8(desk: Desk, clock: Clock) -> None:
    ledger = wiring.intake().ledger
    for number, missed in ((1, True), (2, True), (3, False)):
        event = RawEvent(f"post:found{number}", "poll.mention", ACME, b'{"data": {}}')
        assert ledger.store(BRAND, "x", event, clock.now, "poll", missed=missed) == "new"
        assert ledger.store(BRAND, "x", event, clock.now, "poll", missed=missed) == "seen"
    again = RawEvent("post:found2", "post.mention.create", ACME, b'{"data": {}}')
    ledger.store(BRAND, "x", again, clock.now, "webhook")
    desk.fold()
    night(desk, clock)
    (seal,) = seals(desk)
    assert seal["balance"]["missed"] == {f"x/{ACME}": 1}, "one was only late, one is of the kind that only polls find"
    told = wiring.sealing().shown(BRAND)
    assert told["days"][0]["missed"] == [{"account": f"x/{ACME}", "events": 1}]


def test_what_listening_forgets_by_its_rule_is_not_missing(desk: Desk, clock: Clock) -> None:
    desk.take_in(post(1))
    entry = Key(the(desk, 1)["pk"], "RAW")
    later = int((clock.now + timedelta(days=90)).timestamp())
    desk.table.change(Change(entry, {"state": "review", "reason": "", "expires": later}))
    night(desk, clock)
    assert proof().days[0].balance.review == 1
    desk.table.delete(entry)
    assert broken() == ["event.missing"], "it went before its time"
    clock.forward(days=91)
    assert broken("seal.late") == []


def run(*more: str) -> int:
    return operator.main(["ledger", "verify", "--table", "desk", "--brand", BRAND, *more])


def test_verify_tells_each_day_and_what_to_do_and_fails_when_something_is_broken(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(operator, "clock", clock)
    assert run() == 0 and "ok" in capsys.readouterr().out
    three_days(desk, clock)
    desk.take_in(mention("30000000000000099", "unheard of", event_type="post.unheard.of"))
    capsys.readouterr()
    assert run() == 0
    said = capsys.readouterr().out
    rows = [line.split() for line in said.splitlines() if line.startswith("2026-")]
    assert [row[:3] + row[-1:] for row in rows[:3]] == [[day, "2", "2", "ok"] for day in (FIRST, SECOND, THIRD)]
    assert rows[3][1:4] == ["1", "0", "1"] and "ignored: 1 " in said and "not sealed yet" in said
    assert run("--json", "--since", SECOND) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["sealed"], [day["day"] for day in told["days"]]) == (True, THIRD, [SECOND, THIRD, FOURTH])
    noted = f"{THIRD}={told['hash']}"
    assert run("--known", noted) == 0 and run("--known", f"{THIRD}={'0' * 64}") == 1
    capsys.readouterr()
    gone = Key(the(desk, 10)["pk"], "RAW")
    desk.table.delete(gone)
    assert run("--since", THIRD) == 0 and run("--json") == 1
    capsys.readouterr()
    assert run() == 1
    said = capsys.readouterr().out
    assert "BROKEN" in said and gone.pk in said and "event.missing" in said and "backup" in said
    with pytest.raises(SystemExit):
        run("--known", "yesterday")


def test_a_second_end_cannot_take_the_place_of_the_first(desk: Desk, clock: Clock) -> None:
    assert desk.deliver(post(1)) == 200
    ledger, key = wiring.intake().ledger, Key(the(desk, 1)["pk"], "RAW")
    entry = ledger.entry(key)
    assert entry
    clock.forward(days=1)
    now = clock.now.isoformat()
    desk.table.transact([ledger.finished(entry, "folded", now), *ledger.late(entry, "folded", now)])
    with pytest.raises(ConditionFailed):
        desk.table.transact([ledger.finished(entry, "set_aside", now), *ledger.late(entry, "set_aside", now)])
    assert isinstance(ledger.late(entry, "folded", now)[0], Put)
    assert len(Seals(desk.table).ends(BRAND, SECOND)) == 1
