"""A reply leaves at most once (I16-I23 and section 2 of the invariants), against the fake X over real HTTP."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hark import wiring
from hark.desk.clicks import Click
from hark.domain import case as rules
from hark.domain.people import Member
from hark.domain.reply import Reply, State
from hark.providers.x.fake import SECRETS, Fake
from hark.store import keys

from .conftest import BRAND, Clock, Desk
from .x_deliveries import ACME, mention

TEXT = "Hello Kim, it comes tomorrow. ^DO"


@pytest.fixture
def fake(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    clock.now = datetime.now(UTC)
    with Fake() as x:
        yield x


class Outbox:
    """A case on the desk and on the fake X, its agent, and the outbox between them."""

    def __init__(self, desk: Desk, fake: Fake, dana: Member) -> None:
        self.desk, self.fake, self.dana = desk, fake, dana
        self.control("users", {"username": "kim_l", "name": "Kim L"})
        post = self.control("posts", {"author": "kim_l", "text": "@acme my parcel is late"})
        self.post = post["id"]
        desk.take_in(mention(post["id"], post["text"], author_id=post["author_id"], created_at=post["at"]))

    def control(self, name: str, given: dict[str, Any]) -> Any:
        answer = self.fake.control.answer("POST", name, "", json.dumps(given).encode())
        assert answer.status in (200, 201), answer
        return answer.value

    def misbehave(self, answer: str, **more: Any) -> None:
        self.fake.control.answer("POST", "faults", "", json.dumps({"on": "send", "answer": answer, **more}).encode())

    def posts(self) -> list[Any]:
        made: list[Any] = self.fake.control.answer("GET", "replies", "", b"").value
        return made

    def write(self, text: str = TEXT) -> Reply:
        click = Click.of(self.dana, uuid.uuid4().hex, "reply", text)
        case = self.desk.case()
        return wiring.actions().reply(click, case.id, text, case.talk)

    def push(self, reply: Reply, later: float = 0) -> Reply:
        self.desk.clock.forward(seconds=later)
        key = keys.reply(BRAND, reply.case, reply.id)
        self.desk.call("send_reply", {"keys": [key._asdict()]})
        return self.now(reply)

    def now(self, reply: Reply) -> Reply:
        found = wiring.actions().replies.get(BRAND, reply.case, reply.id)
        assert found
        return found


@pytest.fixture
def outbox(desk: Desk, fake: Fake, enrol: Callable[..., Member], monkeypatch: pytest.MonkeyPatch) -> Outbox:
    monkeypatch.setenv("PROVIDER_ENDPOINTS", f"x={fake.url}")
    secrets = {"app": {}, f"accounts/{ACME}": dict(SECRETS[ACME])}
    from hark import aws

    for name, values in secrets.items():
        aws.ssm().put_parameter(
            Name=f"/hark/test/x/{name}", Value=json.dumps(values or dict(SECRETS[ACME])), Type="SecureString",
            Overwrite=True,
        )  # fmt: skip
    return Outbox(desk, fake, enrol("dana"))


def test_a_reply_reaches_the_right_post_once_and_the_case_waits_for_the_customer(outbox: Outbox) -> None:
    reply = outbox.push(outbox.write())
    (post,) = outbox.posts()
    assert (post["in_reply_to"], post["text"]) == (outbox.post, TEXT)
    assert (reply.state, reply.platform_id) == (State.SENT, post["id"])
    case = outbox.desk.case()
    assert (case.awaiting, case.reply_state, case.owner, case.unread) == ("them", "sent", "dana", 0)
    own = next(m for m in outbox.desk.messages() if m.own)
    assert (own.id, own.text, own.by) == (post["id"], TEXT, "dana")


def test_i18_pushing_again_and_again_posts_nothing_more(outbox: Outbox) -> None:
    reply = outbox.write()
    for _ in range(4):
        outbox.push(reply, later=200)
    assert len(outbox.posts()) == 1


@pytest.mark.parametrize("effect", [True, False])
@pytest.mark.parametrize("answer", ["status", "reset", "html", "half_json", "errors", "no_id", "wrong_id"])
def test_f18_to_f20_a_doubtful_answer_is_looked_up_and_never_repeated(
    outbox: Outbox, answer: str, effect: bool
) -> None:
    outbox.misbehave(answer, effect=effect)
    reply = outbox.push(outbox.write())
    assert reply.state is State.UNKNOWN
    for _ in range(4):
        reply = outbox.push(reply, later=1000)
    if effect:
        assert (reply.state, reply.platform_id) == (State.SENT, outbox.posts()[0]["id"])
        assert outbox.desk.case().awaiting == "them"
    else:
        assert reply.state is State.HUMAN, "not finding it proves nothing: a person looks"
    assert len(outbox.posts()) == int(effect)


def test_f17_told_to_come_later_it_comes_later_and_once(outbox: Outbox) -> None:
    outbox.misbehave("status", status=429, headers={"retry-after": "120"})
    reply = outbox.push(outbox.write())
    assert reply.state is State.PENDING and outbox.posts() == []
    assert outbox.push(reply, later=60).state is State.PENDING, "not before its time"
    assert outbox.push(reply, later=90).state is State.SENT
    assert len(outbox.posts()) == 1


def test_i23_a_dead_token_pauses_the_account_and_burns_no_reply(outbox: Outbox) -> None:
    outbox.misbehave("status", status=401, body='{"title": "Unauthorized", "status": 401}')
    reply = outbox.push(outbox.write())
    account = wiring.intake().accounts.find("x", ACME)
    assert account and (account["state"], reply.state) == ("paused", State.PENDING)
    for _ in range(20):
        reply = outbox.push(reply, later=400)
    assert reply.state is State.PENDING and reply.tries == 0
    wiring.intake().accounts.set_state("x", ACME, "ok", "", "")
    assert outbox.push(reply, later=400).state is State.SENT


def test_a_refusal_for_good_fails_with_a_sentence_and_lets_the_agent_write_again(outbox: Outbox) -> None:
    detail = "You may only reply to or quote posts where you are mentioned"
    outbox.misbehave("status", status=403, body=json.dumps({"detail": detail}))
    reply = outbox.push(outbox.write())
    assert reply.state is State.FAILED and reply.sentence
    assert outbox.desk.case().reply_state == "failed"
    assert outbox.push(outbox.write()).state is State.SENT


def test_the_lease_of_a_dead_sender_ends_in_a_look_not_in_a_second_post(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sending = wiring.sending()

    class Died(BaseException):
        pass

    def dies(self: Any, *_: Any, **__: Any) -> Any:
        raise Died

    reply = outbox.write()
    with monkeypatch.context() as dying:
        dying.setattr(type(sending), "proven", dies)  # the post is out, the process is gone
        with pytest.raises(Died):
            outbox.push(reply)
    assert outbox.now(reply).state is State.SENDING
    assert outbox.push(reply, later=30).state is State.SENDING, "the lease holds"
    assert outbox.push(reply, later=70).state is State.UNKNOWN
    assert outbox.push(reply, later=130).state is State.SENT
    assert len(outbox.posts()) == 1


def test_the_echo_proves_a_doubtful_reply(outbox: Outbox) -> None:
    outbox.misbehave("reset", effect=True)
    reply = outbox.push(outbox.write())
    assert reply.state is State.UNKNOWN
    (post,) = outbox.posts()
    outbox.desk.take_in(
        mention(post["id"], f"@kim_l {TEXT}", event_type="post.create", author_id=ACME, created_at=post["at"],
                conversation_id=outbox.post, in_reply_to_tweet_id=outbox.post,
                in_reply_to_user_id=outbox.desk.case().customer_id, entities={})
    )  # fmt: skip
    assert outbox.now(reply).state is State.SENT
    own = [m for m in outbox.desk.messages() if m.own]
    assert [(m.by, m.id, m.text) for m in own] == [("dana", post["id"], TEXT)], "without the handle X put in front"


def test_i22_a_reply_that_could_not_leave_for_a_day_is_not_sent_late(outbox: Outbox) -> None:
    reply = outbox.push(outbox.write(), later=25 * 3600)
    assert reply.state is State.HUMAN and outbox.posts() == []
    wiring.sending().decided(BRAND, reply.case, reply.id, "dana", found=False)
    assert outbox.push(outbox.now(reply), later=1).state is State.SENT


def test_i21_a_reply_does_not_leave_once_the_case_is_somebody_elses(outbox: Outbox) -> None:
    reply = outbox.write()
    case = outbox.desk.case()
    now = "2026-11-22T08:00:00.000Z"
    wiring.intake().cases.commit(case, *rules.given(case, "oleg", "noa", "case.assigned", now), now)
    assert outbox.push(reply).state is State.FAILED
    assert outbox.posts() == []


def test_i21_a_reply_to_a_deleted_message_does_not_leave(outbox: Outbox) -> None:
    from .x_deliveries import deletion

    reply = outbox.write()
    outbox.desk.take_in(deletion(outbox.post))
    assert outbox.push(reply).state is State.FAILED
    assert outbox.posts() == []


def test_an_agent_who_sees_the_post_ends_the_doubt(outbox: Outbox) -> None:
    outbox.misbehave("reset", effect=False)
    reply = outbox.push(outbox.write())
    for _ in range(4):
        reply = outbox.push(reply, later=1000)
    assert reply.state is State.HUMAN
    wiring.sending().decided(BRAND, reply.case, reply.id, "dana", found=True)
    assert outbox.now(reply).state is State.SENT
    history = wiring.intake().cases.history(BRAND, reply.case)
    assert ("reply.found_by_hand", "dana") in [(line["code"], line["by"]) for line in history]
    with pytest.raises(rules.Refused):
        wiring.sending().decided(BRAND, reply.case, reply.id, "dana", found=False)


def test_i16_a_claim_whose_answer_was_lost_is_still_a_claim(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    from botocore.client import BaseClient
    from botocore.exceptions import ReadTimeoutError

    lost: list[str] = []
    reply, call = outbox.write(), BaseClient._make_api_call  # type: ignore[attr-defined]

    def loses_the_claims_answer(self: Any, operation: str, given: Any) -> Any:
        answer = call(self, operation, given)
        if operation == "UpdateItem" and not lost and "OUT#" in str(given["Key"]):
            lost.append(operation)
            raise ReadTimeoutError(endpoint_url="dynamodb")
        return answer

    monkeypatch.setattr(BaseClient, "_make_api_call", loses_the_claims_answer)
    with pytest.raises(ReadTimeoutError):
        outbox.push(reply)
    assert outbox.now(reply).state is State.SENDING and outbox.posts() == []
    for _ in range(5):
        reply = outbox.push(reply, later=1000)
    assert len(outbox.posts()) <= 1 and reply.state in (State.SENT, State.HUMAN)


def test_an_answer_that_is_out_brings_its_author_the_case_that_waits(
    outbox: Outbox, enrol: Callable[..., Member]
) -> None:
    enrol("dana", capacity=1)
    reply, cases = outbox.write(), wiring.actions().cases
    first = outbox.desk.case()
    another = first.model_copy(
        update={"id": f"c{'7' * 25}", "owner": "", "assigned": 1, "reply_state": "", "version": 0}
    )
    cases.commit(None, another, (), first.updated_at)
    assert outbox.push(reply).state is State.SENT
    given = cases.get(BRAND, another.id)
    assert given and given.owner == "dana"
    assert [line["code"] for line in cases.history(BRAND, another.id)] == ["assign.from_queue", "assign.least_loaded"]
