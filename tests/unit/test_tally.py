"""Counting facts, against somebody who keeps all of them in a list and counts by hand."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from math import ceil
from zoneinfo import ZoneInfo

from hark.domain.durations import ERROR, class_of, length_of, quantile
from hark.domain.facts import Fact
from hark.domain.figures import figures, hours
from hark.domain.tally import Whose, counters, is_counter, is_in, shows, standing, tally, together
from hark.domain.time import parse, text
from hark.store.facts import packed, unpacked
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, composite

RIGA = ZoneInfo("Europe/Riga")
MIDNIGHT = parse("2026-11-19T22:00:00.000Z")
LENGTHS = st.integers(0, 90 * 86_400_000)
MARKS = st.sampled_from(["met", "missed"])


@composite
def facts(draw: DrawFn) -> Fact:
    """One thing that happened on one day in Riga."""
    at = MIDNIGHT + timedelta(milliseconds=draw(st.integers(0, 86_399_999)))
    case, gen = f"c{draw(st.integers(1, 6))}", draw(st.integers(1, 2))
    kind = draw(st.sampled_from(["came", "answered", "closed", "taken_back", "promise", "rated"]))
    common = {
        "kind": kind, "at": text(at), "case": case, "version": draw(st.integers(1, 4)),
        "platform": draw(st.sampled_from(["x", "viber"])), "account": draw(st.sampled_from(["1", "2"])),
        "agent": draw(st.sampled_from(["", "dana", "oleg"])), "place": draw(st.sampled_from(["public", "private"])),
    }  # fmt: skip
    own: dict[str, object] = {}
    match kind:
        case "came":
            asked = at - timedelta(minutes=draw(st.integers(0, 3000)))
            mood = draw(st.sampled_from(["negative", "neutral", "positive", "unsure"]))
            own = {"asked_at": text(asked), "sentiment": mood, "end": draw(st.sampled_from(["", "spam"]))}
        case "answered":
            own = {"author": draw(st.sampled_from(["person", "desk", "outside"])), "ours_ms": draw(LENGTHS),
                   "wall_ms": draw(LENGTHS), "mark": draw(MARKS)}  # fmt: skip
        case "closed":
            own = {"gen": gen, "answered": draw(st.booleans()), "answerable": draw(st.booleans()),
                   "ours_ms": draw(LENGTHS), "mark": draw(st.sampled_from(["", "met", "missed"])),
                   "next_answers": draw(st.integers(0, 3)), "next_missed": draw(st.integers(0, 3)),
                   "fees_micro": draw(st.sampled_from([0, 10_000, 200_000]))}  # fmt: skip
        case "taken_back":
            own = {"gen": gen}
        case "promise":
            own = {"kept": draw(st.booleans())}
        case "rated":
            own = {"stars": draw(st.integers(1, 5))}
    return Fact.model_validate(common | own)


DAYS = st.lists(facts(), max_size=25, unique_by=lambda fact: fact.key)


def total(day: list[Fact], platform: str = "", agent: str = "") -> Counter[str]:
    found: Counter[str] = Counter()
    for whose, counter in tally(day, RIGA).items():
        if is_in(whose, platform, agent=agent):
            found.update(counter)
    return found


def by_hand(day: list[Fact], thousandths: int, name: str) -> int | None:
    """The nearest rank in the sorted list of all lengths."""
    lengths = sorted(getattr(fact, name) for fact in day if fact.kind == "answered" and fact.author != "desk")
    return lengths[ceil(len(lengths) * thousandths / 1000) - 1] if lengths else None


def near(told: int | None, real: int | None) -> bool:
    if told is None or real is None:
        return told is None and real is None
    return abs(told - real) <= max(1000, real * ERROR + 1)


@given(DAYS, st.sampled_from(["", "x", "viber"]), st.sampled_from(["", "dana"]))
def test_each_figure_is_that_of_somebody_who_counts_a_list(day: list[Fact], platform: str, agent: str) -> None:
    found = figures(total(day, platform, agent))
    mine = [f for f in day if platform in ("", f.platform) and agent in ("", f.agent)]
    pairs = Counter((f.case, f.gen, f.kind) for f in day if f.kind in ("closed", "taken_back"))
    both = {(case, gen) for case, gen, _ in pairs if pairs[case, gen, "closed"] and pairs[case, gen, "taken_back"]}
    closed = [f for f in mine if f.kind == "closed" and (f.case, f.gen) not in both]
    came, answers = [f for f in mine if f.kind == "came"], [f for f in mine if f.kind == "answered"]
    ours = [f for f in answers if f.author != "desk"]
    assert found["came"] == {place: sum(f.place == place for f in came) for place in ("public", "private")}
    assert found["ended"].get("spam", 0) == sum(f.end == "spam" for f in came)
    assert found["sentiment"]["negative"] == sum(f.sentiment == "negative" for f in came)
    assert found["first"]["n"] == found["wall"]["n"] == len(ours)
    assert (found["first"]["met"], found["first"]["missed"]) == (
        sum(f.mark == "met" for f in ours), sum(f.mark == "missed" for f in ours))  # fmt: skip
    for name, field in (("first", "ours_ms"), ("wall", "wall_ms")):
        for thousandths, told in ((500, "median_ms"), (900, "p90_ms")):
            assert near(found[name][told], by_hand(mine, thousandths, field))
    assert found["answers"]["desk"] == len(answers) - len(ours)
    assert found["answers"]["public"] + found["answers"]["private"] == len(answers)
    assert found["closed"] == len(closed)
    assert found["coverage"]["answered"] == sum(f.answered and f.answerable for f in closed)
    assert found["coverage"]["unanswered"] == sum(not f.answered and f.answerable for f in closed)
    assert found["next"] == {
        "given": sum(f.next_answers for f in closed), "missed": sum(f.next_missed for f in closed)}  # fmt: skip
    assert found["promises"]["kept"] == sum(f.kept for f in mine if f.kind == "promise")
    stars = [f.stars for f in mine if f.kind == "rated"]
    assert found["satisfaction"]["n"] == len(stars)
    assert found["satisfaction"]["average"] == (round(sum(stars) / len(stars), 2) if stars else None)
    assert round(found["cost"]["fees_usd"] * 1e6) == sum(f.fees_micro for f in closed)
    assert sum(map(sum, hours(total(day, platform, agent)))) == len(came)


@given(DAYS.flatmap(lambda day: st.tuples(st.just(day), st.permutations([*day, *day]))))
def test_twice_or_in_disorder_is_the_same(days: tuple[list[Fact], list[Fact]]) -> None:
    day, again = days
    assert tally(again, RIGA) == tally(day, RIGA)


@given(st.lists(DAYS, max_size=4))
def test_days_added_up_are_the_same_in_any_order_and_after_being_kept(days: list[list[Fact]]) -> None:
    sums = [tally(day, RIGA) for day in days]
    whole = together(sums)
    assert together(reversed(sums)) == whole
    assert together([together(sums[:1]), together(sums[1:])]) == whole
    assert together(unpacked(packed(each)) for each in sums) == whole


@given(DAYS)
def test_behind_each_number_stand_as_many_facts_as_it_says(day: list[Fact]) -> None:
    counted, left = total(day), standing(day)
    for name in counted:
        if not name.startswith(("next.", "cost.")):
            assert sum(shows(fact, name, RIGA) for fact in left) == counted[name]
    assert all(is_counter(name) for name in counted)
    assert sum(shows(fact, "came", RIGA) for fact in left) == sum(fact.kind == "came" for fact in day)


@given(facts())
def test_what_is_kept_of_a_fact_says_all_of_it(fact: Fact) -> None:
    assert Fact.model_validate_json(fact.model_dump_json(exclude_defaults=True)) == fact
    assert all(number > 0 for _, number in counters(fact, RIGA))


@given(st.integers(0, 10**11))
def test_a_length_is_told_to_within_a_percent_or_a_second(length_ms: int) -> None:
    told = length_of(class_of(length_ms))
    assert abs(told - length_ms) <= max(1000, length_ms * ERROR + 1)


@given(st.lists(LENGTHS, min_size=1), st.integers(1, 1000))
def test_a_quantile_is_a_length_that_occurred(lengths: list[int], thousandths: int) -> None:
    classes = Counter(class_of(length) for length in lengths)
    told, real = quantile(classes, thousandths), sorted(lengths)[ceil(len(lengths) * thousandths / 1000) - 1]
    assert near(told, real)


def test_of_nothing_there_is_no_median() -> None:
    assert quantile({}, 500) is None
    assert figures({})["first"]["median_ms"] is None and figures({})["cost"]["each_usd"] is None


def test_the_hour_is_that_of_the_brands_wall_on_the_day_it_was_asked() -> None:
    late = Fact(
        kind="came", at="2026-11-23T07:00:00.000Z", case="c1", version=2, platform="x", account="1",
        asked_at="2026-11-22T22:30:00.000Z",
    )  # fmt: skip
    assert ("hour.0.0", 1) in list(counters(late, RIGA)), "half past midnight on Monday in Riga"


def test_a_report_can_be_narrowed_to_one_platform_account_or_person() -> None:
    whose = Whose("x", "1", "dana")
    assert is_in(whose) and is_in(whose, "x") and is_in(whose, "x", "1", "dana")
    assert not is_in(whose, "viber") and not is_in(whose, "", "2") and not is_in(whose, agent="oleg")
