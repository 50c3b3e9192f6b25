"""What one agent's open desk costs in a month: it asks for the queue and the open conversation every few seconds."""

from __future__ import annotations

import re
from pathlib import Path

from infra.costs.durations import gb_seconds
from infra.costs.idle import memory
from infra.costs.line import Line
from infra.costs.measured import measured

POLL = Path(__file__).parent.parent.parent / "frontend" / "core" / "poll.js"
HOURS, DAYS = 8, 21
"""A working day with the desk in sight, and working days of a month."""


def pause_seconds() -> float:
    """Seconds between two rounds of a visible desk, from the desk's own source.

    Raises:
        ValueError: it is not where it was.
    """
    found = re.search(r"^const VISIBLE = ([0-9_]+);$", POLL.read_text(), re.MULTILINE)
    if not found:
        raise ValueError(f"{POLL.name} does not say how long a visible desk waits")
    return int(found[1].replace("_", "")) / 1000


def rounds() -> int:
    """Rounds of polling in a month."""
    return int(HOURS * 3600 * DAYS / pause_seconds())


def sizes() -> list[int]:
    """Numbers of open cases for which a look was measured."""
    return sorted(int(size) for size in measured()["look"]["by_open_cases"])


def lines(size: int) -> list[Line]:
    """A month of one agent with one conversation open all the time, on a desk of so many open cases."""
    look = measured()["look"]
    read = look["by_open_cases"][str(size)]
    requests = 2 * rounds()
    seconds = gb_seconds("desk_api", memory("desk_api")) * requests
    return [
        Line("HTTP API: requests", "apigw_http", requests),
        Line("Lambda: requests", "lambda_req", requests),
        Line("Lambda: GB-seconds (upper bound)", "lambda_gbs_arm", seconds),
        Line("DynamoDB: read units for the queue", "ddb_rru", read["queue"] * rounds()),
        Line("DynamoDB: read units for the open conversation", "ddb_rru", read["conversation"] * rounds()),
        Line("Answers with the open conversation: GB", "egress", look["answer_bytes"]["conversation"] * rounds() / 1e9),
        Line("Sign-in: active user", "cognito_mau", 1),
    ]
