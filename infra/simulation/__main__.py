"""`python -m infra.simulation`: many seeds and all mutants, and a report in which everything that must be zero is.

    python -m infra.simulation --seeds 500 --mutants      (what the gate does)
    python -m infra.simulation --seeds 20000 --from 20261122
    python -m infra.simulation --seed 4711 --show          (one seed, its trace on the screen)

Ends with 1 when anything is broken or a mutant went unnoticed. A seed that breaks something becomes a test.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from infra.simulation import report
from infra.simulation.campaign import Result, play
from infra.simulation.mutants import MUTANTS
from infra.simulation.report import Campaign

MUTANT_SEEDS = 400
"""A mutant that so many seeds do not show is one that goes unnoticed (invariants, section 4)."""


def _several(seeds: tuple[int, ...]) -> list[Result]:
    return [play(seed) for seed in seeds]


def _hunt(number: int) -> int:
    """How many seeds it took until a mutant showed; 0 when it went unnoticed."""
    mutant = MUTANTS[number]
    with mutant.in_force():
        for tried in range(1, MUTANT_SEEDS + 1):
            if mutant.play(tried).broken:
                return tried
    return 0


def main(arguments: list[str]) -> int:
    """Run a campaign; the exit code."""
    asked = argparse.ArgumentParser(prog="python -m infra.simulation", description=__doc__.splitlines()[0])
    asked.add_argument("--seeds", type=int, default=500, help="how many")
    asked.add_argument("--from", dest="first", type=int, default=1, help="the first of them")
    asked.add_argument("--mutants", action="store_true", help="look for the mutants too")
    asked.add_argument("--seed", type=int, help="only this one")
    asked.add_argument("--show", action="store_true", help="with --seed: its trace")
    asked.add_argument("--report", type=Path, help="put it at the end of this file as well")
    given = asked.parse_args(arguments)
    if given.seed is not None:
        result = play(given.seed, shown=print if given.show else None)
        print(f"seed {result.seed}, trace {result.trace}")
        for broken in result.broken:
            print(f"  {broken.what}: {broken.about}")
        return 1 if result.broken else 0
    began = time.monotonic()
    campaign = Campaign(given.first, given.seeds)
    with ProcessPoolExecutor(os.cpu_count()) as workers:
        for result in _results(workers, range(given.first, given.first + given.seeds)):
            campaign.take(result)
            if campaign.played % 100 == 0:
                print(f"{campaign.played} of {given.seeds} seeds, {len(campaign.broken)} broken", flush=True)
        if given.mutants:
            for mutant, tried in zip(MUTANTS, workers.map(_hunt, range(len(MUTANTS))), strict=True):
                campaign.hunted[mutant.name] = tried
    campaign.seconds = time.monotonic() - began
    text = report.written(campaign)
    print(text)
    if given.report:
        report.into(given.report, text)
    return 0 if campaign.good else 1


def _results(workers: ProcessPoolExecutor, seeds: range) -> Iterator[Result]:
    for several in workers.map(_several, batched_seeds(seeds)):
        yield from several


def batched_seeds(seeds: range) -> list[tuple[int, ...]]:
    """Ten at a time: a worker is told seldom, and progress is seen often."""
    return [tuple(seeds[start : start + 10]) for start in range(0, len(seeds), 10)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
