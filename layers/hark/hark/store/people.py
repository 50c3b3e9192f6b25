"""Members, their sessions, a brand's policy, and which writes were done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hark.domain.people import Member
from hark.domain.policy import Policy
from hark.store import keys
from hark.store.table import Item, Put, Table


class People:
    def __init__(self, table: Table) -> None:
        self.table = table

    def members(self, brand: str) -> list[Member]:
        return [Member.model_validate(item) for item in self.table.query_all(keys.member(brand, "").pk)]

    def member(self, brand: str, member_id: str) -> Member | None:
        item = self.table.get(keys.member(brand, member_id))
        return Member.model_validate(item) if item else None

    def save(self, member: Member) -> None:
        self.table.put(keys.member(member.brand, member.id), member.model_dump(mode="json"))

    def policy(self, brand: str) -> Policy:
        """The brand's policy; the shipped defaults when it has set none."""
        item = self.table.get(keys.policy(brand))
        return Policy.model_validate(item["policy"]) if item else Policy()

    def save_policy(self, brand: str, policy: Policy) -> None:
        self.table.put(keys.policy(brand), {"policy": policy.model_dump(mode="json")})

    # --- sign-in ---

    def begin_sign_in(self, state: str, verifier: str, to: str, expires: int) -> None:
        self.table.put(keys.sign_in(state), {"verifier": verifier, "to": to, "expires": expires})

    def end_sign_in(self, state: str) -> Item | None:
        """What was kept at the beginning, once: a second use of the same state finds nothing."""
        return self.table.take(keys.sign_in(state))

    def open_session(self, token: str, brand: str, member_id: str, expires: int) -> None:
        self.table.put(keys.session(token), {"brand": brand, "member": member_id, "expires": expires})

    def session(self, token: str) -> Item | None:
        return self.table.get(keys.session(token))

    def close_session(self, token: str) -> None:
        self.table.delete(keys.session(token))

    # --- idempotency and measure ---

    def writes_lately(self, member: Member, now: datetime, window_seconds: int) -> int:
        """Count one write of a member, and say how many there were in this window of time."""
        window = int(now.timestamp()) // window_seconds
        return self.table.add(keys.rate(member.brand, member.id, window), "writes", (window + 2) * window_seconds)

    def done(self, brand: str, member_id: str, key: str) -> Item | None:
        return self.table.get(keys.done(brand, member_id, key))

    def doing(self, brand: str, member_id: str, key: str, digest: str, about: str, expires: int) -> Put:
        """The mark that goes into the same transaction as the write it stands for (I17)."""
        values: dict[str, Any] = {"digest": digest, "about": about, "expires": expires}
        return Put(keys.done(brand, member_id, key), values)
