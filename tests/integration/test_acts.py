"""Hiding, liking and deleting through the API and the outbox: repeated without harm, and never an answer."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hark.desk.sending import Sending
from hark.domain.case import Case
from hark.domain.message import Message
from hark.domain.reply import State
from hark.testkit.control import Refused

from .town import Town, Towns


@dataclass(frozen=True)
class Place:
    """A public place where customers write under what we wrote."""

    provider: str
    platform: str
    acts: tuple[str, ...]


PLACES = (
    Place("meta", "facebook", ("hide", "unhide", "like", "unlike", "delete")),
    Place("meta", "instagram", ("hide", "unhide", "delete")),
    Place("x", "x", ("hide", "unhide", "delete")),
)
each_place = pytest.mark.parametrize("place", PLACES, ids=[p.platform for p in PLACES])


def commented(town: Town, place: Place) -> tuple[Case, str]:
    """Somebody answers a post of ours; the case and the id of what they wrote."""
    town.told(place.provider, "users", username="kim", name="Kim L")
    if place.platform == "x":
        post = town.told("x", "posts", author="acme", text="New hours")["id"]
        made = town.told("x", "posts", author="kim", text="@acme where is my parcel?", in_reply_to=post)["id"]
    else:
        post = town.told("meta", "say", platform=place.platform, surface="post", by="acme", text="New hours")["id"]
        made = town.told(
            "meta", "say", platform=place.platform, surface="comment", by="kim", text="Where is it?", to=post
        )["id"]
    town.arrive(place.provider)
    return town.desk.case(), str(made)


def message(town: Town, message_id: str) -> Message:
    return next(m for m in town.desk.messages() if m.id == message_id)


def done(town: Town, place: Place, case: Case, message_id: str, verb: str, faults: int = 0) -> State:
    """An agent has it done; every other thing in the outbox has its turn until nothing is left to do."""
    asked = town.act(case, message_id, verb)
    assert asked.status == 202, asked.said
    for _ in range(2 + faults):
        town.push(minutes=5)
    town.arrive(place.provider)
    return town.reply(case.id, asked.said["id"]).state


def effects(town: Town, place: Place) -> list[str]:
    return [one["verb"] for one in town.sent(place.provider)]


@each_place
@pytest.mark.parametrize("answer_is_lost", [False, True])
def test_hiding_and_showing_again_happens_and_is_shown(town_of: Towns, place: Place, answer_is_lost: bool) -> None:
    with town_of(place.provider) as town:
        case, comment = commented(town, place)
        before = town.desk.case()
        for verb, hidden in (("hide", True), ("unhide", False)):
            if answer_is_lost:
                on = "hide" if place.provider == "x" else "act"
                town.told(place.provider, "faults", on=on, answer="reset", effect=True)
            assert done(town, place, case, comment, verb, int(answer_is_lost)) is State.SENT
            assert message(town, comment).hidden is hidden
            # X's fake lists what is hidden now, Meta's each act that was new.
            assert ("hide" if hidden else "unhide") in effects(town, place) or (place.platform == "x" and not hidden)
        after = town.desk.case()
        assert (after.awaiting, after.reply_state, after.unread, after.due_at, after.talk) == (
            before.awaiting, before.reply_state, before.unread, before.due_at, before.talk,
        ), "no answer to anybody"  # fmt: skip
        lines = town.lines(case)
        assert lines.count("act.asked") == 2 and lines.count("act.done") == 2
        assert lines.count("act.later") == (2 if answer_is_lost else 0)
        assert not [line for line in lines if line.startswith("reply.")]


def test_liking_and_taking_it_back_on_facebook(town_of: Towns) -> None:
    place = PLACES[0]
    with town_of("meta") as town:
        case, comment = commented(town, place)
        assert done(town, place, case, comment, "like") is State.SENT
        assert message(town, comment).liked
        assert town.act(case, comment, "like").code == (422, "not_allowed"), "liked already"
        town.told("meta", "faults", on="act", answer="reset", effect=True)
        assert done(town, place, case, comment, "unlike", 1) is State.SENT
        assert not message(town, comment).liked
        assert town.desk.case().awaiting == "us"


@each_place
@pytest.mark.parametrize("answer_is_lost", [False, True])
def test_deleting_our_own_answer_takes_it_away_everywhere_and_once(
    town_of: Towns, place: Place, answer_is_lost: bool
) -> None:
    with town_of(place.provider) as town:
        case, _ = commented(town, place)
        reply = town.answer(place.provider, case, "A mistake of ours")
        assert reply.state is State.SENT
        if answer_is_lost:
            on = "delete" if place.provider == "x" else "act"
            town.told(place.provider, "faults", on=on, answer="reset", effect=True)
        assert done(town, place, case, reply.platform_id, "delete", int(answer_is_lost)) is State.SENT
        ours = message(town, reply.platform_id)
        assert ours.gone and ours.text == ""
        assert effects(town, place).count("delete") <= 2
        if place.platform == "x":
            assert town.fakes["x"].world.find_post(reply.platform_id).gone
        else:
            with pytest.raises(Refused):
                town.fakes["meta"].world.item(reply.platform_id)
        again = town.act(case, reply.platform_id, "delete")
        assert again.code == (422, "not_allowed"), "it is gone"


@each_place
def test_what_is_not_allowed_is_refused_with_a_reason_and_reaches_nobody(town_of: Towns, place: Place) -> None:
    with town_of(place.provider) as town:
        case, comment = commented(town, place)
        forbidden = {"unhide", "public_reply", "dm"} | ({"delete"} if place.platform == "x" else {"unlike"})
        for verb in sorted(forbidden):
            refused = town.act(case, comment, verb)
            assert refused.status in (400, 422), (verb, refused.said)
            if refused.status == 422:
                assert refused.said["code"] == "not_allowed" and refused.said["detail"]
        assert town.act(case, "no-such-message", "hide").status == 404
        assert town.replies() == [] and effects(town, place) == []


@each_place
def test_an_act_on_what_its_author_took_away_meanwhile_ends_with_a_word(town_of: Towns, place: Place) -> None:
    with town_of(place.provider) as town:
        case, comment = commented(town, place)
        asked = town.act(case, comment, "hide")
        assert asked.status == 202
        town.told(place.provider, "drop", id=comment, silent=True)
        for _ in range(3):
            town.push(minutes=5)
        act = town.reply(case.id, asked.said["id"])
        assert act.state is State.FAILED and act.sentence, act
        assert effects(town, place) == []
        assert town.lines(case)[-1] == "act.failed"
        assert town.desk.case().reply_state == case.reply_state


@each_place
def test_an_act_waits_for_a_dead_account_too(town_of: Towns, place: Place) -> None:
    with town_of(place.provider) as town:
        case, comment = commented(town, place)
        account = town.account(place.provider, case.account_id).id
        dead = {"valid": False} if place.provider == "x" else {"account": account, "state": "invalid"}
        alive = {"valid": True} if place.provider == "x" else {"account": account, "state": "ok"}
        town.told(place.provider, "token", **dead)
        asked = town.act(case, comment, "hide")
        for _ in range(10):
            town.push(minutes=6)
        act = town.reply(case.id, asked.said["id"])
        assert (act.state, act.tries) == (State.PENDING, 0)
        assert town.account(place.provider, account).state == "paused"
        town.told(place.provider, "token", **alive)
        town.connect(place.provider)
        town.push(minutes=6)
        assert town.reply(case.id, asked.said["id"]).state is State.SENT
        assert effects(town, place) == ["hide"]


class Died(BaseException):
    """The process was ended."""


@each_place
def test_who_dies_after_an_act_is_followed_by_one_who_does_it_once_more(
    town_of: Towns, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with town_of(place.provider) as town:
        case, comment = commented(town, place)

        def dies(*_: object) -> None:
            raise Died

        asked = town.act(case, comment, "hide")
        with monkeypatch.context() as dying:
            dying.setattr(Sending, "_acted", dies)
            with pytest.raises(Died):
                town.push()
        for _ in range(3):
            town.push(minutes=3)
        assert town.reply(case.id, asked.said["id"]).state is State.SENT
        assert message(town, comment).hidden and effects(town, place)[0] == "hide"


def test_an_act_that_could_not_happen_for_too_long_has_failed_and_asks_nobody(town_of: Towns) -> None:
    with town_of("meta") as town:
        case, comment = commented(town, PLACES[0])
        asked = town.act(case, comment, "hide")
        town.push(hours=25)
        act = town.reply(case.id, asked.said["id"])
        assert (act.state, act.code) == (State.FAILED, "reply.too_late"), "a person's word would make an answer of it"
        assert town.lines(case)[-1] == "act.failed" and effects(town, PLACES[0]) == []
        decided = town.dana.send("POST", f"conversations/{case.id}/replies/{act.id}/decision", {"found": True})
        assert decided.status == 409 and town.desk.case().awaiting == "us"


def test_an_act_put_off_again_and_again_has_failed_in_the_end(town_of: Towns) -> None:
    with town_of("meta") as town:
        case, comment = commented(town, PLACES[0])
        town.told("meta", "faults", on="act", answer="status", status=503, times=50)
        asked = town.act(case, comment, "hide")
        for _ in range(12):
            town.push(hours=1)
        act = town.reply(case.id, asked.said["id"])
        assert (act.state, act.code) == (State.FAILED, "reply.tries_used_up")


def test_what_is_so_already_when_its_turn_comes_was_done(town_of: Towns) -> None:
    with town_of("meta") as town:
        case, comment = commented(town, PLACES[0])
        asked = town.act(case, comment, "hide")
        town.told("meta", "hide", id=comment)  # a colleague was faster, in Facebook's own app
        town.arrive("meta")
        assert message(town, comment).hidden
        town.push(minutes=5)
        assert town.reply(case.id, asked.said["id"]).state is State.SENT
