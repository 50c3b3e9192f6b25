"""The demo people and the demo account: who may sign in locally, and for whom the desk answers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

BRAND = "acme"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works at the desk. `role` is `agent` or `lead`."""

    key: str
    name: str
    role: str

    @property
    def email(self) -> str:
        """Sign-in name; `.example` belongs to nobody."""
        return f"{self.key}@acme.example"


PEOPLE = (
    Person("dana", "Dana Ozola", "agent"),
    Person("oleg", "Oleg Petrov", "agent"),
    Person("aisha", "Aisha Rahman", "agent"),
    Person("noa", "Noa Levi", "lead"),
)


@dataclass(frozen=True, slots=True)
class Passwords:
    """One password per person, made anew at each start and told to nobody but the development sign-in."""

    _by_key: dict[str, str] = field(
        default_factory=lambda: {p.key: secrets.token_urlsafe(24) for p in PEOPLE}, repr=False
    )

    def of(self, person: Person) -> str:
        """The person's password."""
        return self._by_key[person.key]


def person(key: str) -> Person:
    """The demo person of that key.

    Raises:
        KeyError: there is none.
    """
    for candidate in PEOPLE:
        if candidate.key == key:
            return candidate
    raise KeyError(key)


def enrol(cognito: Any, pool_id: str, passwords: Passwords) -> None:
    """Put the demo people into the template's pool, with the attributes the operator would give them.

    Args:
        cognito: boto3 client `cognito-idp`.
        pool_id: of the pool.
        passwords: to be set for good, so that nobody is asked for a new one.
    """
    for who in PEOPLE:
        cognito.admin_create_user(
            UserPoolId=pool_id,
            Username=who.email,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": who.email},
                {"Name": "email_verified", "Value": "true"},
                {"Name": "name", "Value": who.name},
                {"Name": "custom:brand", "Value": BRAND},
                {"Name": "custom:role", "Value": who.role},
            ],
        )
        cognito.admin_set_user_password(
            UserPoolId=pool_id, Username=who.email, Password=passwords.of(who), Permanent=True
        )
