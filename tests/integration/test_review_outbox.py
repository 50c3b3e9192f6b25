"""Found by review: acts that stop half-way, words that come while an answer is under way, echoes that come late."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hark import wiring
from hark.desk.sending import TRIES, Sending
from hark.domain import message as folding
from hark.domain.reply import Reply, State

from .conftest import BRAND
from .town import Town, Towns


class Died(BaseException):
    """The process is gone."""


def dies(*_: Any, **__: Any) -> Any:
    raise Died


@pytest.fixture
def town(town_of: Towns) -> Iterator[Town]:
    with town_of("meta") as opened:
        opened.told("meta", "users", username="kim", name="Kim L")
        yield opened


@pytest.fixture
def commented(town: Town) -> Town:
    return comment_on(town, "facebook")


def comment_on(town: Town, platform: str) -> Town:
    post = town.say("meta", "acme", "New hours", platform=platform, surface="post")
    town.say("meta", "kim", "Where is my parcel?", platform=platform, surface="comment", to=post)
    return town


each_platform = pytest.mark.parametrize(("platform", "inbox"), [("facebook", "messenger"), ("instagram", "instagram")])


def act(town: Town, verb: str) -> Reply:
    case = town.desk.case()
    asked = town.act(case, case.reply_to, verb)
    assert asked.status == 202, asked.said
    return town.reply(case.id, asked.said["id"])


def test_an_act_whose_sender_died_is_done_again_and_is_no_answer(
    commented: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide = act(commented, "hide")
    with monkeypatch.context() as dying:
        dying.setattr(Sending, "_acted", dies)  # it is hidden, the process is gone
        with pytest.raises(Died):
            commented.push()
    for _ in range(6):
        commented.push(minutes=10)
    case = commented.desk.case()
    assert commented.reply(case.id, hide.id).state is State.SENT
    assert commented.desk.messages()[0].hidden
    assert (case.awaiting, case.reply_state) == ("us", "")


def test_an_act_that_is_too_late_or_put_off_too_often_fails_and_asks_nobody(commented: Town) -> None:
    hide = act(commented, "hide")
    commented.push(days=2)
    hide = commented.reply(hide.case, hide.id)
    assert hide.state is State.FAILED and hide.sentence and "?" not in hide.sentence
    like = act(commented, "like")
    replies = wiring.actions().replies
    replies.table.change(replies.write(like, like.model_copy(update={"tries": TRIES})))
    commented.push(seconds=1)
    assert commented.reply(like.case, like.id).state is State.FAILED
    assert commented.desk.case().awaiting == "us"


def test_what_the_customer_says_while_our_answer_is_under_way_is_still_owed(town: Town) -> None:
    town.say("meta", "kim", "Where is my parcel?", platform="messenger", surface="direct")
    reply = town.write(town.desk.case(), "It comes tomorrow.")
    account = town.account("meta")
    wiring.intake().accounts.set_state("meta", account.id, "paused", "test", "")
    town.push(minutes=1)
    town.say("meta", "kim", "And my money?", platform="messenger", surface="direct")
    second = next(m for m in town.desk.messages() if m.text == "And my money?")
    wiring.intake().accounts.set_state("meta", account.id, "ok", "", "")
    town.push(minutes=10)
    town.arrive("meta")
    case = town.desk.case()
    assert town.reply(case.id, reply.id).state is State.SENT
    assert (case.awaiting, case.reply_state, case.unread, case.asked_at) == ("us", "sent", 1, second.at)
    assert case.due_at


@each_platform
def test_a_private_answer_to_a_comment_keeps_its_author_in_the_persons_own_thread(
    town: Town, platform: str, inbox: str
) -> None:
    comment = comment_on(town, platform).desk.case()
    town.answer("meta", comment, "Write us your number, please.", "private_reply")
    assert len(town.desk.cases()) == 1
    town.say("meta", "kim", "4711", platform=inbox, surface="direct")
    (private,) = [c for c in town.desk.cases() if c.id != comment.id]
    shown = [(m.own, m.by, m.text) for m in town.messages(private)]
    assert shown == [(True, "dana", "Write us your number, please."), (False, "", "4711")]
    assert private.awaiting == "us"


@each_platform
def test_a_private_answer_to_a_comment_is_never_taken_for_one_typed_in_the_app(
    town: Town, platform: str, inbox: str
) -> None:
    comment = comment_on(town, platform).desk.case()
    town.say("meta", "kim", "Another thing: do you open on Sundays?", platform=inbox, surface="direct")
    (private,) = [c for c in town.desk.cases() if c.id != comment.id]
    town.answer("meta", comment, "About your parcel: it comes tomorrow.", "private_reply")
    after = next(c for c in town.desk.cases() if c.id == private.id)
    assert (after.awaiting, after.outside_at) == ("us", "")
    assert "message.own_outside" not in town.lines(after)
    assert [(m.own, m.by) for m in town.messages(after)] == [(False, ""), (True, "dana")]


def test_an_answer_an_agent_has_found_by_hand_keeps_its_author_when_its_echo_comes_at_last(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.say("meta", "kim", "Where is my parcel?", platform="messenger", surface="direct")
    reply = town.write(town.desk.case(), "It comes tomorrow.")
    monkeypatch.setattr(town, "fold", lambda: None)
    with monkeypatch.context() as dying:
        dying.setattr(Sending, "proven", dies)
        with pytest.raises(Died):
            town.push()
    replies = wiring.actions().replies
    human = town.reply(reply.case, reply.id)
    replies.table.change(replies.write(human, human.model_copy(update={"state": State.HUMAN})))
    wiring.sending().decided(BRAND, reply.case, reply.id, "dana", found=True)
    town.arrive("meta")
    Town.fold(town)
    case = town.desk.case()
    assert "message.own_outside" not in town.lines(case) and case.outside_at == ""
    assert [(m.by, m.text) for m in town.messages(case) if m.own] == [("dana", "It comes tomorrow.")]
    assert town.reply(reply.case, reply.id).platform_id


def test_the_words_of_our_message_do_not_come_back_after_it_was_taken_away(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.say("meta", "kim", "Where is my parcel?", platform="messenger", surface="direct")
    reply = town.write(town.desk.case(), "It comes tomorrow.")
    proven, messages, case = Sending.proven, wiring.intake().messages, town.desk.case()

    def taken_away_first(self: Sending, sent: Reply, platform_id: str, *more: Any, **named: Any) -> str:
        told = folding.own(sent.model_copy(update={"platform_id": platform_id}), case, case.updated_at)
        gone = folding.gone(told.model_copy(update={"by": ""}), told.id, told.brand, told.platform)
        messages.table.transact([messages.write(None, gone)])
        return proven(self, sent, platform_id, *more, **named)

    monkeypatch.setattr(Sending, "proven", taken_away_first)
    town.push()
    (own,) = [m for m in town.desk.messages() if m.own]
    assert (own.gone, own.text, own.by) == (True, "", "dana")
    assert town.reply(reply.case, reply.id).state is State.SENT
