"""Runs on a schedule, once per provider: `{"provider": "x"}`."""

from collections.abc import Callable
from typing import Any

from hark import log, wiring


def handler(event: dict[str, Any], _context: object) -> dict[str, dict[str, int]]:
    """Look after a provider's accounts: what the webhooks missed, are they registered, what was deleted untold."""
    provider = event["provider"]
    tasks: dict[str, Callable[[str], dict[str, int]]] = {
        "poll": wiring.polling().run,
        "health": wiring.health().run,
        "recheck": wiring.rechecking().run,
    }
    done, failed = {}, []
    for name, task in tasks.items():
        try:
            done[name] = task(provider)
        except Exception as trouble:
            # One that fails must not keep the others from their work; the run is reported as failed all the same.
            log.error("poll.task_failed", trouble, provider=provider, task=name)
            failed.append(trouble)
    if failed:
        raise ExceptionGroup("tasks failed", failed)
    return done
