"""The section "Reading" of docs/triage.md says what was measured, and what was measured is good enough."""

from __future__ import annotations

import json

import pytest
from hark.reading.builtin import ENGINE
from hark.reading.cues import LANGUAGES
from hark.reading.mood import WEIGHTS

from infra.reading import page
from infra.reading.corpora import CORPORA
from infra.reading.measure import RESULTS, scores

MEASURED = json.loads(RESULTS.read_text(encoding="utf-8"))


def test_the_section_is_what_the_results_give() -> None:
    written = page.PAGE.read_text(encoding="utf-8")
    assert page.page(written) == written, "run: python -m infra.reading.page"


def test_what_stands_around_the_section_is_kept() -> None:
    before = "# Triage\n\n## The tree\n\nText.\n"
    once = page.page(before)
    assert once.startswith(before)
    assert page.page(once) == once
    assert page.page(once + "\n## After\n").endswith("\n## After\n")


@pytest.mark.parametrize("found", MEASURED["sets"], ids=lambda found: f"{found['language']} {found['set']}")
def test_on_every_set_the_reader_beats_whoever_says_the_most_frequent_class(found: dict[str, dict[str, float]]) -> None:
    for figure in ("f1", "recall"):
        assert found["built_in"][figure] > found["majority"][figure], "abstentions are wrong here"
        assert found["built_in"][f"{figure}_answered"] > found["majority"][figure]


def test_every_language_is_measured_on_a_set_with_all_three_moods() -> None:
    assert {found["language"] for found in MEASURED["sets"] if all(found["labels"].values())} == set(LANGUAGES)


def test_malay_is_measured_on_posts_of_malaysia_and_no_weight_was_made_of_them() -> None:
    proper = {found["set"]: found for found in MEASURED["sets"] if found["set"].startswith("Malay ")}
    assert set(proper) == {"Malay tweets", "Malay politics", "Malay news"}
    assert not any(found["learned_from"] for found in proper.values())


def test_on_tweeteval_the_reader_beats_vader_with_its_abstentions_counted_as_wrong() -> None:
    tweeteval = next(found for found in MEASURED["sets"] if found["set"] == "TweetEval")
    assert tweeteval["texts"] == 12_284, "the whole test split"
    assert tweeteval["built_in"]["recall"] > tweeteval["vader"]["recall"]


def test_the_results_are_those_of_the_weights_in_the_repository() -> None:
    assert MEASURED["engine"] == ENGINE
    assert MEASURED["weights_bytes"] == {path.stem: path.stat().st_size for path in WEIGHTS.glob("*.bin")}


def test_a_text_of_280_characters_is_read_within_five_milliseconds_as_measured() -> None:
    assert max(row["warm_ms"] for row in MEASURED["speed"].values()) < 5


def test_weights_are_made_of_nothing_whose_licence_forbids_it() -> None:
    for corpus in CORPORA:
        if corpus.trains:
            assert corpus.licence.startswith(("CC BY 3", "CC BY 4", "CC BY-SA 4", "MIT", "Apache 2")), corpus.name


def test_the_weights_and_lists_stay_small() -> None:
    assert sum(MEASURED["weights_bytes"].values()) + MEASURED["lists_bytes"] < 4_000_000


def test_an_abstention_is_wrong_in_one_figure_and_left_out_in_the_other() -> None:
    found = scores(["positive", "positive", "negative", "negative"], ["positive", "unsure", "negative", "positive"])
    assert found == {
        "f1": pytest.approx((2 * 1 / 4 + 2 * 1 / 3) / 2, abs=1e-4), "recall": 0.5,
        "f1_answered": pytest.approx((2 * 1 / 3 + 2 * 1 / 3) / 2, abs=1e-4), "recall_answered": 0.75, "unsure": 0.25,
    }  # fmt: skip
