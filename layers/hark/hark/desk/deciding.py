"""What a brand's leads decide: its policy as they see it, change it, and see afterwards who changed what (G8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hark import log
from hark.desk.clicks import Click, mark, was_done
from hark.desk.sought import Sought
from hark.domain.approval_choices import vocabulary as of_replies
from hark.domain.assignment import VOCABULARY
from hark.domain.conditions import Vocabulary
from hark.domain.policy import Policy
from hark.domain.policy_change import Unusable, Wrong, changed, strangers
from hark.domain.time import text as time_text
from hark.store.cases import Stale
from hark.store.people import People
from hark.store.policies import Policies
from hark.store.table import ConditionFailed, Conflict

Shape = dict[str, Any]
ABOUT = "policy"
GIVES_OUT = {"assignment", "calendar"}
"""Fields by which cases that wait may find an owner now."""


@dataclass(frozen=True)
class Deciding:
    people: People
    policies: Policies
    sought: Sought
    clock: Callable[[], datetime]

    def shown(self, brand: str) -> Shape:
        """The policy, its version, who changed it last, and the words its conditions may use."""
        settled = self.policies.settled(brand)
        return {
            "version": settled.version,
            "policy": settled.policy.model_dump(mode="json"),
            "changed": {"at": settled.at, "by": self._name(brand, settled.by)} if settled.at else None,
            "words": {"assignment": _words(VOCABULARY), "approvals": _words(of_replies())},
        }

    def amendments(self, brand: str) -> Shape:
        """What was changed in the desk, newest first."""
        names = {member.id: member.name for member in self.people.everybody(brand).values()}
        return {
            "items": [
                {
                    "at": one.at, "by": names.get(one.by, ""), "before": one.before, "after": one.after,
                    "what": one.what, "facts": one.facts,
                }
                for one in self.policies.amendments(brand)
            ]
        }  # fmt: skip

    def proposed(self, brand: str, changes: Mapping[str, Any]) -> Policy:
        """The policy as it would be.

        Raises:
            Unusable: it cannot be.
        """
        return self._proposed(brand, self.policies.settled(brand).policy, changes)

    def change(self, click: Click, version: str, changes: Mapping[str, Any]) -> Shape:
        """Put other fields in force. Every function reads the policy anew, so it holds from its next step on.

        Raises:
            Unusable: they cannot be used. Stale: somebody changed the policy since `version`. KeyReused.
        """
        brand, now = click.member.brand, self.clock()
        if was_done(self.people, click, ABOUT):
            return self.shown(brand)
        old = self.policies.settled(brand)
        if old.version != version:
            raise Stale
        new = self._proposed(brand, old.policy, changes)
        fields = [name for name in Policy.model_fields if getattr(old.policy, name) != getattr(new, name)]
        if not fields:
            return self.shown(brand)
        _, writes = self.policies.writes(brand, old, new, fields, click.member.id, time_text(now))
        if GIVES_OUT & set(fields):
            writes.append(self.people.seats.look_at_once(brand))
        if "listening" in fields:
            writes += self.sought.writes(brand, new.listening)
        try:
            self.policies.table.transact([*writes, mark(self.people, click, ABOUT, now)])
        except (ConditionFailed, Conflict) as clash:
            # Perhaps lost against the very same click, sent twice: then it is done (I17).
            if not was_done(self.people, click, ABOUT):
                raise Stale from clash
        log.info("policy.changed", brand=brand, by=click.member.id, fields=" ".join(fields))
        return self.shown(brand)

    def _proposed(self, brand: str, old: Policy, changes: Mapping[str, Any]) -> Policy:
        if "retention" in changes:
            raise Unusable((Wrong(("retention",), "This is changed where it is shown what would be removed."),))
        new = changed(old, changes)
        here = {member.id for member in self.people.members(brand) if not member.removed}
        wrongs = strangers(new, changes.keys(), here)
        if "listening" in changes:
            wrongs += self.sought.wrongs(brand, new.listening)
        if wrongs:
            raise Unusable(wrongs)
        return new

    def _name(self, brand: str, member_id: str) -> str:
        member = self.people.member(brand, member_id)
        return member.name if member else ""


def _words(vocabulary: Vocabulary) -> Shape:
    """What a condition may speak of: of which kind each name is, and its values where there are only so many."""
    kinds = {"a yes or no": "yes_no", "a number": "number", "a text": "text", "a list of texts": "texts"}
    return {
        name: {"kind": kinds[fact.kind], "values": sorted(fact.values)} for name, fact in vocabulary.facts.items()
    }  # fmt: skip
