"""What all steps of the case workflow have in common: each may be repeated without acting twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hark.domain.case import Case
from hark.store.cases import Cases, Stale


class Superseded(Exception):
    """The execution belongs to an earlier generation of the case; it has to end (I14)."""


class MovedOn(Exception):
    """The case is not in the state this step is for; the workflow has to look anew."""


class TryAgain(Exception):
    """Somebody else kept writing the case; the step can simply be repeated."""


T = TypeVar("T")


def steadily(cases: Cases, brand: str, case_id: str, gen: int, step: Callable[[Case], T]) -> T:
    """Run a step on the case as it is now, again when somebody else wrote it in between.

    Raises:
        Superseded: the case is in another generation, or gone. TryAgain: it was written all the time.
    """
    for _ in range(8):
        case = cases.get(brand, case_id)
        if case is None or case.gen != gen:
            raise Superseded(case_id)
        try:
            return step(case)
        except Stale:
            continue
    raise TryAgain(case_id)
