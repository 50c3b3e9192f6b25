"""The demo people and the demo account: who may sign in locally, and for whom the desk answers."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hark import operator
from hark.domain.account import Account
from hark.domain.people import Role
from hark.domain.policy import Policy
from hark.providers import contract
from hark.store.people import People
from hark.store.table import Table

from infra.local.stack import client

BRAND = "acme"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works at the desk. `role` is `agent` or `lead`; `work` are further fields of a member."""

    key: str
    name: str
    role: Role
    work: Mapping[str, Any] = field(default_factory=dict)

    @property
    def email(self) -> str:
        """Sign-in name; `.example` belongs to nobody."""
        return f"{self.key}@acme.example"


TEAMS = (
    {"id": "feed", "name": "Public posts", "platforms": ["x", "facebook", "instagram"]},
    {"id": "chat", "name": "Messages", "platforms": ["messenger", "viber"]},
)
BOTH = ("feed", "chat")
PEOPLE = (
    Person("dana", "Dana Ozola", "agent", {
        "teams": BOTH, "languages": ("lv", "ru", "en"), "skills": ("refund",), "handle": "acme_dana", "level": 1,
        "spend_limit": 50,
    }),
    Person("oleg", "Oleg Petrov", "agent", {
        "teams": ("feed",), "languages": ("ru", "lv", "en"), "skills": ("technical",), "level": 1, "spend_limit": 20,
    }),
    Person("aisha", "Aisha Rahman", "agent", {
        "teams": BOTH, "languages": ("ms", "ar", "en"), "skills": ("refund",), "level": 1, "spend_limit": 50,
    }),
    Person("noa", "Noa Levi", "lead", {
        "teams": BOTH, "languages": ("he", "ar", "en"), "skills": ("refund", "legal"), "level": 2, "spend_limit": 500,
    }),
)  # fmt: skip
"""Between them they speak the six languages of the demo day."""


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


def enrol(outputs: Mapping[str, str], passwords: Passwords) -> None:
    """Invite the demo people as an operator would, and give each a password for good.

    Args:
        outputs: of the stack.
        passwords: one per person.
    """
    cognito = client("cognito-idp")
    for who in PEOPLE:
        member_id = operator.invite(cognito, outputs["AgentPoolId"], BRAND, who.email, who.name, who.role)
        cognito.admin_set_user_password(
            UserPoolId=outputs["AgentPoolId"], Username=who.email, Password=passwords.of(who), Permanent=True
        )
        table = Table(client("dynamodb"), outputs["TableName"])
        operator.enrol(table, member_id, BRAND, who.email, who.name, who.role, **who.work)


def connect(outputs: Mapping[str, str], settings: Mapping[str, Any]) -> None:
    """Connect every account that the fakes play as the brand's own, and set the brand's policy.

    Args:
        outputs: of the stack.
        settings: what differs from the shipped policy, by field of `Policy`.

    Raises:
        ValueError: a setting the policy does not know, or a value it refuses.
    """
    table = Table(client("dynamodb"), outputs["TableName"])
    for provider in sorted(contract.names()):
        fake = contract.load(provider, "fake")
        for known in fake.ACCOUNTS:
            account = Account(**{**known, "brand": BRAND})
            operator.connect(table, outputs["SecretsPath"], account, fake.SECRETS[account.id])
    policy = {"name": "Acme", "assignment": {"teams": TEAMS, "same_agent_days": 7}, **settings}
    People(table).save_policy(BRAND, Policy.model_validate(policy))
