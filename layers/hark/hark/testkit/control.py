"""The control plane of a fake, under `/_fake/`: JSON in and out, so that a test or the demo day makes people act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from hark.providers.strict_json import NotStrictJson, loads
from hark.testkit.http_server import Answer, Call, json_answer

PREFIX = "/_fake/"

View = Callable[[Mapping[str, str]], Answer]
"""Takes the query."""
Change = Callable[[Mapping[str, Any]], Answer]
"""Takes the JSON object that was sent."""
Fields = Mapping[str, type | tuple[type, ...]]
"""Names of fields with the types they may have."""

_Handler = TypeVar("_Handler")


class Refused(Exception):
    """The fake cannot do this. `status` is the HTTP status, the text is for people."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class ControlPlane:
    """Finds who answers a call: `views` are GETs, `changes` POSTs, `removals` DELETEs, by what follows `/_fake/`."""

    def __init__(
        self, views: Mapping[str, View], changes: Mapping[str, Change], removals: Mapping[str, View] | None = None
    ) -> None:
        self._views = views
        self._changes = changes
        self._removals = removals or {}

    def answer(self, call: Call) -> Answer:
        """Carry out one call whose path begins with `PREFIX`; a refusal becomes `{"error"}` with its status."""
        name = call.path.removeprefix(PREFIX)
        try:
            if call.method == "POST":
                # A web page elsewhere can send only "simple" types without asking first.
                if not call.headers.get("content-type", "").startswith("application/json"):
                    raise Refused(415, "send application/json")
                return self._found(self._changes, name)(read(call.body))
            return self._found(self._views if call.method == "GET" else self._removals, name)(call.params)
        except Refused as refused:
            return json_answer(refused.status, {"error": str(refused)})

    @staticmethod
    def _found(table: Mapping[str, _Handler], name: str) -> _Handler:
        if name not in table:
            raise Refused(404, f"there are {', '.join(sorted(table)) or 'none'}")
        return table[name]


def read(body: bytes) -> Mapping[str, Any]:
    """A JSON object; no body is an empty one.

    Raises:
        Refused: no strict JSON, or no object.
    """
    try:
        given = loads(body or b"{}")
    except NotStrictJson as refused:
        raise Refused(400, str(refused)) from None
    if not isinstance(given, dict):
        raise Refused(400, "not an object")
    return given


def only(given: Mapping[str, Any], fields: Fields, needed: set[str]) -> None:
    """Check that there are known fields of the right types only, and all that are needed.

    Raises:
        Refused: otherwise.
    """
    for name, value in given.items():
        # To Python true is the integer 1, to a caller it is a mistake.
        wrong = isinstance(value, bool) and bool not in _types(fields.get(name, ()))
        if name not in fields or wrong or not isinstance(value, fields[name]):
            raise Refused(400, f"unknown field or wrong type: {name}; known are {', '.join(sorted(fields)) or 'none'}")
    if not needed <= set(given):
        raise Refused(400, f"needed are {', '.join(sorted(needed))}")


def moment(given: Mapping[str, Any], clock: Callable[[], float]) -> datetime:
    """The field `at` as an aware time in UTC, or now.

    Raises:
        Refused: no RFC 3339 time, or one without an offset.
    """
    if "at" not in given:
        return datetime.fromtimestamp(clock(), UTC)
    try:
        at = datetime.fromisoformat(given["at"])
    except ValueError:
        raise Refused(400, "at is no RFC 3339 time") from None
    if at.tzinfo is None:
        raise Refused(400, "at has no offset")
    return at.astimezone(UTC)


def unicode_text(text: str) -> str:
    """The text itself.

    Raises:
        Refused: it has half of a surrogate pair; broken bodies go out through `deliver`.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Refused(400, "text is no Unicode; use deliver for broken bodies") from None
    return text


def _types(allowed: type | tuple[type, ...]) -> tuple[type, ...]:
    return allowed if isinstance(allowed, tuple) else (allowed,)
