"""What a conversation costs: the fees of what we write, and an estimate that follows what was measured."""

from __future__ import annotations

import pytest
from hark.domain.events import Surface
from hark.domain.fees import AWS_MICRO, READING_MICRO, fee_micro
from hark.domain.reply import Reply

from infra.costs import case
from infra.costs.line import total


def reply(platform: str, verb: str, text: str = "It comes tomorrow.", surface: Surface = Surface.POST) -> Reply:
    now = "2026-11-20T09:15:00.000Z"
    return Reply(
        id="r1", brand="acme", case="c1", provider=platform, platform=platform, account_id="1", verb=verb,
        surface=surface, in_reply_to="1", asked_at=now, text=text, by="dana", at=now, not_after=now,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("platform", "verb", "text", "micro"),
    [("x", "public_reply", "It comes tomorrow.", 10_000), ("x", "public_reply", "See https://example.com", 200_000),
     ("x", "public_reply", "See WWW.example.com", 200_000), ("facebook", "public_reply", "See https://example.com", 0),
     ("x", "no_such_verb", "", 0), ("elsewhere", "public_reply", "", 0)],
)  # fmt: skip
def test_a_reply_costs_what_the_list_of_prices_says(platform: str, verb: str, text: str, micro: int) -> None:
    assert fee_micro(reply(platform, verb, text)) == micro


def test_the_estimate_of_the_rest_is_what_was_measured() -> None:
    measured = total(case.lines()) * 1e6
    assert pytest.approx(measured, rel=0.03) == AWS_MICRO
    assert pytest.approx(total(case.platform()[:2]) * 1e6) == READING_MICRO["x"]
