"""Text as every store and page can hold it."""

from __future__ import annotations

import re

_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str) -> tuple[str, bool]:
    """`text` with plain line feeds, and U+FFFD for what nothing can hold: lone surrogates, NUL, control characters.

    The second value says whether anything was replaced (hostile row H15). What only looks odd (direction marks, zero
    width, piles of marks) stays: people wrote it.
    """
    made, changes = _UNFIT.subn("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))
    return made, changes > 0
