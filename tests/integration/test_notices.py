"""From a line of a case's history to who has to hear of it: relay, the template's rules, the desk, e-mail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from hark import wiring
from hark.desk.mailing import NotNow
from hark.domain.people import Member
from hark.store import keys
from hark.store.notices import Notices
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sesv2.models import sesv2_backends

from .browser import Browser
from .bus import Bus, bus_of
from .conftest import BRAND, Desk
from .faults import Crash, fault
from .one_case import SignIn
from .x_deliveries import mention

SENDER = "desk@acme.example"
DESK = "https://desk.acme.example"
Enrol = Callable[..., Member]


@pytest.fixture
def bus(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    monkeypatch.setenv("DESK_ADDRESS", DESK)
    with bus_of(desk) as made:
        yield made


@pytest.fixture
def mailing(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> Bus:
    """The same with a sender, whose address SES knows."""
    monkeypatch.setenv("SENDER_EMAIL", SENDER)
    boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER)
    return bus


def mails() -> list[tuple[str, str, str]]:
    """What SES has taken: to whom, subject, text."""
    sent = sesv2_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].core_backend.sent_messages
    return [(m.destinations["ToAddresses"][0], m.subject, m.body) for m in sent]


def given(desk: Desk, enrol: Enrol, name: str = "dana") -> None:
    enrol(name)
    desk.take_in(mention())
    desk.step("assign", desk.case())


def hour_passes(desk: Desk) -> None:
    desk.clock.now = desk.clock.now.replace(hour=10, minute=15)
    desk.step("remind", desk.case(), deadline="")


def notices(desk: Desk, member: str = "dana") -> list[str]:
    return [item["code"] for item in Notices(desk.table).of_member(BRAND, member)]


def test_who_gets_a_case_and_does_not_answer_it_hears_of_both_once(desk: Desk, bus: Bus, enrol: Enrol) -> None:
    given(desk, enrol)
    assert bus.deliver(times=3) == ["assign.least_loaded"]
    hour_passes(desk)
    assert bus.deliver(times=3) == ["remind.owner"], "the missed target is told by the rung"
    assert notices(desk) == ["remind.owner", "assign.least_loaded"]
    assert bus.deliver() == [], "each line is told once, and events may come again"


def test_nothing_that_a_customer_wrote_is_in_a_notice_or_a_mail(desk: Desk, mailing: Bus, enrol: Enrol) -> None:
    given(desk, enrol)
    hour_passes(desk)
    mailing.deliver()
    written = str([i for i in desk.items() if "#NOTICES#" in i["pk"]]) + str(mails())
    assert "parcel" not in written and "kim" not in written.lower()
    assert mails() and all(f"{DESK}/#/open/{desk.case().id}" in text for _, _, text in mails())


def test_a_reminder_is_mailed_in_the_persons_language_and_once(desk: Desk, mailing: Bus, enrol: Enrol) -> None:
    given(desk, enrol)
    Notices(desk.table).wishes(BRAND, "dana", language="lv")
    hour_passes(desk)
    mailing.deliver(times=3)
    (only,) = mails()
    assert only[:2] == ("dana@example.com", "[acme] Uz vienu no jūsu pieteikumiem nav laikus atbildēts.")


def test_without_a_sender_nothing_is_mailed(desk: Desk, bus: Bus, enrol: Enrol) -> None:
    given(desk, enrol)
    hour_passes(desk)
    bus.deliver()
    assert mails() == [] and "remind.owner" in notices(desk)


def test_who_wants_no_mail_gets_none(desk: Desk, mailing: Bus, enrol: Enrol) -> None:
    given(desk, enrol)
    Notices(desk.table).wishes(BRAND, "dana", mail=False)
    hour_passes(desk)
    mailing.deliver()
    assert mails() == [] and "remind.owner" in notices(desk)


def line(desk: Desk, number: int, **more: Any) -> dict[str, Any]:
    """A reminder as it comes from the bus; `number` makes it another one."""
    case = desk.case()
    detail = {
        "brand": BRAND, "case": case.id, "gen": case.gen, "number": number, "code": "remind.owner", "by": "",
        "about": case.owner, "at": f"2026-11-20T09:{number:02d}:00.000Z",
    }  # fmt: skip
    return {"detail": detail | more}


def test_nobody_gets_more_mails_in_an_hour_than_the_brand_says_and_the_next_one_tells_how_many_there_were(
    desk: Desk, mailing: Bus, enrol: Enrol
) -> None:
    desk.put_policy(name="Acme", notices={"mails_per_hour": 2})
    given(desk, enrol)
    for number in range(5):
        desk.call("notify", line(desk, number))
        desk.clock.forward(minutes=1)
    assert len(mails()) == 2 and len(notices(desk)) == 5
    assert "last e-mail for a while" not in mails()[0][2] and "last e-mail for a while" in mails()[1][2]
    desk.clock.forward(minutes=54, seconds=30)  # an hour since the first of them, not yet since the second
    desk.call("notify", line(desk, 6))
    desk.call("notify", line(desk, 7))
    assert len(mails()) == 2
    desk.clock.forward(minutes=1)
    desk.call("notify", line(desk, 8))
    assert len(mails()) == 3 and "all on the desk: 5" in mails()[2][2]


def test_a_line_of_a_case_that_was_closed_or_came_back_since_is_told_to_nobody(
    desk: Desk, bus: Bus, enrol: Enrol
) -> None:
    given(desk, enrol)
    assert desk.call("notify", line(desk, 1, gen=7)) == {"told": 0}
    assert desk.call("notify", line(desk, 1, case="c" + "a" * 25)) == {"told": 0}
    assert desk.call("notify", line(desk, 1)) == {"told": 1}


@pytest.mark.parametrize("kind", ["crash before", "crash after"])
@pytest.mark.parametrize(("operation", "nth"), [("PutItem", 1), ("TransactWriteItems", 1), ("UpdateItem", 1)])
def test_i32_whatever_dies_the_notice_is_there_once_and_no_mail_goes_twice(
    desk: Desk, mailing: Bus, enrol: Enrol, operation: str, nth: int, kind: Any
) -> None:
    given(desk, enrol)
    with fault(operation, kind, first=nth, times=1) as met, pytest.raises(Crash):
        desk.call("notify", line(desk, 1))
    assert met.struck == 1
    for _ in range(2):
        desk.call("notify", line(desk, 1))
    assert notices(desk) == ["remind.owner"]
    lost = operation == "TransactWriteItems" and kind == "crash after"  # marked, and the process died before SES
    assert len(mails()) == (0 if lost else 1)


@contextmanager
def ses_answers(error: str, status: int) -> Iterator[None]:
    """SES refuses, at moto's single entry, so that nothing of the SDK is left out."""
    real = BotocoreStubber.process_request

    def process(self: BotocoreStubber, request: Any) -> Any:
        if request.url.endswith("/outbound-emails"):
            return status, {"x-amzn-errortype": error}, '{"message": "no"}'
        return real(self, request)

    BotocoreStubber.process_request = process
    try:
        yield
    finally:
        BotocoreStubber.process_request = real


def mail_states(desk: Desk) -> list[str]:
    return [i["mail"] for i in desk.items() if "#NOTICES#" in i["pk"] and i["sk"] != "STATE"]


def test_a_mail_that_ses_puts_off_comes_with_the_next_attempt(desk: Desk, mailing: Bus, enrol: Enrol) -> None:
    given(desk, enrol)
    with ses_answers("TooManyRequestsException", 429), pytest.raises(NotNow):
        desk.call("notify", line(desk, 1))
    assert (mails(), mail_states(desk)) == ([], ["wanted"])
    desk.call("notify", line(desk, 1))
    assert (len(mails()), mail_states(desk)) == (1, ["sent"])


@pytest.mark.parametrize(
    ("error", "status", "state"),
    [("MessageRejected", 400, "refused"), ("AccountSuspendedException", 400, "refused"), ("Trouble", 500, "sending")],
)
def test_a_mail_that_ses_refuses_for_good_or_that_is_in_doubt_is_not_sent_again(
    desk: Desk, mailing: Bus, enrol: Enrol, error: str, status: int, state: str
) -> None:
    given(desk, enrol)
    with ses_answers(error, status):
        assert desk.call("notify", line(desk, 1)) == {"told": 1}
    assert desk.call("notify", line(desk, 1)) == {"told": 1}
    assert (mails(), mail_states(desk)) == ([], [state])


def test_an_incidents_story_is_told_to_the_leads(desk: Desk, bus: Bus, enrol: Enrol, sign_in: SignIn) -> None:
    noa = sign_in("noa", name="Noa Levi", role="lead")
    said = {"code": "incident.suggested", "at": "2026-11-20T09:00:00.000Z", "by": "", "about": ""}
    desk.table.put(keys.story(BRAND, "i1", 1, 0), said)
    assert bus.deliver(times=2) == ["incident.suggested"]
    (only,) = noa.get("notices").said["items"]
    assert (only["code"], only["incident"], only["case"], only["unread"]) == ("incident.suggested", "i1", None, True)


def test_the_desk_shows_notices_newest_first_and_remembers_what_was_read(desk: Desk, bus: Bus, sign_in: SignIn) -> None:
    dana = sign_in("dana")
    desk.take_in(mention())
    desk.step("assign", desk.case())
    bus.deliver()
    hour_passes(desk)
    bus.deliver()
    shown = dana.get("notices").said
    assert ([i["code"] for i in shown["items"]], shown["unread"]) == (["remind.owner", "assign.least_loaded"], 2)
    assert all(item["sentence"].endswith(".") for item in shown["items"])
    after = dana.send("POST", "notices/read", {"up_to": shown["items"][1]["at"]}).said
    assert ([i["unread"] for i in after["items"]], after["unread"]) == ([True, False], 1)
    assert dana.get("notices").said["unread"] == 1


def test_everybody_sees_their_own_notices_only(desk: Desk, bus: Bus, sign_in: SignIn, dana: Browser) -> None:
    desk.step("assign", desk.case())
    bus.deliver()
    eve, other = sign_in("eve", name="Eve Liepa"), sign_in("dana2", brand="other")
    assert dana.get("notices").said["unread"] == 1
    assert eve.get("notices").said["items"] == other.get("notices").said["items"] == []


def test_wishes_are_kept_and_nonsense_is_refused(dana: Browser, bus: Bus) -> None:
    assert dana.get("notices").said | {"now": ""} == {
        "items": [], "unread": 0, "mail": True, "language": "en", "now": "",
    }  # fmt: skip
    said = dana.send("PATCH", "notices", {"mail": False, "language": "he"}).said
    assert (said["mail"], said["language"]) == (False, "he")
    for wrong in ({}, {"language": "tlh"}, {"mail": "no"}, {"read_to": "9"}):
        assert dana.send("PATCH", "notices", wrong).code == (400, "invalid")
    assert dana.send("POST", "notices/read", {"up_to": "yesterday"}).code == (400, "invalid")


def test_a_notice_is_forgotten_after_a_month(desk: Desk, bus: Bus, enrol: Enrol) -> None:
    given(desk, enrol)
    bus.deliver()
    (only,) = [i for i in desk.items() if "#NOTICES#" in i["pk"]]
    assert only["expires"] == int(wiring.clock().timestamp()) + 30 * 86400
