"""From a signed delivery to message, conversation and case (I1–I11)."""

from __future__ import annotations

from .conftest import KIM, Desk, mention

POST = "2123706425275322373"


def test_a_mention_becomes_one_case_that_waits_for_us(desk: Desk) -> None:
    desk.take_in(mention())
    case = desk.case()
    assert (case.status, case.awaiting, case.customer_id, case.handle) == ("open", "us", KIM, "kim_l")
    assert case.reply_to == POST and case.may_reply
    assert case.due_at == "2026-11-20T10:14:03.000Z", "60 minutes after the customer wrote, not after we heard of it"
    assert case.workflow == "running"
