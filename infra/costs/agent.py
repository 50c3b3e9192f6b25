"""What one agent's open desk costs in a month: it asks every few seconds what has changed, and reads what has."""

from __future__ import annotations

import re
from pathlib import Path

from infra.costs.durations import gb_seconds
from infra.costs.idle import memory
from infra.costs.line import Line
from infra.costs.measured import measured

CORE = Path(__file__).parent.parent.parent / "frontend" / "core"
HOURS, DAYS = 8, 21
"""A working day with the desk in sight, and working days of a month."""
VIEWS_AN_HOUR = 60
"""Assumed: a case comes, is given, answered or closed every minute. The desk itself does not read a view more often
than `QUEUE_APART` says, however much happens."""
QUESTION = ("People.session", "People.member", "Cases.changed", "Presences.of_brand")
"""What is read for one question that brings nothing: who asks, what has changed, who else is here."""
RENEWED_SECONDS = 30
"""As in hark.desk.watching."""
USED_SECONDS = 900
"""As in hark.desk.sessions: so often it is noted that a session is used."""


def _seconds(module: str, name: str) -> float:
    """A constant of the desk's own source.

    Raises:
        ValueError: it is not where it was.
    """
    found = re.search(rf"^const {name} = ([0-9_]+);$", (CORE / module).read_text(), re.MULTILINE)
    if not found:
        raise ValueError(f"{module} does not say {name}")
    return int(found[1].replace("_", "")) / 1000


def pause_seconds() -> float:
    """Seconds between two rounds of a visible desk."""
    return _seconds("poll.js", "VISIBLE")


def apart_seconds() -> float:
    """Seconds between two readings of a view at the least."""
    return _seconds("live.js", "QUEUE_APART")


def thread_seconds() -> float:
    """Seconds between two readings of an open conversation to which nothing happens."""
    return _seconds("live.js", "CONVERSATION_AT_LEAST")


def _month(seconds: float) -> int:
    """How often something happens in a month of work that happens every so many seconds."""
    return int(HOURS * 3600 * DAYS / seconds)


def rounds() -> int:
    """Rounds of polling in a month."""
    return _month(pause_seconds())


def question_units() -> float:
    """Read units of a question that brings nothing."""
    return float(sum(measured()["patterns"][name]["read"] for name in QUESTION))


def _use_units() -> int:
    """Write units of noting that a session is used, in the table and its index."""
    note = measured()["patterns"]["People.session_used"]
    return int(note["table_write"] + note["index_write"])


def sizes() -> list[int]:
    """Numbers of open cases for which a look was measured."""
    return sorted(int(size) for size in measured()["look"]["by_open_cases"])


def lines(size: int) -> list[Line]:
    """A month of one agent with one conversation open all the time, on a desk of so many open cases."""
    look = measured()["look"]
    read = look["by_open_cases"][str(size)]
    views, threads = HOURS * DAYS * VIEWS_AN_HOUR, _month(thread_seconds())
    requests = rounds() + views + threads
    seconds = gb_seconds("desk_api", memory("desk_api")) * requests
    noted = measured()["patterns"]["Presences.note"]["table_write"] * _month(RENEWED_SECONDS)
    return [
        Line("HTTP API: requests", "apigw_http", requests),
        Line("Lambda: requests", "lambda_req", requests),
        Line("Lambda: GB-seconds (upper bound)", "lambda_gbs_arm", seconds),
        Line("DynamoDB: read units for what has changed", "ddb_rru", question_units() * rounds()),
        Line("DynamoDB: read units for the queue", "ddb_rru", read["queue"] * views),
        Line("DynamoDB: read units for the open conversation", "ddb_rru", read["conversation"] * threads),
        Line("DynamoDB: write units for who looks at what", "ddb_wru", noted),
        Line("DynamoDB: write units for when the session was used", "ddb_wru", _use_units() * _month(USED_SECONDS)),
        Line("Answers with the open conversation: GB", "egress", look["answer_bytes"]["conversation"] * threads / 1e9),
        Line("Sign-in: active user", "cognito_mau", 1),
    ]
