"""One seed from its first event to its rest: a storm first, then calm, in which everything has to come to its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from infra.simulation.checks import Broken
from infra.simulation.scheduler import Task
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


def play(
    seed: int, *, customers: int = 3, events: int = 9, rates: Rates | None = None, no_time_limits: bool = False,
    give_up: bool = False, shown: Callable[[str], None] | None = None,
) -> Result:  # fmt: skip
    """Play one seed.

    `rates`: a storm of one's own. `give_up`: stop as soon as anything is broken, and wait for rest three days only.
    `shown` is told each line of the trace.
    """
    with simulated(seed, no_time_limits=no_time_limits) as world:
        scheduler, checks = world.scheduler, world.checks
        scheduler.shown = shown
        world.begin(customers, events)
        world.weather.rates = mixed(scheduler.random) if rates is None else rates
        scheduler.spawn("customers", world.customers.live)
        for agent in world.agents:
            scheduler.spawn(agent.member, agent.work)
        scheduler.spawn("sweeps", world.sweeps)
        polls = scheduler.spawn("polls", world.polls)
        over: Callable[[], bool] = lambda: give_up and bool(checks.broken)  # noqa: E731 - one line says it
        scheduler.run(scheduler.now + 4 * HOUR, lambda: world.customers.done or over())
        scheduler.run(scheduler.now + 0.5 * HOUR, over)
        if not over():
            calmed(world, polls, over, days=3 if give_up else CALM_DAYS)
        return Result(seed, scheduler.trace, tuple(checks.broken), world.figures(), world.weather.struck)


def calmed(
    world: World, polls: Task | None = None, over: Callable[[], bool] = lambda: False, *, days: int = CALM_DAYS
) -> None:
    """The storm is over: people and schedules go on until there is nothing left to do; then everything is looked at."""
    scheduler, checks = world.scheduler, world.checks
    world.weather.rates = CALM
    if polls is None:
        for agent in world.agents:
            scheduler.spawn(agent.member, agent.work)
        scheduler.spawn("sweeps", world.sweeps)
        polls = scheduler.spawn("polls", world.polls)
    scheduler.run(scheduler.now + 2 * HOUR, over)
    scheduler.drop(polls)
    scheduler.run(scheduler.now + days * DAY, lambda: at_rest(world) or over())
    if not over():
        if not at_rest(world):
            checks.broken.append(Broken("never_ends", world.state()))
        checks.rest()


def at_rest(world: World) -> bool:
    """Nothing has to be done any more: no work in the index, no workflow, and all events have been told."""
    return world.customers.done and not world.workflows.alive() and not world.work_is_left()
