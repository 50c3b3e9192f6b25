"""What goes wrong in a simulated world, and how often: by kind, counted as it strikes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields, replace
from random import Random


@dataclass(frozen=True)
class Rates:
    """How likely each fault is at one call (0 to 1)."""

    crash_before: float = 0.0
    """The process dies before the call has its effect (F1, F2, F12)."""
    crash_after: float = 0.0
    throttle: float = 0.0
    """The service refuses, without effect (F3)."""
    closed: float = 0.0
    """The connection closes before anything is sent (F5)."""
    lost: float = 0.0
    """It is done, and the answer never comes (F4)."""
    conflict: float = 0.0
    """Another transaction holds one of the items (F6)."""
    stale: float = 0.0
    """An index, or a read that is not consistent, is behind by some seconds (F8)."""
    slow: float = 0.0
    """The call takes seconds."""
    stall: float = 0.0
    """The sandbox sleeps up to 150 seconds between claim and post (F33)."""
    refused_turn: float = 0.0
    """The platform says: too many calls (F17)."""
    broken: float = 0.0
    """The platform breaks: 5xx, silence, half an answer, an answer without sense; with or without effect (F18, F19)."""
    lag: float = 0.0
    """The platform's lists do not show what is new (F21)."""
    delivery_twice: float = 0.0
    delivery_late: float = 0.0
    delivery_dropped: float = 0.0
    """No webhook ever tells of it; a poll has to find it (I8)."""
    answer_missed: float = 0.0
    """The platform does not get our answer to a delivery, and comes again."""
    wake_lost: float = 0.0
    """A stream record, a call or an event of the bus reaches nobody (F16, I12)."""
    wake_twice: float = 0.0
    execution_dies: float = 0.0
    """Per wait of the workflow (F15)."""
    sweep_missed: float = 0.0


STORM = Rates(
    crash_before=0.004, crash_after=0.004, throttle=0.01, closed=0.01, lost=0.012, conflict=0.02, stale=0.15, slow=0.02,
    stall=0.12, refused_turn=0.08, broken=0.3, lag=0.35, delivery_twice=0.25, delivery_late=0.25, delivery_dropped=0.15,
    answer_missed=0.15, wake_lost=0.12, wake_twice=0.12, execution_dies=0.05, sweep_missed=0.2,
)  # fmt: skip
CALM = Rates()


@dataclass
class Weather:
    """The faults of this moment."""

    random: Random
    rates: Rates = CALM
    struck: Counter[str] = field(default_factory=Counter)

    def strikes(self, kind: str) -> bool:
        """Whether a fault strikes now; counted when it does."""
        rate: float = getattr(self.rates, kind)
        if not rate or self.random.random() >= rate:
            return False
        self.struck[kind] += 1
        return True


def mixed(random: Random) -> Rates:
    """A storm of its own for each seed: some kinds of faults rage in it, others rest."""
    weight = {each.name: random.choice((0.0, 0.5, 1.0, 1.0, 2.0)) for each in fields(Rates)}
    return replace(STORM, **{name: min(0.6, getattr(STORM, name) * by) for name, by in weight.items()})
