"""Every order in which several writers' calls of AWS can come: the real code, stopped before each of its calls.

Orders that no writer could tell apart are run once: what happens next depends only on what each was answered so far, on
what is in the table by now, and on which other writes were made in which order.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import pytest
from greenlet import getcurrent, greenlet
from moto.core.botocore_stubber import BotocoreStubber

from infra.simulation.dynamodb import DynamoDB

READS = ("GetParameter", "DescribeExecution")
_COUNTED = re.compile(rb'"(LastModifiedDate|Version)": ?[0-9.]+')
"""What moto's parameter store says of when and how often a value was written, over all runs."""
Writer = Callable[[], object]


class Order:
    """The calls of one run: who made them, and what of them others can notice."""

    def __init__(self) -> None:
        self.answers: dict[int, list[Any]] = {}
        self.writes: list[Any] = []
        """Those that do not go to the table."""


class Orders:
    """All runs of some writers from one state of the table on."""

    def __init__(self, dynamodb: DynamoDB, writers: Sequence[Writer], begin: Callable[[], object]) -> None:
        self._tables = {name: table.copy() for name, table in dynamodb.tables.items()}
        self._dynamodb, self._writers, self._begin = dynamodb, writers, begin

    def __iter__(self) -> Iterator[list[Any]]:
        """What became of each writer, its answer or its exception, run after run."""
        seen: set[str] = set()
        todo: list[list[int]] = [[]]
        with stopping():
            while todo:
                outcome = self._run(todo.pop(), seen, todo)
                if outcome is not None:
                    yield outcome

    def _items(self) -> Any:
        return [sorted(table.items.items()) for table in self._dynamodb.tables.values()]

    def _run(self, wanted: list[int], seen: set[str], todo: list[list[int]]) -> list[Any] | None:
        self._dynamodb.tables.update({name: table.copy() for name, table in self._tables.items()})
        self._begin()
        order, outcomes, hub = Order(), dict[int, Any](), getcurrent()

        def runs(number: int) -> Callable[[], None]:
            def run() -> None:
                stopped.set(Stopped(number, order, hub))
                try:
                    outcomes[number] = self._writers[number]()
                except Exception as refused:
                    outcomes[number] = refused

            return run

        running = {number: greenlet(runs(number)) for number in range(len(self._writers))}
        for one in running.values():
            one.switch()  # up to its first call
        taken: list[int] = []
        while alive := [number for number, one in running.items() if not one.dead]:
            if len(taken) >= len(wanted):
                state = repr((sorted(order.answers.items()), order.writes, self._items()))
                if state in seen:
                    for number in alive:
                        running[number].throw()
                    return None
                seen.add(state)
                todo += [[*taken, other] for other in alive[1:]]
                chosen = alive[0]
            else:
                chosen = wanted[len(taken)]
            taken.append(chosen)
            running[chosen].switch()
        return [outcomes[number] for number in range(len(self._writers))]


@dataclass(frozen=True)
class Stopped:
    """A writer that gives way to whoever decides whose turn it is."""

    number: int
    order: Order
    hub: Any


stopped: ContextVar[Stopped | None] = ContextVar("whose turn it is", default=None)  # a greenlet has its own


def give_way(what: str = "") -> None:
    """Let others have their turn first; `what` is then done to something that is not AWS's."""
    who = stopped.get()
    if who:
        who.hub.switch()
        if what:
            who.order.writes.append((who.number, what))


@contextmanager
def stopping() -> Iterator[None]:
    """Each call of AWS that a writer makes is a place where others may come first."""
    real = BotocoreStubber.process_request

    def process(stubber: BotocoreStubber, request: Any) -> Any:
        give_way()
        answer, who = real(stubber, request), stopped.get()
        if who:
            target = request.headers.get("X-Amz-Target", b"")
            name = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
            who.order.answers.setdefault(who.number, []).append(
                (name, answer[0], _COUNTED.sub(b"", bytes_of(answer[2])))
            )
            if name.endswith(("Parameter", "Execution")) and name not in READS:
                who.order.writes.append((who.number, name, request.body))
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BotocoreStubber, "process_request", process)
        yield


def bytes_of(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def marks(patch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Random marks become the writer's own numbers, the same in every run. What begins them anew is returned."""
    drawn: dict[int, int] = {}

    def draw(size: int = 32) -> str:
        turn = stopped.get()
        who = turn.number if turn else 9
        drawn[who] = drawn.get(who, 0) + 1
        return f"{who}{drawn[who]:0{2 * size - 1}x}"

    patch.setattr(secrets, "token_hex", draw)
    return drawn.clear
