"""What the minutely look at the accounts finds, mends and says: registration, freshness, what the webhooks missed."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from hark import wiring

from .conftest import Door
from .town import Town, Towns

PAGE, INSTAGRAM = "100200300400", "17841400000000001"
SAID = {
    "x": {"platform": "x", "surface": "post", "text": "@acme hello"},
    "meta": {"platform": "messenger", "surface": "direct", "text": "hello"},
    "viber": {"platform": "viber", "surface": "direct", "text": "hello"},
}


def says_hello(town: Town, provider: str, **more: Any) -> None:
    town.desk.clock.forward(seconds=1)
    town.told(provider, "say", by="kim", **SAID[provider], **more)
    town.arrive(provider)


# --- what brings us events ---


def test_x_without_webhook_and_subscriptions_has_both_again_within_the_hour(town_of: Towns) -> None:
    with town_of("x") as town:
        town.minutely("x")
        webhooks = town.fakes["x"].webhooks
        webhooks.forget()
        webhooks.subscriptions.clear()
        town.desk.clock.forward(minutes=60)
        done = town.minutely("x")
        assert done["health"]["repaired"] >= 8
        assert town.fakes["x"].webhooks.valid
        assert {"post.mention.create", "dm.received"} <= {
            s["event_type"] for s in town.fakes["x"].webhooks.subscriptions.values()
        }
        # X's fake lives in real time, so that what we ask to have replayed lies in its future.
        assert town.account("x").state == "ok" and set(town.account("x").problems) <= {"x.replay_refused"}
        town.told("x", "users", username="kim")
        says_hello(town, "x")
        assert len(town.desk.cases()) == 1


def test_a_page_and_an_instagram_account_without_fields_are_subscribed_again_within_a_quarter_of_an_hour(
    town_of: Towns,
) -> None:
    with town_of("meta") as town:
        for account in (PAGE, INSTAGRAM):
            town.told("meta", "subscription", account=account, fields=[])
        done = town.minutely("meta")
        assert done["health"] == {"checked": 2, "repaired": 2, "problems": 0, "paused": 0}
        fields = town.seen("meta", "state")["webhook"]["subscribed_fields"]
        assert {"feed", "messages"} <= set(fields[PAGE]) and {"comments", "messages"} <= set(fields[INSTAGRAM])
        assert town.minutely("meta")["health"]["checked"] == 0, "not every minute"
        town.desk.clock.forward(minutes=15)
        assert town.minutely("meta")["health"] == {"checked": 2, "repaired": 0, "problems": 0, "paused": 0}


def test_a_bot_whose_webhook_leads_elsewhere_is_set_right_within_a_day(town_of: Towns) -> None:
    with town_of("viber") as town:
        town.minutely("viber")
        town.told("viber", "webhook", url="http://127.0.0.1:9/elsewhere")
        town.desk.clock.forward(hours=24)
        assert town.minutely("viber")["health"]["repaired"] == 1
        assert town.seen("viber", "state")["webhook"]["url"] == f"{town.door}/viber/b1"
        town.told("viber", "users", username="kim")
        says_hello(town, "viber")
        assert len(town.desk.cases()) == 1


def test_what_cannot_be_repaired_makes_the_account_degraded_and_stops_nothing(town_of: Towns) -> None:
    with town_of("meta") as town:
        town.told("meta", "permissions", account=PAGE, missing=["pages_manage_engagement"])
        town.minutely("meta")
        account = town.account("meta", PAGE)
        assert (account.condition, account.state) == ("degraded", "ok")
        assert account.problems == ("meta.scope_missing.pages_manage_engagement",)
        assert town.account("meta", INSTAGRAM).condition == "ok"
        town.told("meta", "permissions", account=PAGE, missing=[])
        town.desk.clock.forward(minutes=15)
        town.minutely("meta")
        assert town.account("meta", PAGE).condition == "ok"


# --- a channel that went silent, and webhooks that did not bring what was there ---


@pytest.mark.parametrize("provider", ["x", "meta", "viber"])
def test_a_channel_that_went_silent_is_degraded_until_the_next_event(town_of: Towns, provider: str, door: Door) -> None:
    with town_of(provider) as town:
        town.told(provider, "users", username="kim")
        says_hello(town, provider)
        town.minutely(provider)
        assert "account.silent" not in town.account(provider).problems
        door.counted()
        town.desk.clock.forward(hours=24)
        for _ in range(3):
            town.minutely(provider)
        assert "account.silent" in town.account(provider).problems
        assert town.account(provider).condition == "degraded"
        assert door.counted()["account_degraded"] >= 1, "said when it begins"
        says_hello(town, provider)
        town.minutely(provider)
        assert "account.silent" not in town.account(provider).problems


@pytest.mark.parametrize("provider", ["x", "meta"])
def test_the_poll_tells_how_many_events_no_webhook_brought_but_not_of_what_was_there_before_us(
    town_of: Towns, provider: str, door: Door
) -> None:
    with town_of(provider) as town:
        town.told(provider, "users", username="kim")
        says_hello(town, provider, silent=True)
        town.minutely(provider)
        town.fold()
        assert len(town.desk.cases()) == 1
        assert (town.account(provider).missed, town.account(provider).problems) == (0, ())
        for _ in range(3):
            says_hello(town, provider, silent=True)
        says_hello(town, provider)
        door.counted()
        town.desk.clock.forward(minutes=2)
        assert town.minutely(provider)["poll"]["new"] == 3
        assert door.counted()["webhook_missed"] == 3
        account = town.account(provider)
        assert (account.missed, account.problems, account.condition) == (3, ("account.webhook_missed",), "degraded")
        town.fold()
        assert len([m for m in town.desk.messages() if not m.own]) == 5
        town.desk.clock.forward(hours=2)
        town.minutely(provider)
        assert (town.account(provider).missed, town.account(provider).condition) == (3, "ok")


def test_a_first_round_that_takes_several_runs_counts_nothing_as_missed(town_of: Towns) -> None:
    with town_of("meta") as town:
        town.told("meta", "users", username="kim")
        for n in range(12):
            post = town.told("meta", "say", platform="facebook", surface="post", by="acme", text=f"{n}", silent=True)
            town.told(
                "meta", "say", platform="facebook", surface="comment", by="kim", text=f"c{n}", to=post["id"],
                silent=True,
            )  # fmt: skip
        assert town.minutely("meta")["poll"]["found"] > 0
        for _ in range(4):
            town.minutely("meta")
        town.fold()
        assert len([m for m in town.desk.messages() if not m.own]) == 12
        assert town.account("meta", PAGE).missed == 0


# --- what is said, and how often ---


def test_a_pause_is_told_once_and_begins_when_it_begins(
    town_of: Towns, caplog: pytest.LogCaptureFixture, door: Door
) -> None:
    with town_of("meta") as town, caplog.at_level(logging.ERROR):
        town.minutely("meta")
        wiring.intake().accounts.set_state("meta", PAGE, "ok", "", "2026-01-01T00:00:00.000Z")
        town.told("meta", "token", account=PAGE, state="invalid")
        town.desk.clock.forward(minutes=15)
        door.counted()
        town.minutely("meta")
        began = town.account("meta", PAGE)
        assert (began.state, began.reason) == ("paused", "token_refused")
        assert began.since > "2026-01-01T00:00:00.000Z", "when it was paused, not when it could act again before"
        for _ in range(3):
            town.desk.clock.forward(minutes=61)
            town.minutely("meta")
        assert town.account("meta", PAGE).since == began.since
        assert [r.message for r in caplog.records].count("account.paused") == 1
        assert door.counted()["account_paused"] == 1
        assert town.account("meta", INSTAGRAM).state == "ok"
