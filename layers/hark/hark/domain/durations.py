"""How long things took, counted so that days can be added up: each length falls into a class of about two percent.

The classes are those of DDSketch (Masson, Rim, Lee, VLDB 2019) with a relative error of one percent: whatever is asked
of any sum of days, a median, the ninth tenth, is a length that occurred, told to within one percent, or to within a
second where it is shorter than that.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, log

ERROR = 0.01
_GROWTH = (1 + ERROR) / (1 - ERROR)
_LOG_GROWTH = log(_GROWTH)
_SHORTEST_MS = 1000


def class_of(length_ms: int) -> int:
    """The class of a length; 0 holds all that took no more than a second."""
    return 0 if length_ms <= _SHORTEST_MS else ceil(log(length_ms / _SHORTEST_MS) / _LOG_GROWTH)


def length_of(number: int) -> int:
    """The length in milliseconds that stands for a class: no length in it differs from it by more than `ERROR`."""
    return _SHORTEST_MS if number <= 0 else round(_SHORTEST_MS * 2 * _GROWTH**number / (_GROWTH + 1))


def quantile(classes: Mapping[int, int], thousandths: int) -> int | None:
    """The shortest length that so many thousandths of all do not exceed (nearest rank); None where there are none.

    `classes`: how many fell into each class.
    """
    total = sum(classes.values())
    rank = max(1, -(-total * thousandths // 1000))
    for number in sorted(classes):
        rank -= classes[number]
        if rank <= 0 and total:
            return length_of(number)
    return None
