"""The bot on the real handlers: it answers plain questions, hands over, keeps its share, and is looked over."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hark import wiring
from hark.desk.steps import Superseded
from hark.domain.bot import HAND_OVERS, LABELS, may_try
from hark.domain.bot_choices import BotChoices
from hark.domain.case import Case, Reason
from hark.domain.reply import State
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.canned import Canned
from hark.store.table import Change

from .browser import Browser
from .conftest import BRAND, Desk
from .faults import Crash, Kind, fault
from .one_case import SignIn
from .town import Town, Towns
from .x_deliveries import mention

ON = BotChoices(enabled=True, share_percent=100)
HOURS = {
    "language": "en", "kind": "faq", "title": "Opening hours", "text": "We are open from 9 to 18, every day.",
    "questions": ["What are your opening hours?", "When are you open?"],
}  # fmt: skip


@pytest.fixture
def lead(sign_in: SignIn) -> Browser:
    return sign_in("lea", name="Lea Kalna", role="lead")


@pytest.fixture
def hours(desk: Desk, lead: Browser) -> dict[str, Any]:
    desk.put_policy(bot=ON)
    entry: dict[str, Any] = lead.send("POST", "canned", HOURS).said
    return entry


def asked(desk: Desk, text: str = "@acme when are you open?", post: str = "2123706425275322373", **facts: Any) -> Case:
    """A case as it is after triage of a plain question; `facts` differ."""
    desk.take_in(mention(post, text))
    case = next(c for c in desk.cases() if c.reply_to == post)
    return with_facts(desk, case, **facts)


def with_facts(desk: Desk, case: Case, **facts: Any) -> Case:
    now = time_text(desk.clock())
    read = {
        "kind": "question", "language": "en", "contacts": 1, "triaged": case.gen, "priority": 2,
        "reasons": (Reason(code="triage.addressed", at=now), Reason(code="triage.question", at=now)),
    } | facts  # fmt: skip
    wiring.actions().cases.commit(case, case.model_copy(update=read), (), now)
    return next(c for c in desk.cases() if c.id == case.id)


def intents(desk: Desk) -> list[dict[str, Any]]:
    return [item for item in desk.items() if item["sk"].startswith("OUT#")]


def told(desk: Desk, case: Case) -> list[str]:
    """Codes of the case's history, without those before the bot."""
    lines = wiring.actions().cases.history(BRAND, case.id)
    return [line["code"] for line in lines if line["code"].startswith(("bot.", "automation.", "reply."))]


def looked(desk: Desk, case: Case) -> Case:
    assert desk.step("auto_answer", case) == {"next": "assign"}
    return next(c for c in desk.cases() if c.id == case.id)


# --- answering ---


def test_a_plain_question_is_answered_from_the_faq_and_labelled(desk: Desk, hours: dict[str, Any]) -> None:
    after = looked(desk, asked(desk))
    (intent,) = intents(desk)
    assert intent["text"] == f"{HOURS['text']}\n\n{LABELS['en']}"
    assert (intent["automatic"], intent["answers"], intent["by"], intent["state"]) == ("bot", True, "", "pending")
    assert (after.bot, after.bot_gen, after.reply_state) == ("answered", 1, "pending")
    assert told(desk, after) == ["bot.answered", "reply.automatic"]
    line = next(li for li in wiring.actions().cases.history(BRAND, after.id) if li["code"] == "bot.answered")
    assert line["about"] == hours["id"]


def test_triage_of_the_real_reader_lets_the_bot_try(desk: Desk, hours: dict[str, Any]) -> None:
    desk.take_in(mention(text="@acme When are you open?"))
    assert desk.step("triage", desk.case()) == {"next": "bot"}
    assert desk.step("triage", desk.case()) == {"next": "bot"}, "repeated"
    case = desk.case()
    assert may_try(case, ON), (case.kind, case.sentiment, case.language, case.reasons)
    assert looked(desk, case).bot == "answered"


def test_as_shipped_the_bot_does_nothing(desk: Desk, hours: dict[str, Any]) -> None:
    desk.put_policy()
    case = asked(desk)
    assert not may_try(case, BotChoices())
    assert looked(desk, case) == case
    assert intents(desk) == []


def test_a_step_that_is_repeated_answers_once(desk: Desk, hours: dict[str, Any]) -> None:
    case = asked(desk)
    looked(desk, case)
    before = desk.items()
    looked(desk, case)
    assert desk.items() == before
    assert wiring.bot().deeds.day(BRAND, "2026-11-20") == (1, 1)


@pytest.mark.parametrize("kind", ["lost", "crash before", "crash after"])
def test_whatever_breaks_at_the_write_it_answers_once_and_counts_once(
    desk: Desk, hours: dict[str, Any], kind: Kind
) -> None:
    case = asked(desk)
    with fault("TransactWriteItems", kind, times=1) as met, contextlib.suppress(Crash):
        desk.step("auto_answer", case)
    assert met.struck == 1
    assert looked(desk, case).bot == "answered"
    assert len(intents(desk)) == 1
    assert wiring.bot().deeds.day(BRAND, "2026-11-20") == (1, 1)


def test_an_old_generation_is_told_so(desk: Desk, hours: dict[str, Any]) -> None:
    case = asked(desk)
    with pytest.raises(Superseded):
        desk.call("auto_answer", {"brand": BRAND, "case": case.id, "gen": case.gen + 1})


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"kind": "complaint"}, "bot.not_a_question"),
        ({"kind": "crisis"}, "bot.not_a_question"),
        ({"kind": "abuse"}, "bot.not_a_question"),
        ({"kind": "praise"}, "bot.not_a_question"),
        ({"sentiment": "negative"}, "bot.negative"),
        ({"vip": True}, "bot.delicate"),
        ({"incident": "i1"}, "bot.delicate"),
        ({"priority": 1}, "bot.delicate"),
        ({"lane": "long"}, "bot.delicate"),
        ({"personal_data": ("phone",)}, "bot.personal"),
        ({"reference": "INC-20391"}, "bot.personal"),
        ({"reasons": (Reason(code="triage.private.account", at=""),)}, "bot.personal"),
        ({"contacts": 2}, "bot.not_simple"),
        ({"language": "und"}, "bot.not_simple"),
        ({"bot_stopped": True}, "automation.stopped"),
    ],
)
def test_the_bot_keeps_its_hands_off(desk: Desk, hours: dict[str, Any], facts: dict[str, Any], code: str) -> None:
    case = asked(desk, **facts)
    assert not may_try(case, ON)
    after = looked(desk, case)
    assert told(desk, after) == [code]
    assert intents(desk) == []
    assert desk.items("2026-11-20") == [], "it did not come up for the bot"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("@acme does the bus to the airport stop here?", "bot.unsure"),
        ("@acme when are you open? I want to talk to a human", "automation.stopped"),
    ],
)
def test_what_it_does_not_know_or_should_not_answer_goes_to_a_person(
    desk: Desk, hours: dict[str, Any], text: str, code: str
) -> None:
    after = looked(desk, asked(desk, text))
    assert told(desk, after) == [code]
    assert after.bot_stopped is (code == "automation.stopped")
    assert intents(desk) == []


def test_two_entries_alike_leave_it_to_a_person(desk: Desk, hours: dict[str, Any], lead: Browser) -> None:
    lead.send("POST", "canned", HOURS | {"title": "Hours of the shop in Riga"})
    assert told(desk, looked(desk, asked(desk))) == ["bot.ambiguous"]


@pytest.mark.parametrize(
    "changed",
    [{"standing": "candidate"}, {"kind": "canned"}, {"questions": []}, {"text": "We are open {hours}."},
     {"language": "lv"}],
)  # fmt: skip
def test_only_approved_entries_with_questions_in_the_language_and_without_gaps_are_used(
    desk: Desk, lead: Browser, changed: dict[str, Any]
) -> None:
    desk.put_policy(bot=ON)
    assert lead.send("POST", "canned", HOURS | changed).status == 201
    assert told(desk, looked(desk, asked(desk))) == ["bot.unsure"]


def test_on_x_only_who_called_the_brand_is_answered(desk: Desk, hours: dict[str, Any]) -> None:
    case = asked(desk)
    message = keys.message(BRAND, "x", case.reply_to)
    desk.table.change(Change(message, {"addressed": False}))
    assert told(desk, looked(desk, case)) == ["automation.not_called"]


def test_what_the_platform_does_not_take_is_not_said(desk: Desk, lead: Browser) -> None:
    desk.put_policy(bot=ON)
    lead.send("POST", "canned", HOURS | {"text": "We are open. " * 40})
    after = looked(desk, asked(desk))
    assert told(desk, after) == ["bot.cannot_say"]
    assert (after.bot, intents(desk)) == ("", [])


# --- its share ---


def test_it_answers_no_more_than_its_share_of_the_day(desk: Desk, hours: dict[str, Any]) -> None:
    desk.put_policy(bot=BotChoices(enabled=True, share_percent=25))
    after = [looked(desk, asked(desk, post=f"21237064252753223{n:02}")) for n in range(9)]
    assert [case.bot for case in after] == ["", "", "", "answered", "", "", "", "answered", ""]
    assert wiring.bot().deeds.day(BRAND, "2026-11-20") == (9, 2)
    assert told(desk, after[0]) == ["bot.share_used"]
    desk.clock.forward(days=1)
    assert looked(desk, asked(desk, post="2123706425275322399")).bot == "", "a new day begins at nothing"
    assert wiring.bot().deeds.day(BRAND, "2026-11-21") == (1, 0)


def test_two_conversations_counted_at_once_are_both_counted(
    desk: Desk, hours: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put_policy(bot=BotChoices(enabled=True, share_percent=50))
    first, second = asked(desk), asked(desk, post="2123706425275322374")
    deeds, day = wiring.bot().deeds, wiring.bot().deeds.day
    seen: list[tuple[int, int]] = []

    def meanwhile(brand: str, on: str) -> tuple[int, int]:
        found = day(brand, on)
        seen.append(found)
        if len(seen) == 1:
            looked(desk, second)  # the other one comes between the look and the write
        return found

    monkeypatch.setattr(deeds, "day", meanwhile)
    looked(desk, first)
    assert day(BRAND, "2026-11-20") == (2, 1)
    assert sorted(c.bot for c in desk.cases()) == ["", "answered"]


# --- in private, with the real fakes ---


@pytest.fixture
def town(town_of: Towns) -> Iterator[Town]:
    with town_of("meta") as town:
        town.told("meta", "users", username="kim", name="Kim L")
        town.desk.put_policy(bot=ON)
        yield town


def test_in_private_it_says_that_a_person_is_coming_once(town: Town) -> None:
    town.say("meta", "kim", "Do you sell giraffes?", platform="messenger", surface="direct")
    case = with_facts(town.desk, town.desk.case())
    assert not case.public
    after = looked(town.desk, case)
    assert told(town.desk, after) == ["bot.unsure", "bot.handed_over", "reply.automatic"]
    town.push()
    assert [one["text"] for one in town.sent("meta")] == [f"{HAND_OVERS['en']}\n\n{LABELS['en']}"]
    assert (town.desk.case().awaiting, town.desk.case().bot) == ("us", "handed_over"), "the answer is still owed"
    town.say("meta", "kim", "And zebras?", platform="messenger", surface="direct")
    assert looked(town.desk, with_facts(town.desk, town.desk.case())).bot == "handed_over"
    town.push()
    assert len(town.sent("meta")) == 1


def test_a_brand_may_leave_the_handing_over_and_write_its_own_words(town: Town) -> None:
    town.desk.put_policy(bot=BotChoices(enabled=True, hands_over=False))
    town.say("meta", "kim", "Do you sell giraffes?", platform="messenger", surface="direct")
    assert told(town.desk, looked(town.desk, with_facts(town.desk, town.desk.case()))) == ["bot.unsure"]


def test_its_answer_leaves_and_makes_it_the_customers_turn(town: Town, sign_in: SignIn) -> None:
    sign_in("lea", role="lead").send("POST", "canned", HOURS)
    town.say("meta", "kim", "When are you open?", platform="messenger", surface="direct")
    looked(town.desk, with_facts(town.desk, town.desk.case()))
    town.push()
    (reply,) = town.replies()
    assert reply.state is State.SENT
    assert town.desk.case().awaiting == "them"
    assert [one["text"] for one in town.sent("meta")] == [f"{HOURS['text']}\n\n{LABELS['en']}"]
    assert "HUMAN_AGENT" not in json.dumps(town.sent("meta")), "what is reserved for people is not the bot's"


# --- looked over by a person ---


def test_everything_it_did_waits_for_a_person(desk: Desk, hours: dict[str, Any], lead: Browser) -> None:
    case = looked(desk, asked(desk))
    (item,) = lead.get("bot/review").said["items"]
    assert item == {
        "conversation": case.id, "generation": 1, "at": "2026-11-20T09:15:00.000Z", "did": "answered",
        "platform": "x", "language": "en", "entry": hours["id"], "title": "Opening hours", "likeness": 1.0,
        "margin": item["margin"], "question": "@acme when are you open?",
        "answer": f"{HOURS['text']}\n\n{LABELS['en']}", "state": "pending",
    }  # fmt: skip


def test_a_verdict_is_given_once_and_counts_for_the_entry(desk: Desk, hours: dict[str, Any], lead: Browser) -> None:
    case = looked(desk, asked(desk))
    path = f"bot/review/{case.id}/1"
    first = lead.send("POST", path, {"verdict": "wrong"}, "a-verdict-1")
    assert first.said == {"conversation": case.id, "generation": 1, "verdict": "wrong", "by": "lea"}
    assert lead.send("POST", path, {"verdict": "wrong"}, "a-verdict-1").said == first.said
    assert lead.send("POST", path, {"verdict": "right"}, "a-verdict-1").code == (422, "key_reused")
    assert lead.send("POST", path, {"verdict": "right"}).code == (409, "judged")
    assert lead.get("bot/review").said["items"] == []
    entry = Canned(desk.table).get(BRAND, hours["id"])
    assert entry and (entry.right, entry.wrong) == (0, 1)
    assert told(desk, case)[-1] == "bot.wrong"


def test_only_the_reviewer_or_a_lead_decides(desk: Desk, hours: dict[str, Any], sign_in: SignIn) -> None:
    case = looked(desk, asked(desk))
    path, dana = f"bot/review/{case.id}/1", sign_in("dana")
    assert dana.send("POST", path, {"verdict": "right"}).code == (403, "reviewers_only")
    desk.put_policy(bot=BotChoices(enabled=True, reviewer="dana"))
    assert dana.send("POST", path, {"verdict": "right"}).status == 200


def test_another_brand_sees_and_decides_nothing(desk: Desk, hours: dict[str, Any], sign_in: SignIn) -> None:
    case = looked(desk, asked(desk))
    zed = sign_in("zed", brand="globex", role="lead")
    assert zed.get("bot/review").said["items"] == []
    assert zed.send("POST", f"bot/review/{case.id}/1", {"verdict": "right"}).code == (404, "not_found")


@pytest.mark.parametrize("generation", ["0", "2", "x", "1234567", "٣"])
def test_what_the_bot_did_not_do_is_not_there(
    desk: Desk, hours: dict[str, Any], lead: Browser, generation: str
) -> None:
    case = looked(desk, asked(desk))
    answer = lead.send("POST", f"bot/review/{case.id}/{generation}", {"verdict": "right"})
    assert answer.code == (404, "not_found")


def test_the_review_comes_in_pages(desk: Desk, hours: dict[str, Any], lead: Browser) -> None:
    case = looked(desk, asked(desk))
    did = wiring.bot().deeds.get(BRAND, case.id, 1)
    assert did
    for number in range(26):
        more = did.model_copy(update={"case": f"c{number}", "at": f"2026-11-20T10:{number:02}:00.000Z"})
        desk.table.transact([wiring.bot().deeds.new(more)])
    first = lead.get("bot/review").said
    second = lead.get("bot/review", f"cursor={first['next']}").said
    shown = [item["conversation"] for item in first["items"] + second["items"]]
    assert len(first["items"]) == 25 and second["next"] is None
    assert shown == [case.id, *(f"c{number}" for number in range(26))], "the oldest first"
