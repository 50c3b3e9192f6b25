# ruff: noqa: F811 (fixtures of another test module, which pytest finds by their names)
"""A lead pauses an account: everything waits, nothing is lost or burnt, receiving goes on (I23)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from hark import operator, wiring
from hark.desk.pausing import Pausing
from hark.domain.account import PAUSED_BY_HAND, Account
from hark.domain.reply import State

from .browser import Browser
from .conftest import BRAND
from .faults import Crash, Kind, fault
from .test_outbox import Outbox, fake, outbox  # noqa: F401
from .x_deliveries import ACME, mention

SignIn = Callable[..., Browser]
WHY = {"why": "  wrong answers\n went out "}


@pytest.fixture
def lea(outbox: Outbox, sign_in: SignIn) -> Browser:
    return sign_in("lea", name="Lea Lead", role="lead", seconds=90 * 86400)


def account(who: Browser) -> dict[str, object]:
    (found,) = who.get("me").said["accounts"]
    return dict(found)


def paused(lead: Browser) -> str:
    answer = lead.send("POST", f"accounts/{ACME}/pause", WHY)
    assert answer.status == 200, answer.body
    return str(answer.said["paused"]["at"])


def resume(lead: Browser, since: str, key: str | None = None) -> int:
    return lead.send("POST", f"accounts/{ACME}/resume", {"since": since}, key).status


def test_what_is_written_while_a_lead_has_paused_the_account_waits_and_leaves_once_when_resumed(
    outbox: Outbox, lea: Browser, sign_in: SignIn
) -> None:
    since = paused(lea)
    seen = account(sign_in("dana"))
    assert (seen["state"], seen["reason"]) == ("paused", PAUSED_BY_HAND)
    assert seen["paused"] == {"by": "Lea Lead", "at": since, "why": "wrong answers went out"}

    reply = outbox.push(outbox.write())
    assert (reply.state, reply.code, reply.tries) == (State.PENDING, PAUSED_BY_HAND, 0)
    outbox.desk.take_in(mention("99", "@acme and mine?", author_id="77"))
    assert len(outbox.desk.cases()) == 2, "what comes in is taken in"
    shown = sign_in("dana").get(f"conversations/{reply.case}").said
    public = next(verb for verb in shown["verbs"] if verb["verb"] == "public_reply")
    assert (public["allowed"], public["code"]) == (True, PAUSED_BY_HAND) and "until a lead resumes" in public["reason"]

    wiring.polling().run("x")  # X answers our calls well, which ends no pause but the platform's
    wiring.health().run("x")
    operator.connect(wiring.table(), "/hark/test", Account(provider="x", id=ACME, brand=BRAND, platform="x",
                                                          handle="acme", name="Acme"), {})  # fmt: skip
    for _ in range(10):
        reply = outbox.push(reply, later=400)
    assert (reply.state, reply.tries, outbox.posts()) == (State.PENDING, 0, [])

    assert lea.get(f"accounts/{ACME}/waiting").said == {"waiting": 1, "too_old": 0, "more": False}
    assert resume(lea, since) == 200
    assert outbox.push(reply).state is State.SENT, "at once, not after the wait it had before it"
    assert len(outbox.posts()) == 1
    assert lea.get(f"accounts/{ACME}/waiting").said == {"waiting": 0, "too_old": 0, "more": False}
    lines = lea.get("policy/history").said["items"]
    assert [(line["what"], line["by"]) for line in lines] == [
        ("account.resumed", "Lea Lead"), ("account.paused", "Lea Lead"),
    ]  # fmt: skip
    assert lines[1]["facts"] == {"platform": "x", "account": "Acme", "why": "wrong answers went out"}


def test_what_became_too_old_meanwhile_asks_a_person_and_is_counted_apart(outbox: Outbox, lea: Browser) -> None:
    since = paused(lea)
    old = outbox.push(outbox.write())
    outbox.push(old, later=400)
    valid = timedelta(seconds=wiring.actions().people.policy(BRAND).reply_valid_seconds)
    outbox.desk.clock.forward(seconds=valid.total_seconds())
    assert lea.get(f"accounts/{ACME}/waiting").said == {"waiting": 0, "too_old": 1, "more": False}, "before it is tried"
    assert outbox.push(old, later=400).state is State.HUMAN
    assert lea.get(f"accounts/{ACME}/waiting").said == {"waiting": 0, "too_old": 1, "more": False}
    assert resume(lea, since) == 200
    assert outbox.push(old, later=400).state is State.HUMAN and outbox.posts() == [], "resuming sends nothing too late"
    wiring.sending().decided(BRAND, old.case, old.id, "dana", found=False)
    assert lea.get(f"accounts/{ACME}/waiting").said["too_old"] == 0
    assert outbox.push(old).state is State.SENT


def test_of_two_who_pause_or_resume_at_once_one_wins_and_the_other_is_told(
    outbox: Outbox, lea: Browser, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    max_ = sign_in("max", name="Max", role="lead", seconds=90 * 86400)
    known = Pausing._known
    before: list[Callable[[], object]] = []

    def read(self: Pausing, brand: str, account_id: str) -> dict[str, object]:
        found = known(self, brand, account_id)
        if before:
            before.pop()()
        return found

    monkeypatch.setattr(Pausing, "_known", read)
    before.append(lambda: paused(max_))
    assert lea.send("POST", f"accounts/{ACME}/pause", WHY).code == (409, "paused_already")
    assert lea.send("POST", f"accounts/{ACME}/pause", WHY).code == (409, "paused_already"), "also a moment later"
    since = str((wiring.intake().accounts.find("x", ACME) or {})["paused_at"])
    before.append(lambda: resume(max_, since))
    assert lea.send("POST", f"accounts/{ACME}/resume", {"since": since}).code == (409, "not_paused")
    outbox.desk.clock.forward(seconds=1)
    again = paused(max_)
    assert lea.send("POST", f"accounts/{ACME}/resume", {"since": since}).code == (409, "not_paused"), "another pause"
    assert resume(lea, again) == 200
    codes = [line["what"] for line in lea.get("policy/history").said["items"]]
    assert sorted(codes) == ["account.paused"] * 2 + ["account.resumed"] * 2


@pytest.mark.parametrize("kind", ["lost", "crash before", "crash after"])
def test_a_pause_whose_answer_is_lost_is_done_once_or_not_at_all(outbox: Outbox, lea: Browser, kind: Kind) -> None:
    with fault("TransactWriteItems", kind, times=1), suppress(Crash):
        lea.send("POST", f"accounts/{ACME}/pause", WHY, key="k" * 16)
    assert lea.send("POST", f"accounts/{ACME}/pause", WHY, key="k" * 16).status == 200
    assert account(lea)["reason"] == PAUSED_BY_HAND
    assert len(lea.get("policy/history").said["items"]) == 1
