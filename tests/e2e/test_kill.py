"""Kill the process that runs a function between any two writes of the path: nothing is lost, doubled or stuck.

Real processes, real SIGKILLs: see `tests/e2e/kill`. For each write and each side of it (before it leaves; after its
effect, before its answer is used), a story that leads there is played with that kill. All of them live in one cloud
at the same time; every write is recorded, so that one at which nobody is killed is noticed; afterwards everything
that is left is compared with what the customers and agents did. F1, F2, F12 to F14 of the invariants.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace

import pytest

from tests.e2e.kill import campaign, checks
from tests.e2e.kill.checks import Remains
from tests.e2e.kill.plans import FUNCTIONS
from tests.e2e.kill.stories import BY_CHANCE
from tests.e2e.kill.town import Town

pytestmark = pytest.mark.timeout(1200)  # minutes of waiting for timers; the first test pays for all


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Remains:
    """What the whole campaign left behind, with its numbers on standard output."""
    folder = tmp_path_factory.mktemp("kill")
    cloud = campaign.start(folder)
    try:
        with Town(cloud, folder) as town:
            played = campaign.play(town)
            remains = checks.gather(town, played)
    finally:
        campaign.stop(cloud)
    print(played.summary())
    return remains


def test_each_planned_kill_hit_a_process(left: Remains) -> None:
    assert not list(checks.survivors(left))
    assert len(left.campaign.killed) >= 2 * len(campaign.points())


def test_no_function_writes_where_nobody_was_killed(left: Remains) -> None:
    assert {point.function for point in campaign.points()} == set(FUNCTIONS)
    assert left.campaign.seen - BY_CHANCE == campaign.points()


def test_nobody_waits_for_ever(left: Remains) -> None:
    assert not list(checks.stuck(left))


def test_f1_f2_f12_every_event_is_in_the_ledger_once_and_folded(left: Remains) -> None:
    assert not list(checks.events(left))


def test_every_post_is_one_message(left: Remains) -> None:
    assert not list(checks.messages(left))


def test_every_conversation_has_one_case_and_it_is_closed(left: Remains) -> None:
    assert not list(checks.cases(left))


def test_i13_f12_f14_every_generation_has_one_execution_and_none_runs_on(left: Remains) -> None:
    assert not list(checks.executions(left))
    assert not left.campaign.running


def test_i18_f12_every_reply_is_on_x_exactly_once(left: Remains) -> None:
    assert not list(checks.replies(left))


def test_the_history_replayed_gives_the_case(left: Remains) -> None:
    assert not list(checks.history(left))


def test_nothing_is_left_to_do(left: Remains) -> None:
    assert not list(checks.unfinished(left))


def test_no_function_meets_an_error(left: Remains) -> None:
    assert not list(checks.errors(left))


# --- a check that cannot fail is none: each has to notice what it is for -----------------------------------------


def _without(left: Remains, kind: str) -> Remains:
    key = next(key for key in left.items if key.sk.startswith(kind))
    return replace(left, items={k: v for k, v in left.items.items() if k != key})


def _with(left: Remains, kind: str, **values: object) -> Remains:
    key = next(key for key, item in left.items.items() if key.sk.startswith(kind) and not item.get("first_id"))
    return replace(left, items={**left.items, key: {**deepcopy(left.items[key]), **values}})


TAMPERED: dict[str, tuple[Callable[[Remains], Iterator[str]], Callable[[Remains], Remains]]] = {
    "an event lost": (checks.events, lambda left: _without(left, "RAW")),
    "an event not folded": (checks.events, lambda left: _with(left, "RAW", state="received")),
    "a message lost": (checks.messages, lambda left: _without(left, "MSG")),
    "a message of nobody": (checks.messages, lambda left: _with(left, "MSG", id="1")),
    "a case lost": (checks.cases, lambda left: _without(left, "CASE")),
    "a case left open": (checks.cases, lambda left: _with(left, "CASE", status="open")),
    "a signal not given": (checks.cases, lambda left: _with(left, "CASE", signal="answered")),
    "a second execution": (
        checks.executions,
        lambda left: replace(left, executions=left.executions + Counter([next(iter(left.executions))])),
    ),
    "an execution that runs on": (
        checks.executions,
        lambda left: replace(left, executions=left.executions + Counter(["c-g1 RUNNING"])),
    ),
    "a reply posted twice": (checks.replies, lambda left: replace(left, posts=[*left.posts, left.posts[0]])),
    "a reply never posted": (checks.replies, lambda left: replace(left, posts=left.posts[1:])),
    "a reply in doubt": (checks.replies, lambda left: _with(left, "OUT#", state="unknown")),
    "a line of history lost": (checks.history, lambda left: _without(left, "EVT#")),
    "a line that lies": (checks.history, lambda left: _with(left, "CASE", owner="somebody")),
    "work left over": (checks.unfinished, lambda left: _with(left, "OUT#", work_pk="~#WORK#0")),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_the_checks_notice(left: Remains, what: str) -> None:
    check, tamper = TAMPERED[what]
    assert set(check(tamper(left))) - set(check(left))
