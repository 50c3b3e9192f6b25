"""Replies that wait: held for a moment so that they can be taken back (E23), or sent at a time of their own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import Context
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse, HTTPHeaders
from hark import aws, wiring
from hark.domain.case import Case
from hark.domain.reply import Reply, State
from hark.domain.time import after
from hark.domain.time import text as time_text
from hark.store import keys
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .browser import Answer, Browser
from .conftest import BRAND, Desk
from .faults import Crash, Kind, fault
from .one_case import SignIn, at
from .town import Town, Towns

DAY = 86_400
KINDS: tuple[Kind, ...] = ("crash before", "crash after", "lost")


def write(browser: Browser, text: str = "Hello Kim", **more: Any) -> Answer:
    return browser.send("POST", at(browser.desk, "/replies"), {"text": text, "seen": browser.desk.case().talk, **more})


def take_back(browser: Browser, reply_id: str, key: str | None = None) -> Answer:
    return browser.send("DELETE", at(browser.desk, f"/replies/{reply_id}"), "", key, content_type="")


def only(desk: Desk) -> Reply:
    (item,) = (i for i in desk.items() if i["sk"].startswith(keys.REPLY_PREFIX))
    return Reply.model_validate(item)


def codes(desk: Desk) -> list[str]:
    return [line["code"] for line in wiring.actions().cases.history(BRAND, desk.case().id)]


def inserted(reply: Reply) -> dict[str, Any]:
    """What the table's stream says of a new reply."""
    from hark.store.table import to_item

    key = keys.reply(reply.brand, reply.case, reply.id)
    image = to_item({**key._asdict(), **reply.model_dump(mode="json")})
    return {"Records": [{"eventName": "INSERT", "eventSource": "aws:dynamodb", "dynamodb": {
        "Keys": to_item(key._asdict()), "NewImage": image, "SequenceNumber": "1"}}]}  # fmt: skip


@pytest.fixture
def woken(desk: Desk) -> Iterator[list[str]]:
    """Sort keys of the replies for which the sender was invoked; moto runs no function."""
    told: list[str] = []

    def invoked(params: Any, **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        told.extend(key["sk"] for key in json.loads(params["body"])["keys"])
        return AWSResponse("", 202, HTTPHeaders(), None), {"StatusCode": 202}

    events: Any = aws.lambda_().meta.events
    events.register("before-call.lambda.Invoke", invoked)
    yield told
    events.unregister("before-call.lambda.Invoke", invoked)


@pytest.fixture
def town(town_of: Towns) -> Iterator[Town]:
    with town_of("meta") as town:
        town.told("meta", "users", username="kim", name="Kim L")
        town.say("meta", "kim", "Where is my parcel?", platform="messenger", surface="direct")
        yield town


# --- held for a moment --------------------------------------------------------------------------


def test_unless_the_brand_holds_replies_one_may_leave_at_once(desk: Desk, dana: Browser) -> None:
    assert write(dana).said["state"] == "pending"
    assert only(desk).look_at == time_text(desk.clock())


@pytest.mark.parametrize(("policy", "asked", "seconds"), [(10, None, 10), (10, 0, 0), (0, 20, 20), (10, 30, 30)])
def test_the_brand_says_for_how_long_a_reply_is_held_and_the_author_may_say_otherwise(
    desk: Desk, dana: Browser, policy: int, asked: int | None, seconds: int
) -> None:
    desk.put_policy(undo_seconds=policy)
    said = write(dana, hold=asked).said
    reply, now = only(desk), time_text(desk.clock())
    assert reply.look_at == after(now, seconds)
    assert said["held_until"] == (after(now, seconds) if seconds else None)
    assert (said["state"], desk.case().reply_state) == (("held", "held") if seconds else ("pending", "pending"))
    assert reply.not_after == after(now, seconds + DAY)


def test_the_desk_is_told_how_long_the_brand_holds_and_by_which_clock_its_mornings_are(
    desk: Desk, dana: Browser
) -> None:
    assert dana.get("me").said["brand"]["undo_seconds"] == 0
    desk.put_policy(undo_seconds=10, calendar={"zone": "Europe/Riga"})
    brand = dana.get("me").said["brand"]
    assert (brand["undo_seconds"], brand["zone"]) == (10, "Europe/Riga")


@pytest.mark.parametrize("hold", [31, -1, "10", 1.5, True])
def test_a_hold_that_is_none_is_refused(desk: Desk, dana: Browser, hold: Any) -> None:
    assert write(dana, hold=hold).code == (400, "invalid")
    assert desk.case().reply_state == ""


def test_nothing_leaves_before_its_time_and_then_it_leaves_without_any_browser(town: Town) -> None:
    case = town.desk.case()
    said = wrote(town, "Soon", hold=10)
    for _ in range(9):
        town.push(seconds=1)
        assert town.sent("meta") == []
    town.push(seconds=1)
    assert [one["text"] for one in town.sent("meta")] == ["Soon"]
    assert town.reply(case.id, said.said["id"]).state is State.SENT


def test_the_sweeper_finds_a_held_reply_when_it_is_due_and_not_before(
    desk: Desk, dana: Browser, woken: list[str]
) -> None:
    write(dana, hold=30)
    wiring.sweeping().run(lambda: True)
    assert woken == []
    desk.clock.forward(seconds=30)
    desk.call("sweep", {})
    assert woken == [f"OUT#{only(desk).id}"]


def test_the_stream_wakes_the_sender_for_what_may_leave_and_not_for_what_is_held(
    desk: Desk, dana: Browser, woken: list[str]
) -> None:
    write(dana, hold=10)
    desk.call("relay", inserted(only(desk)))
    assert woken == []
    desk.clock.forward(seconds=10)
    desk.call("relay", inserted(only(desk)))
    assert woken == [f"OUT#{only(desk).id}"]


def test_a_look_at_the_conversation_sends_what_is_due_in_it(desk: Desk, dana: Browser, woken: list[str]) -> None:
    write(dana, hold=10)
    dana.get(at(desk))
    assert woken == []
    desk.clock.forward(seconds=10)
    assert dana.get(at(desk)).status == 200
    assert woken == [f"OUT#{only(desk).id}"]


def test_a_look_at_the_conversation_is_answered_even_if_nobody_can_be_woken(desk: Desk, dana: Browser) -> None:
    write(dana, hold=10)
    desk.clock.forward(seconds=10)
    assert dana.get(at(desk)).status == 200, "moto knows no such function: the invocation fails"


def test_a_held_reply_is_still_one_that_is_under_way(desk: Desk, dana: Browser) -> None:
    write(dana, hold=10)
    assert write(dana).code == (409, "busy")
    case = desk.case()
    closing = dana.send("PATCH", at(desk), {"version": case.version, "state": "closed"})
    assert closing.code == (409, "busy")


# --- taken back ---------------------------------------------------------------------------------


def test_a_reply_that_is_taken_back_leaves_the_case_as_it_was(desk: Desk, dana: Browser) -> None:
    desk.put_policy(undo_seconds=10)
    reply = write(dana).said
    before = desk.case()
    gone = take_back(dana, reply["id"])
    assert (gone.status, gone.said["state"], gone.said["text"]) == (200, "withdrawn", "Hello Kim")
    after_it = desk.case()
    assert (after_it.reply_state, after_it.awaiting, after_it.due_at) == ("", "us", before.due_at)
    assert after_it.owner == "dana", "whoever mends a word does not lose the case meanwhile"
    assert codes(desk)[-2:] == ["reply.asked", "reply.withdrawn"]
    assert dana.get(at(desk)).said["replies"] == []
    desk.clock.forward(seconds=60)
    desk.call("send_reply", {"keys": [keys.reply(BRAND, after_it.id, reply["id"])._asdict()]})
    assert only(desk).state is State.WITHDRAWN
    assert write(dana).status == 202


def test_the_same_click_takes_back_once_and_a_second_one_is_told_so(desk: Desk, dana: Browser) -> None:
    reply = write(dana, hold=10).said["id"]
    first = take_back(dana, reply, "the-same-click")
    assert take_back(dana, reply, "the-same-click").said == first.said
    assert codes(desk).count("reply.withdrawn") == 1
    assert take_back(dana, reply).code == (409, "left")


@pytest.mark.parametrize(
    ("who", "role", "status"),
    [("dana", "agent", 200), ("eve", "agent", 403), ("lee", "lead", 200), ("ops", "operator", 200)],
)  # fmt: skip
def test_its_author_and_a_lead_may_take_a_reply_back_and_nobody_else(
    desk: Desk, dana: Browser, sign_in: SignIn, who: str, role: str, status: int
) -> None:
    reply = write(dana, hold=10).said["id"]
    browser = dana if who == "dana" else sign_in(who, role=role)
    assert take_back(browser, reply).status == status
    assert only(desk).state is (State.WITHDRAWN if status == 200 else State.HELD)


def test_an_unknown_reply_and_one_of_another_brand_cannot_be_taken_back(
    desk: Desk, dana: Browser, sign_in: SignIn
) -> None:
    reply = write(dana, hold=10).said["id"]
    stranger = sign_in("mia", brand="other")
    assert take_back(stranger, reply).code == (404, "not_found")
    assert take_back(dana, "r-unknown").code == (404, "not_found")
    assert only(desk).state is State.HELD


def test_an_act_is_not_taken_back_as_if_it_were_a_reply(town: Town) -> None:
    post = town.say("meta", "acme", "New hours", platform="facebook", surface="post")
    comment = town.say("meta", "kim", "And on Sunday?", platform="facebook", surface="comment", to=post)
    case = next(case for case in town.desk.cases() if case.platform == "facebook")
    act = town.act(case, comment, "like").said["id"]
    taken = town.dana.send("DELETE", f"conversations/{case.id}/replies/{act}", "", content_type="")
    assert taken.code == (404, "not_found")


def test_what_waits_for_a_paused_account_can_be_taken_back_too(town: Town) -> None:
    case = town.desk.case()
    reply = town.write(case, "Soon")
    wiring.sending().accounts.set_state(case.provider, case.account_id, "paused", "auth.dead", "")
    town.push()
    assert town.reply(case.id, reply.id).state is State.PENDING
    assert take_back(town.dana, reply.id).status == 200
    wiring.sending().accounts.set_state(case.provider, case.account_id, "ok", "", "")
    town.push(hours=1)
    assert town.sent("meta") == []


def test_a_held_reply_that_meets_a_paused_account_waits_for_it_and_counts_no_try(town: Town) -> None:
    case = town.desk.case()
    said = wrote(town, "Soon", hold=5)
    wiring.sending().accounts.set_state(case.provider, case.account_id, "paused", "auth.dead", "")
    town.push(seconds=5)
    reply = town.reply(case.id, said.said["id"])
    assert (reply.state, reply.tries) == (State.PENDING, 0)
    wiring.sending().accounts.set_state(case.provider, case.account_id, "ok", "", "")
    town.push(minutes=10)
    assert len(town.sent("meta")) == 1


def wrote(town: Town, text: str, **when: Any) -> Answer:
    case = town.desk.case()
    return town.dana.send("POST", f"conversations/{case.id}/replies", {"text": text, "seen": case.talk, **when})


def held(town: Town) -> tuple[Case, Reply]:
    """A reply whose moment has just come."""
    case = town.desk.case()
    said = wrote(town, "Soon", hold=5)
    town.desk.clock.forward(seconds=5)
    return case, town.reply(case.id, said.said["id"])


def settled(town: Town, case: Case, reply: Reply) -> State:
    """However it goes on: either it was taken back and nothing is out, or it is out once."""
    for _ in range(3):
        town.push(minutes=10)
    state = town.reply(case.id, reply.id).state
    assert (state, len(town.sent("meta"))) in ((State.WITHDRAWN, 0), (State.SENT, 1))
    shown = next(c for c in town.desk.cases() if c.id == case.id)
    assert (shown.reply_state, shown.awaiting) == (("", "us") if state is State.WITHDRAWN else ("sent", "them"))
    return state


@contextmanager
def just_before(operation: str, act: Callable[[], object]) -> Iterator[None]:
    """Just before the table is asked for the next time to do this, somebody else acts."""
    table = wiring.table()
    real = getattr(table, operation)

    def once(*given: Any, **more: Any) -> Any:
        setattr(table, operation, real)
        Context().run(act)  # what it does, no function of ours does
        return real(*given, **more)

    setattr(table, operation, once)
    yield
    assert getattr(table, operation) == real, "it was not asked for"


def test_taken_back_a_moment_before_the_sender_claims_it_it_does_not_leave(town: Town) -> None:
    case, reply = held(town)
    with just_before("change", lambda: take_back(town.dana, reply.id)):
        town.push()
    assert settled(town, case, reply) is State.WITHDRAWN


def test_claimed_a_moment_before_it_is_taken_back_it_leaves_and_the_agent_hears_of_it(town: Town) -> None:
    case, reply = held(town)
    with just_before("transact", town.push):
        answer = take_back(town.dana, reply.id)
    assert answer.code == (409, "left")
    assert settled(town, case, reply) is State.SENT


def test_whoever_dies_at_a_write_the_same_click_again_takes_it_back_once(town: Town) -> None:
    for operation in ("UpdateItem", "TransactWriteItems"):
        for kind in KINDS:
            scene = Scene(town, scheduled=False)
            key = f"click-{operation}-{kind}".replace(" ", "-")
            with fault(operation, kind, times=1) as met, suppress(Crash):
                scene.take_back(key)
            assert met.struck == 1
            assert scene.take_back(key).status == 200
            assert scene.state() is State.WITHDRAWN and town.lines(scene.case).count("reply.withdrawn") == 1
            scene.do("an hour")
            scene.withdrawn = True
            scene.holds()


# --- at a time of its own -----------------------------------------------------------------------


def in_(desk: Desk, **span: float) -> str:
    from datetime import timedelta

    return time_text(desk.clock() + timedelta(**span))


def test_a_reply_with_a_time_is_shown_with_it_and_leaves_then(town: Town) -> None:
    case = town.desk.case()
    due = in_(town.desk, hours=3)
    said = wrote(town, "Now", send_at=due)
    assert (said.status, said.said["state"], said.said["send_at"], said.said["held_until"]) == (202, "held", due, due)
    assert "reply.scheduled" in town.lines(case)
    town.push(hours=2, minutes=59)
    assert town.sent("meta") == []
    town.push(minutes=1)
    assert town.reply(case.id, said.said["id"]).state is State.SENT


def test_while_it_waits_the_customers_clock_runs_on(desk: Desk, dana: Browser) -> None:
    before = desk.case()
    write(dana, send_at=in_(desk, hours=5))
    waiting = desk.case()
    assert (waiting.awaiting, waiting.due_at, waiting.deadline) == ("us", before.due_at, before.deadline)
    desk.clock.forward(hours=1)
    desk.step("remind", waiting, deadline=waiting.deadline)
    assert desk.case().reminders == 1


@pytest.mark.parametrize(
    ("span", "code"), [({"seconds": 0}, "past"), ({"hours": -1}, "past"), ({"days": 7, "seconds": 1}, "too_far")]
)
def test_a_time_that_is_past_or_too_far_is_refused(
    desk: Desk, dana: Browser, span: dict[str, float], code: str
) -> None:
    assert write(dana, send_at=in_(desk, **span)).code == (422, code)
    assert write(dana, send_at="tomorrow").code == (400, "invalid")
    assert desk.case().reply_state == ""


def test_a_time_after_the_platforms_window_is_refused_and_the_last_moment_of_it_is_not(town: Town) -> None:
    case = town.desk.case()
    dm = next(v for v in town.dana.get(f"conversations/{case.id}").said["verbs"] if v["verb"] == "dm")
    given = {"text": "Now", "seen": case.talk, "verb": "dm"}
    late = town.dana.send("POST", f"conversations/{case.id}/replies", {**given, "send_at": dm["until"]})
    assert late.code == (422, "window_over")
    just = after(dm["until"], -1)
    assert town.dana.send("POST", f"conversations/{case.id}/replies", {**given, "send_at": just}).status == 202


def test_it_is_not_sent_late_counting_from_its_own_time(town: Town) -> None:
    case = town.desk.case()
    due = in_(town.desk, hours=3)
    said = wrote(town, "Now", send_at=due)
    assert town.reply(case.id, said.said["id"]).not_after == after(due, DAY)
    town.push(hours=28)
    assert town.reply(case.id, said.said["id"]).state is State.HUMAN
    assert town.sent("meta") == []


@pytest.mark.parametrize("what", ["the customer", "the customer edits", "the brand itself", "given away", "taken away"])
def test_what_happens_before_its_time_sends_it_back_to_its_author(town: Town, what: str) -> None:
    known = {case.id for case in town.desk.cases()}
    asked = town.say("meta", "kim", "Where is my parcel?", platform="instagram", surface="direct")
    (case,) = (case for case in town.desk.cases() if case.id not in known)
    due = in_(town.desk, hours=3)
    said = town.dana.send(
        "POST", f"conversations/{case.id}/replies", {"text": "Now", "seen": case.talk, "send_at": due}
    )
    match what:
        case "the customer":
            town.say("meta", "kim", "Hello?", platform="instagram", surface="direct")
        case "the customer edits":
            town.control("meta", "edit", id=asked, text="Where is my dog?")
        case "the brand itself":
            town.say("meta", "acme", "It is here", platform="instagram", surface="direct", to="kim")
        case "given away":
            moved = next(c for c in town.desk.cases() if c.id == case.id)
            now = time_text(town.desk.clock())
            wiring.actions().cases.commit(moved, moved.model_copy(update={"owner": "eve"}), (), now)
        case "taken away":
            town.control("meta", "drop", id=asked)
    before = len(town.sent("meta"))
    town.push(hours=3)
    reply = town.reply(case.id, said.said["id"])
    assert reply.state is State.FAILED and reply.sentence
    assert reply.code == ("reply.reassigned" if what == "given away" else "reply.overtaken")
    assert len(town.sent("meta")) == before
    shown = next(r for r in town.dana.get(f"conversations/{case.id}").said["replies"])
    assert (shown["text"], shown["state"]) == ("Now", "failed"), "its author has the words still"


def change(browser: Browser, reply_id: str, key: str | None = None, **wish: Any) -> Answer:
    return browser.send("PATCH", at(browser.desk, f"/replies/{reply_id}"), wish, key)


def test_time_and_words_of_a_reply_that_waits_can_be_changed(town: Town) -> None:
    case = town.desk.case()
    said = town.dana.send(
        "POST",
        f"conversations/{case.id}/replies",
        {"text": "Old", "seen": case.talk, "send_at": in_(town.desk, hours=3)},
    )
    reply = said.said["id"]
    later = in_(town.desk, hours=5)
    assert change(town.dana, reply, send_at=later).said["send_at"] == later
    assert change(town.dana, reply, text="New").said["text"] == "New"
    assert town.lines(case).count("reply.rescheduled") == 2
    assert town.reply(case.id, reply).not_after == after(later, DAY)
    town.push(hours=3)
    assert town.sent("meta") == []
    town.push(hours=2)
    assert [one["text"] for one in town.sent("meta")] == ["New"]
    assert change(town.dana, reply, text="Newer").code == (409, "left")


def test_a_change_is_asked_the_same_as_a_new_reply(desk: Desk, dana: Browser, sign_in: SignIn) -> None:
    reply = write(dana, send_at=in_(desk, hours=3)).said["id"]
    assert change(dana, reply, send_at=in_(desk, days=8)).code == (422, "too_far")
    assert change(dana, reply, text=" \u2800").code == (422, "empty")
    assert change(dana, reply, text="x" * 281).code == (422, "too_long")
    assert change(dana, reply).code == (400, "invalid")
    assert change(sign_in("eve"), reply, send_at=in_(desk, hours=4)).code == (403, "not_yours")
    lead = sign_in("lee", role="lead")
    assert change(lead, reply, text="Mine").code == (403, "not_author")
    assert change(lead, reply, send_at=in_(desk, hours=4)).status == 200


def test_a_reply_that_is_only_held_has_no_time_to_change(desk: Desk, dana: Browser) -> None:
    reply = write(dana, hold=20).said["id"]
    assert change(dana, reply, send_at=in_(desk, hours=4)).code == (409, "not_scheduled")


# --- in any order -------------------------------------------------------------------------------

STEPS = ("take back", "change", "sender", "ten seconds", "sender dies", "customer")


def test_whatever_happens_in_whatever_order_it_leaves_once_or_never_and_never_early(town: Town) -> None:
    @settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(steps=st.lists(st.sampled_from(STEPS), min_size=1, max_size=5), scheduled=st.booleans())
    def play(steps: list[str], scheduled: bool) -> None:
        scene = Scene(town, scheduled)
        for step in steps:
            scene.do(step)
            scene.holds()
        for _ in range(5):
            scene.do("an hour")
        scene.holds()
        assert scene.state() in (State.SENT, State.WITHDRAWN, State.FAILED, State.HUMAN), "nothing is left half done"

    play()


class Scene:
    """One reply that waits, its sender, its author and its customer."""

    number = 0

    def __init__(self, town: Town, scheduled: bool) -> None:
        Scene.number += 1
        self.town, self.desk, self.who, self.text = town, town.desk, f"kim{Scene.number}", f"Soon {Scene.number}"
        town.told("meta", "users", username=self.who, name="Kim L")
        known = {case.id for case in town.desk.cases()}
        town.say("meta", self.who, "Where is my parcel?", platform="messenger", surface="direct")
        (self.case,) = (case for case in town.desk.cases() if case.id not in known)
        self.due = in_(self.desk, seconds=20)
        when = {"send_at": self.due} if scheduled else {"hold": 20}
        said = town.dana.send("POST", self.path, {"text": self.text, "seen": self.case.talk, **when})
        self.reply, self.withdrawn = said.said["id"], False

    @property
    def path(self) -> str:
        return f"conversations/{self.case.id}/replies"

    def state(self) -> State:
        return self.town.reply(self.case.id, self.reply).state

    def take_back(self, key: str | None = None) -> Answer:
        return self.town.dana.send("DELETE", f"{self.path}/{self.reply}", "", key, content_type="")

    def push(self) -> None:
        self.desk.call("send_reply", {"keys": [keys.reply(BRAND, self.case.id, self.reply)._asdict()]})

    def do(self, step: str) -> None:
        dana, one = self.town.dana, f"{self.path}/{self.reply}"
        match step:
            case "take back":
                taken = self.take_back()
                assert taken.status == 200 or taken.code == (409, "left")
                self.withdrawn |= taken.status == 200
            case "change":
                later = in_(self.desk, seconds=30)
                if dana.send("PATCH", one, {"send_at": later}).status == 200:
                    self.due = later
            case "sender":
                self.push()
            case "sender dies":
                with fault("UpdateItem", "crash after", 1, times=1), suppress(Crash):
                    self.push()
            case "ten seconds":
                self.desk.clock.forward(seconds=10)
            case "an hour":
                self.desk.clock.forward(hours=1)
                self.push()
            case "customer":
                self.town.say("meta", self.who, "And?", platform="messenger", surface="direct")

    def holds(self) -> None:
        out = [one for one in self.town.sent("meta") if one["text"] == self.text]
        assert len(out) <= 1
        assert not out or time_text(self.desk.clock()) >= self.due, "never before its time"
        assert not (self.withdrawn and out)
        assert (self.state() is State.WITHDRAWN) == self.withdrawn
        assert (self.state() is State.SENT) == bool(out) or self.state() in (State.UNKNOWN, State.HUMAN)
