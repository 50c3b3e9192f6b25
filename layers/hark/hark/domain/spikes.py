"""Whether a topic is talked of more than it ever is: counts in buckets of time against the topic's own past (K3).

Pure and without a clock. A bucket is numbered by its place since 1970 (`bucket`). Within a bucket only the number of
messages and of people counts, so the order of arrival does not.
"""

from __future__ import annotations

from math import log

from pydantic import BaseModel, ConfigDict

from hark.domain.incident_choices import IncidentChoices
from hark.domain.time import parse

HALF_LIFE_BUCKETS = 8
"""After so many buckets the near past counts half."""
DAYS_REMEMBERED = 3
"""After so many days what was usual at this hour counts half."""
FORGOTTEN_BUCKETS = 14 * 96
"""A gap so long is as good as no past: nothing has to be walked through beyond it."""
LEAST = 0.1
"""Messages per bucket that are expected of a topic nobody ever spoke of."""
RESTLESS = 2.0
"""People talk in bursts, more than chance alone would have it; so much more than usual is still no news."""
_NEAR = 1 - 2 ** (-1 / HALF_LIFE_BUCKETS)
_UNIT = 1000


def bucket(at: str, choices: IncidentChoices) -> int:
    """The number of the bucket into which a time in text form falls."""
    return int(parse(at).timestamp()) // choices.bucket_seconds


class Past(BaseModel):
    """How often a topic was spoken of, in thousandths of a message per bucket: the table holds no fractions."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    bucket: int
    """The bucket that is counted now; all before it are in the means."""
    first: int
    """The first one that ever was."""
    near: int = 0
    """Mean of the last hours."""
    hours: tuple[int, ...] = (0,) * 24
    """Mean by hour of the day (UTC)."""
    seen: tuple[int, ...] = (0,) * 24
    """How many buckets each of those means was made of."""

    def at(self, number: int, counted: int, choices: IncidentChoices) -> Past:
        """The past when bucket `number` begins: bucket `self.bucket` had `counted` messages, those between none."""
        if number <= self.bucket:
            return self
        near, hours, seen = float(self.near), [float(h) for h in self.hours], list(self.seen)
        gone = number - self.bucket
        per_hour = max(1, 3600 // choices.bucket_seconds)
        for place in range(min(gone, FORGOTTEN_BUCKETS)):
            heard = counted * _UNIT if place == 0 else 0
            near += _NEAR * (heard - near)
            hour = _hour(self.bucket + place, choices)
            seen[hour] += 1
            weight = max(1 / seen[hour], 1 - 2 ** (-1 / (DAYS_REMEMBERED * per_hour)))
            hours[hour] += weight * (heard - hours[hour])
        if gone > FORGOTTEN_BUCKETS:
            near, hours = 0.0, [0.0] * 24
        return Past(
            bucket=number, first=self.first, near=round(near), hours=tuple(round(h) for h in hours),
            seen=tuple(min(s, 10_000) for s in seen),
        )  # fmt: skip

    def expected(self, choices: IncidentChoices) -> float:
        """Messages to expect in the bucket that is counted now: the most that the near past, or other days at this
        hour or the next, let one expect. What is about to be usual is no news either."""
        hour = _hour(self.bucket, choices)
        return max(LEAST, max(self.near, self.hours[hour], self.hours[(hour + 1) % 24]) / _UNIT)


def _hour(number: int, choices: IncidentChoices) -> int:
    return number * choices.bucket_seconds // 3600 % 24


def surprise(count: int, expected: float) -> float:
    """How improbable so many messages are, as the logarithm of "once in so many buckets" (at least that improbable).

    Chernoff's bound of the tail of a Poisson distribution: P(X >= n) <= exp(-m) (em/n)^n for n > m.
    """
    if count <= expected:
        return 0.0
    return count * log(count / expected) - count + expected


def spike(count: int, people: int, past: Past, choices: IncidentChoices) -> bool:
    """Whether so many messages of so many people in the bucket that is counted now are news."""
    if count < choices.least_messages or people < choices.least_people:
        return False
    return surprise(count, RESTLESS * past.expected(choices)) >= log(choices.once_in_buckets)
