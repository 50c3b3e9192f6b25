"""Starts each function's first process before anybody waits for it, one after the other, beside everything else."""

from __future__ import annotations

import logging

from infra.local.background import Background

FIRST = ("WebhookFunction", "DeskApiFunction", "IngestFunction", "TriageFunction", "AssignFunction")
"""In the order in which a newcomer meets them; the others follow."""

log = logging.getLogger("hark.local.warm")


class Warmer(Background):
    """Warms functions from a thread until all are warm or it is closed.

    Args:
        names: name of each function in the engine, by its logical id.
    """

    def __init__(self, names: dict[str, str]) -> None:
        super().__init__("warmer", 10)
        order = sorted(names, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))
        self._names = [names[logical] for logical in order]

    def work(self) -> None:
        """Start one process after the other."""
        for name in self._names:
            if self.closing.is_set():
                return
            _warm(name)


def _warm(name: str) -> None:
    """Have the engine start a process for the function as for an invocation, without one."""
    from ministack.core import lambda_runtime
    from ministack.services import lambda_svc

    function = lambda_svc._functions[name]
    worker, _ = lambda_runtime.acquire_worker(name, function["config"], function["code_zip"])
    try:
        lambda_runtime.ensure_spawned(worker)
    except Exception as error:
        # The first real invocation meets the same error and answers with it.
        log.warning("%s does not start: %s", name, error)
    finally:
        lambda_runtime.release_worker(worker)
