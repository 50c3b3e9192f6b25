"""Runs in each function's process before anything of it: watches its calls, and kills it where a plan says so.

The seam is urllib3's `urlopen`, through which both botocore and requests (tweepy) put every call on the wire: before
it nothing has left the process, and when it comes back the other side has done its work and the answer's head is
here, but nothing of it has been used. SIGKILL leaves no time for any handler, flush or `finally`.
"""

import fcntl
import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import urllib3.connectionpool
from calls import Call, describe  # type: ignore[import-not-found]

FOLDER = Path(os.environ["KILL_FOLDER"])
FUNCTION = os.environ["AWS_LAMBDA_FUNCTION_NAME"].split("-")[1].removesuffix("Function")

_plans: dict[str, dict[str, Any]] = {}
_read_at = 0
_speaking_of: list[str] = []
"""The stories that the last call with a name in it was about: a task token names nobody."""


def _refresh() -> None:
    """Plans appear and grow by renaming, which changes the folder's time."""
    global _read_at
    folder = FOLDER / "plans"
    changed = folder.stat().st_mtime_ns
    if changed == _read_at:
        return
    _plans.clear()
    for file in folder.glob("*.json"):
        try:
            _plans[file.stem] = json.loads(file.read_text())
        except FileNotFoundError:
            continue  # its story just ended
    _read_at = changed


def _stories(call: Call) -> list[str]:
    global _speaking_of
    _refresh()
    named = [name for name, plan in _plans.items() if any(token in call.text for token in plan["tokens"])]
    if named:
        _speaking_of = named
    elif call.nameless:
        named = [name for name in _speaking_of if name in _plans]
    return named


def _note(file: str, entry: dict[str, Any]) -> None:
    line = json.dumps({**entry, "function": FUNCTION, "pid": os.getpid(), "at": round(time.time(), 3)}) + "\n"
    with (FOLDER / file).open("a") as log:
        fcntl.flock(log, fcntl.LOCK_EX)
        log.write(line)


def _kill_if_planned(stories: list[str], call: Call, when: str) -> None:
    for story in stories:
        for number, kill in enumerate(_plans[story]["kills"]):
            if (kill["function"], kill["call"], kill["when"]) != (FUNCTION, call.name, when):
                continue
            try:
                (FOLDER / "claims" / f"{story}.{number}").mkdir()
            except FileExistsError:
                continue
            _note("kills.jsonl", {"story": story, "number": number, "call": call.name, "when": when})
            os.kill(os.getpid(), signal.SIGKILL)


_urlopen = urllib3.connectionpool.HTTPConnectionPool.urlopen


def _watched(self: Any, method: str, url: str, *args: Any, **named: Any) -> Any:
    body = named.get("body", args[0] if args else None)
    headers = named.get("headers") or {}
    call = describe(method, url, body, headers)
    stories = _stories(call)
    if not call.name:  # it only reads
        return _urlopen(self, method, url, *args, **named)
    for story in stories:
        _note("calls.jsonl", {"story": story, "call": call.name})
    _kill_if_planned(stories, call, "before")
    answer = _urlopen(self, method, url, *args, **named)
    _kill_if_planned(stories, call, "after")
    return answer


urllib3.connectionpool.HTTPConnectionPool.urlopen = _watched  # type: ignore[method-assign]
