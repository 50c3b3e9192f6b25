"""Routes that know the request they answer, and who asks."""

from typing import Any

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from hark.web.gate import Asker


class Router(APIGatewayHttpRouter):
    """A set of routes; each property is of the request that is being answered."""

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
