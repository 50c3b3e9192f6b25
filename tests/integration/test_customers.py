"""What an agent sees of the customer beside a conversation: names, earlier conversations, and nothing of others'."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hark import aws, wiring
from hark.desk import customers
from hark.domain.case import Case
from hark.domain.events import Profile
from hark.store.messages import Messages
from pydantic import TypeAdapter

from .browser import Browser
from .conftest import BRAND, Desk
from .test_deletion_callback import PERSON, ask, wish
from .town import Town, Towns
from .x_deliveries import KIM, mention

SignIn = Callable[..., Browser]
FIRST = 2123706425275322373


def asked(number: int, **more: Any) -> dict[str, Any]:
    """Mention `number` of Kim's, each a thread of its own and a minute after the one before."""
    at = {"created_at": f"2026-11-20T09:{number:02d}:00.000Z"}
    return mention(str(FIRST + number), f"@acme question {number}, please", **(at | more))


def of_thread(desk: Desk, number: int) -> Case:
    return next(case for case in desk.cases() if case.thread_id == str(FIRST + number))


def shown(browser: Browser, case: Case) -> Any:
    answer = browser.get(f"conversations/{case.id}/customer")
    assert answer.status == 200, answer.said
    return answer.said


def test_other_conversations_of_the_person_are_listed_newest_first_without_this_one(
    desk: Desk, sign_in: SignIn
) -> None:
    desk.take_in(asked(1), asked(3), asked(2), asked(4, author_id="9", conversation_id="7"))
    said = shown(sign_in(), of_thread(desk, 1))
    assert [row["snippet"] for row in said["conversations"]] == ["@acme question 3, please", "@acme question 2, please"]
    assert said["conversations"][0]["opened_at"] == "2026-11-20T09:03:00.000Z"
    assert said["more"] is False
    assert said["channels"] == [
        {"platform": "x", "id": KIM, "handle": "kim_l", "name": "Kim L", "reachable": True, "protected": False}
    ]


def test_a_second_message_in_a_conversation_makes_no_second_line(desk: Desk, sign_in: SignIn) -> None:
    desk.take_in(asked(1), asked(2), asked(3, conversation_id=str(FIRST + 2)))
    said = shown(sign_in(), of_thread(desk, 1))
    assert [row["id"] for row in said["conversations"]] == [of_thread(desk, 2).id]


def test_a_page_of_them_is_shown_and_that_there_are_more(
    desk: Desk, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customers, "SHOWN", 2)
    desk.take_in(*(asked(number) for number in range(1, 5)))
    said = shown(sign_in(), of_thread(desk, 4))
    assert [row["id"] for row in said["conversations"]] == [of_thread(desk, 3).id, of_thread(desk, 2).id]
    assert said["more"] is True


def test_what_was_closed_before_in_this_very_conversation_is_told_with_its_reason(desk: Desk, sign_in: SignIn) -> None:
    desk.take_in(asked(1))
    dana, case = sign_in(), desk.case()
    assert shown(dana, case)["earlier"] == []
    closed = dana.send("PATCH", f"conversations/{case.id}", {"version": case.version, "state": "closed"})
    assert closed.status == 200, closed.said
    desk.clock.forward(hours=1)
    desk.take_in(asked(30, conversation_id=str(FIRST + 1), created_at="2026-11-20T10:14:00.000Z"))
    case = desk.case()
    assert case.gen == 2
    (first,) = shown(dana, case)["earlier"]
    assert (first["generation"], first["code"], first["sentence"]) == (1, "case.closed.agent", "Closed by an agent.")
    assert first["began_at"] == "2026-11-20T09:15:00.000Z" == first["closed_at"]


def test_another_brands_case_has_no_customer(desk: Desk, sign_in: SignIn) -> None:
    desk.take_in(asked(1))
    stranger = sign_in("eve", brand="umbra")
    assert stranger.get(f"conversations/{desk.case().id}/customer").code == (404, "not_found")
    assert sign_in().get("conversations/c999/customer").code == (404, "not_found")


@pytest.fixture
def town(town_of: Towns) -> Iterator[Town]:
    aws.s3().create_bucket(Bucket="hark-media")
    with town_of("meta") as town:
        yield town


def test_who_commented_is_shown_with_the_private_id_that_the_platform_linked(town: Town) -> None:
    town.told("meta", "users", username="kim", name="Kim L")
    post = town.say("meta", "acme", "New hours", platform="facebook", surface="post")
    town.say("meta", "kim", "Where is my parcel?", platform="facebook", surface="comment", to=post)
    case = town.desk.case()
    assert len(shown(town.dana, case)["channels"]) == 1
    town.answer("meta", case, "May we have the number?", "private_reply")
    town.say("meta", "kim", "Thank you, it is 4712", platform="messenger", surface="direct")
    (other,) = [each for each in town.desk.cases() if each.platform == "messenger"]
    said = shown(town.dana, case)
    assert [(who["platform"], who["id"]) for who in said["channels"]] == [
        ("facebook", case.customer_id), ("messenger", other.customer_id),
    ]  # fmt: skip
    assert [row["id"] for row in said["conversations"]] == [other.id]


def test_a_wish_to_be_forgotten_takes_the_list_of_conversations_too(town: Town) -> None:
    messages = Messages(town.desk.table)
    seed = TypeAdapter(Case).validate_python(
        {"id": "c1", "brand": BRAND, "provider": "meta", "platform": "facebook", "account_id": "1", "thread_id": "1",
         "customer_id": PERSON, "opened_at": "2026-11-20T09:00:00.000Z", "asked_at": "", "updated_at": "",
         "deadline": ""}
    )  # fmt: skip
    town.desk.table.transact([messages.begins(seed), messages.identity(BRAND, "facebook", Profile(PERSON, "kim"))])
    assert messages.begun_by(BRAND, "facebook", PERSON, 5) == (["c1"], False)
    assert ask(town, wish())["statusCode"] == 200
    town.fold()
    assert messages.begun_by(BRAND, "facebook", PERSON, 5) == ([], False)
    assert PERSON not in str([item["pk"] for item in town.desk.items() if "#WHO#" in item["pk"]])


def test_the_route_reads_by_key_and_changes_nothing(desk: Desk, sign_in: SignIn) -> None:
    desk.take_in(asked(1), asked(2))
    dana = sign_in()
    before = desk.items()
    shown(dana, of_thread(desk, 1))
    assert desk.items() == before
    assert wiring.customers().cases.table is desk.table
