"""What goes on around one person at the desk: customers on all platforms, colleagues, and the time that passes.

Deliveries come through the real door, replies leave by the real sender, and what is due is found by the real sweeper.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse, HTTPHeaders
from hark import aws
from hark.domain.case import Case
from hark.store.people import People

from tests.e2e.keyboard import AtTheKeyboard
from tests.integration.browser import Browser
from tests.integration.conftest import BRAND, Desk
from tests.integration.town import Town, Towns

PRIVATE = {"x": "x", "meta": "messenger", "viber": "viber"}


class Outside:
    """Everything but the person whose day it is."""

    def __init__(self, town: Town, sign_in: Callable[..., Browser]) -> None:
        self.town, self.desk = town, town.desk
        self._sign_in = sign_in
        self._customers: set[tuple[str, str]] = set()

    def colleague(self, member: str, name: str, role: str = "agent") -> Browser:
        """Somebody at another desk."""
        return self._sign_in(member, name=name, role=role, seconds=90 * 86_400)

    def writes(self, provider: str, by: str, name: str, text: str, **more: Any) -> Case:
        """A customer writes, and triage reads it. The case it belongs to."""
        if (provider, by) not in self._customers:
            self.town.told(provider, "users", username=by, name=name)
            self._customers.add((provider, by))
        before = {(case.id, case.talk) for case in self.desk.cases()}
        where = {"platform": PRIVATE[provider], "surface": "direct"} | more
        if provider == "x" and where["surface"] == "post":
            self.desk.clock.forward(seconds=1)
            self.town.told("x", "posts", author=by, text=text)
            self.town.arrive("x")
        else:
            self.town.say(provider, by, text, **where)
        (case,) = (c for c in self.desk.cases() if (c.id, c.talk) not in before)
        if case.triaged < case.gen:
            self.desk.step("triage", case)
        return self.of(case)

    def of(self, case: Case) -> Case:
        """The case as it is now."""
        return next(c for c in self.desk.cases() if c.id == case.id)

    def answers(self, who: Browser, case: Case, text: str) -> None:
        """A colleague takes the case, answers, and gives it back to whoever had it."""
        before = self.of(case)
        change = who.send("PATCH", f"conversations/{case.id}", {"version": before.version, "assignee": "me"})
        assert change.status == 200, change.said
        said = who.send("POST", f"conversations/{case.id}/replies", {"text": text, "seen": before.talk, "hold": 0})
        assert said.status == 202, said.said
        self.replies_leave()
        given = {"version": self.of(case).version, "assignee": before.owner or None, "note": "Answered for you."}
        change = who.send("PATCH", f"conversations/{case.id}", given)
        assert change.status == 200, change.said

    def replies_leave(self) -> None:
        """The stream wakes the sender for what may leave by now, and the platforms tell of it."""
        self.town.push()
        for provider in self.town.fakes:
            self.town.arrive(provider)

    def time_passes(self, person: AtTheKeyboard, **span: float) -> None:
        """For the desk, for the sweeper and for the page; the page then asks what is new."""
        before = self.desk.clock()
        self.desk.clock.forward(**span)
        self.desk.call("sweep", {})
        self.replies_leave()
        person.wait((self.desk.clock() - before).total_seconds())
        person.catch_up()

    def policy(self, **changes: Any) -> None:
        """The brand's settings, as a lead would make them."""
        self.desk.put_policy(**changes)

    def settings(self) -> Any:
        """What holds now."""
        return People(self.desk.table).policy(BRAND)


@pytest.fixture
def functions_wake_each_other() -> Iterator[None]:
    """moto runs no function: whoever is invoked is told by the next `replies_leave`."""

    def invoked(params: Any, **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        assert json.loads(params["body"])["keys"]
        return AWSResponse("", 202, HTTPHeaders(), None), {"StatusCode": 202}

    events: Any = aws.lambda_().meta.events
    events.register("before-call.lambda.Invoke", invoked)
    yield
    events.unregister("before-call.lambda.Invoke", invoked)


def in_time_with(desk: Desk, fake_x: Any) -> None:
    """X dates what is posted by the desk's clock, too; our signatures it checks by the real one, which made them."""
    for part, name in ((fake_x, "clock"), (fake_x.rest, "_clock"), (fake_x.direct, "_clock")):
        setattr(part, name, lambda: desk.clock().timestamp())


@pytest.fixture
def outside(
    desk: Desk, town_of: Towns, sign_in: Callable[..., Browser], functions_wake_each_other: None
) -> Iterator[Outside]:
    """All three providers, connected."""
    with town_of("x", "meta", "viber") as town:
        aws.s3().create_bucket(Bucket="hark-media")
        in_time_with(desk, town.fakes["x"])
        yield Outside(town, sign_in)
