"""Every story once for each write that it leads to and each side of it, all in one cloud."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.cloud import LocalCloud
from tests.e2e.kill import plans
from tests.e2e.kill.lives import Life
from tests.e2e.kill.plans import Kill, Point
from tests.e2e.kill.stories import REMIND_SECONDS, STORIES, SWEEPER_ALONE, Story
from tests.e2e.kill.town import Town

AT_ONCE = 24
"""Stories under way at a time: most of them wait, and two cores have to do."""
POSTS_PER_WINDOW = 60
"""X takes a hundred posts in fifteen minutes; the campaign begins its windows anew before that."""
QUIET_SECONDS = 60.0

POLICY = {
    "first_answer_seconds": int(REMIND_SECONDS),
    "targets": {"warn_percent": 0},  # a warning is one bell more in each story that waits
    "ladder": [
        {"after_seconds": int(REMIND_SECONDS), "to": "owner"},
        {"after_seconds": int(REMIND_SECONDS) + 60, "to": "team"},
        {"after_seconds": int(REMIND_SECONDS) + 120, "to": "lead"},
    ],
    "follow_up_seconds": 6,
    "silence_closes_seconds": 10,
}
SETTINGS = {"SendReplyFunction.SEND_LEASE_SECONDS": "20", "SendReplyFunction.SEND_SETTLE_SECONDS": "1"}


@dataclass
class Campaign:
    """What was played, and what became of it."""

    lives: list[Life] = field(default_factory=list)
    seen: set[Point] = field(default_factory=set)
    """Every write that any function made for any story."""
    stuck: dict[str, str] = field(default_factory=dict)
    running: list[str] = field(default_factory=list)
    """Executions that still ran when all should have been quiet."""
    seconds: dict[str, float] = field(default_factory=dict)
    killed: list[int] = field(default_factory=list)
    sweeps: int = 0

    def summary(self) -> str:
        """In numbers."""
        took = ", ".join(f"{what} {seconds:.0f} s" for what, seconds in self.seconds.items())
        return (
            f"{len(points())} writes of the path; {len(self.lives)} stories, {len(self.killed)} processes killed, "
            f"{self.sweeps} sweeps; {took}."
        )


def points() -> set[Point]:
    """The writes at which something is killed."""
    return {point for story in (*STORIES.values(), *SWEEPER_ALONE.values()) for point in story.points()}


def start(folder: Path) -> LocalCloud:
    """A local cloud whose functions can be killed."""
    plans.prepare(folder)
    settings = [argument for name, value in SETTINGS.items() for argument in ("--env", f"{name}={value}")]
    policy = [argument for name, value in POLICY.items() for argument in ("--set", f"{name}={json.dumps(value)}")]
    return LocalCloud(folder, *plans.arguments(folder), *settings, *policy, "--poll", "rate(1 day)")


def stop(cloud: LocalCloud) -> None:
    """End it, with the patience that a hundred killed processes ask for."""
    cloud.process.terminate()
    cloud.process.wait(90)


def play(town: Town) -> Campaign:
    """Play everything, until all is quiet."""
    campaign = Campaign()
    town.cloud.x("POST", "habits", {"echo": False})  # echoes come when a story wants them, not in a race with it
    with _timed(campaign, "with the stream"):
        _all(town, campaign, STORIES)
    with _timed(campaign, "sweeper alone"), town.stream_wakes_nobody():
        _all(town, campaign, SWEEPER_ALONE)
    with _timed(campaign, "until quiet"):
        campaign.running = _quiet(town)
    campaign.seen = plans.points(town.folder)
    campaign.killed = plans.killed_processes(town.folder)
    campaign.sweeps = town.sweeps
    return campaign


@contextmanager
def _timed(campaign: Campaign, what: str) -> Iterator[None]:
    begun = time.monotonic()
    yield
    campaign.seconds[what] = time.monotonic() - begun


def _planned(stories: Mapping[str, Story]) -> Iterator[tuple[str, tuple[Kill, ...]]]:
    for name, story in stories.items():
        for point in story.points():
            yield name, (*story.astray, Kill(*point, "before"))
            yield name, (*story.astray, Kill(*point, "after"))


def _all(town: Town, campaign: Campaign, stories: Mapping[str, Story]) -> None:
    posts = threading.Semaphore(POSTS_PER_WINDOW)

    def live(name: str, kills: tuple[Kill, ...]) -> None:
        if not posts.acquire(blocking=False):
            town.cloud.x("POST", "windows", {})
            posts.release(POSTS_PER_WINDOW)
        life = Life(town, name, kills)
        campaign.lives.append(life)
        begun = time.monotonic()
        try:
            stories[name].act(life)
            life.until("its kills are done", lambda: len(life.plan.done()) == len(kills))
        except Exception as trouble:  # whatever it is, the other stories go on, and the test tells of it
            campaign.stuck[life.name] = f"{type(trouble).__name__}: {trouble}"
        finally:
            life.seconds = time.monotonic() - begun
            life.plan.end()
            town.forget(life.case_id)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for future in [pool.submit(live, *one) for one in _planned(stories)]:
            future.result()


def _quiet(town: Town) -> list[str]:
    """Wait until no execution runs; those that run for ever."""
    deadline = time.monotonic() + QUIET_SECONDS
    states = town.cloud.client("stepfunctions")
    pages = states.get_paginator("list_executions")
    while True:
        found = pages.paginate(stateMachineArn=town.cloud.outputs["WorkflowArn"], statusFilter="RUNNING")
        running = [execution["name"] for page in found for execution in page["executions"]]
        if not running or time.monotonic() > deadline:
            return running
        time.sleep(1)
