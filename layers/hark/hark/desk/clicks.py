"""What makes a repeated click harmless outside the cases: the mark that goes along with what it did (I17)."""

from __future__ import annotations

from datetime import datetime

from hark.desk.actions import DONE_KEPT_SECONDS, Click, KeyReused
from hark.store.people import People
from hark.store.table import Write


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
