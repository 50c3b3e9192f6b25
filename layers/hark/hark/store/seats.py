"""What keeps the giving out of cases in order: each member's seat, and the brand's next look at its waiting cases."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from hark.store import keys
from hark.store.table import Change, ConditionFailed, Put, Table, Write

AT_ONCE = "0"
"""Sorts before every time: the next sweep finds it due."""


@dataclass(frozen=True)
class Seat:
    """A member's seat. Who gives the member a case takes the seat as it was read: of two at once, one does (I15)."""

    brand: str
    member: str
    rev: int = 0
    turn: int = 0
    """Number of the last case given to the member, counted over the whole brand."""
    recent: tuple[tuple[str, str], ...] = ()
    """Cases given lately, with the time: the index that counts a member's cases may not show them yet."""


class Seats:
    def __init__(self, table: Table) -> None:
        self.table = table

    def of_brand(self, brand: str, since: str) -> dict[str, Seat]:
        """Each member's seat, for those who were ever given a case, with what they were given since then."""
        return {
            item["sk"]: Seat(
                brand, item["sk"], item["rev"], item["turn"],
                tuple((case, at) for case, at in item["recent"] if at > since),
            )
            for item in self.table.query_all(keys.seat(brand, "").pk)
        }  # fmt: skip

    def taken(self, seat: Seat, turn: int, recent: tuple[tuple[str, str], ...]) -> Write:
        """The write that a case is given to the member, if nobody else gave one since the seat was read."""
        fresh = {"rev": seat.rev + 1, "turn": turn, "recent": [list(one) for one in recent]}
        return Change(keys.seat(seat.brand, seat.member), fresh, when={"rev": seat.rev or None}, exists=False)

    def look_at_once(self, brand: str) -> Write:
        """The write that the roster has changed: the next sweep looks who is there, and who waits."""
        return Put(keys.roster(brand), self._due(brand, AT_ONCE), new=False)

    def look_by(self, brand: str, at: str) -> None:
        """See to it that waiting cases are looked at by a time at the latest."""
        for _ in range(3):
            item = self.table.get(keys.roster(brand))
            if item and item.get("work_sk", "~") <= at:
                return
            mark = {"mark": item["mark"] if item else None}
            try:
                self.table.change(Change(keys.roster(brand), self._due(brand, at), when=mark, exists=False))
            except ConditionFailed:
                continue  # somebody set another time at this moment: look whether it will do
            return

    def mark(self, brand: str) -> str:
        """Of the roster as it is; empty when it was never looked at."""
        item = self.table.get(keys.roster(brand))
        return str(item["mark"]) if item else ""

    def looked(self, brand: str, mark: str, again_at: str) -> None:
        """All was given out that could be. `again_at` empty: there is no time to look again.

        When somebody has asked for another look since the roster was read, their time stands.
        """
        key = keys.roster(brand)
        due = self._due(brand, again_at)
        change = Change(key, due, when={"mark": mark}) if again_at else Change(
            key, {"mark": due["mark"]}, ("work_pk", "work_sk"), when={"mark": mark}
        )  # fmt: skip
        try:
            self.table.change(change)
        except ConditionFailed:
            return

    @staticmethod
    def _due(brand: str, at: str) -> dict[str, str]:
        return {"mark": secrets.token_hex(4), "work_pk": keys.work(keys.shard(brand)), "work_sk": at}
