"""A desk comes back from an export of its table: nothing leaves before it is released, nothing leaves twice (I37)."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hark import aws, recovery, wiring
from hark.domain.erasure import Receipt
from hark.domain.reply import State
from hark.store import keys
from hark.store.table import FormatTooNew

from .browser import Browser
from .conftest import BRAND, Desk, clear_caches, table_of_the_template
from .erasure_scene import kept, recorded, stored, where
from .town import Town, Towns

CANARY = "canarywords"


def exported(desk: Desk, folder: Path) -> list[Path]:
    """The table as DynamoDB exports it: a line per item, in two files, compressed."""
    lines = [json.dumps({"Item": item}, default=sorted) for _, item in kept(desk)]
    files = [folder / "1.json.gz", folder / "2.json.gz"]
    for number, path in enumerate(files):
        path.write_bytes(gzip.compress("\n".join(lines[number::2]).encode()))
    return files


def moved(town: Town, monkeypatch: pytest.MonkeyPatch, name: str = "restored") -> None:
    """From now on all functions belong to a new stack, whose table is empty."""
    aws.dynamodb().create_table(TableName=name, **table_of_the_template())
    monkeypatch.setenv("TABLE_NAME", name)
    clear_caches()
    town.desk.table = wiring.table()


def restored(files: list[Path], *receipts: Receipt) -> Any:
    told: list[str] = []
    report = wiring.restoring().restore(recovery.lines(files), receipts, told.append)
    assert len(told) >= 4, "who waits is told how far it is"
    return report


def states(town: Town) -> dict[str, State]:
    return {reply.text: reply.state for reply in town.replies()}


def test_i37_a_desk_comes_back_with_nothing_sent_twice_and_who_was_erased_stays_erased(
    town_of: Towns, sign_in: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    aws.s3().create_bucket(Bucket="hark-media")
    with town_of("x") as town, recorded(monkeypatch):
        lea = sign_in("lea", name="Lea", role="lead", seconds=90 * 86400)
        for who in ("kim", "ann", "bo", "cy"):
            town.told("x", "users", username=who, name=f"{who.title()} L")
            town.say("x", who, f"@acme where is it? {CANARY if who == 'cy' else ''}")
        cases = {case.handle: case for case in town.desk.cases()}
        for who in ("kim", "ann", "bo"):
            lines = {"version": cases[who].version, "assignee": "me"}
            assert town.dana.send("PATCH", f"conversations/{cases[who].id}", lines).status == 200
        cases = {case.handle: case for case in town.desk.cases()}
        town.answer("x", cases["kim"], "Sent before the export")
        late = town.write(cases["ann"], "Waits in the export, leaves after it")
        lost = town.write(cases["bo"], "Waits in the export, never leaves")
        files = exported(town.desk, tmp_path)

        # After the export: one of them leaves, and somebody is erased. Then the stack is lost.
        town.desk.call("send_reply", {"keys": [keys.reply(BRAND, late.case, late.id)._asdict()]})
        assert town.reply(late.case, late.id).state is State.SENT
        assert lea.send("POST", f"conversations/{cases['cy'].id}/erasure", {"typed": "cy"}).status == 202
        town.desk.clock.forward(minutes=1)
        town.desk.call("sweep", {})
        receipt = Receipt.model_validate(lea.get("erasures").said["items"][0]["receipt"])
        posts = len(town.sent("x"))

        moved(town, monkeypatch)
        report = restored(files, receipt)
        assert (report.accounts, report.cases, report.in_doubt, report.erased_again) == (1, 4, 2, 1)
        assert report.wrong == [] and report.left_out >= 2, "who was signed in signs in again"
        assert where(stored(town.desk), CANARY, cases["cy"].customer_id, "Cy L") == {}
        assert set(states(town).values()) == {State.SENT, State.UNKNOWN}

        # Before it is released nothing leaves: no old reply, and no new one either.
        town.dana, lea = (
            sign_in(who, role=role, seconds=90 * 86400) for who, role in (("dana", "agent"), ("lea", "lead"))
        )
        kim = next(case for case in town.desk.cases() if case.handle == "kim")
        written = town.write(kim, "Written while nothing may leave")
        for _ in range(12):
            town.push(minutes=5)
            town.desk.call("sweep", {})
        assert len(town.sent("x")) == posts
        assert states(town)[late.text] is State.SENT, "it was found on the platform"
        assert states(town)[lost.text] is State.HUMAN, "nobody knows: a person looks"
        decision = f"conversations/{lost.case}/replies/{lost.id}/decision"
        assert town.dana.send("POST", decision, {"found": False}).status == 200
        town.push(minutes=5)
        assert len(town.sent("x")) == posts and states(town)[written.text] is State.PENDING

        assert wiring.restoring().release(BRAND) == 1 and wiring.restoring().release(BRAND) == 0
        for _ in range(4):
            town.push(minutes=6)
            town.arrive("x")
        said = [str(post) for post in town.sent("x")]
        assert len(said) == posts + 2
        for text in (late.text, lost.text, written.text, "Sent before the export"):
            assert sum(text in post for post in said) == 1, f"exactly once: {text}"
        assert set(states(town).values()) == {State.SENT}

        moved(town, monkeypatch, "again")
        twice = [restored(files, receipt), restored(files, receipt)]
        assert [each.wrong for each in twice] == [[], []], "an interrupted restore is begun anew"


def test_i36_an_export_of_a_later_version_is_refused_loudly(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "1.json"
    path.write_text(json.dumps({"Item": {"pk": {"S": "acme#X"}, "sk": {"S": "X"}, "v": {"N": "2"}}}))
    with pytest.raises(FormatTooNew):
        wiring.restoring().restore(recovery.lines([path]), [], print)
