"""How satisfied customers were: who is asked, by whom, and what a link can do (H3, G10)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from hark import wiring
from hark.domain import case as rules
from hark.domain.case import Case
from hark.domain.rating_texts import PAGES
from hark.domain.satisfaction import INVITATION, LONGEST_COMMENT, Satisfaction
from hark.domain.time import after
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.keys import Key
from hark.store.ratings import Ratings

from .browser import Answer, Browser
from .conftest import BRAND, Desk
from .faults import Crash, between, fault
from .test_care import answer_is_out, codes, rules_now
from .town import Town, Towns
from .x_deliveries import mention

ON = {"satisfaction": Satisfaction(on=True)}
LINK = re.compile(r"https://desk\.example\.com/s/([A-Za-z0-9_-]{32,64})")
TOKEN = "t" * 32


@pytest.fixture
def town(town_of: Towns, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    monkeypatch.setattr(wiring, "wake", lambda function, keys: None)  # `Town.push` does what it would have done
    with town_of("meta") as town:
        town.told("meta", "users", username="kim", name="Kim L")
        yield town


def sweep(desk: Desk, **later: float) -> None:
    desk.clock.forward(**(later or {"seconds": 61}))
    desk.call("sweep", {})


def solved(town: Town, **policy: Any) -> Case:
    """A private case whose customer says that it is solved."""
    town.desk.put_policy(**policy)
    town.say("meta", "kim", "Where is my parcel?", platform="messenger", surface="direct")
    town.answer("meta", town.desk.case(), "It comes tomorrow.")
    town.desk.clock.forward(seconds=5)
    town.say("meta", "kim", "It arrived, thank you!", platform="messenger", surface="direct")
    assert town.desk.case().close_reason == "solved"
    return town.desk.case()


def closed(desk: Desk, reason: str = "agent", by: str = "dana", **more: Any) -> Case:
    """A public case that is closed; `more` is changed with it."""
    desk.take_in(mention())
    answer_is_out(desk)
    case, lines = rules.closed(desk.case(), reason, by, rules_now(desk))
    over = case.model_copy(update={"workflow": "ended", "signal": "", **more})
    return wiring.reminding().cases.commit(desk.case(), over, lines, rules_now(desk))


def invite(desk: Desk, case: Case, token: str = TOKEN, days: int = 14, place: Any = "private") -> None:
    until = after(rules_now(desk), days * 86400)
    desk.table.transact([Ratings(desk.table).invite(token, case, place, until)])


def visit(desk: Desk, token: str = TOKEN) -> Answer:
    return Browser(desk).ask("GET", f"/s/{token}")


def send(desk: Desk, token: str = TOKEN, *, raw: str | bytes | None = None, kind: str = "", **form: Any) -> Answer:
    headers = {"content-type": kind or "application/x-www-form-urlencoded"}
    return Browser(desk).ask("POST", f"/s/{token}", "", headers, urlencode(form).encode() if raw is None else raw)


def ratings(desk: Desk) -> list[dict[str, Any]]:
    return [item for item in desk.items() if item["sk"].startswith(keys.RATING_PREFIX)]


# --- who is asked ---


def test_a_private_customer_is_asked_once_by_the_desk_a_minute_after_the_closing(town: Town) -> None:
    solved(town, **ON)
    sweep(town.desk, seconds=30)
    assert [r for r in town.replies() if r.automatic] == []
    sweep(town.desk)
    for _ in range(3):
        sweep(town.desk)
        town.push()
    said = [one["text"] for one in town.sent("meta")]
    assert len(said) == 2
    found = LINK.search(said[1])
    assert found and said[1] == INVITATION["en"].replace("{link}", found[0])
    case = town.desk.case()
    assert (case.status, case.survey, case.awaiting, case.look_at, case.gen) == ("closed", "asked", "them", "", 1)
    assert codes(town.desk).count("survey.asked") == 1
    assert visit(town.desk, found[1]).status == 200


def test_only_the_hash_of_a_link_is_kept_with_what_it_is_good_for(town: Town) -> None:
    solved(town, **ON)
    sweep(town.desk)
    (text,) = (r.text for r in town.replies() if r.automatic)
    token = LINK.findall(text)[0]
    assert len(set(token)) > 10 and len(token) * 6 >= 128
    (kept,) = town.desk.items("SURVEY")
    assert token not in repr(kept) and kept["pk"] == keys.survey(token).pk
    assert kept["expires"] == int(town.desk.clock().timestamp()) + 14 * 86400
    for line in wiring.reminding().cases.history(BRAND, town.desk.case().id):
        assert token not in repr(line)


@pytest.mark.parametrize("policy", [{}, {"satisfaction": Satisfaction(on=False)}])
def test_as_shipped_nobody_is_asked_and_the_sweeper_has_nothing_to_do(town: Town, policy: dict[str, Any]) -> None:
    case = solved(town, **policy)
    wiring.workflow().deliver(BRAND, case.id)
    assert (town.desk.case().survey, town.desk.case().look_at) == ("", "")


def test_a_crash_while_asking_asks_neither_twice_nor_not_at_all(town: Town) -> None:
    case = solved(town, **ON)
    wiring.workflow().deliver(BRAND, case.id)
    town.desk.clock.forward(seconds=120)
    key = keys.case(BRAND, case.id)
    for kind in ("crash before", "crash after"):
        with fault("TransactWriteItems", kind, times=1), pytest.raises(Crash):
            wiring.satisfying().ask(key, lambda: "https://desk.example.com")
    assert wiring.satisfying().ask(key, lambda: "https://desk.example.com") == ""
    town.push()
    assert len(town.sent("meta")) == 2 and len(town.desk.items("SURVEY")) == 1


def test_who_is_opened_again_before_the_question_is_not_asked(town: Town) -> None:
    solved(town, **ON)
    town.say("meta", "kim", "But it is broken", platform="messenger", surface="direct")
    assert (town.desk.case().gen, town.desk.case().survey) == (2, "")
    sweep(town.desk)
    town.push()
    assert len(town.sent("meta")) == 1


@pytest.mark.parametrize("reason", ["solved", "silence", "agent", "thanks", "empty"])
def test_only_after_some_closings_it_is_asked_and_in_public_by_an_agent(desk: Desk, reason: str) -> None:
    from hark.domain import satisfaction

    desk.put_policy(**ON)
    case = closed(desk, reason)
    due = satisfaction.due(case, wiring.reminding().people.policy(BRAND))
    wiring.reminding().cases.commit(case, due, (), rules_now(desk))
    sweep(desk)
    asked = reason in ("solved", "silence", "agent")
    assert desk.case().survey == ("offered" if asked else "")
    assert ("survey.offered" in codes(desk)) is asked
    assert desk.items("SURVEY") == [] and desk.case().look_at == ""


def test_an_agents_closing_has_the_customer_asked(dana: Browser, desk: Desk) -> None:
    desk.put_policy(**ON)
    case = desk.case()
    answer = dana.send("PATCH", f"conversations/{case.id}", {"version": case.version, "state": "closed"})
    assert answer.status == 200 and desk.case().survey == "due"
    reopened = dana.send("PATCH", f"conversations/{case.id}", {"version": desk.case().version, "state": "open"})
    assert reopened.status == 200 and desk.case().survey == ""


# --- rating ---


def test_a_rating_is_on_the_case_and_in_its_history_without_a_word_of_it(desk: Desk) -> None:
    case = closed(desk)
    invite(desk, case)
    assert send(desk, stars=4, comment="Quick, but\r\nrude\x00 \u202eabc").status == 303
    after_it = desk.case()
    assert (after_it.rating, after_it.rated_place, after_it.survey) == (4, "private", "rated")
    assert after_it.rated_at == rules_now(desk)
    (kept,) = ratings(desk)
    assert (kept["stars"], kept["comment"], kept["place"]) == (4, "Quick, but\nrude \u202eabc", "private")
    assert Key(kept["pk"], kept["sk"]) == keys.rating(BRAND, case.id, case.gen), "it goes with its case"
    assert codes(desk).count("case.rated") == 1
    lines = wiring.reminding().cases.history(BRAND, case.id)
    assert "rude" not in repr(lines) and "rude" not in repr(desk.case())


def test_a_link_rates_once_however_often_it_is_sent(desk: Desk) -> None:
    invite(desk, closed(desk))
    invite(desk, desk.case(), "u" * 40)
    assert send(desk, stars=5).status == 303
    for token in (TOKEN, "u" * 40):
        assert send(desk, token, stars=1).status == 303
        assert PAGES["en"].thanks in visit(desk, token).body
        assert "<form" not in visit(desk, token).body
    assert desk.case().rating == 5 and codes(desk).count("case.rated") == 1


def test_of_two_forms_sent_at_once_one_counts(desk: Desk) -> None:
    invite(desk, closed(desk))
    with between("TransactWriteItems", lambda: wiring.satisfying().rate(TOKEN, 2, "")):
        wiring.satisfying().rate(TOKEN, 5, "")
    assert desk.case().rating == 2 and codes(desk).count("case.rated") == 1


@pytest.mark.parametrize("kind", ["crash before", "crash after", "lost"])
def test_a_rating_survives_a_crash_and_counts_once(desk: Desk, kind: Any) -> None:
    invite(desk, closed(desk))
    with fault("TransactWriteItems", kind, times=1):
        if kind == "lost":
            wiring.satisfying().rate(TOKEN, 3, "")
        else:
            with pytest.raises(Crash):
                wiring.satisfying().rate(TOKEN, 3, "")
    wiring.satisfying().rate(TOKEN, 3, "")
    assert desk.case().rating == 3 and codes(desk).count("case.rated") == 1


def test_a_rating_is_of_its_generation_also_after_a_reopening(desk: Desk) -> None:
    case = closed(desk)
    invite(desk, case)
    desk.take_in(mention("2123710858654654475", conversation_id="2123706425275322373", text="@acme it broke, why?"))
    assert desk.case().gen == 2
    assert send(desk, stars=2).status == 303
    again = desk.case()
    assert (again.rating, again.rated_gen, again.status, again.survey, again.awaiting) == (2, 1, "open", "", "us")


def test_a_wrong_link_one_that_is_over_and_one_of_a_case_that_is_gone_look_the_same(desk: Desk) -> None:
    case = closed(desk)
    invite(desk, case)
    invite(desk, case, "g" * 32)
    never = visit(desk, "x" * 32)
    desk.clock.forward(days=13)
    assert visit(desk).status == 200
    desk.clock.forward(days=1)
    desk.table.delete(keys.case(BRAND, case.id))
    for answer in (visit(desk), visit(desk, "x"), visit(desk, "x" * 65), visit(desk, "%2e%2e"), send(desk, stars=5),
                   send(desk, "x" * 32, stars=5)):  # fmt: skip
        assert (answer.status, answer.body, answer.headers) == (404, never.body, never.headers)
    assert never.headers["content-type"].startswith("text/html") and ratings(desk) == []


@pytest.mark.parametrize(
    ("form", "kind"),
    [({}, ""), ({"stars": "0"}, ""), ({"stars": "6"}, ""), ({"stars": "five"}, ""), ({"stars": "-1"}, ""),
     ({"stars": "٣"}, ""), ({"stars": "3"}, "application/json"), ({"stars": "3"}, "text/plain"),
     ({"stars": "10" * 200}, "")],
)  # fmt: skip
def test_what_no_form_of_ours_sends_rates_nothing(desk: Desk, form: dict[str, str], kind: str) -> None:
    invite(desk, closed(desk))
    answer = send(desk, kind=kind, **form)
    assert answer.status == 400 and PAGES["en"].choose in answer.body and "<form" in answer.body
    assert ratings(desk) == [] and desk.case().rating == 0


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"stars=3&" * 50, b"a" * 60_000, b"stars=%zz&comment=%ff", "stars=3"])
def test_broken_forms_break_nothing(desk: Desk, raw: str | bytes) -> None:
    invite(desk, closed(desk))
    answer = send(desk, raw=raw)
    assert answer.status == (303 if raw == "stars=3" else 400)


def test_a_comment_is_kept_up_to_its_length(desk: Desk) -> None:
    invite(desk, closed(desk))
    assert send(desk, stars=1, comment="ы" * (LONGEST_COMMENT + 200)).status == 303
    (kept,) = ratings(desk)
    assert kept["comment"] == "ы" * LONGEST_COMMENT


# --- the page ---


@pytest.mark.parametrize("language", sorted(PAGES))
def test_the_page_is_in_the_cases_language_and_direction_and_shows_nothing_of_the_case(
    desk: Desk, language: str
) -> None:
    desk.put_policy(name="Acme <& Sons>")
    case = closed(desk, language=language)
    invite(desk, case)
    answer = visit(desk)
    direction = "rtl" if language in ("ar", "he") else "ltr"
    assert answer.status == 200 and f'<html lang="{language}" dir="{direction}">' in answer.body
    assert PAGES[language].question in answer.body or "&#" in answer.body
    assert answer.body.count('type="radio"') == 5 and f'maxlength="{LONGEST_COMMENT}"' in answer.body
    assert "Acme &lt;&amp; Sons&gt;" in answer.body
    for secret in ("parcel", case.id, case.handle, BRAND + "#", "<script", "http://", "https://", "onclick"):
        assert secret not in answer.body


def test_the_page_loads_nothing_runs_nothing_and_tells_its_address_to_nobody(desk: Desk) -> None:
    invite(desk, closed(desk))
    for answer in (visit(desk), send(desk), visit(desk, "x" * 32)):
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-") and "script" not in policy
        assert "form-action 'self'" in policy and "frame-ancestors 'none'" in policy
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        assert answer.headers["cache-control"] == "no-store" and answer.headers["x-content-type-options"] == "nosniff"
        assert answer.cookies == []


def test_a_comment_that_has_to_be_sent_again_comes_back_as_text(desk: Desk) -> None:
    invite(desk, closed(desk))
    answer = send(desk, comment="</textarea><script>alert(1)</script>")
    assert answer.status == 400 and "<script" not in answer.body
    assert "&lt;/textarea&gt;&lt;script&gt;" in answer.body


def test_another_brands_policy_is_not_shown(desk: Desk) -> None:
    desk.put_policy(name="Acme")
    case = closed(desk)
    invite(desk, case.model_copy(update={"brand": "other"}))
    assert "Acme" not in visit(desk).body


# --- what agents do with it ---


def test_an_agent_gets_the_same_link_for_the_same_click(dana: Browser, desk: Desk) -> None:
    desk.put_policy(**ON)
    answer_is_out(desk)
    case = desk.case()
    path = f"conversations/{case.id}/survey"
    assert dana.send("POST", path, {}).code == (409, "not_closed")
    over, lines = rules.closed(case, "agent", "dana", rules_now(desk))
    wiring.reminding().cases.commit(case, over.model_copy(update={"survey": "offered"}), lines, rules_now(desk))
    first = dana.send("POST", path, {}, key="a-click-of-dana")
    again = dana.send("POST", path, {}, key="a-click-of-dana")
    assert first.status == again.status == 201 and first.said == again.said
    assert first.said["text"] == INVITATION["en"].replace("{link}", first.said["link"])
    other = dana.send("POST", path, {})
    assert other.said["link"] != first.said["link"]
    assert codes(desk).count("survey.link") == 2
    token = LINK.findall(first.said["link"])[0]
    assert send(desk, token, stars=5, comment="Lovely").status == 303
    told = dana.get(f"conversations/{case.id}/ratings").said
    assert told["survey"] == "rated"
    assert [(r["stars"], r["comment"], r["place"], r["gen"]) for r in told["ratings"]] == [(5, "Lovely", "public", 1)]
    assert dana.send("POST", path, {}).code == (409, "rated")


def test_without_the_brands_wish_there_is_no_link(dana: Browser, desk: Desk) -> None:
    case = desk.case()
    assert dana.send("POST", f"conversations/{case.id}/survey", {}).code == (409, "no_survey")
    assert dana.send("POST", f"conversations/{case.id}/survey", {"more": 1}).status == 400


def test_another_brands_case_has_no_link_and_no_ratings(
    dana: Browser, desk: Desk, sign_in: Callable[..., Browser]
) -> None:
    stranger = sign_in("eve", brand="other")
    case = desk.case()
    assert stranger.send("POST", f"conversations/{case.id}/survey", {}).status == 404
    assert stranger.get(f"conversations/{case.id}/ratings").status == 404


def test_the_place_is_private_as_soon_as_we_went_there(desk: Desk) -> None:
    from hark.domain.satisfaction import place

    case = closed(desk)
    assert place(case) == "public"
    assert place(case.model_copy(update={"private_reply_at": time_text(desk.clock())})) == "private"
    assert place(case.model_copy(update={"public": False})) == "private"
