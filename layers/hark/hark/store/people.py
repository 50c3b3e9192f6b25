"""Members, their sessions, a brand's policy, and which writes were done."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from hark.domain.browsers import Browser
from hark.domain.people import Member, is_program
from hark.domain.policy import Policy, from_store
from hark.store import keys
from hark.store.seats import Seats
from hark.store.table import Change, ConditionFailed, Item, Put, Table, Write

NO_BROWSER = Browser()


class People:
    def __init__(self, table: Table) -> None:
        self.table = table
        self.seats = Seats(table)

    def members(self, brand: str) -> list[Member]:
        """The people of the team, removed ones too."""
        return [member for member in self.everybody(brand).values() if member.role != "program"]

    def everybody(self, brand: str) -> dict[str, Member]:
        """Who may stand in a history, by id: the people of the team, and the brand's programs."""
        found = self.table.query_all(keys.member(brand, "").pk)
        return {item["sk"]: Member.model_validate(item) for item in found}

    def member(self, brand: str, member_id: str) -> Member | None:
        """A person of the team; never a program."""
        item = None if is_program(member_id) else self.table.get(keys.member(brand, member_id))
        return Member.model_validate(item) if item else None

    def save(self, member: Member) -> None:
        """Put somebody on the team, and have the next sweep offer them what waits."""
        self.table.transact(
            [
                Put(keys.member(member.brand, member.id), member.model_dump(mode="json"), new=False),
                self.seats.look_at_once(member.brand),
            ]
        )

    def changes(self, brand: str, member_id: str, fields: Mapping[str, Any]) -> list[Write]:
        """The writes that set some fields of a member; what others set at the same moment stays."""
        return [Change(keys.member(brand, member_id), dict(fields)), self.seats.look_at_once(brand)]

    def handed_back(self, brand: str, member: Member) -> None:
        """None of the member's cases is left that has to go back, unless there was another wish since."""
        change = Change(
            keys.member(brand, member.id), {"hand_back": "", "hand_back_note": "", "hand_back_by": ""},
            when={"hand_back": member.hand_back, "hand_back_note": member.hand_back_note},
        )  # fmt: skip
        with suppress(ConditionFailed):
            self.table.change(change)

    def policy(self, brand: str) -> Policy:
        """The brand's policy; the shipped defaults when it has set none."""
        return self.policy_of(self.table.get(keys.policy(brand)) or {})

    @staticmethod
    def policy_of(item: Item) -> Policy:
        """The policy that an item holds; the shipped defaults where it holds none."""
        if not item:
            return Policy()
        return from_store(item["policy"])

    def save_policy(self, brand: str, policy: Policy) -> None:
        """Put a whole policy in force, whatever stood there. Leads at their screens see that it was changed."""
        # As text: a policy has fractions, the table's numbers have none. Earlier ones were stored as they are.
        self.table.put(keys.policy(brand), {"policy": policy.model_dump_json(), "version": secrets.token_hex(8)})

    # --- sign-in ---

    def begin_sign_in(self, state: str, verifier: str, to: str, expires: int) -> None:
        self.table.put(keys.sign_in(state), {"verifier": verifier, "to": to, "expires": expires})

    def end_sign_in(self, state: str) -> Item | None:
        """What was kept at the beginning, once: a second use of the same state finds nothing."""
        return self.table.take(keys.sign_in(state))

    def open_session(
        self, token: str, brand: str, member_id: str, expires: int, *, at: str, browser: Browser = NO_BROWSER,
        mark: str = "",
    ) -> None:  # fmt: skip
        """`mark` is the member's own (`Member.sessions_mark`) at this moment."""
        values = {
            "brand": brand, "member": member_id, "expires": expires, "at": at, "used_at": at, "mark": mark,
            "browser": browser.name, "system": browser.system,
            "list_pk": keys.sessions_of(brand, member_id), "list_sk": at,
        }  # fmt: skip
        self.table.put(keys.session(keys.session_id(token)), values)

    def session(self, session_id: str) -> Item | None:
        return self.table.get(keys.session(session_id))

    def sessions(self, brand: str, member_id: str) -> list[Item]:
        """All that were opened, the newest first; some may have ended. One that was opened a second ago may lack."""
        found = self.table.query(keys.sessions_of(brand, member_id), index=keys.LISTS, newest_first=True)[0]
        return [{**item, "id": item["pk"].rpartition("#")[2]} for item in found]

    def session_used(self, session_id: str, at: str) -> None:
        """
        Raises:
            ConditionFailed: it has been closed meanwhile.
        """
        self.table.change(Change(keys.session(session_id), {"used_at": at}))

    def close_session(self, session_id: str) -> None:
        self.table.delete(keys.session(session_id))

    def close_sessions(self, brand: str, member_id: str, but: str = "") -> None:
        """None of the member's sessions is good any more, whether an index knows of it yet or not; but this one."""
        mark = secrets.token_hex(8)
        writes: list[Write] = [Change(keys.member(brand, member_id), {"sessions_mark": mark})]
        if but:
            writes.append(Change(keys.session(but), {"mark": mark}))
        self.table.transact(writes)

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
