"""Every route of the desk with its contract, and with what holds for all routes of its kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from hark.domain.people import Role
from hark.web.app import app
from hark.web.contract import CONTRACTS, CURSOR, EVERYBODY, WRITERS, Contract

from infra.openapi.shapes import namesakes, shapes

DESCRIBE = "describe it in a module of infra/openapi/shapes, then run: python -m infra.openapi"
HOW = (
    "put `@router.keeps(Contract(…))` between `@router.{verb}(…)` and the function (layers/hark/hark/web/contract.py), "
    "and what it answers: " + DESCRIBE
)


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    """With its variables in braces."""
    name: str
    contract: Contract

    @property
    def reads(self) -> bool:
        return self.method == "GET"

    @property
    def open(self) -> bool:
        """Whether anybody may call it, signed in or not."""
        return self.contract.roles == ()

    @property
    def roles(self) -> tuple[Role, ...]:
        """Who of the team may call it."""
        if self.contract.roles is not None:
            return self.contract.roles
        return EVERYBODY if self.reads else WRITERS

    @property
    def variables(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    @property
    def names(self) -> set[str]:
        """Shapes it promises."""
        words = " ".join(self.contract.answers.values()).split()
        return {word for word in [*words, self.contract.form] if word and "/" not in word}

    @cached_property
    def refusals(self) -> dict[int, tuple[str, ...]]:
        """Status → codes of problems, or media types, in the order of the statuses."""
        said: dict[int, list[str]] = {}
        for status, codes in (*self._of_all_alike(), *self.contract.refuses.items()):
            said.setdefault(status, []).extend(codes.split())
        return {status: tuple(dict.fromkeys(said[status])) for status in sorted(said) if said[status]}

    def _of_all_alike(self) -> list[tuple[int, str]]:
        contract = self.contract
        found = [(503, "failed")]
        if self.open:
            return found
        kept_out = contract.outsiders[0] if set(EVERYBODY) - set(self.roles) else ""
        found += [(400, "mixed"), (401, "signed_out"), (403, "not_a_member no_scope"), (403, kept_out)]
        found += [(404, "not_found")] if self.variables else []
        if self.reads:
            found += [(400, "unknown_parameter"), (415, "no_body")]
            kinds = contract.query.values()
            found += [(400, "bad_cursor")] if CURSOR in kinds else []
            found += [(400, "invalid")] if any(not isinstance(kind, str) for kind in kinds) else []
            return found
        found += [(403, "foreign"), (429, "too_many")]
        found += [(400, "invalid"), (413, "too_large"), (415, "not_json")] if contract.body else []
        return found + ([(400, "no_key"), (422, "key_reused")] if contract.keyed else [])

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Paths that are its."""
        return re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(self.path)))


def routes() -> list[tuple[str, str, Callable[..., Any]]]:
    """Method, path and function of every route of the resolver."""
    found = []
    for route in [*app._static_routes, *app._dynamic_routes]:
        path = re.sub(r"<(\w+)>", r"{\1}", str(route.path)).replace(".+", "{name}")
        methods = [route.method] if isinstance(route.method, str) else route.method
        found += [(str(method), path, route.func) for method in methods]
    return sorted(found, key=lambda each: (each[1], each[0]))


@cache
def operations() -> tuple[Operation, ...]:
    """What is promised; routes that promise nothing are in `undeclared`."""
    return tuple(
        Operation(method, path, name_of(function), CONTRACTS[function])
        for method, path, function in routes()
        if function in CONTRACTS
    )


def undeclared() -> list[str]:
    """A sentence for each route that promises nothing, or a shape that is not there: what to do about it."""
    found = [
        f"{method} {path} ({function.__module__}.{function.__name__}) promises nothing: "
        + HOW.format(verb=method.lower())
        for method, path, function in routes()
        if function not in CONTRACTS
    ]
    for each in operations():
        lacking = sorted(each.names - shapes().keys())
        if lacking:
            found.append(f"{each.method} {each.path} promises {', '.join(lacking)}, which is no shape: " + DESCRIBE)
    return found + namesakes()


def name_of(function: Callable[..., Any]) -> str:
    """`operationId`: the module's topic and the function's name."""
    topic = function.__module__.rpartition(".")[2].removesuffix("_routes")
    return f"{topic}.{function.__name__}" if topic != "api" else function.__name__


def operation_of(method: str, path: str) -> Operation | None:
    """The operation that answers a request; a path without variables goes first, as in the resolver."""
    found = [one for one in operations() if one.method == method and one.pattern.fullmatch(path)]
    return min(found, key=lambda one: len(one.variables), default=None)
