"""One seed from its first event to its rest: a storm first, then calm, in which everything has to come to its end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from infra.simulation.checks import Broken
from infra.simulation.weather import CALM, Rates, mixed
from infra.simulation.world import World, simulated

HOUR, DAY = 3600.0, 86400.0
CALM_DAYS = 21
"""In the calm a case is followed up, and closed after silence; it takes days."""


@dataclass(frozen=True)
class Result:
    """What one seed gave."""

    seed: int
    trace: str
    broken: tuple[Broken, ...]
    figures: Counter[str] = field(default_factory=Counter)
    struck: Counter[str] = field(default_factory=Counter)


def play(seed: int, *, customers: int = 3, events: int = 9, rates: Rates | None = None, **more: Any) -> Result:
    """Play one seed."""
    with simulated(seed, **more) as world:
        world.begin(customers, events)
        scheduler = world.scheduler
        world.weather.rates = mixed(scheduler.random) if rates is None else rates
        scheduler.spawn("customers", world.customers.live)
        for agent in world.agents:
            scheduler.spawn(agent.member, agent.work)
        scheduler.spawn("sweeps", world.sweeps)
        polls = scheduler.spawn("polls", world.polls)
        scheduler.run(scheduler.now + 4 * HOUR, lambda: world.customers.done)
        scheduler.run(scheduler.now + 0.5 * HOUR)
        world.weather.rates = CALM
        scheduler.run(scheduler.now + 2 * HOUR)
        scheduler.drop(polls)
        scheduler.run(scheduler.now + CALM_DAYS * DAY, lambda: at_rest(world))
        if not at_rest(world):
            world.checks.broken.append(Broken("never_ends", world.state()))
        world.checks.rest()
        return Result(seed, scheduler.trace, tuple(world.checks.broken), world.figures(), world.weather.struck)


def at_rest(world: World) -> bool:
    """Nothing has to be done any more: no work in the index, no workflow, and all events have been told."""
    return world.customers.done and not world.workflows.alive() and not world.work_is_left()
