"""The simulated world itself: it can be repeated, and what is ours holds in it. That it notices what is broken, shows
the campaign (`make simulate`), which switches each protection off."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from infra.simulation.campaign import play
from infra.simulation.weather import CALM, STORM

SEEDS = range(1, 5)
"""A few for whoever changes something; the campaign of the gate plays 500 others (`make simulate`)."""


@pytest.mark.parametrize("seed", SEEDS)
def test_a_stormy_day_loses_and_doubles_nothing_i1_i2_i8_i9_i12_i13_i15_i18_i19_f1_to_f9_f12_to_f19_f21_f25_f33(
    seed: int,
) -> None:
    assert play(seed).broken == ()


def test_nobody_is_asked_about_anything_and_nothing_is_given_up_where_nothing_goes_wrong() -> None:
    result = play(4711, rates=CALM)
    assert result.broken == ()
    assert (result.struck, result.figures["human"], result.figures["given_up"]) == ({}, 0, 0)
    assert result.figures["posts"] > 0


def test_every_kind_of_fault_strikes_in_some_of_the_seeds() -> None:
    struck = sum((play(seed, rates=STORM).struck for seed in range(50, 56)), start=play(49, rates=STORM).struck)
    assert set(struck) == set(STORM.__dataclass_fields__)


def test_the_same_seed_gives_the_same_trace_also_in_another_process() -> None:
    code = "from infra.simulation.campaign import play; print(play(3).trace)"
    other = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": "7"}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert play(3).trace == play(3).trace == other.stdout.strip()
    assert play(3).trace != play(4).trace


def test_the_queue_may_be_switched_off_and_all_is_done_only_later_i12() -> None:
    silent = replace(CALM, wake_lost=1.0)
    result = play(5, rates=silent)
    assert result.broken == ()
    assert result.struck["wake_lost"] > 0
