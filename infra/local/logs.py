"""What the functions log, shown while the local cloud runs."""

from __future__ import annotations

import json
import sys
from typing import Any, TextIO

from infra.local.background import Background

EVERY_SECONDS = 0.5
_RUNTIME_LINES = ("START RequestId:", "END RequestId:", "REPORT RequestId:", "INIT_START ")
_LOUD = {"WARN", "WARNING", "ERROR", "FATAL", "CRITICAL"}


class Logs(Background):
    """Copies new lines of the functions' log groups to a stream, from a thread, until closed.

    Args:
        client: boto3 client `logs`.
        groups: log group by the function's short name.
        everything: also lines below a warning, and lines that are no JSON.
        stream: where to write.
    """

    def __init__(self, client: Any, groups: dict[str, str], everything: bool, stream: TextIO = sys.stderr) -> None:
        super().__init__("logs", 5)
        self._client = client
        self._groups = groups
        self._everything = everything
        self._stream = stream
        self._seen: dict[str, set[tuple[str, int, str]]] = {name: set() for name in groups}

    def work(self) -> None:
        """Look for new lines again and again."""
        since = 0
        while not self.closing.wait(EVERY_SECONDS):
            newest = since
            for name, group in self._groups.items():
                newest = max(newest, self._show(name, group, since))
            since = max(since, newest - 10_000)  # lines of one moment may arrive in any order

    def _show(self, name: str, group: str, since: int) -> int:
        """Print what is new; milliseconds of the newest line."""
        newest = 0
        pages = self._client.get_paginator("filter_log_events")
        for page in pages.paginate(logGroupName=group, startTime=since):
            for event in page["events"]:
                newest = max(newest, event["timestamp"])
                line = (event["logStreamName"], event["timestamp"], event["message"])
                if line not in self._seen[name]:
                    self._seen[name].add(line)
                    self._print(name, event["message"].rstrip())
        return newest

    def _print(self, name: str, line: str) -> None:
        if line.startswith(_RUNTIME_LINES) or '"_aws"' in line:
            return
        try:
            entry = json.loads(line)
        except ValueError:
            entry = None
        loud = isinstance(entry, dict) and entry.get("level") in _LOUD
        if loud or self._everything:
            print(f"[{name}] {line}", file=self._stream, flush=True)
