"""A customer as the person beside the conversation sees them: names, earlier conversations (F2), notes on each.

Two ids are one person only where the platform itself has said so (contracts, Meta pitfall 10): a private reply of ours
links who commented with who is written to in private.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hark.desk import views
from hark.desk.standing import private_platforms
from hark.domain.account import Account
from hark.domain.case import Case
from hark.domain.people import Member
from hark.domain.reasons import sentence
from hark.domain.time import text as time_text
from hark.store.accounts import Accounts
from hark.store.cases import Cases
from hark.store.messages import Messages
from hark.store.people import People
from hark.store.table import Item

Shape = dict[str, Any]

SHOWN = 20
"""Conversations per id of the person: what somebody reads before they answer."""


@dataclass(frozen=True)
class Customers:
    cases: Cases
    messages: Messages
    accounts: Accounts
    people: People
    clock: Callable[[], datetime]

    def of(self, member: Member, case: Case) -> Shape:
        """The customer of a case. Shape as in docs/api.md."""
        team = self.people.everybody(member.brand)
        known = self.known(case)
        ids, more = list[str](), False
        for who in known:
            begun, others = self.messages.begun_by(case.brand, who["platform"], who["id"], SHOWN + 1)
            ids += begun
            more = more or others
        others_of = [each for each in self.cases.many(case.brand, ids[:100]) if each.id != case.id]
        others_of.sort(key=lambda each: (each.opened_at, each.id), reverse=True)
        return {
            "channels": [_channel(who) for who in known],
            "conversations": [
                {**views.row(each, team), "opened_at": each.opened_at} for each in others_of[:SHOWN]
            ],
            "more": more or len(others_of) > SHOWN,
            "earlier": self._earlier(case),
            "now": time_text(self.clock()),
        }  # fmt: skip

    def known(self, case: Case) -> list[Item]:
        """What is known under the case's own id, then under the one that a private reply has linked to it."""
        own = {
            "handle": case.handle, "name": case.name, "reachable": case.reachable,
            **self.messages.who(case.brand, case.platform, case.customer_id),
            "platform": case.platform, "id": case.customer_id,
        }  # fmt: skip
        linked = own.get("private_id")
        if not linked:
            return [own]
        found = self.accounts.find(case.provider, case.account_id)
        account = Account.model_validate(found) if found else None
        private = private_platforms(account, case.platform)
        return [
            own,
            *({**self.messages.who(case.brand, each, linked), "platform": each, "id": linked} for each in private),
        ]

    def _earlier(self, case: Case) -> list[Shape]:
        """The generations of this very conversation before the present one, the newest first."""
        told: dict[int, list[Item]] = {}
        for line in self.cases.history(case.brand, case.id):
            told.setdefault(line["gen"], []).append(line)
        return [_generation(gen, told[gen]) for gen in sorted(told, reverse=True) if gen < case.gen]


def _generation(gen: int, lines: list[Item]) -> Shape:
    ends = [line for line in lines if line["code"].split(".")[:2] == ["case", "closed"]]
    end = ends[-1] if ends else None
    return {
        "generation": gen, "began_at": lines[0]["at"], "closed_at": end["at"] if end else None,
        "code": end["code"] if end else "", "sentence": sentence(end["code"]) if end else "",
    }  # fmt: skip


def _channel(who: Item) -> Shape:
    return {
        "platform": who["platform"], "id": who["id"], "handle": who.get("handle", ""), "name": who.get("name", ""),
        "reachable": who.get("reachable", True), "protected": who.get("protected", False),
    }  # fmt: skip
