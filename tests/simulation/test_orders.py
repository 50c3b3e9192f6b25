"""Orders of what people and the clock do, found and made small by Hypothesis; the seed decides all the rest.

Plain seeds find what is rare in time; this finds what is odd in order (invariants, section 4, point 6).
"""

from __future__ import annotations

from contextlib import ExitStack

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from infra.simulation.campaign import calmed
from infra.simulation.weather import mixed
from infra.simulation.world import World, simulated


class Orders(RuleBasedStateMachine):
    """Customers, agents and schedules, one step at a time, in a storm; then calm, and everything has to be right."""

    world: World

    @initialize(seed=st.integers(0, 2**20))
    def begin(self, seed: int) -> None:
        self.stack = ExitStack()
        self.world = self.stack.enter_context(simulated(seed))
        self.world.begin(2, 0)
        self.world.weather.rates = mixed(self.world.scheduler.random)

    def _let(self, seconds: float) -> None:
        self.world.scheduler.run(self.world.scheduler.now + seconds)

    @rule()
    def somebody_writes(self) -> None:
        self.world.scheduler.spawn("customer", self.world.customers.something)
        self._let(0.5)

    @rule()
    def a_delivery_comes_again(self) -> None:
        for platform in self.world.platforms.values():
            platform.again()
        self._let(2)

    @precondition(lambda self: hasattr(self, "world") and self.world.unfinished())
    @rule(who=st.integers(0, 1))
    def an_agent_takes_a_turn(self, who: int) -> None:
        agent = self.world.agents[who]
        self.world.scheduler.spawn(agent.member, agent.turn)
        self._let(5)

    @rule()
    def it_is_swept(self) -> None:
        self.world.functions.later("sweep", {"source": "aws.events"})
        self._let(3)

    @rule()
    def it_is_polled(self) -> None:
        self.world.functions.later("poll", {"provider": "meta"})
        self._let(3)

    @rule(minutes=st.sampled_from((1, 5, 65, 600)))
    def time_passes(self, minutes: int) -> None:
        self._let(minutes * 60)

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            calmed(self.world)
            assert self.world.checks.broken == []
        finally:
            self.stack.close()


CHOSEN = settings(
    max_examples=8, stateful_step_count=14, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip


def test_no_order_of_these_steps_loses_doubles_or_leaves_anything_i4_i14_i17_f7_f13() -> None:
    run_state_machine_as_test(Orders, settings=CHOSEN)
