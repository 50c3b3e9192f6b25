"""Text as every store and page can hold it."""

from __future__ import annotations

import re

_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


LONGEST_BYTES = 100_000
"""UTF-8 that is kept of a text: X's longest posts, 25,000 characters of any kind. An item holds four times that."""
CUT = " […]"


def clean(text: str) -> tuple[str, bool]:
    """`text` with plain line feeds, and U+FFFD for what nothing can hold: lone surrogates, NUL, control characters.

    What no platform lets people write so long is cut (I33); the ledger has all of it. The second value says whether
    anything was replaced or cut (hostile row H15). What only looks odd (direction marks, zero
    width, piles of marks) stays: people wrote it.
    """
    made, changes = _UNFIT.subn("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(made) * 4 <= LONGEST_BYTES or len(raw := made.encode()) <= LONGEST_BYTES:
        return made, changes > 0
    return raw[:LONGEST_BYTES].decode(errors="ignore") + CUT, True
