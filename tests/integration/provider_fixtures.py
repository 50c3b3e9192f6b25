"""The fixtures of every provider, found by walking the providers' folders: no provider is named here.

A fixture is one delivery as the platform sends it (`<kind>.json`) and what is made of it (`<kind>.expected.json`).
Whatever a test needs to know beyond that is asked of the provider's own fake: which accounts it plays, which secrets
it accepts, and how it signs.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from hark import operator
from hark.domain.account import Account
from hark.domain.events import Event, RawEvent
from hark.providers import contract
from hark.store.table import Table

PROVIDERS = sorted(contract.names())


@dataclass(frozen=True, slots=True)
class Fixture:
    provider: str
    name: str
    body: bytes
    arrived: datetime
    expected: tuple[Mapping[str, Any], ...]
    """What `split` cuts it into, each with the events that `parse` gives."""

    def __str__(self) -> str:
        return f"{self.provider}-{self.name}"

    @property
    def account_id(self) -> str:
        """The account it is delivered for; for what concerns the application, any of the provider's."""
        known: list[str] = [account["id"] for account in accounts(self.provider)]
        named: list[str] = [raw["account_id"] for raw in self.expected if raw["account_id"] in known]
        return named[0] if named else known[0]

    def request(self, body: bytes | None = None, signed_for: bytes | None = None) -> contract.Request:
        """The delivery as it comes to the door; with another `body`, or with the signature of other bytes."""
        body = self.body if body is None else body
        headers, path = signed(self.provider, body if signed_for is None else signed_for, self.account_id)
        return contract.Request("POST", headers, "", body, path)

    def raws(self) -> list[RawEvent]:
        return list(contract.load(self.provider, "door").split(self.request()))


def folder(provider: str) -> Path:
    """Where all of a provider is."""
    return Path(str(contract.load(provider, "door").__file__)).parent


@cache
def fixtures(provider: str) -> tuple[Fixture, ...]:
    """All of a provider, in the order of their names."""
    found = []
    for path in sorted((folder(provider) / "fixtures").glob("*.expected.json")):
        expected = json.loads(path.read_text(encoding="utf-8"))
        name = path.name.removesuffix(".expected.json")
        (delivery,) = (p for p in path.parent.iterdir() if p.stem == name)
        arrived = datetime.fromisoformat(expected["arrived"])
        found.append(Fixture(provider, name, delivery.read_bytes(), arrived, tuple(expected["raw"])))
    return tuple(found)


def all_fixtures() -> list[Fixture]:
    return [fixture for provider in PROVIDERS for fixture in fixtures(provider)]


def accounts(provider: str) -> tuple[Mapping[str, Any], ...]:
    """The accounts the provider's fake plays."""
    played: tuple[Mapping[str, Any], ...] = contract.load(provider, "fake").ACCOUNTS
    return played


def secrets(provider: str, account_id: str) -> Mapping[str, str]:
    """Account id → what the fake accepts for it, the application's secrets among them."""
    accepted: Mapping[str, str] = contract.load(provider, "fake").SECRETS[account_id]
    return accepted


def platforms(provider: str) -> frozenset[str]:
    """All platforms a provider carries."""
    return frozenset(p for a in accounts(provider) for p in (a.get("platforms") or (a["platform"],)))


def signed(provider: str, body: bytes, account_id: str) -> tuple[dict[str, str], str]:
    """Headers, and what follows `/webhooks/<provider>/`, with which the platform would send these bytes."""
    headers, path = contract.load(provider, "fake").signed(body, account_id)
    return {name.lower(): value for name, value in headers.items()}, path.removeprefix("/")


def connect(table: Table, provider: str, brand: str, secrets_path: str) -> None:
    """Connect all accounts the provider's fake plays, with the secrets it accepts, and as many more like the first
    one as its fixtures speak of: a delivery may be about several."""
    played = {account["id"]: account for account in accounts(provider)}
    first = accounts(provider)[0]
    for account_id in sorted(played.keys() | named(provider)):
        like = played.get(account_id, {**first, "id": account_id, "linked": "", "handle": f"{first['handle']}2"})
        held = secrets(provider, like["id"] if account_id in played else first["id"])
        operator.connect(table, secrets_path, Account.model_validate({**like, "brand": brand}), held)


def named(provider: str) -> set[str]:
    """The accounts of which a provider's fixtures speak."""
    ids = {raw["account_id"] for fixture in fixtures(provider) for raw in fixture.expected}
    return ids - {"", contract.OF_THE_APP}


def differences(event: Event, expected: Mapping[str, Any]) -> list[str]:
    """Where an event is not what a fixture's file says. A field the file leaves out has its default."""
    wanted = dict(expected)
    kind = wanted.pop("event", None)
    if kind != type(event).__name__:
        return [f"{type(event).__name__} instead of {kind}"]
    return list(_unlike(event, wanted, ""))


def _unlike(found: Any, wanted: Any, where: str) -> Iterator[str]:
    if dataclasses.is_dataclass(found) and isinstance(wanted, dict):
        fields = {field.name: field for field in dataclasses.fields(found)}
        for name in wanted.keys() - fields.keys():
            yield f"{where}{name}: there is no such field"
        for name, field in fields.items():
            default = field.default_factory() if callable(field.default_factory) else field.default
            yield from _unlike(getattr(found, name), wanted.get(name, default), f"{where}{name}.")
    elif isinstance(found, datetime) and isinstance(wanted, str):
        if datetime.fromisoformat(wanted) != found:
            yield f"{where[:-1]}: {found.isoformat()} instead of {wanted}"
    elif isinstance(found, list | tuple) and isinstance(wanted, list | tuple) and len(found) == len(wanted):
        for number, (one, other) in enumerate(zip(found, wanted, strict=True)):
            yield from _unlike(one, other, f"{where}{number}.")
    elif found != wanted:
        yield f"{where[:-1]}: {found!r} instead of {wanted!r}"
