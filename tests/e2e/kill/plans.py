"""The folder through which the test and the hook in the functions' processes speak: plans, claims, what was seen."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

HOOK = Path(__file__).parent / "hook"

FUNCTIONS = (
    "Webhook", "DeskApi", "Ingest", "Poll", "Sweep", "Triage", "Assign", "Remind", "FollowUp", "SendReply", "Relay",
)  # fmt: skip


class Point(NamedTuple):
    """A write of the path: which function makes it, and what it means (see `hook/calls.py`)."""

    function: str
    call: str


class Kill(NamedTuple):
    """Kill the process at its next write of this kind: before it leaves, or after its effect and before its answer is
    used."""

    function: str
    call: str
    when: Literal["before", "after"]


@dataclass
class Plan:
    """One story's plan: the words by which its calls are known, and its kills, each done once.

    Of two kills at the same place the first is done at the first call, the second at the next one.
    """

    folder: Path
    story: str
    kills: tuple[Kill, ...] = ()
    tokens: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def know(self, *tokens: str) -> None:
        """Calls that hold one of these words are this story's."""
        with self._lock:
            self.tokens |= set(tokens)
            text = json.dumps({"tokens": sorted(self.tokens), "kills": [kill._asdict() for kill in self.kills]})
            draft = self.folder / "drafts" / f"{self.story}.json"
            draft.write_text(text)
            draft.rename(self.folder / "plans" / draft.name)

    def end(self) -> None:
        """Nothing is watched for this story any more."""
        (self.folder / "plans" / f"{self.story}.json").unlink(missing_ok=True)

    def done(self) -> list[Kill]:
        """The kills that happened."""
        return [kill for n, kill in enumerate(self.kills) if (self.folder / "claims" / f"{self.story}.{n}").exists()]


def prepare(folder: Path) -> Path:
    """An empty folder for plans."""
    for name in ("plans", "drafts", "claims"):
        (folder / name).mkdir(parents=True)
    return folder


def arguments(folder: Path) -> Iterable[str]:
    """Arguments of the local cloud that put the hook into every function."""
    for function in FUNCTIONS:
        yield from ("--env", f"{function}Function.PYTHONPATH={HOOK}")
        yield from ("--env", f"{function}Function.KILL_FOLDER={folder}")


def points(folder: Path) -> set[Point]:
    """The writes seen so far."""
    return {Point(entry["function"], entry["call"]) for entry in _read(folder / "calls.jsonl")}


def killed_processes(folder: Path) -> list[int]:
    """Ids of the processes that were killed."""
    return [int(entry["pid"]) for entry in _read(folder / "kills.jsonl")]


def _read(file: Path) -> Iterable[dict[str, str]]:
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
