"""X's routes as the fake knows them: who may call, under which limits, and who answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hark.providers.x.fake.rest import Reply, problem
from hark.testkit.faults import Dialect, Fault
from hark.testkit.http_server import Answer, Call, json_answer

if TYPE_CHECKING:
    from hark.providers.x.fake.server import Fake

Handle = Callable[["Fake", tuple[str, ...], Call, str], Reply | Answer]
"""Takes the fake, the ids in the path, the call and who makes it (`user` or `app`)."""

_USER, _APP, _EITHER, _ANYBODY = ("user",), ("app",), ("user", "app"), ()


@dataclass(frozen=True, slots=True)
class Route:
    """One call of X's API. `name` is what limits and faults know it by; `asks` who may call, nobody in particular
    when empty."""

    method: str
    path: re.Pattern[str]
    name: str
    asks: tuple[str, ...]
    handle: Handle


def _route(method: str, path: str, name: str, asks: tuple[str, ...], handle: Handle) -> Route:
    return Route(method, re.compile(path.replace(":id", "([0-9]{1,19})")), name, asks, handle)


ROUTES = (
    _route("POST", "/2/tweets", "send", _USER, lambda x, p, c, _: x.rest.send(c.body)),
    _route("PUT", "/2/tweets/:id/hidden", "hide", _USER, lambda x, p, c, _: x.rest.hide(p[0], c.body)),
    _route("DELETE", "/2/tweets/:id", "delete", _USER, lambda x, p, c, _: x.rest.delete(p[0])),
    _route("GET", "/2/tweets/search/recent", "search", _APP, lambda x, p, c, _: x.rest.search(c.query)),
    _route("GET", "/2/users/:id/mentions", "mentions", _USER, lambda x, p, c, _: x.rest.mentions(p[0], c.query)),
    _route("GET", "/2/users/:id/tweets", "timeline", _USER, lambda x, p, c, _: x.rest.timeline(p[0], c.query)),
    _route(
        "POST", "/2/dm_conversations/with/:id/messages", "dm", _USER, lambda x, p, c, _: x.direct.send(p[0], c.body)
    ),
    _route(
        "GET", "/2/dm_conversations/with/:id/dm_events", "dm_conversation", _USER,
        lambda x, p, c, _: x.direct.events(p[0], c.query),
    ),
    _route("GET", "/2/dm_events", "dm_events", _USER, lambda x, p, c, _: x.direct.events("", c.query)),
    _route("GET", "/2/webhooks", "webhooks", _APP, lambda x, p, c, _: x.management.webhooks()),
    _route("POST", "/2/webhooks", "webhooks", _APP, lambda x, p, c, _: x.management.register(c.body)),
    _route("POST", "/2/webhooks/replay", "replay", _APP, lambda x, p, c, _: x.management.replay(c.body)),
    _route("PUT", "/2/webhooks/:id", "webhooks", _APP, lambda x, p, c, _: x.management.revalidate(p[0])),
    _route("DELETE", "/2/webhooks/:id", "webhooks", _APP, lambda x, p, c, _: x.management.remove(p[0])),
    _route(
        "GET", "/2/activity/subscriptions", "subscriptions", _APP,
        lambda x, p, c, _: x.management.subscriptions(c.params),
    ),
    _route(
        "POST", "/2/activity/subscriptions", "subscriptions", _EITHER,
        lambda x, p, c, who: x.management.subscribe(c.body, as_user=who == "user"),
    ),
    _route(
        "PUT", "/2/activity/subscriptions/:id", "subscriptions", _APP,
        lambda x, p, c, _: x.management.change(p[0], c.body),
    ),
    _route(
        "DELETE", "/2/activity/subscriptions/:id", "subscriptions", _APP,
        lambda x, p, c, _: x.management.unsubscribe(p[0]),
    ),
    _route("POST", "/2/compliance/jobs", "compliance", _APP, lambda x, p, c, _: x.management.begin_job(c.body)),
    _route("GET", "/2/compliance/jobs/:id", "compliance", _APP, lambda x, p, c, _: x.management.job(p[0])),
    _route(
        "PUT", "/compliance/:id/ids", "ids", _ANYBODY, lambda x, p, c, _: x.management.upload(p[0], c.headers, c.body)
    ),
    _route("GET", "/compliance/:id/result", "ids", _ANYBODY, lambda x, p, c, _: _result(x, p[0], c)),
)  # fmt: skip


def find(call: Call) -> tuple[Route, tuple[str, ...]] | None:
    """The route of a call and the ids in its path."""
    for route in ROUTES:
        found = route.path.fullmatch(call.path)
        if found and route.method == call.method:
            return route, found.groups()
    return None


def dialect(fake: Fake) -> Dialect:
    """How X says what only it can say, when it is told to misbehave."""

    def rate_limited(fault: Fault) -> Answer:
        reset = str(int(fake.clock() + fault.seconds))
        headers = {"x-rate-limit-limit": "100", "x-rate-limit-remaining": "0", "x-rate-limit-reset": reset}
        answer = problem(429, "Too Many Requests", "Too Many Requests").answer()
        answer.headers |= headers
        return answer

    errors = {"errors": [{"title": "Not Found Error", "detail": "…", "type": "about:blank"}]}
    return {
        "rate_limited": rate_limited,
        "errors": lambda _: json_answer(200, errors),
        "no_id": lambda _: json_answer(200, {"data": {"text": "posted"}}),
        "wrong_id": lambda _: json_answer(200, {"data": {"id": "20", "dm_event_id": "20", "text": "just setting up"}}),
        "ok": lambda _: json_answer(201, {"data": {"id": "2123706425275322373", "text": "cut"}}),
    }


def _result(fake: Fake, job_id: str, call: Call) -> Reply | Answer:
    lines = fake.management.download(job_id, call.headers)
    if lines is None:
        return problem(403, "Forbidden", "This address is not, or no longer, valid.")
    return Answer(200, lines, {"Content-Type": "text/plain"})
