"""How often the spike detector is wrong, and how soon it is right, on simulated days: the tables of docs/incidents.md.

    python -m infra.spikes

A day has a quiet night and a peak in the afternoon. `restless` is how much the rate of a bucket wavers beside that
(standard deviation as a part of the mean; 0 is a pure Poisson stream), for people talk in bursts.
"""

from __future__ import annotations

import math
import random

from hark.domain.incident_choices import IncidentChoices
from hark.domain.spikes import Past, spike

CHOICES = IncidentChoices(watch=True)
BUCKETS = 96
"""Of 15 minutes, in a day."""
PEOPLE = 0.85
"""People per message: some write twice."""
REST_BUCKETS = 8
"""Alarms so close to each other are one incident."""


def _shape(number: int) -> float:
    hour = number % BUCKETS / 4
    return 0.15 + (max(0.0, math.sin((hour - 7) / 16 * math.pi)) if 7 <= hour <= 23 else 0.0)


_WHOLE = sum(_shape(number) for number in range(BUCKETS))


def _poisson(rng: random.Random, mean: float) -> int:
    if mean > 50:
        return max(0, round(rng.gauss(mean, mean**0.5)))
    bound, count, product = math.exp(-mean), 0, rng.random()
    while product > bound:
        count, product = count + 1, product * rng.random()
    return count


def _days(per_day: float, rng: random.Random, days: int, restless: float) -> list[int]:
    counts = []
    for number in range(days * BUCKETS):
        mean = per_day * _shape(number) / _WHOLE
        if restless:
            mean *= rng.gammavariate(1 / restless**2, restless**2)
        counts.append(_poisson(rng, mean))
    return counts


def _people(messages: int) -> int:
    return math.ceil(messages * PEOPLE)


def false_alarms(per_day: float, seed: int, days: int, restless: float) -> int:
    """Incidents suggested after the first day, on days on which nothing happened."""
    counts = _days(per_day, random.Random(seed), days, restless)
    past, found, last = Past(bucket=0, first=0), 0, -REST_BUCKETS
    for number, count in enumerate(counts):
        past = past.at(number, counts[number - 1] if number else 0, CHOICES)
        if number >= BUCKETS and spike(count, _people(count), past, CHOICES):
            found += number - last >= REST_BUCKETS
            last = number
    return found


def delay(per_day: float, seed: int, per_hour: float, restless: float) -> float | None:
    """Minutes from the first word of an outage on the ninth afternoon to the alarm; None within four hours."""
    rng = random.Random(seed)
    usual = _days(per_day, rng, 9, restless)
    start = 8 * BUCKETS + 56 + rng.random()
    past = Past(bucket=0, first=0)
    for number in range(1, int(start) + 1):
        past = past.at(number, usual[number - 1], CHOICES)
    storm, at = [], start
    while at < start + 16:
        storm.append(at)
        at += rng.expovariate(per_hour / 4)
    for number in range(int(start), int(start) + 16):
        heard = sorted([number + rng.random() for _ in range(usual[number])] + [s for s in storm if int(s) == number])
        for count, said in enumerate(heard, start=1):
            if said >= start and spike(count, _people(count), past, CHOICES):
                return (said - start) * 15
        past = past.at(number + 1, len(heard), CHOICES)
    return None


def _alarms_table(seeds: int, days: int) -> list[str]:
    rows = ["| Messages a day | restless 0 | restless 0.5 | restless 1 |", "| ---: | ---: | ---: | ---: |"]
    for per_day in (2, 20, 200, 2000):
        found = [
            sum(false_alarms(per_day, seed, days, restless) for seed in range(seeds)) * 100 / seeds / (days - 1)
            for restless in (0.0, 0.5, 1.0)
        ]
        rows.append(f"| {per_day:,} | {' | '.join(f'{each:.1f}' for each in found)} |")
    return rows


def _delays_table(seeds: int) -> list[str]:
    rows = [
        "| Messages a day | 20 an hour more | 60 an hour more | 300 an hour more |",
        "| ---: | ---: | ---: | ---: |",
    ]
    for per_day in (2, 20, 200, 2000):
        cells = []
        for per_hour in (20, 60, 300):
            found = sorted(found for seed in range(seeds) if (found := delay(per_day, seed, per_hour, 0.5)) is not None)
            middle = f", {found[len(found) // 2]:.0f} min" if found else ""
            cells.append(f"{len(found)} of {seeds}{middle}")
        rows.append(f"| {per_day:,} | {' | '.join(cells)} |")
    return rows


if __name__ == "__main__":
    print("\n".join(_alarms_table(seeds=10, days=31)))
    print()
    print("\n".join(_delays_table(seeds=40)))
