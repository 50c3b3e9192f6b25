"""Log lines and counters. A line is a dotted name with ids, never text (I28, I29).

The functions run with Lambda's JSON log format, which turns the `extra` of standard logging into fields.
Counters are written in CloudWatch's embedded metric format, so that counting costs no call; a counter that never
counts costs nothing.
"""

from __future__ import annotations

import json
import logging
import time

_log = logging.getLogger("hark")

Field = str | int | float | bool | None


def info(event: str, **fields: Field) -> None:
    _log.info(event, extra=fields)


def warning(event: str, **fields: Field) -> None:
    _log.warning(event, extra=fields)


def error(event: str, exception: BaseException | None = None, **fields: Field) -> None:
    """An error by its class: messages of exceptions may repeat what was sent, so they stay out."""
    where = f"{type(exception).__module__}.{type(exception).__qualname__}" if exception else None
    trace = exception.__traceback__ if exception else None
    while trace and trace.tb_next:
        trace = trace.tb_next
    line = f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else None
    _log.error(event, extra={**fields, "error": where, "line": line})


def count(metric: str, provider: str, amount: int = 1) -> None:
    """Count one thing, per provider.

    Source of the form: CloudWatch embedded metric format specification, version 0.
    """
    blob = {
        "_aws": {
            "Timestamp": int(time.time() * 1000),
            "CloudWatchMetrics": [
                {"Namespace": "Hark", "Dimensions": [["provider"]], "Metrics": [{"Name": metric, "Unit": "Count"}]}
            ],
        },
        "provider": provider,
        metric: amount,
    }
    print(json.dumps(blob), flush=True)
