"""Leads pause an account and resume it: nothing leaves through it meanwhile, everything is taken in (I23)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hark import log
from hark.desk.actions import NotFound
from hark.desk.clicks import Click, mark, was_done
from hark.desk.views import account as shown
from hark.domain.account import Account
from hark.domain.case import Refused
from hark.domain.reply import Reply, State
from hark.domain.time import text as time_text
from hark.store.accounts import Accounts
from hark.store.people import People
from hark.store.policies import Policies
from hark.store.replies import Replies
from hark.store.table import Change, ConditionFailed, Conflict

Shape = dict[str, Any]
PAUSED, RESUMED = "account.paused", "account.resumed"
"""Codes in the history of settings."""


@dataclass(frozen=True)
class Pausing:
    accounts: Accounts
    replies: Replies
    people: People
    policies: Policies
    clock: Callable[[], datetime]

    def waiting(self, brand: str, account_id: str) -> Shape:
        """How much waits for an account, and how much of it is too old to leave by itself.

        Raises:
            NotFound: the brand has no such account.
        """
        known = self._known(brand, account_id)
        parked, more = self.replies.parked(brand, known["id"])
        too_old = sum(self._too_old(reply) for reply in parked)
        return {"waiting": len(parked) - too_old, "too_old": too_old, "more": more}

    def pause(self, click: Click, account_id: str, why: str) -> Shape:
        """From now on nothing leaves through the account. What is being posted at this very moment still does.

        Raises:
            NotFound. KeyReused. Refused: `paused_already`.
        """
        known = self._known(click.member.brand, account_id)
        if not was_done(self.people, click, account_id):
            if known.get("paused_at"):
                raise Refused("paused_already")
            change = self.accounts.pausing(known, click.member.id, time_text(self.clock()), why)
            self._do(click, known, change, PAUSED, "paused_already", why)
        return self._shown(known)

    def resume(self, click: Click, account_id: str, since: str) -> Shape:
        """The account may act again, as far as we are concerned, and what waited leaves.

        `since` is when the pause began that the lead has seen: another one is not theirs to take back.

        Raises:
            NotFound. KeyReused. Refused: `not_paused`.
        """
        known = self._known(click.member.brand, account_id)
        if not was_done(self.people, click, account_id):
            if not known.get("paused_at") or known["paused_at"] != since:
                raise Refused("not_paused")
            self._do(click, known, self.accounts.resuming(known), RESUMED, "not_paused", "")
            self._hasten(click.member.brand, account_id)
        return self._shown(known)

    def _do(self, click: Click, known: Mapping[str, Any], change: Change, what: str, lost: str, why: str) -> None:
        brand, now = click.member.brand, self.clock()
        facts = {"platform": known["platform"], "account": known.get("name") or known["handle"], "why": why}
        line = self.policies.told(brand, time_text(now), click.member.id, what, facts)
        try:
            self.accounts.table.transact([change, line, mark(self.people, click, known["id"], now)])
        except (ConditionFailed, Conflict) as clash:
            # Perhaps lost against the very same click, sent twice: then it is done (I17).
            if not was_done(self.people, click, known["id"]):
                raise Refused(lost) from clash
        log.info(f"{what}_by_hand", brand=brand, provider=known["provider"], account=known["id"], by=click.member.id)

    def _hasten(self, brand: str, account_id: str) -> None:
        """What waits is due now. What this does not reach is looked at within five minutes anyway."""
        now = time_text(self.clock())
        for reply in self.replies.parked(brand, account_id)[0]:
            if reply.state is State.PENDING and reply.look_at > now:
                try:
                    self.replies.table.change(self.replies.write(reply, reply.model_copy(update={"look_at": now})))
                except ConditionFailed:
                    continue  # its sender is at it, or its author has taken it back

    def _too_old(self, reply: Reply) -> bool:
        return reply.state is State.HUMAN or reply.not_after < time_text(self.clock())

    def _known(self, brand: str, account_id: str) -> dict[str, Any]:
        for item in self.accounts.of_brand(brand):
            if item["id"] == account_id and (
                known := self.accounts.find(item["provider"], account_id, consistent=True)
            ):
                return known
        raise NotFound(account_id)

    def _shown(self, known: Mapping[str, Any]) -> Shape:
        stored = self.accounts.find(known["provider"], known["id"], consistent=True) or known
        return shown(Account.model_validate(stored), self.people.everybody(known["brand"]))
