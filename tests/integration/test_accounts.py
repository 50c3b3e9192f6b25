"""An account without access goes on hearing; what was written meanwhile leaves once it has access again (I23, F23)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hark.domain.reply import State

from .town import Town, Towns

TEXT = "It comes tomorrow, Kim."
SECONDARY = "17841400000000001"


@dataclass(frozen=True)
class Channel:
    """One way in which people write to the brand, and how its fake takes our access away and gives it back."""

    name: str
    provider: str
    say: dict[str, str]
    dead: dict[str, Any]
    alive: dict[str, Any]
    prefix: str = ""
    account: str = ""


CHANNELS = (
    Channel("x", "x", {"platform": "x", "surface": "post"}, {"valid": False}, {"valid": True}, prefix="@acme "),
    Channel("x dm", "x", {"platform": "x", "surface": "direct"}, {"valid": False}, {"valid": True}),
    Channel(
        "messenger", "meta", {"platform": "messenger", "surface": "direct"},
        {"account": "100200300400", "state": "invalid"}, {"account": "100200300400", "state": "ok"},
    ),
    Channel(
        "instagram", "meta", {"platform": "instagram", "surface": "direct"},
        {"account": SECONDARY, "state": "invalid"}, {"account": SECONDARY, "state": "ok"}, account=SECONDARY,
    ),
    Channel("viber", "viber", {"platform": "viber", "surface": "direct"}, {"valid": False}, {"valid": True}),
)  # fmt: skip

each_channel = pytest.mark.parametrize("channel", CHANNELS, ids=[c.name for c in CHANNELS])


def loses_its_access(town: Town, channel: Channel) -> list[str]:
    """The account loses its access, an answer meets that, and ten messages come. Their texts."""
    town.told(channel.provider, "users", username="kim", name="Kim L")
    town.say(channel.provider, "kim", f"{channel.prefix}0", **channel.say)
    town.told(channel.provider, "token", **channel.dead)
    town.write(town.desk.case(), TEXT)
    town.push()
    account = town.account(channel.provider, channel.account)
    assert (account.condition, account.reason) == ("paused", "token_refused")
    for n in range(1, 11):
        town.desk.clock.forward(seconds=1)
        town.told(channel.provider, "say", by="kim", text=f"{channel.prefix}{n}", **channel.say)
    town.arrive(channel.provider)
    return [f"{channel.prefix}{n}" for n in range(11)]


def heard(town: Town) -> set[str]:
    return {m.text for m in town.desk.messages() if not m.own}


@each_channel
def test_i23_ten_messages_to_a_dead_account_are_all_there_and_the_answer_leaves_once_it_is_connected_again(
    town_of: Towns, channel: Channel
) -> None:
    with town_of(channel.provider) as town:
        said = loses_its_access(town, channel)
        assert heard(town) == set(said)
        (reply,) = town.replies()
        assert (reply.state, reply.code, reply.tries) == (State.PENDING, "token_refused", 0)
        assert reply.sentence and town.sent(channel.provider) == []
        town.told(channel.provider, "token", **channel.alive)
        town.connect(channel.provider)
        town.push(minutes=6)
        town.arrive(channel.provider)
        (reply,) = town.replies()
        assert reply.state is State.SENT
        assert [one["text"].endswith(TEXT) for one in town.sent(channel.provider)] == [True]
        assert heard(town) == set(said)
        assert town.account(channel.provider, channel.account).condition == "ok"


@each_channel
def test_i23_an_answer_of_the_platform_proves_that_the_account_can_act_again(town_of: Towns, channel: Channel) -> None:
    with town_of(channel.provider) as town:
        loses_its_access(town, channel)
        town.desk.clock.forward(minutes=61)
        town.minutely(channel.provider)
        paused = town.account(channel.provider, channel.account)
        assert (paused.condition, paused.reason) == ("paused", "token_refused"), "asked, and still refused"
        town.told(channel.provider, "token", **channel.alive)
        town.minutely(channel.provider)
        assert town.account(channel.provider, channel.account).state == "paused", "not asked every minute"
        town.desk.clock.forward(minutes=61)
        town.minutely(channel.provider)
        assert town.account(channel.provider, channel.account).state == "ok"
        town.push(minutes=6)
        (reply,) = town.replies()
        assert reply.state is State.SENT


def test_i22_an_answer_whose_window_closed_while_the_account_was_dead_is_handed_to_a_person(town_of: Towns) -> None:
    channel = CHANNELS[2]
    with town_of("meta") as town:
        town.connect("meta", features=())
        loses_its_access(town, channel)
        town.desk.clock.forward(hours=25)
        town.told("meta", "token", **channel.alive)
        town.connect("meta", features=())
        town.push()
        (reply,) = town.replies()
        assert reply.state is State.HUMAN and reply.sentence
        assert reply.code in ("reply.too_late", "window.not_granted"), reply
        assert town.sent("meta") == []
        assert town.desk.case().reply_state == "human"


def test_who_connects_an_account_again_says_nothing_about_what_was_learnt_of_it(town_of: Towns) -> None:
    with town_of("x") as town:
        town.told("x", "users", username="kim", name="Kim L")
        town.say("x", "kim", "@acme hello", platform="x", surface="post")
        town.minutely("x")
        town.desk.clock.forward(minutes=5)
        town.told("x", "say", by="kim", text="@acme hello again", silent=True)
        town.minutely("x")
        before = town.account("x")
        assert before.health and before.last_event_at and before.missed == 1 and before.checked_at
        town.connect("x", name="Acme Ltd")
        after = town.account("x")
        assert (after.health, after.last_event_at, after.missed) == (before.health, before.last_event_at, 1)
        assert (after.name, after.state, after.checked_at) == ("Acme Ltd", "ok", ""), "looked at again at once"
        town.connect("x", brand="umbra")
        assert (town.account("x").brand, town.account("x").missed) == ("umbra", 0), "another brand begins anew"
