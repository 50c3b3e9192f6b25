"""What makes a repeated click harmless: who clicked what, and the mark that goes along with what it did (I17)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from hark.domain.people import Member
from hark.store.people import People
from hark.store.table import Write

DONE_KEPT_SECONDS = 24 * 3600
"""How long the same idempotency key gives the first result again."""


class KeyReused(Exception):
    """The idempotency key was used for another request (422)."""


@dataclass(frozen=True)
class Click:
    """One write of one agent: who, and the key and digest that make a repetition of it harmless."""

    member: Member
    key: str
    digest: str

    @classmethod
    def of(cls, member: Member, key: str, path: str, body: object) -> Click:
        canonical = json.dumps([path, body], sort_keys=True, ensure_ascii=True)
        return cls(member, key, sha256(canonical.encode()).hexdigest())


def was_done(people: People, click: Click, about: str) -> bool:
    """Whether this very click was carried out before; its answer was lost on the way to the browser.

    Raises:
        KeyReused: it was another one.
    """
    known = people.done(click.member.brand, click.member.id, click.key)
    if known is None:
        return False
    if known["digest"] != click.digest or known["about"] != about:
        raise KeyReused
    return True


def mark(people: People, click: Click, about: str, now: datetime) -> Write:
    """The write that goes along with what a click does, and makes `was_done` true of it."""
    expires = int(now.timestamp()) + DONE_KEPT_SECONDS
    return people.doing(click.member.brand, click.member.id, click.key, click.digest, about, expires)
