"""A reply to a note."""

from __future__ import annotations

import json

from hark.providers import http
from hark.providers.contract import CannotLook, Credentials, NotSent, Order, Outcome, Sent
from hark.providers.strict_json import NotStrictJson, loads

ENDPOINT = "https://loft.example.com"


class Sender:
    """Sends notes from one loft."""

    def __init__(self, credentials: Credentials, endpoint: str) -> None:
        self._key = credentials["landing_key"]
        self._endpoint = endpoint

    def send(self, order: Order) -> Outcome:
        """One call; nothing else than saying something publicly is known here."""
        if order.verb != "public_reply":
            return NotSent("not_supported")
        body = json.dumps({"to": order.person, "on": order.target, "text": order.text}).encode()
        headers = {"content-type": "application/json", "x-landing-key": self._key}
        try:
            answer = http.call("POST", f"{self._endpoint}/notes", body, headers, fresh=True)
            told = loads(answer.body) if answer.status == 200 else {}
        except http.NeverSent:
            return NotSent("unreachable")
        except (http.NoAnswer, NotStrictJson):
            return NotSent("no_answer")
        if answer.status == 403:
            return NotSent("token_refused")
        return Sent(told["id"]) if isinstance(told, dict) and "id" in told else NotSent("server_error")

    def read_back(self, order: Order) -> Sent | None:
        """A loft keeps no list.

        Raises:
            CannotLook: always.
        """
        raise CannotLook
