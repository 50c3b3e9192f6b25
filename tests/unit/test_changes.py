"""Nothing that changed is missed by a desk that asks again and again, however late and out of order it is seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hark.domain.changes import AT_ONCE, OVERLAP_SECONDS, WINDOW, Entry, Place, news
from hark.domain.time import text
from hypothesis import example, given
from hypothesis import strategies as st

START = datetime(2026, 11, 20, 9, 15, tzinfo=UTC)


def at(seconds: float) -> str:
    return text(START + timedelta(seconds=seconds))


@dataclass
class Town:
    """The list of changes as an index shows it, and a desk that reads it."""

    listed: dict[str, Entry] = field(default_factory=dict)
    place: Place | None = None
    told: dict[str, int] = field(default_factory=dict)
    answers: list[tuple[tuple[str, ...], bool]] = field(default_factory=list)

    def changed(self, case: str, stamp: float, version: int) -> None:
        self.listed[case] = Entry(case, at(stamp), f"{version:08d}")

    def ask(self, now: float) -> None:
        """One question, with what travels in the cursor and nothing else."""
        floor = self.place.floor if self.place else ""
        listed = sorted(self.listed.values(), key=lambda entry: (entry.at, entry.version), reverse=True)
        found = news([entry for entry in listed if entry.at >= floor][: WINDOW + 1], self.place, at(now))
        self.place = Place.unpacked(found.place.at, found.place.packed())
        heard = list(self.listed) if found.everything else found.cases
        for case in heard:
            self.told[case] = int(self.listed[case].version)  # its row is read as it is now
        self.answers.append((found.cases, found.everything))
        if found.more:
            self.ask(now)

    @property
    def right(self) -> bool:
        return self.told == {case: int(entry.version) for case, entry in self.listed.items()}


CASES = [f"c{n}" for n in range(6)]
# Half of the span for how late a writer is seen after it looked at its clock, half for how far clocks are apart.
LATE, SKEW = OVERLAP_SECONDS * 0.5, OVERLAP_SECONDS * 0.25
writes = st.lists(
    st.tuples(st.just("write"), st.sampled_from(CASES), st.floats(0, 300), st.floats(0, LATE), st.floats(-SKEW, SKEW)),
    max_size=40,
)
questions = st.lists(st.tuples(st.just("ask"), st.floats(0, 400), st.floats(-SKEW, SKEW)), max_size=40)


@given(writes, questions)
@example(
    [("write", "c0", 10.0, 0.0, SKEW), ("write", "c1", 10.0, LATE, -SKEW)], [("ask", 11.0, 0.0), ("ask", 56.0, 0.0)]
)
def test_every_change_is_told_however_late_it_is_seen_and_however_clocks_differ(
    written: list[tuple[str, str, float, float, float]], asked: list[tuple[str, float, float]]
) -> None:
    town, versions = Town(), dict.fromkeys(CASES, 0)
    seen = [(moment + late, "write", (case, moment + skew)) for _, case, moment, late, skew in written]
    put = [(moment, "ask", ("", moment + skew)) for _, moment, skew in asked]
    for _, what, (case, stamp) in sorted([*seen, *put]):
        if what == "ask":
            town.ask(stamp)
        else:
            versions[case] += 1
            town.changed(case, stamp, versions[case])
    if not asked:
        return
    town.ask(1000)
    # What was there before the desk first asked, and is older than the span, it has read by other ways.
    begun = min(moment for _, moment, _ in asked)
    for moment, what, (case, _) in seen:
        if what == "write" and moment >= begun:
            assert town.told[case] == versions[case], case
    town.ask(1001)
    assert town.answers[-1] == ((), False), "and a second time nothing is told"


@given(st.integers(1, WINDOW), st.integers(0, 3600))
@example(WINDOW, 1000)
def test_many_changes_at_once_are_told_in_parts_and_none_twice(number: int, apart: int) -> None:
    town = Town()
    town.ask(0)
    for n in range(number):
        town.changed(f"c{n}", n * apart / WINDOW, 1)
    town.ask(4000)
    cases = [case for told, _ in town.answers for case in told]
    assert sorted(cases) == sorted(town.listed)
    assert all(len(told) <= AT_ONCE for told, _ in town.answers)
    assert town.right


def test_too_many_changes_are_told_as_everything_until_the_list_is_calm() -> None:
    town = Town()
    town.ask(0)
    for n in range(WINDOW + 1):
        town.changed(f"c{n}", 10 + n / 1000, 1)
    town.ask(11)
    town.ask(16)
    assert town.answers[-2:] == [((), True), ((), True)], "the list it reads meanwhile may lag behind"
    town.changed("last", 200, 1)
    town.ask(201)
    town.ask(206)
    assert town.answers[-2:] == [((), True), (("last",), False)]
    assert town.right
    town.ask(211)
    assert town.answers[-1] == ((), False)


def test_a_clock_that_runs_hours_ahead_hides_nothing_that_comes_after() -> None:
    town = Town()
    town.ask(0)
    town.changed("ahead", 7200, 1)
    town.ask(1)
    for n in range(1, 20):
        town.changed("c1", n * 60, n)
        town.ask(n * 60 + 1)
        assert town.answers[-1] == (("c1",), False), n


def test_a_desk_that_asks_for_the_first_time_is_told_of_the_span_before_the_last_change_only() -> None:
    town = Town()
    town.changed("old", 0, 1)
    town.changed("lately", 1000, 1)
    town.changed("last", 1000 + OVERLAP_SECONDS - 1, 1)
    town.ask(5000)
    assert town.answers == [(("lately", "last"), False)]


def test_what_a_desk_remembers_is_short() -> None:
    town = Town()
    town.ask(0)
    for n in range(WINDOW):
        town.changed(f"c{n}", n, 1)
        town.ask(n)
    assert town.place is not None
    assert len(town.place.packed()) <= WINDOW * 7
    town.changed("c1", 500, 2)
    town.ask(500)
    assert len(town.place.packed()) == 7
