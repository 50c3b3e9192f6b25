"""The hourly check against the fake X: webhook, subscriptions, access, and the replay after an outage."""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hark.providers.contract import CallFailed, Connection, Report
from hark.providers.x import replay
from hark.providers.x.fake import SECRETS, Fake
from hark.providers.x.fake.limits import Signatures
from hark.providers.x.fake.webhooks import KINDS, WEBHOOK_ID
from hark.providers.x.health import check
from hark.testkit.waiting import eventually

from .conftest import Receiver
from .signing import split

BRAND = "5550001"


class Town:
    """A fake X with a clock that can be moved, and an account that is checked again and again."""

    def __init__(self, receiver: Receiver, x: Fake, now: list[float]) -> None:
        self.receiver, self.x, self._now = receiver, x, now
        self.settings: dict[str, Any] = {}
        self.credentials = dict(SECRETS[BRAND])
        self.webhook_url = receiver.url
        # Our library signs with the time of this machine, which the tests do not move.
        x.signatures = Signatures(SECRETS[BRAND], time.time)

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self._now[0], UTC)

    def wait(self, **much: int) -> None:
        self._now[0] += timedelta(**much).total_seconds()
        self.x.windows.clear()

    def check(self) -> Report:
        connection = Connection(
            self.credentials, self.x.url, BRAND, ("x",), "acme", settings=self.settings, webhook_url=self.webhook_url
        )
        report = check(connection, self.now)
        self.settings["health"] = dict(report.state)
        return report

    def say(self, text: str) -> str:
        return self.x.world.add_post(self.x.world.user("kim_l"), text, self.now, self._now[0]).id

    def tell(self, text: str) -> str:
        post_id = self.say(text)
        self.x.control.announce(self.x.world.post(post_id))
        return post_id

    def delivered(self) -> list[str]:
        return [raw.key for body in list(self.receiver.bodies) for raw in split(body)]


@pytest.fixture
def town(receiver: Receiver) -> Iterator[Town]:
    now = [datetime.now(UTC).timestamp()]
    with Fake(webhook_url=receiver.url, clock=lambda: now[0]) as fake:
        fake.world.add_user("kim_l", "Kim L", "7770002")
        eventually(lambda: fake.webhooks.valid)
        yield Town(receiver, fake, now)


def subscribed(x: Fake) -> set[tuple[str, str]]:
    return {(s["event_type"], s["filter"].get("user_id", "")) for s in x.webhooks.subscriptions.values()}


def test_where_all_is_well_nothing_is_changed(town: Town) -> None:
    before = dict(town.x.webhooks.subscriptions)
    report = town.check()
    assert (report.problems, report.repaired) == ((), ())
    assert town.x.webhooks.subscriptions == before
    assert report.calls == 3


def test_on_an_empty_application_everything_is_registered_and_subscribed(receiver: Receiver) -> None:
    now = [datetime.now(UTC).timestamp()]
    with Fake(clock=lambda: now[0]) as x:
        x.world.add_user("kim_l", "Kim L", "7770002")
        town = Town(receiver, x, now)
        report = town.check()
        assert report.problems == ()
        assert report.repaired == (
            "x.webhook_registered",
            *(
                f"x.subscription_created.{kind}"
                for kind in (
                    "post.mention.create", "post.reply.create", "post.quote.create", "post.delete", "dm.received",
                    "dm.sent", "post.create", "oauth.revoke",
                )
            ),
        )  # fmt: skip
        assert subscribed(x) == {(kind, "" if kind == "oauth.revoke" else BRAND) for kind in KINDS}
        assert {s["tag"] for s in x.webhooks.subscriptions.values()} == {f"account:{BRAND}", ""}
        assert "pending" not in report.state, "nothing was missed before the beginning"
        assert town.check().repaired == ()
        post_id = town.tell("@acme hello")
        eventually(lambda: f"post:{post_id}" in town.delivered())


def test_a_setting_decides_what_costs_money_and_not_everybody_needs(receiver: Receiver) -> None:
    now = [datetime.now(UTC).timestamp()]
    with Fake(clock=lambda: now[0]) as x:
        town = Town(receiver, x, now)
        town.settings |= {"own_posts": False, "encrypted_notices": True}
        town.check()
        kinds = {kind for kind, _ in subscribed(x)}
        assert "post.create" not in kinds
        assert "chat.received" in kinds


@pytest.mark.parametrize("kind", ["post.mention.create", "dm.received", "post.delete"])
def test_a_subscription_that_is_missing_is_made_again_alone(town: Town, kind: str) -> None:
    town.check()
    town.x.control.answer("POST", "unsubscribe", "", f'{{"event_type":"{kind}"}}'.encode())
    report = town.check()
    assert report.repaired == (f"x.subscription_created.{kind}",)
    assert (kind, BRAND) in subscribed(town.x)


def test_a_subscription_without_our_webhook_is_led_to_it(town: Town) -> None:
    lost = next(s for s in town.x.webhooks.subscriptions.values() if s["event_type"] == "dm.received")
    lost["webhook_id"] = "8000"
    assert town.check().repaired == ("x.subscription_moved.dm.received",)
    assert (lost["webhook_id"], lost["tag"]) == (WEBHOOK_ID, f"account:{BRAND}")


def test_subscriptions_on_later_pages_of_the_list_are_not_made_twice(town: Town) -> None:
    town.x.management.page_size = 3
    assert town.check().repaired == ()


def test_a_type_x_does_not_give_us_is_asked_for_once_if_we_can_do_without(town: Town) -> None:
    town.x.control.answer("POST", "unsubscribe", "", b'{"event_type":"oauth.revoke"}')
    town.x.management.refused_kinds = {"oauth.revoke"}
    first = town.check()
    assert (first.problems, first.repaired, first.state["declined"]) == ((), (), ["oauth.revoke"])
    town.x.management.refused_kinds = set()
    assert town.check().repaired == ()


def test_a_type_we_need_and_do_not_get_is_a_problem(town: Town) -> None:
    town.x.control.answer("POST", "unsubscribe", "", b'{"event_type":"dm.received"}')
    town.x.management.refused_kinds = {"dm.received"}
    assert town.check().problems == ("x.subscription_missing.dm.received",)


def test_an_invalid_webhook_is_checked_again_and_what_was_missed_comes_by_replay(town: Town) -> None:
    town.check()
    before = town.tell("@acme before")
    eventually(lambda: f"post:{before}" in town.delivered())
    town.x.webhooks.disable()
    town.wait(minutes=40)
    missed = town.tell("@acme missed")
    town.wait(minutes=20)
    late = town.tell("@acme missed too, a moment ago")
    assert town.check().repaired == ("x.webhook_revalidated", "x.replay_asked")
    eventually(lambda: f"post:{missed}" in town.delivered())
    assert f"post:{late}" not in town.delivered(), "X replays what is ten minutes old"
    town.wait(hours=1)
    assert town.check().repaired == ("x.replay_asked",), "the last minutes of the outage"
    eventually(lambda: f"post:{late}" in town.delivered())
    assert town.delivered().count(f"post:{missed}") == 1, "each minute is replayed once"
    town.wait(hours=1)
    assert town.check().repaired == ()
    eventually(lambda: sum(key.startswith("other:") for key in town.delivered()) == 2)


def test_an_outage_of_days_is_replayed_as_far_as_x_can(town: Town) -> None:
    town.check()
    town.x.webhooks.disable()
    town.wait(days=2)
    out_of_reach = town.tell("@acme too long ago")
    town.wait(hours=25)
    within = town.tell("@acme within a day")
    town.wait(hours=2)
    assert town.check().problems == ()
    eventually(lambda: f"post:{within}" in town.delivered())
    assert f"post:{out_of_reach}" not in town.delivered()


def test_a_replay_that_x_puts_off_is_asked_for_again(town: Town) -> None:
    town.check()
    town.x.webhooks.disable()
    town.wait(hours=2)
    missed = town.tell("@acme missed")
    town.wait(hours=1)
    town.x.faults.plan({"on": "replay", "answer": "status", "status": 503})
    report = town.check()
    assert (report.problems, report.repaired) == (("x.replay_waits",), ("x.webhook_revalidated",))
    town.wait(hours=1)
    assert town.check().repaired == ("x.replay_asked",)
    eventually(lambda: f"post:{missed}" in town.delivered())


def test_a_replay_that_x_refuses_is_told_and_not_asked_for_again(town: Town) -> None:
    town.check()
    town.x.webhooks.disable()
    town.wait(hours=3)
    town.x.faults.plan({"on": "replay", "answer": "status", "status": 400})
    assert town.check().problems == ("x.replay_refused",)
    town.wait(minutes=5)
    report = town.check()
    assert (report.problems, report.repaired) == ((), ())


@pytest.mark.parametrize("how", ["wrong", "gone"])
def test_a_webhook_that_cannot_be_mended_stays_a_problem_until_it_can(town: Town, how: str) -> None:
    town.check()
    town.receiver.wrong_token = True
    if how == "gone":
        town.x.webhooks.forget()
    else:
        town.x.webhooks.disable()
    town.wait(hours=1)
    assert town.check().problems == ("x.webhook_crc_failed",)
    town.receiver.wrong_token = False
    town.wait(hours=1)
    report = town.check()
    assert report.problems == ()
    assert report.repaired[0] == ("x.webhook_registered" if how == "gone" else "x.webhook_revalidated")


def test_another_webhook_in_our_place_is_told(town: Town) -> None:
    town.webhook_url = town.receiver.url + "/elsewhere"
    assert town.check().problems == ("x.webhook_refused",), "X gives one webhook to an application"


def test_without_a_bearer_token_or_an_address_we_say_so_and_still_try_our_access(town: Town) -> None:
    town.credentials["bearer_token"] = ""
    assert (town.check().problems, town.check().calls) == (("x.bearer_missing",), 1)
    town.credentials["bearer_token"] = "wrong"
    assert town.check().problems == ("x.bearer_refused",)
    town.webhook_url = ""
    assert town.check().problems == ("x.webhook_url_unknown",)


@pytest.mark.parametrize(
    ("status", "code"),
    [(403, "x.management.refused"), (404, "x.management.target_gone"), (400, "x.management.invalid")],
)
def test_what_the_application_may_not_ask_stops_nobody_from_acting(town: Town, status: int, code: str) -> None:
    town.x.faults.plan({"on": "webhooks", "answer": "status", "status": status})
    assert town.check().problems == (code,)


@pytest.mark.parametrize(
    ("route", "status", "code", "paused"),
    [
        ("webhooks", 503, "server_error", False),
        ("webhooks", 402, "credits_depleted", True),
        ("subscriptions", 429, "rate_limited", False),
        ("mentions", 401, "token_refused", True),
        ("mentions", 503, "server_error", False),
    ],
)
def test_what_stops_us_is_raised(town: Town, route: str, status: int, code: str, paused: bool) -> None:
    town.x.faults.plan({"on": route, "answer": "status", "status": status})
    with pytest.raises(CallFailed) as failed:
        town.check()
    assert (failed.value.code, failed.value.paused) == (code, paused)


def test_a_revoked_token_does_not_keep_the_webhook_from_being_mended_f23(town: Town) -> None:
    town.check()
    town.x.webhooks.disable()
    town.x.signatures.user_valid = False
    town.wait(hours=1)
    report = town.check()
    assert "x.webhook_revalidated" in report.repaired, "what comes in is stored, whatever our token's state"
    assert report.problems == ("x.access.token_refused",)
    town.wait(minutes=5)
    with pytest.raises(CallFailed) as failed:
        town.check()
    assert failed.value.paused


NOW = datetime(2026, 11, 22, 12, 0, 30, tzinfo=UTC)


@settings(max_examples=50)
@given(st.integers(0, 4 * 24 * 60), st.integers(0, 4 * 24 * 60), st.lists(st.integers(1, 300), min_size=1, max_size=40))
def test_every_minute_within_reach_is_replayed_once_and_by_x_rules(begun: int, length: int, waits: list[int]) -> None:
    begin = NOW - timedelta(minutes=begun + length)
    now = NOW - timedelta(minutes=begun)
    pending: Any = replay.remembered(None, begin, now)
    end = now.replace(second=0) + timedelta(minutes=1)
    asked: list[tuple[datetime, datetime]] = []
    for wait in (0, *waits):
        now += timedelta(minutes=wait)
        due, pending = replay.due(pending, now)
        if due is not None:
            first, last = due
            assert now - timedelta(hours=24) <= first <= now - timedelta(minutes=31)
            assert first < last <= now - timedelta(minutes=10)
            asked.append(due)
        if pending is None:
            break
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(asked)), "no minute twice"
    if pending is None and asked:
        assert asked[-1][1] == end


@pytest.mark.parametrize("pending", [None, {}, "x", {"from": "soon", "to": "never"}, {"from": None}])
def test_a_pending_replay_of_no_sense_is_none(pending: object) -> None:
    assert replay.due(pending, NOW) == (None, None)


def test_no_secret_reaches_the_log_i28(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    town.x.webhooks.disable()
    town.check()
    town.x.faults.plan({"on": "webhooks", "answer": "status", "status": 503})
    with pytest.raises(CallFailed) as failed:
        town.check()
    for secret in SECRETS[BRAND].values():
        assert secret not in caplog.text + str(failed.value)
