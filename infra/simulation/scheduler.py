"""Tasks of one simulated world, its clock and its chance: one thread, and the same seed gives the same run.

Every task is a greenlet. It gives way only where it waits, and whoever waits shortest comes next; so the seeded waits
decide who overtakes whom. Hours pass as fast as there is something to do.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import blake2b
from random import Random
from typing import Any

from greenlet import getcurrent, greenlet

BEGINNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC).timestamp()
"""A Monday morning, some weeks before clocks change in Europe."""


class Crash(BaseException):
    """The process is gone at this very point. No `except Exception` swallows it, and nothing after it runs."""

    def __init__(self, kind: str = "Runtime.ExitError") -> None:
        super().__init__(kind)
        self.kind = kind


class Stuck(Exception):
    """The world did not come to rest."""


class Task:
    """Something that runs beside others. `deadlines` are those of the functions it is inside of, innermost last."""

    def __init__(self, scheduler: Scheduler, name: str, run: Callable[[], object]) -> None:
        self.scheduler = scheduler
        self.name = name
        self.deadlines: list[float] = []
        self.turn = 0
        """Grows with each wait, so that a wake-up meant for an earlier one is known as such."""
        self.waits_for_good = False
        self._run = run
        self.greenlet = greenlet(self._body, scheduler.hub)

    def _body(self) -> None:
        try:
            self._run()
        except Crash:
            self.scheduler.note(f"{self.name} is gone")


class Scheduler:
    """Runs tasks in the order of a virtual time (seconds since 1970)."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.now = BEGINNING
        self.turns = 0
        self._order = itertools.count()
        self._heap: list[tuple[float, int, Task, int, Any]] = []
        self._trace = blake2b(digest_size=16)
        self.hub = getcurrent()
        self._ended = False
        self.shown: Callable[[str], None] | None = None

    # --- what a task does ---

    @property
    def task(self) -> Task | None:
        """The task that runs now; None outside of all."""
        return self._current

    _current: Task | None = None

    def pause(self, seconds: float) -> None:
        """Let that much time pass, while others have their turns.

        Raises:
            Crash: the function this happens in reached its time limit before.
        """
        if self._ended:
            raise Crash
        task = self._current
        if task is None:  # while the world is being made
            self.now += seconds
            return
        until = self.now + seconds
        limit = min(task.deadlines, default=until)
        if limit < until:
            self._wait(task, limit)
            raise Crash("Sandbox.Timedout")
        self._wait(task, until)

    def wait(self, until: float) -> Any:
        """Wait for `wake`, at most until a time; what it was woken with, or None when nobody did."""
        if self._ended:
            raise Crash
        assert self._current is not None
        return self._wait(self._current, until)

    def _wait(self, task: Task, until: float) -> Any:
        task.turn += 1
        self._push(until, task, None)
        return self.hub.switch()

    # --- what others do to a task ---

    def spawn(self, name: str, run: Callable[[], object], after: float = 0.0) -> Task:
        """Begin a task."""
        task = Task(self, name, run)
        self._push(self.now + after, task, None)
        return task

    def wake(self, task: Task, turn: int, value: Any) -> bool:
        """End a wait of that turn now; False when it has ended already."""
        if task.turn != turn or task.greenlet.dead:
            return False
        task.turn += 1
        self._push(self.now, task, value)
        return True

    def sooner(self, task: Task, until: float) -> None:
        """Let a task's present wait end earlier than it said."""
        task.turn += 1
        self._push(until, task, None)

    def drop(self, task: Task) -> None:
        """Take a task away; it has no further turn."""
        task.turn += 1

    def note(self, what: str) -> None:
        """A line of the trace."""
        if self.shown is not None:
            self.shown(f"{self.now - BEGINNING:12.3f}  {what}")
        self._trace.update(f"{self.now:.6f} {what}\n".encode())

    @property
    def trace(self) -> str:
        """A hash over everything noted so far."""
        return self._trace.copy().hexdigest()

    # --- running ---

    def run(self, until: float, at_rest: Callable[[], bool] = lambda: False) -> None:
        """Let everything happen up to a time, or until `at_rest` says that it is enough.

        Raises:
            Whatever a task raised.
        """
        while self._heap and self._heap[0][0] <= until:
            at, _, task, turn, value = heapq.heappop(self._heap)
            if task.greenlet.dead or turn != task.turn:
                continue
            self.now = max(self.now, at)
            self.turns += 1
            self._current = task
            try:
                task.greenlet.switch(value) if task.greenlet else task.greenlet.switch()
            finally:
                self._current = None
            if at_rest():
                return
        if not at_rest():
            self.now = max(self.now, until)

    def end(self) -> None:
        """Take down the tasks that still wait."""
        self._ended = True
        for _, _, task, _, _ in self._heap:
            if task.greenlet and not task.greenlet.dead:
                task.greenlet.throw(Crash)
        self._heap.clear()

    def _push(self, at: float, task: Task, value: Any) -> None:
        heapq.heappush(self._heap, (at, next(self._order), task, task.turn, value))
