"""Direct messages, hiding and deleting through tweepy against the fake X (I18, F17 to F23)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hark.domain.failures import Effect
from hark.providers.contract import CallFailed, CannotLook, NotSent, Order, Sent
from hark.providers.x.fake import Fake
from hark.providers.x.fake.content import Post
from hark.providers.x.text import DIRECT_LIMIT

from .saying import BRAND, DIRECT, DIRECT_TEXT, KIM, direct, sender, write


def test_a_message_goes_to_the_person_once(x: Fake) -> None:
    question = write(x)
    outcome = sender(x).send(direct(question))
    (made,) = (m for m in x.world.messages() if m.source == "api")
    assert outcome == Sent(made.id)
    assert (made.recipient.id, made.text.startswith("Sorry! Your parcel 4711 & 4712: https://t.co/")) == (KIM, True)


@pytest.mark.parametrize("text", ["", " \n ", "a" * (DIRECT_LIMIT + 1)])
def test_a_text_x_would_refuse_is_not_even_sent(x: Fake, text: str) -> None:
    x.faults.plan({"on": "dm", "answer": "status", "status": 500})
    assert sender(x).send(direct(write(x), text)) == NotSent("too_long")
    assert x.faults.shown(), "the call was never made"


def test_the_longest_text_and_asian_scripts_count_as_characters(x: Fake) -> None:
    assert isinstance(sender(x).send(direct(write(x), "日" * DIRECT_LIMIT)), Sent)


@pytest.mark.parametrize(
    ("status", "code"), [(403, "person_unreachable"), (404, "person_unreachable"), (400, "invalid")]
)
def test_a_refused_message_is_never_sent_again(x: Fake, status: int, code: str) -> None:
    question = write(x)
    x.faults.plan({"on": "dm", "answer": "status", "status": status})
    outcome = sender(x).send(direct(question))
    assert isinstance(outcome, NotSent)
    assert (outcome.effect, outcome.code) == (Effect.NEVER, code)
    assert DIRECT.sent(x) == []
    assert sender(x).read_back(direct(question)) is None


def test_a_message_into_another_conversation_cannot_be_ours_f20(x: Fake) -> None:
    body = '{"data":{"dm_event_id":"9123721879108735007","dm_conversation_id":"1-2"}}'
    x.faults.plan({"on": "dm", "answer": "status", "status": 201, "body": body})
    assert sender(x).send(direct(write(x))) == NotSent("wrong_id")


def test_a_person_who_never_wrote_or_has_blocked_us_cannot_be_written_to(x: Fake) -> None:
    stranger = x.world.add_user("lee", "Lee")
    question = write(x)
    for person in (stranger.id, "1", ""):
        outcome = sender(x).send(direct(question, person=person))
        assert isinstance(outcome, NotSent)
        assert outcome.code == "person_unreachable"
    x.world.closed.add(KIM)
    refused = sender(x).send(direct(question))
    assert isinstance(refused, NotSent)
    assert (refused.code, refused.detail) == ("person_unreachable", "403")


def test_looking_finds_neither_an_old_message_nor_one_to_somebody_else_f21(x: Fake) -> None:
    lee, kim = x.world.add_user("lee", "Lee"), x.world.user("kim_l")
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    x.world.add_message(x.world.brand, kim, DIRECT_TEXT, hour_ago, x.clock())
    question = write(x)
    x.world.add_message(x.world.brand, lee, DIRECT_TEXT, datetime.now(UTC), x.clock())
    x.world.add_message(kim, x.world.brand, DIRECT_TEXT, datetime.now(UTC), x.clock())
    assert sender(x).read_back(direct(question)) is None


def test_looking_goes_back_to_the_question_and_not_further(x: Fake) -> None:
    for n in range(30):
        write(x, f"before {n}", ago=timedelta(days=1, seconds=n))
    question = write(x)
    made = sender(x).send(direct(question))
    for n in range(12):
        write(x, f"after {n}")
    assert sender(x).read_back(direct(question)) == made


def test_more_messages_than_we_look_through_are_no_proof(x: Fake) -> None:
    question = write(x)
    for n in range(25):
        write(x, f"more {n}")
    with pytest.raises(CallFailed) as failed:
        sender(x).read_back(direct(question))
    assert (failed.value.paused, failed.value.detail) == (False, "read_back_incomplete")


def test_a_revoked_token_pauses_and_a_new_one_sends_f23(x: Fake) -> None:
    question = write(x)
    x.signatures.user_valid = False
    outcome = sender(x).send(direct(question))
    assert isinstance(outcome, NotSent)
    assert (outcome.effect, outcome.code) == (Effect.PAUSED, "token_refused")
    x.signatures.user_valid = True
    assert isinstance(sender(x).send(direct(question)), Sent)


# --- what is done to posts ---


def under_ours(x: Fake) -> Post:
    now = datetime.now(UTC)
    ours = x.world.add_post(x.world.brand, "Delays today.", now, x.clock())
    return x.world.add_post(x.world.user("kim_l"), "rubbish", now, x.clock(), parent=ours)


def act(x: Fake, verb: str, target: str) -> Sent | NotSent:
    return sender(x).send(Order(verb, "x", BRAND, target, asked_at=datetime.now(UTC)))


def test_a_reply_under_our_post_is_hidden_and_shown_again_however_often(x: Fake) -> None:
    reply = under_ours(x)
    for verb, hidden in (("hide", True), ("hide", True), ("unhide", False), ("unhide", False)):
        assert act(x, verb, reply.id) == Sent()
        assert reply.hidden is hidden


def test_a_post_in_somebody_elses_conversation_cannot_be_hidden(x: Fake) -> None:
    theirs = x.world.add_post(x.world.user("kim_l"), "@acme rubbish", datetime.now(UTC), x.clock())
    outcome = act(x, "hide", theirs.id)
    assert isinstance(outcome, NotSent)
    assert outcome.code == "refused"


def test_our_own_post_is_deleted_and_twice_is_once(x: Fake) -> None:
    ours = x.world.add_post(x.world.brand, "Oops", datetime.now(UTC), x.clock())
    assert act(x, "delete", ours.id) == Sent()
    assert ours.gone
    assert act(x, "delete", ours.id) == Sent(), "an earlier try may have done it"


@pytest.mark.parametrize(("verb", "route"), [("hide", "hide"), ("delete", "delete")])
def test_an_act_that_goes_wrong_is_told_and_may_be_repeated(x: Fake, verb: str, route: str) -> None:
    reply = under_ours(x)
    target = reply.id if verb == "hide" else str(reply.parent.id if reply.parent else "")
    for fault, code in (
        ({"answer": "rate_limited"}, "rate_limited"),
        ({"answer": "reset", "effect": True}, "no_answer"),
        ({"answer": "no_id"}, "no_answer"),
        ({"answer": "status", "status": 401}, "token_refused"),
    ):
        x.faults.plan({"on": route, **fault})
        outcome = act(x, verb, target)
        assert isinstance(outcome, NotSent)
        assert outcome.code == code
    assert act(x, verb, target) == Sent()


@pytest.mark.parametrize("verb", ["like", "unlike", "private_reply", "by_hand"])
def test_what_x_does_not_open_to_programs_is_not_supported(x: Fake, verb: str) -> None:
    assert act(x, verb, "1") == NotSent("not_supported")


def test_an_act_without_words_cannot_be_looked_up(x: Fake) -> None:
    with pytest.raises(CannotLook):
        sender(x).read_back(Order("hide", "x", BRAND, "1", asked_at=datetime.now(UTC)))
