"""Routes that know the request they answer, who asks, and what they promise."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from hark.web.contract import ANYBODY, CONTRACTS, EVERYBODY, WRITERS, Contract
from hark.web.errors import Problem
from hark.web.gate import Asker

Answer = TypeVar("Answer")


class Router(APIGatewayHttpRouter):
    """A set of routes; each property is of the request that is being answered."""

    def keeps(self, contract: Contract) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
        """Binds a route to its contract; stands between `@router.get(…)` and the function.

        Nobody but who the contract is for gets as far as the route.
        """

        def bound(route: Callable[..., Answer]) -> Callable[..., Answer]:
            @wraps(route)
            def guarded(**path: str) -> Answer:
                if self.asker.scopes is not None:
                    if contract.scope not in self.asker.scopes:
                        raise Problem(403, "no_scope", "This token was not made for that.")
                    return route(**path)
                reads = self.event["requestContext"]["http"]["method"] == "GET"
                roles = contract.roles or (EVERYBODY if reads else WRITERS)
                if self.asker.member.role not in roles:
                    raise Problem(403, *contract.outsiders)
                return route(**path)

            kept = route if contract.roles == ANYBODY else guarded
            CONTRACTS[kept] = contract
            return kept

        return bound

    @property
    def event(self) -> dict[str, Any]:
        """As the HTTP API handed it over (payload format 2.0)."""
        raw: dict[str, Any] = self.current_event.raw_event
        return raw

    @property
    def asker(self) -> Asker:
        """The member whom the gate let in.

        Raises:
            KeyError: a path that anybody may ask for.
        """
        asker: Asker = self.context["asker"]
        return asker
