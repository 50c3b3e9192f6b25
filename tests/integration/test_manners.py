"""Whether the desk may write by itself just now: what the platforms say of automation, asked of the real case."""

from __future__ import annotations

import pytest
from hark import wiring
from hark.desk.manners import unmannerly
from hark.domain.reply import Reply, State
from hark.domain.time import after

from .conftest import BRAND, Desk
from .test_care import rules_now
from .x_deliveries import mention


def may(desk: Desk, **changes: object) -> str:
    automatic = wiring.automatic()
    return unmannerly(desk.case().model_copy(update=changes), automatic.messages, automatic.replies)


def said(desk: Desk, at: str, state: State = State.SENT, automatic: str = "follow_up.1") -> None:
    case = desk.case()
    reply = Reply(
        id=f"r{len(desk.items())}", brand=BRAND, case=case.id, provider="x", platform="x", account_id=case.account_id,
        in_reply_to=case.reply_to, asked_at=at, text="Is it solved?", by="", at=at, not_after=at, state=state,
        automatic=automatic, answers=False,
    )  # fmt: skip
    desk.table.transact([wiring.automatic().replies.new(reply)])


def test_on_x_one_automatic_message_goes_out_until_the_person_writes_again(desk: Desk) -> None:
    desk.take_in(mention())
    assert may(desk) == ""
    said(desk, rules_now(desk), State.FAILED)
    said(desk, rules_now(desk), automatic="")
    assert may(desk) == "", "what is not out, and what an agent wrote, is no automatic message"
    said(desk, rules_now(desk))
    assert may(desk) == "automation.once"
    assert may(desk, platform="viber") == "", "a rule of X"
    assert may(desk, last_at=after(rules_now(desk), 1)) == "", "they wrote since"


@pytest.mark.parametrize("text", ["@acme I want to talk to a human", "@acme stop messaging me"])
def test_who_asks_for_a_person_hears_nothing_more_from_the_desk_itself(desk: Desk, text: str) -> None:
    desk.take_in(mention(text=text))
    assert may(desk) == "automation.stopped"
