"""Found by review: what news of one answer does to another that is under way."""

from __future__ import annotations

import pytest
from hark.domain import talk
from hark.domain.case import Case, Refused
from hark.domain.policy import Policy

NOW = "2026-11-20T09:15:00.000Z"
CASE = Case(
    id="c1", brand="acme", provider="viber", platform="viber", account_id="1", thread_id="t", customer_id="p",
    opened_at=NOW, asked_at=NOW, updated_at=NOW, deadline=NOW, owner="dana",
)  # fmt: skip


@pytest.mark.parametrize("state", talk.UNFINISHED)
def test_a_late_refusal_of_an_older_answer_opens_no_way_for_two_answers_at_once(state: str) -> None:
    under_way = CASE.model_copy(update={"reply_state": state})
    refused, _ = talk.answer_rejected(under_way, Policy(), NOW, "m1")
    with pytest.raises(Refused, match="busy"):
        talk.replying(refused, "dana", "r3", NOW)


def test_a_refused_answer_may_be_written_anew() -> None:
    refused, _ = talk.answer_rejected(CASE.model_copy(update={"reply_state": "sent"}), Policy(), NOW, "m1")
    changed, _ = talk.replying(refused, "dana", "r2", NOW)
    assert (refused.reply_state, changed.reply_state) == ("failed", "pending")
