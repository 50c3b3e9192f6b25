"""Access of programs: tokens made for them, taken away, and asked for at the door."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from hark import log
from hark.desk.actions import NotFound
from hark.desk.clicks import Click, mark, was_done
from hark.desk.writing import Unacceptable
from hark.domain.case import Refused
from hark.domain.people import initials
from hark.domain.programs import LONGEST, MOST, SCOPES, TOKEN_PREFIX, Program, Scope
from hark.domain.time import after
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.people import People
from hark.store.programs import Programs
from hark.store.table import ConditionFailed

USED_NOTED_SECONDS = 3600
"""When a token was used last is written down this often, and no more."""
Shape = dict[str, Any]


def hash_of(token: str) -> str:
    """What is kept of a token. 256 random bits need no salt and no slow hash: nobody guesses them."""
    return sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class Access:
    programs: Programs
    people: People
    clock: Callable[[], datetime]

    def enter(self, token: str) -> Program | None:
        """The program of a token that is good now, read anew each time; None for any other token."""
        now = time_text(self.clock())
        program = self.programs.of_token(hash_of(token)) if token.startswith(TOKEN_PREFIX) else None
        if program is None or not program.good(now):
            return None
        if not program.used_at or after(program.used_at, USED_NOTED_SECONDS) <= now:
            try:
                self.programs.used(program, now)
            except (ClientError, BotoCoreError) as trouble:  # it is known who asks; when is of no weight
                log.error("program.use_not_noted", trouble, program=program.id)
        return program

    def make(self, click: Click, name: str, scopes: tuple[Scope, ...], ends_at: datetime) -> tuple[Shape, str]:
        """A program and its token, which is told this once.

        Raises:
            KeyReused. Refused: `shown_once` for the same click once more, `too_many_programs`. Unacceptable: `past`,
            `too_far`.
        """
        brand, now = click.member.brand, self.clock()
        program_id = keys.program_id(click.member.id, click.key)
        if was_done(self.people, click, program_id):
            raise Refused("shown_once")
        if ends_at <= now:
            raise Unacceptable("past", "The end has to lie in the future.")
        if ends_at > now + LONGEST:
            raise Unacceptable("too_far", f"A token is good for {LONGEST.days} days at most.")
        if sum(one.good(time_text(now)) for one in self.programs.of_brand(brand)) >= MOST:
            raise Refused("too_many_programs")
        token = TOKEN_PREFIX + secrets.token_urlsafe(32)
        program = Program(
            id=program_id, brand=brand, name=name, initials=initials(name),
            scopes=tuple(one for one in SCOPES if one in scopes), made_at=time_text(now), made_by=click.member.id,
            ends_at=time_text(ends_at), token=hash_of(token),
        )  # fmt: skip
        try:
            self.programs.make(program, [mark(self.people, click, program_id, now)])
        except ConditionFailed as clash:
            raise Refused("shown_once") from clash  # the same click at the same moment was faster
        log.info("program.made", brand=brand, program=program_id, by=click.member.id)
        return self._shape(program, {click.member.id: click.member.name}), token

    def revoke(self, click: Click, program_id: str) -> Shape:
        """From now on the program's token opens nothing.

        Raises:
            NotFound: there is no such program in this brand. KeyReused.
        """
        brand, now = click.member.brand, self.clock()
        program = self.programs.get(brand, program_id)
        if program is None:
            raise NotFound(program_id)
        if not was_done(self.people, click, program_id) and not program.revoked_at:
            try:
                done = mark(self.people, click, program_id, now)
                self.programs.revoke(program, time_text(now), click.member.id, [done])
            except ConditionFailed:
                log.info("program.revoked_meanwhile", brand=brand, program=program_id)
            else:
                log.info("program.revoked", brand=brand, program=program_id, by=click.member.id)
        return self._shape(self.programs.get(brand, program_id) or program, self._names(brand))

    def of_brand(self, brand: str) -> list[Shape]:
        """The brand's programs: those whose token is good first, each the newest first."""
        now, names = time_text(self.clock()), self._names(brand)
        found = sorted(self.programs.of_brand(brand), key=lambda one: (one.made_at, one.id), reverse=True)
        return [self._shape(one, names) for one in sorted(found, key=lambda one: not one.good(now))]

    def _names(self, brand: str) -> dict[str, str]:
        return {member.id: member.name for member in self.people.everybody(brand).values()}

    def _shape(self, program: Program, names: dict[str, str]) -> Shape:
        return {
            "id": program.id, "name": program.name, "scopes": list(program.scopes), "made_at": program.made_at,
            "made_by": names.get(program.made_by, ""), "ends_at": program.ends_at,
            "used_at": program.used_at or None, "revoked_at": program.revoked_at or None,
            "revoked_by": names.get(program.revoked_by, ""), "good": program.good(time_text(self.clock())),
        }  # fmt: skip
