"""What the composer hears about a text while it is written."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from hark import wiring
from hark.domain.case import Reason
from hark.domain.reply_choices import Checks
from hark.domain.time import text as time_text

from .browser import Browser
from .conftest import Desk
from .one_case import SignIn, at

SORRY = "We are sorry that your parcel is late. It left our depot this morning and will be with you tomorrow."


def check(browser: Browser, text: str, **more: Any) -> dict[str, Any]:
    answer = browser.send("POST", at(browser.desk, "/check"), {"text": text, **more})
    assert answer.status == 200, answer
    shown: dict[str, Any] = answer.said
    return shown


def codes(browser: Browser, text: str, **more: Any) -> list[str]:
    return [finding["code"] for finding in check(browser, text, **more)["findings"]]


def remembered(desk: Desk, member: str, text: str, reply_id: str = "r1") -> None:
    wiring.checking().remember(desk.case(), member, reply_id, text, public=True)


def test_a_harmless_text_has_its_length_and_nothing_to_say(desk: Desk, dana: Browser) -> None:
    assert check(dana, "It is on its way, Kim.") == {
        "findings": [], "text": "It is on its way, Kim.", "verb": "public_reply", "length": 22, "limit": 280,
        "parts": [], "wait_until": "",
    }  # fmt: skip


def test_personal_data_are_shown_where_they_stand_with_a_sentence(desk: Desk, dana: Browser) -> None:
    (finding,) = check(dana, "We have +371 29123456 on file")["findings"]
    assert finding == {
        "code": "check.personal_data", "level": "block", "start": 8, "end": 21, "about": "phone",
        "sentence": "Personal data would stand there for everybody to see.",
    }  # fmt: skip
    assert codes(dana, "We have +371 29123456 on file", verb="dm") == []


def test_checking_changes_nothing_and_repeats_nothing(desk: Desk, dana: Browser) -> None:
    # The session and the count of writes are not the check's.
    before = [item for item in desk.items() if "#RATE#" not in item["pk"]]
    answer = dana.send("POST", at(desk, "/check"), {"text": "My secret parole123 to anna@example.com"})
    assert "parole123" not in str(answer.said["findings"])
    assert [item for item in desk.items() if "#RATE#" not in item["pk"]] == before


@pytest.mark.parametrize("body", [{}, {"text": 1}, {"text": "x", "brand": "b"}, {"text": "x", "verb": "like"}])
def test_a_body_of_the_wrong_form_is_refused(desk: Desk, dana: Browser, body: dict[str, Any]) -> None:
    assert dana.send("POST", at(desk, "/check"), body).code == (400, "invalid")


def test_another_brands_case_is_not_there(desk: Desk, dana: Browser, sign_in: SignIn) -> None:
    stranger = sign_in("zed", brand="globex")
    assert stranger.send("POST", at(desk, "/check"), {"text": "x"}).code == (404, "not_found")


def test_what_the_same_agent_said_lately_is_noticed_and_what_a_stranger_to_the_account_said_is_not(
    desk: Desk, dana: Browser, sign_in: SignIn
) -> None:
    assert codes(dana, SORRY) == []
    remembered(desk, "dana", SORRY)
    assert codes(dana, f"@kim_l {SORRY}") == ["check.same_text"]
    assert codes(sign_in("eve", name="Eve Liepa"), SORRY) == ["check.same_text"], "the account said it"
    assert codes(dana, SORRY, verb="dm") == [], "in private nobody compares"
    elsewhere = desk.case().model_copy(update={"account_id": "another"})
    checking, policy = wiring.checking(), desk.put_policy()
    assert checking.findings(elsewhere, "eve", SORRY, public=True, policy=policy) == ()
    assert checking.findings(elsewhere, "dana", SORRY, public=True, policy=policy) != ()


def test_what_is_remembered_are_sketches_in_two_small_items(desk: Desk, dana: Browser) -> None:
    for number in range(60):
        remembered(desk, "dana", f"{SORRY} {'abcdefghij'[number % 10] * 9} and so on", f"r{number}")
        remembered(desk, "dana", f"{SORRY} {'abcdefghij'[number % 10] * 9} and so on", f"r{number}")
    rings = desk.items("LATELY")
    assert len(rings) == 2
    for ring in rings:
        size = sum(len(name) + len(value if isinstance(value, bytes) else str(value)) for name, value in ring.items())
        assert size < 1000
        assert "sorry" not in str(ring).lower()
        assert ring["expires"] > desk.clock().timestamp()


def test_that_it_could_not_be_remembered_stops_nobody(
    desk: Desk, dana: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def lost(*_: object, **__: object) -> None:
        raise ReadTimeoutError(endpoint_url="x")

    monkeypatch.setattr(wiring.checking().lately.table, "change", lost)
    remembered(desk, "dana", SORRY)
    assert "checking.not_remembered" in caplog.text


def test_a_canned_text_has_to_be_edited(desk: Desk, dana: Browser) -> None:
    assert codes(dana, SORRY, canned=SORRY) == ["check.canned_unedited"]


def test_after_hot_words_it_says_until_when_to_wait(desk: Desk, dana: Browser) -> None:
    case, now = desk.case(), time_text(desk.clock())
    angry = case.model_copy(update={"reasons": (Reason(code="triage.abuse", at=now),), "last_at": now})
    wiring.actions().cases.commit(case, angry, (), now)
    shown = check(dana, "Hello Kim")
    assert [f["code"] for f in shown["findings"]] == ["check.heated"]
    assert shown["wait_until"] == "2026-11-20T09:17:00.000Z"
    desk.clock.forward(seconds=120)
    assert check(dana, "Hello Kim")["wait_until"] == ""


def test_too_long_a_text_is_shown_in_parts_that_would_fit(desk: Desk, dana: Browser) -> None:
    desk.put_policy(checks=Checks(sign=True))
    shown = check(dana, "It left Riga this morning and will be with you tomorrow before noon, we hope. " * 5)
    assert [f["code"] for f in shown["findings"]] == ["check.too_long"]
    assert len(shown["parts"]) == 2
    assert all(part.endswith(f"({n}/2) ^DO") for n, part in enumerate(shown["parts"], 1))
    assert all(check(dana, part)["length"] <= 280 for part in shown["parts"])


def test_initials_are_added_and_counted_in_public_only(desk: Desk, dana: Browser) -> None:
    desk.put_policy(checks=Checks(sign=True))
    shown = check(dana, "On its way!")
    assert (shown["text"], shown["length"]) == ("On its way! ^DO", 15)
    assert check(dana, "On its way!", verb="dm")["text"] == "On its way!"


def test_asking_in_public_is_noticed_in_the_language_of_the_reply(desk: Desk, dana: Browser) -> None:
    assert codes(dana, "Lūdzu, atsūtiet savu tālruņa numuru.") == ["check.asks_for_data"]
    assert codes(dana, "Lūdzu, atsūtiet savu tālruņa numuru privātā ziņā.") == []
