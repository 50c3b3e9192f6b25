"""Who hears of what, in which language, and that the template, the words and the list of codes agree."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import pytest
from hark.domain.case import Case
from hark.domain.notice_choices import CHAT, GIVEN, TOLD, NoticeChoices, who
from hark.domain.notice_words import LANGUAGES, WORDS, mail, sentence
from hark.domain.notices import audience
from hark.domain.people import Member, Shift
from hark.domain.policy import Policy
from hark.domain.reasons import SENTENCES

from infra.expand import read

MORNING, NIGHT = datetime(2026, 11, 20, 10, tzinfo=UTC), datetime(2026, 11, 20, 23, tzinfo=UTC)
DAY = (Shift(days=(0, 1, 2, 3, 4), start=time(9), end=time(17)),)
T = "2026-11-20T10:00:00.000Z"


def member(member_id: str, **more: Any) -> Member:
    return Member(id=member_id, brand="acme", name=member_id.title(), shifts=DAY, **more)


DANA, EVE, FAY = member("dana", teams=("x",)), member("eve", teams=("x",)), member("fay", teams=("mail",))
NOA, LEA = member("noa", role="lead"), Member(id="lea", brand="acme", name="Lea", role="lead", away=True)
GONE, READER = member("gone", removed=True), member("rita", role="reader")
POLICY = Policy.model_validate({"approvals": {"approvers": ["fay"]}})
EVERYBODY = [DANA, EVE, FAY, NOA, LEA, GONE, READER]


def case(owner: str = "dana", team: str = "x") -> Case:
    return Case(
        id="c", brand="acme", provider="x", platform="x", account_id="1", thread_id="t", customer_id="9", owner=owner,
        team=team, opened_at=T, asked_at=T, updated_at=T, deadline=T,
    )  # fmt: skip


def heard(code: str, now: datetime = MORNING, about: str = "", by: str = "", **more: Any) -> list[str]:
    return sorted(m.id for m in audience(code, case(**more), about, by, EVERYBODY, POLICY, now))


def test_a_reminder_climbs_from_the_owner_to_the_team_to_the_leads() -> None:
    assert heard("remind.owner") == ["dana"]
    assert heard("remind.team") == ["dana", "eve"]
    assert heard("remind.lead") == ["noa"]


@pytest.mark.parametrize("owner", ["", "gone", "nobody_we_know"])
def test_where_nobody_owns_it_the_team_hears(owner: str) -> None:
    assert heard("remind.owner", owner=owner) == ["dana", "eve"]


def test_at_night_all_leads_hear_what_the_team_would() -> None:
    assert heard("remind.team", NIGHT, owner="") == ["lea", "noa"]
    assert heard("remind.lead", NIGHT) == ["lea", "noa"]
    assert heard("remind.owner", NIGHT) == ["dana"], "whose it is hears it anyhow"


def test_a_case_of_no_team_is_everybodys() -> None:
    assert heard("remind.team", owner="", team="") == ["dana", "eve", "fay", "noa"]


def test_a_missed_promise_is_for_its_owner_and_the_leads() -> None:
    assert heard("promise.missed") == ["dana", "noa"]


def test_who_gets_a_case_hears_of_it_but_not_of_what_they_took_themselves() -> None:
    assert heard("assign.least_loaded", about="eve") == ["eve"]
    assert heard("case.assigned", about="eve", by="noa") == ["eve"]
    assert heard("case.assigned", about="noa", by="noa") == []
    assert heard("assign.nobody_on_shift", about="") == []


def test_who_wrote_a_draft_is_not_asked_to_approve_it() -> None:
    assert heard("draft.submitted", by="dana") == ["fay", "noa"]
    assert heard("draft.submitted", by="noa") == ["fay"]
    assert heard("draft.submitted", NIGHT, by="noa") == ["fay", "lea"]


def test_nobody_hears_of_what_concerns_nobody() -> None:
    assert heard("message.came") == []
    assert who("message.came") is None


def test_every_code_has_words_in_every_language_and_a_sentence_for_the_history() -> None:
    assert set(WORDS) == set(LANGUAGES)
    for language in LANGUAGES:
        assert set(WORDS[language]) == set(WORDS["en"]), language
        assert all(WORDS[language].values())
        for code in (*TOLD, "assign.kept"):
            assert sentence(code, language)
    assert set(TOLD) - set(SENTENCES) == set()
    assert set(CHAT) <= set(TOLD)


def test_a_language_we_do_not_have_is_english() -> None:
    assert sentence("remind.lead", "fi") == sentence("remind.lead", "en")


def test_a_mail_says_what_to_do_and_where_and_a_brands_name_breaks_no_header() -> None:
    subject, text = mail("promise.soon", "lv", "Acme\r\nBcc: x", "https://desk.example/#/open/c1", 3, last=True)
    assert subject == "[Acme Bcc: x] Tuvojas laiks, kurā solījāt atbildēt."
    assert "https://desk.example/#/open/c1" in text
    assert WORDS["lv"]["more"].format(n=3) in text and WORDS["lv"]["last"] in text
    _, short = mail("promise.soon", "lv", "Acme", "https://desk.example/#/open/c1", 0, last=False)
    assert "3" not in short and WORDS["lv"]["last"] not in short


def test_a_brand_chooses_what_is_mailed() -> None:
    shipped = NoticeChoices()
    assert shipped.mails("remind.lead") and not shipped.mails("warn.answer") and not shipped.mails("assign.kept")
    assert NoticeChoices(mailed=(GIVEN,)).mails("assign.kept")


def test_the_templates_rules_name_the_codes_that_are_told() -> None:
    resources = read()["Resources"]
    rules = resources["NotifyFunction"]["Properties"]["Events"]
    due = rules["Due"]["Properties"]["Pattern"]["detail-type"]
    given = rules["Given"]["Properties"]["Pattern"]["detail-type"]
    assert {code for code, heard_by in TOLD.items() if heard_by != "about"} == set(due)
    assert [{"prefix": GIVEN}, *(code for code, heard_by in TOLD.items() if heard_by == "about")] == given
    assert tuple(resources["ChatRule"]["Properties"]["EventPattern"]["detail-type"]) == CHAT
