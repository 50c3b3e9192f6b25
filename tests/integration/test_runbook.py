"""Commands of docs/runbook.md that write into the table, run as they stand there."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hark import operator, wiring
from hark.desk.sessions import NotAMember
from hark.domain.reply import State
from hark.store.people import People
from hark.store.table import Change

from .conftest import BRAND, ROOT, Clock, Desk
from .consumption import open_session
from .x_deliveries import mention

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()


def run(desk: Desk, marker: str, **given: str) -> None:
    """Run the `aws dynamodb update-item` that holds `marker`, with `given` in place of variables and capitals."""
    blocks = [block for block in re.findall(r"```sh\n(.*?)```", RUNBOOK, re.DOTALL) if marker in block]
    (block,) = blocks
    commands = re.split(r"\n(?=\s*aws |\w)|\ndone", block.replace("\\\n", " "))
    (command,) = [c for c in commands if "update-item" in c and marker in c]
    for word, value in given.items():
        command = command.replace(word if " " in word else f"${word}", value)
    command = re.sub(r'"?\$\(out TableName\)"?|"\$STACK-restored"', desk.table.name, command)
    words = shlex.split(command)
    assert words[:3] == ["aws", "dynamodb", "update-item"], words
    options: dict[str, Any] = {
        _camel(name.removeprefix("--")): json.loads(value) if value.startswith("{") else value
        for name, value in zip(words[3::2], words[4::2], strict=True)
    }
    desk.table.client.update_item(**options)


def _camel(option: str) -> str:
    return "".join(part.capitalize() for part in option.split("-"))


def test_a_quarantined_event_that_is_handed_back_is_folded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert desk.deliver(mention()) == 200
    (entry,) = desk.items("RAW")
    ledger = wiring.intake().ledger
    while (found := ledger.entry(_key(entry))) and found.state == "received":
        ledger.failed(found, "ValueError", desk.clock())
    assert desk.items("RAW")[0]["state"] == "quarantined" and not desk.cases()
    run(desk, "THE ENTRY", **{"THE ENTRY": entry["pk"]})
    desk.fold()
    assert desk.items("RAW")[0]["state"] == "folded" and desk.case().unread == 1
    assert "work_pk" not in desk.items("RAW")[0]


def test_an_event_of_the_ledger_that_is_handed_back_is_folded_and_balances(desk: Desk, clock: Clock) -> None:
    wiring._daily_from(BRAND, "2026-11-20T00:00:00.000Z")
    assert desk.deliver(mention()) == 200
    (entry,) = desk.items("RAW")
    desk.table.change(Change(_key(entry), {}, remove=("work_pk", "work_sk")))
    clock.now = datetime(2026, 11, 21, 7, tzinfo=UTC)
    wiring.sealing().run(BRAND, lambda: True)
    prove = wiring.sealing().proving.report
    assert [one.code for one in prove(BRAND).findings] == ["event.out_of_work"]
    run(desk, "THE EVENT", **{"THE EVENT": entry["pk"]})
    desk.fold()
    assert prove(BRAND).findings == () and prove(BRAND).days[0].state == "balanced" and desk.case().unread == 1


def test_a_removed_member_is_out_at_the_next_request(desk: Desk, enrol: Callable[..., Any]) -> None:
    enrol("dana")
    token = open_session(desk, "dana")
    assert wiring.sessions().member(token)
    desk.take_in(mention())
    desk.step("assign", desk.case())
    assert desk.case().owner == "dana"
    operator.remove(desk.table, BRAND, "dana")
    with pytest.raises(NotAMember):
        wiring.sessions().member(token)
    member = People(desk.table).member(BRAND, "dana")
    assert member and not member.on_shift(desk.clock())
    desk.call("sweep", {})
    assert desk.case().owner == ""
    with pytest.raises(operator.NotUsable):
        operator.remove(desk.table, BRAND, "nobody")


def test_a_restored_reply_that_was_not_finished_is_posted_by_nobody(desk: Desk, enrol: Callable[..., Any]) -> None:
    from hark.desk.clicks import Click

    dana = enrol("dana")
    desk.take_in(mention())
    case = desk.case()
    reply = wiring.actions().reply(Click.of(dana, "a-click-of-dana", "reply", "x"), case.id, "Tomorrow. ^DO", case.talk)
    key = wiring.actions().replies.key(reply)
    run(desk, "look_at = :none", pk=key.pk, sk=key.sk)
    run(desk, "SET reply_state", pk=key.pk, sk=key.sk)
    assert wiring.sending().push(key) == "nothing"
    found = wiring.actions().replies.at(key)
    assert found and found.state is State.HUMAN
    assert desk.case().reply_state == "human"
    assert "work_pk" not in next(item for item in desk.items() if item["sk"] == key.sk)


def _key(item: dict[str, Any]) -> Any:
    from hark.store.keys import Key

    return Key(item["pk"], item["sk"])
