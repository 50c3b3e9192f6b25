"""Pushes replies on: `{"keys": [{"pk", "sk"}, …]}`, from the relay or the sweeper."""

from typing import Any

from hark import log, wiring
from hark.store.keys import Key


def handler(event: dict[str, Any], _context: object) -> None:
    """Send each reply, or look it up. One that raises does not keep the others from their turn."""
    failures: list[Exception] = []
    for key in event["keys"]:
        try:
            log.info("reply.pushed", reply=key["sk"], done=wiring.sending().push(Key(**key)))
        except Exception as trouble:
            log.error("reply.push_failed", trouble, reply=key["sk"])
            failures.append(trouble)
    if failures:
        raise failures[0]
