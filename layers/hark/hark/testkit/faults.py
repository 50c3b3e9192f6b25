"""Planned misbehaviour of a fake's routes: limits, errors, broken connections, silence, answers without sense."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from hark.testkit.control import Fields, Refused, only
from hark.testkit.http_server import Answer, ConnectionBroken

Dialect = Mapping[str, Callable[["Fault"], Answer]]
"""How a platform says what only it can say: an answer for `rate_limited`, `errors`, `no_id`, `wrong_id` and any
further word of its own, and for `ok` a good answer, of which `half_json` shows the first half."""

_FIELDS: Fields = {
    "on": str, "answer": str, "times": int, "effect": bool, "status": int, "body": str, "headers": dict,
    "seconds": (int, float), "code": int, "subcode": int,
}  # fmt: skip
_COMMON = ("status", "reset", "hang", "html", "half_json")


@dataclass(slots=True)
class Fault:
    """One planned misbehaviour of a route, for the next `times` calls.

    `answer` says what the caller gets: `status` (that one, with `body` and `headers`), `rate_limited` (the platform's
    own way, for `seconds`), `reset` (the connection breaks), `hang` (nothing for `seconds`, then the connection
    breaks), `html` (a page at 200), `half_json` (a body cut in the middle), `errors` (200 with an error inside),
    `no_id`, `wrong_id`, or a word of the platform's dialect. `effect` says whether the call is carried out all the
    same. `code` and `subcode` are for dialects with numbered errors.
    """

    on: str
    answer: str
    times: int = 1
    effect: bool = False
    status: int = 0
    """HTTP status; 0 is the usual one of the answer, 503 for `status`."""
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 30.0
    code: int = 0
    subcode: int = 0


class Faults:
    """The faults still to come, in order, each route on its own. Safe for threads."""

    def __init__(self, routes: Collection[str], dialect: Dialect) -> None:
        self._routes = routes
        self._dialect = dialect
        self._lock = threading.Lock()
        self._planned: list[Fault] = []

    def plan(self, given: Mapping[str, Any]) -> None:
        """One fault more, from the control plane's JSON.

        Raises:
            Refused: an unknown field, route or answer.
        """
        only(given, _FIELDS, {"on", "answer"})
        answers = (*_COMMON, *self._dialect)
        if given.get("on") not in self._routes or given.get("answer") not in answers:
            raise Refused(400, f"on is one of {', '.join(self._routes)}; answer one of {', '.join(answers)}")
        with self._lock:
            self._planned.append(Fault(**given))

    def take(self, route: str) -> Fault | None:
        """The fault for this call, if one is planned."""
        with self._lock:
            for fault in self._planned:
                if fault.on == route:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._planned.remove(fault)
                    return fault
            return None

    def clear(self) -> None:
        """Plan nothing."""
        with self._lock:
            self._planned.clear()

    def shown(self) -> list[dict[str, Any]]:
        """For the control plane."""
        with self._lock:
            return [asdict(f) for f in self._planned]

    def answer(self, fault: Fault, call: Callable[[], Answer], stopping: threading.Event) -> Answer:
        """Misbehave. `call` carries the request out and is used only where the fault has an effect.

        Raises:
            ConnectionBroken: the fault is a broken connection, at once or after a silence.
        """
        good = call() if fault.effect else None
        if fault.answer == "hang":
            stopping.wait(fault.seconds)
        if fault.answer in ("reset", "hang"):
            raise ConnectionBroken
        if fault.answer == "status":
            return Answer(
                fault.status or 503, fault.body.encode(), {"Content-Type": "application/json"} | fault.headers
            )
        if fault.answer == "html":
            return Answer(200, b"<html><body>Something went wrong.</body></html>", {"Content-Type": "text/html"})
        if fault.answer == "half_json":
            whole = good if good is not None else self._dialect["ok"](fault)
            return Answer(200, whole.body[: len(whole.body) // 2], {"Content-Type": "application/json"})
        answer = self._dialect[fault.answer](fault)
        answer.headers |= fault.headers
        return answer
