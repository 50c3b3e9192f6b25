"""X's management calls, made as the application (bearer): webhooks, subscriptions, replay and compliance jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import tweepy

from hark.providers.contract import Connection
from hark.providers.x import api

LIST_PAGES = 20
"""Pages of subscriptions to read; X allows 1,500 subscriptions."""


class Management:
    """The calls of one check. `calls` counts them."""

    def __init__(self, client: tweepy.Client) -> None:
        self._client = client
        self.calls = 0

    def webhooks(self) -> list[Mapping[str, Any]]:
        """All webhooks of the application."""
        return objects(self.call("GET", "/2/webhooks"))

    def register(self, url: str) -> Mapping[str, Any]:
        """Register a webhook; X checks the endpoint before it answers."""
        return one(self.call("POST", "/2/webhooks", {"url": url}))

    def revalidate(self, webhook_id: str) -> bool:
        """Have X check the endpoint and enable the webhook again; whether it is valid now."""
        return one(self.call("PUT", f"/2/webhooks/{webhook_id}")).get("valid") is True

    def replay(self, webhook_id: str, begin: datetime, end: datetime) -> str:
        """Have X deliver once more what happened from `begin` to before `end` (UTC, whole minutes); the job's id."""
        asked = {"webhook_id": webhook_id, "from_date": f"{begin:%Y%m%d%H%M}", "to_date": f"{end:%Y%m%d%H%M}"}
        return str(one(self.call("POST", "/2/webhooks/replay", asked)).get("job_id", ""))

    def subscriptions(self) -> list[Mapping[str, Any]]:
        """All subscriptions of the application."""
        found: list[Mapping[str, Any]] = []
        params: dict[str, str] = {}
        for _ in range(LIST_PAGES):
            answer = self.call("GET", "/2/activity/subscriptions", params=params)
            found += objects(answer)
            meta = answer.get("meta")
            token = meta.get("next_token") if isinstance(meta, dict) else None
            if not isinstance(token, str) or not token:
                break
            params = {"pagination_token": token}
        return found

    def call(
        self, method: str, route: str, value: object = None, params: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """One call as the application.

        Raises:
            api.Unsuccessful: it did not end in a 2xx with a JSON object.
        """
        self.calls += 1
        return api.read(self._client.request(method, route, params=dict(params or {}), json=value))


@contextmanager
def connect(connection: Connection, now: Callable[[], datetime]) -> Iterator[Management]:
    """Management calls for a while.

    Raises:
        api.Unsuccessful: `not_set_up`, the bearer token is missing.
    """
    with api.connect(connection.credentials, connection.endpoint, now, needed=api.OF_THE_APP) as client:
        yield Management(client)


def objects(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What an answer holds, in any of X's three shapes: `data.subscription{}`, `data{}` or `data[]`."""
    data = answer.get("data")
    if isinstance(data, dict):
        wrapped = data.get("subscription", data.get("subscriptions", data))
        data = wrapped if isinstance(wrapped, list) else [wrapped]
    return [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []


def one(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first object of an answer, empty when there is none."""
    return next(iter(objects(answer)), {})
