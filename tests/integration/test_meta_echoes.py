"""What we say ourselves never becomes a customer's case (I10), against the fake Meta over real HTTP both ways: replies
of the desk, their echoes, and the same words typed in the platform's own app."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hark.domain.case import Case
from hark.providers.meta.fake import Fake
from hark.testkit.http_server import Answer, Call, HttpServer

from .browser import Browser
from .conftest import Desk
from .gateway import request

TEXT = "It comes tomorrow, Kim."


class Town:
    """The fake Meta, the door it delivers to, and an agent at the desk."""

    def __init__(self, desk: Desk, fake: Fake, dana: Browser) -> None:
        self.desk, self.fake, self.dana = desk, fake, dana
        self.told("users", username="kim", name="Kim L")

    def told(self, what: str, **given: Any) -> Any:
        call = Call("POST", f"/_fake/{what}", "", {"content-type": "application/json"}, json.dumps(given).encode())
        answer = self.fake.control.plane.answer(call)
        assert answer.status in (200, 201), answer
        return json.loads(answer.body)

    def say(self, platform: str, surface: str, by: str, text: str, **more: Any) -> str:
        """Somebody says something, and a second passes."""
        self.desk.clock.forward(seconds=1)
        made: str = self.told("say", platform=platform, surface=surface, by=by, text=text, **more)["id"]
        self.arrive()
        return made

    def arrive(self) -> None:
        """Wait until the fake has delivered all it had to tell, and fold it."""
        until = time.monotonic() + 15
        while not all(d["done"] for d in self.fake.webhooks.deliveries.shown()):
            assert time.monotonic() < until, self.fake.webhooks.deliveries.shown()
            time.sleep(0.02)
        self.desk.fold()
        self.desk.fold()

    def reply(self, case: Case, verb: str, text: str = TEXT) -> None:
        """The agent answers on the desk, the sender sends it, and whatever Meta then tells arrives."""
        self.desk.clock.forward(seconds=1)
        path = f"conversations/{case.id}/replies"
        written = self.dana.send("POST", path, {"text": text, "seen": case.talk, "verb": verb})
        assert written.status == 202, written.said
        pending = [{"pk": i["pk"], "sk": i["sk"]} for i in self.desk.items() if i["sk"].startswith("OUT#")]
        self.desk.call("send_reply", {"keys": pending})
        self.arrive()

    def thread(self) -> list[tuple[bool, str, str]]:
        """(ours, by whom on the desk, text) of all that is shown, in the order of the platform's times."""
        (case,) = self.desk.cases()
        shown = [m for m in self.desk.messages() if m.conversation == case.id]
        return [(m.own, m.by, m.text) for m in sorted(shown, key=lambda m: (m.at, m.id))]


@pytest.fixture
def town(
    desk: Desk, sign_in: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch, one_call_at_a_time: None
) -> Iterator[Town]:
    def door(call: Call) -> Answer:
        event = request(call.method, call.path, call.body, dict(call.headers), call.query)
        answer = desk.call("webhook", event)
        return Answer(answer["statusCode"], answer["body"].encode())

    with (
        Listening(door) as url,
        Fake(webhook_url=f"{url}/webhooks/meta", clock=lambda: desk.clock().timestamp()) as fake,
    ):
        monkeypatch.setenv("PROVIDER_ENDPOINTS", f"meta={fake.url}")
        desk.connect("meta")
        yield Town(desk, fake, sign_in("dana"))


class Listening:
    """The desk's door on a port of this machine."""

    def __init__(self, answer: Callable[[Call], Answer]) -> None:
        self._server = HttpServer(answer, 0, "door")

    def __enter__(self) -> str:
        return self._server.start().url

    def __exit__(self, *_: object) -> None:
        self._server.stop()


@pytest.mark.parametrize("platform", ["messenger", "instagram"])
def test_i10_a_private_answer_its_echo_and_the_same_words_typed_in_the_app_are_ours_in_one_case(
    town: Town, platform: str
) -> None:
    town.say(platform, "direct", "kim", "Where is my parcel?")
    town.reply(town.desk.case(), "dm")
    assert [sent["text"] for sent in town.fake.control.sent] == [TEXT]
    assert town.thread() == [(False, "", "Where is my parcel?"), (True, "dana", TEXT)], "the echo is that very reply"
    case = town.desk.case()
    assert (case.awaiting, case.reply_state, case.unread) == ("them", "sent", 0)
    town.say(platform, "direct", "acme", TEXT, to="kim")
    assert town.thread() == [(False, "", "Where is my parcel?"), (True, "dana", TEXT), (True, "", TEXT)]
    after = town.desk.case()
    assert (after.id, after.awaiting, after.unread, after.gen) == (case.id, "them", 0, 1)


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_i10_a_public_answer_its_event_and_the_same_words_typed_in_the_app_are_ours_in_one_case(
    town: Town, platform: str
) -> None:
    post = town.say(platform, "post", "acme", "New hours")
    assert town.desk.cases() == [], "what we post ourselves asks nothing of us"
    comment = town.say(platform, "comment", "kim", "Where is my parcel?", to=post)
    town.reply(town.desk.case(), "public_reply")
    assert town.thread() == [(False, "", "Where is my parcel?"), (True, "dana", TEXT)]
    town.say(platform, "comment", "acme", TEXT, to=comment)
    assert town.thread() == [(False, "", "Where is my parcel?"), (True, "dana", TEXT), (True, "", TEXT)]
    case = town.desk.case()
    assert (case.awaiting, case.unread, case.gen, case.customer_id != case.account_id) == ("them", 0, 1, True)


def test_i10_what_staff_write_first_opens_no_case_and_stands_in_the_thread_once_the_customer_has_answered(
    town: Town,
) -> None:
    town.say("messenger", "direct", "kim", "Hello")
    town.desk.forget()
    town.desk.connect("meta")
    town.say("messenger", "direct", "acme", "We tried to call you.", to="kim")
    assert town.desk.cases() == []
    town.say("messenger", "direct", "kim", "I was out.")
    assert town.thread() == [(True, "", "We tried to call you."), (False, "", "I was out.")]
    assert town.desk.case().awaiting == "us"
