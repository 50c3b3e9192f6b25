"""Runs each minute, and at once when an execution of the case workflow dies."""

import json
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from hark import wiring

RESERVE_MILLISECONDS = 10_000
"""Time kept back to end in order; what is left over is found by the next run."""


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Find unfinished work and have it finished."""
    if event.get("source") == "aws.states":
        lost = json.loads(event["detail"]["input"])
        wiring.workflow().died(lost["brand"], lost["case"], lost["gen"])
    return wiring.sweeping().run(lambda: context.get_remaining_time_in_millis() > RESERVE_MILLISECONDS)
