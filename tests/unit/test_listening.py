"""What a brand listens for: queries as leads write them, wrong spellings, and where the words stand in a text."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hark.domain.fees import SEARCH_MICRO
from hark.domain.folding import plain
from hark.domain.found_words import found, matches
from hark.domain.hits import LINES_KEPT, Decided, Hit, back, dismissed, edited, gone, opened
from hark.domain.listening import Listening, Query, paying
from hark.domain.misspellings import MOST, SHORTEST, proposals
from hark.domain.policy import Policy
from hark.domain.policy_change import Unusable, changed
from hypothesis import example, given, settings
from hypothesis import strategies as st

from infra.costs.prices import prices

NOW = "2026-11-20T10:00:00.000Z"


def query(**more: Any) -> Query:
    return Query.model_validate({"id": "brand", "name": "Brand", "names": ["Acme"], "account": "5550001", **more})


def wrong(**more: Any) -> str:
    given_ = {"id": "brand", "name": "Brand", "names": ["Acme"], "account": "5550001", **more}
    with pytest.raises(Unusable) as refused:
        changed(Policy(), {"listening": {"queries": [given_]}})
    return " ".join(one.sentence for one in refused.value.wrongs)


def hit(**more: Any) -> Hit:
    return Hit.model_validate(
        {
            "id": "h1", "brand": "acme", "provider": "x", "platform": "x", "account_id": "5550001", "message": "1",
            "conversation": "c1", "raws": ("r1",), "query": "brand", "text": "akme", "version": 1, "at": NOW,
            "arrived": NOW, **more,
        }
    )  # fmt: skip


# --- queries ---


def test_as_shipped_nobody_listens() -> None:
    assert Policy().listening == Listening()
    assert paying(()) == {}


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"names": []}, "Say what to look for"),
        ({"names": ["x"]}, "too short"),
        ({"names": ['"acme"']}, "quotes"),
        ({"names": ["…!"]}, "too short"),
        ({"handles": ["@acme"]}, "without the @"),
        ({"hashtags": ["two words"]}, "one word"),
        ({"hashtags": ["#acme"]}, "one word"),
        ({"without": ["free-offer"]}, "one word"),
        ({"without": ["ACME"]}, "looked for and left out"),
        ({"languages": ["xx"]}, "none of the languages"),
        ({"id": "Übel"}, "small Latin letters"),
        ({"every_minutes": 1}, "15"),
        ({"posts_a_month": 0}, "10"),
    ],
)
def test_what_cannot_be_looked_for_is_refused_in_words(given_: dict[str, Any], said: str) -> None:
    assert said in wrong(**given_)


def test_two_queries_are_not_called_the_same() -> None:
    with pytest.raises(ValueError, match="called the same"):
        Listening(queries=(query(), query(id="other", name="BRAND")))
    with pytest.raises(ValueError, match="same id"):
        Listening(queries=(query(), query(name="Other")))


def test_only_queries_that_are_on_are_paid() -> None:
    listed = (query(id="b"), query(id="a"), query(id="c", account="7"), query(id="d", on=False))
    assert paying(listed) == {"5550001": ("a", "b"), "7": ("c",)}


def test_the_price_of_a_post_is_that_of_the_price_list() -> None:
    assert SEARCH_MICRO["x"] == round(prices()["x_post_read"].usd(1) * 1_000_000)


# --- words in a text ---


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("My ACME parcel, acme!", ("Acme",), ("ACME", "acme")),
        ("Ácme and ac-me and ac me", ("acme", "ac me"), ("Ácme", "ac-me", "ac me")),
        ("acmeology, @acme, #acme", ("acme",), ("acme",)),
        ("acmeology, @acme, #acme", ("@acme", "#acme"), ("@acme", "#acme")),
        ("חברת אקמה לא עונה", ("אקמה",), ("אקמה",)),
        ("где мой акме?", ("АКМЕ",), ("акме",)),
        ("Ķekava's Ādažu čipsi", ("adazu cipsi",), ("Ādažu čipsi",)),
        ("nothing here", ("acme",), ()),
        ("a line\nbreak: ac\nme", ("ac me",), ()),
    ],
)
def test_words_are_found_whole_however_they_are_written(
    text: str, words: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert found(text, words) == expected


@settings(max_examples=40)
@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["Acme", "Ac me", "акме", "אקמה", "Čips-1"]))
def test_a_name_between_any_other_words_is_found_and_every_finding_stands_in_the_text(
    before: str, behind: str, name: str
) -> None:
    text = f"{before} {name} {behind}"
    spelled = found(text, (name,))
    assert name in spelled
    assert all(one in text and plain(one).split() for one in spelled)


def test_words_to_leave_out_leave_a_post_out() -> None:
    sought = query(without=["stock"], hashtags=["acmelove"])
    assert matches("acme is great", sought)
    assert matches("#ACMElove", sought)
    assert not matches("acme stock is up", sought)
    assert not matches("@acme hello", sought), "who mentions us reaches us anyway"


# --- wrong spellings ---


def test_likely_slips_come_first() -> None:
    assert {"akme", "acne", "ame", "aceme"} & set(proposals("Acme")) == {"akme", "acne", "ame"}
    assert proposals("Live Agent")[0] == "liveagent"
    assert {"liveagennt", "livagent", "liveagetn"} & set(proposals("LiveAgent")) == {"livagent", "liveagetn"}
    assert "бринт" in proposals("brint")
    assert proposals("DHL") == (), "a slip in three letters is another word"


@settings(max_examples=40)
@given(st.text(alphabet=st.characters(categories=("L", "Nd", "Zs", "Pd")), max_size=40))
@example("Rija")
def test_proposals_are_other_spellings_each_once_and_can_be_looked_for(name: str) -> None:
    made = proposals(name)
    assert len(made) == len(set(made)) <= MOST
    assert plain(name) not in made
    for one in made:
        assert one == plain(one), "in the form in which words are compared"
        assert len(re.sub(r"\W", "", one)) >= SHORTEST - 1
        assert query(names=["Other"], aliases=[one]).aliases == (one,)


# --- what is decided about a hit ---


def test_one_decision_stands_and_says_whose_it_is() -> None:
    case = opened(hit(), "dana", NOW)
    assert (case.state, case.by, [line.code for line in case.history]) == ("case", "dana", ["listening.case"])
    for again in (opened, dismissed, back):
        with pytest.raises(Decided) as refused:
            again(case, "max", NOW)
        assert refused.value.hit == case


def test_none_of_ours_can_wait_again() -> None:
    waits = back(dismissed(hit(), "dana", NOW), "max", NOW)
    assert waits.state == "waiting"
    assert [(line.code, line.by) for line in waits.history] == [
        ("listening.not_ours", "dana"), ("listening.back", "max"),
    ]  # fmt: skip


def test_what_was_said_to_us_after_all_is_a_case_whatever_people_said() -> None:
    assert opened(dismissed(hit(), "dana", NOW), "", NOW).state == "case"


def test_what_was_taken_away_leaves_no_word_and_stays_so() -> None:
    empty = gone(hit(handle="kim_l", name="Kim", link="https://x.com/1", found=("akme",)), NOW)
    assert (empty.text, empty.handle, empty.name, empty.link, empty.found) == ("", "", "", "", ())
    for act in (opened, dismissed, back):
        with pytest.raises(Decided):
            act(empty, "dana", NOW)


def test_the_newest_version_of_a_post_counts_in_any_order() -> None:
    old, new = hit(), hit(version=2, text="akme, edited", raws=("r2",))
    for first, second in ((old, new), (new, old)):
        both = edited(first, second)
        assert (both.text, set(both.raws)) == ("akme, edited", {"r1", "r2"})


def test_history_stays_small() -> None:
    one = hit()
    for _ in range(LINES_KEPT):
        one = back(dismissed(one, "dana", NOW), "dana", NOW)
    assert len(one.history) == LINES_KEPT
