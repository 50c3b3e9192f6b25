"""What agents call a case by: short words of their own, one spelling each. What approvals call tags is another thing:
what a reply speaks of (`domain.approval_choices`)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from hark.domain.case import Case, Change, Line

LONGEST = 30
"""Characters of a tag."""
MOST = 10
"""Tags of a case."""
ADDED, REMOVED = "tag.added", "tag.removed"
"""Codes of the history; `about` of such a line is the tag."""
TYPED_LONGEST = 200
"""Characters that are looked at at all: more than any spelling of a tag has."""

_BLANKS = re.compile(r"\s+")


class NoTag(ValueError):
    """It is no tag in any spelling."""


def tidy(typed: str) -> str:
    """The one spelling of a tag, so that no two tags look the same: NFKC, case folded, one space between words, no
    characters without width.

    Raises:
        NoTag: too long, empty, or with anything but letters and digits of any script, and `-`, `_`, spaces inside.
    """
    if len(typed) > TYPED_LONGEST:
        raise NoTag
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", typed).casefold())
    seen = "".join(c for c in folded if unicodedata.category(c) != "Cf")
    tag = unicodedata.normalize("NFC", _BLANKS.sub(" ", seen).strip())
    if not 1 <= len(tag) <= LONGEST or not all(_belongs(c) for c in tag):
        raise NoTag
    if not (_begins(tag[0]) and _ends(tag[-1])):
        raise NoTag
    return tag


def tagged(case: Case, wanted: Sequence[str], by: str, now: str) -> Change:
    """The case with just these tags, a line for each that came or went. Those that stay keep their places."""
    kept = [tag for tag in case.tags if tag in wanted]
    added = [tag for tag in dict.fromkeys(wanted) if tag not in case.tags]
    lines = [Line(code=REMOVED, at=now, by=by, about=tag) for tag in case.tags if tag not in wanted]
    lines += [Line(code=ADDED, at=now, by=by, about=tag) for tag in added]
    if not lines:
        return case, ()
    return case.model_copy(update={"tags": (*kept, *added), "updated_at": now}), tuple(lines)


def _begins(c: str) -> bool:
    return unicodedata.category(c)[0] == "L" or unicodedata.category(c) == "Nd"


def _ends(c: str) -> bool:
    return _begins(c) or unicodedata.category(c)[0] == "M"


def _belongs(c: str) -> bool:
    return _ends(c) or c in "-_ "
