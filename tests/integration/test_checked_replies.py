"""What the checks find stops a reply at the door, not only in the composer's eyes (E5, E7, E8, E15, E26)."""

from __future__ import annotations

import pytest
from hark import wiring
from hark.domain.case import Reason
from hark.domain.reply_choices import Checks
from hark.domain.time import text as time_text
from hark.store import keys

from .browser import Answer, Browser
from .conftest import Desk
from .one_case import SignIn, at
from .test_held_replies import only

SORRY = "We are sorry that your parcel is late. It left our depot this morning and will be with you tomorrow."


def write(browser: Browser, text: str, **more: object) -> Answer:
    return browser.send("POST", at(browser.desk, "/replies"), {"text": text, "seen": browser.desk.case().talk, **more})


def found(refused: Answer) -> list[str]:
    assert refused.code == (422, "check"), refused
    return [finding["code"] for finding in refused.said["findings"]]


def kept(desk: Desk) -> list[str]:
    return [item["text"] for item in desk.items() if item["sk"].startswith(keys.REPLY_PREFIX)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("We have +371 29123456 on file.", "phone"), ("Sent to anna@example.com.", "email"),
     ("Paid from LV80BANK0000435195001.", "iban")],
)  # fmt: skip
def test_personal_data_in_public_are_refused_and_nothing_of_it_is_kept(
    desk: Desk, dana: Browser, text: str, kind: str
) -> None:
    refused = write(dana, text)
    assert found(refused) == ["check.personal_data"] and refused.said["findings"][0]["about"] == kind
    assert found(write(dana, text, confirmed=["check.personal_data"])) == ["check.personal_data"]
    assert kept(desk) == [] and desk.case().reply_state == ""


@pytest.mark.parametrize(
    "what",
    ["e-mail", "phone number", "username", "password", "home address", "billing details", "card number"],
)
def test_each_kind_of_data_that_belongs_in_private_is_not_asked_for_in_public(
    desk: Desk, dana: Browser, what: str
) -> None:
    desk.put_policy(checks=Checks(asks_for_data="block"))
    assert found(write(dana, f"Please tell us your {what}.")) == ["check.asks_for_data"]
    assert write(dana, f"Please send us your {what} in a private message.").status == 202


def test_what_somebody_bought_is_not_asked_for_in_public(desk: Desk, dana: Browser) -> None:
    desk.put_policy(checks=Checks(asks_for_data="block"))
    assert found(write(dana, "What exactly did you buy?")) == ["check.asks_for_data"]


def test_a_warning_stops_a_reply_only_where_the_brand_wants_it_confirmed(desk: Desk, dana: Browser) -> None:
    desk.put_policy(checks=Checks(confirm=True))
    asks = "Please tell us your phone number, or call us."
    assert found(write(dana, asks)) == ["check.asks_for_data", "check.telephone"]
    assert found(write(dana, asks, confirmed=["check.telephone"])) == ["check.asks_for_data"]
    assert write(dana, asks, confirmed=["check.telephone", "check.asks_for_data"]).status == 202
    assert kept(desk) == [asks]


def test_initials_leave_with_what_is_said_in_public(desk: Desk, dana: Browser) -> None:
    desk.put_policy(checks=Checks(sign=True))
    assert write(dana, "On its way!").status == 202
    assert only(desk).text == "On its way! ^DO"


def test_what_was_taken_once_is_not_taken_again_in_the_same_words(desk: Desk, dana: Browser, sign_in: SignIn) -> None:
    desk.put_policy(checks=Checks(same_text="block"), undo_seconds=30)
    first = write(dana, SORRY)
    assert first.status == 202
    back = dana.send("DELETE", at(desk, f"/replies/{first.said['id']}"), "", content_type="")
    assert back.status == 200
    assert found(write(dana, f"@kim_l {SORRY}")) == ["check.same_text"]
    assert write(dana, "Your courier rings at nine, Kim. Shall we tell them the code of the gate?").status == 202


def test_nobody_answers_hot_words_before_they_have_cooled(desk: Desk, dana: Browser) -> None:
    desk.put_policy(checks=Checks(heated="block", cool_down_seconds=60))
    case, now = desk.case(), time_text(desk.clock())
    angry = case.model_copy(update={"reasons": (Reason(code="triage.abuse", at=now),), "last_at": now})
    wiring.actions().cases.commit(case, angry, (), now)
    assert found(write(dana, "Hello Kim")) == ["check.heated"]
    desk.clock.forward(seconds=60)
    assert write(dana, "Hello Kim").status == 202
