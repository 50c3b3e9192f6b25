"""Numbers of a brand's other systems in a text: a social nudge that names the case of the formal channel (L2, F5).

Pure. Of our own writing: what such numbers are called in the six languages, and how they are mostly spelled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Annotated

from pydantic import Field

from hark.domain.folding import fold, plain

Pattern = Annotated[str, Field(min_length=2, max_length=40)]
"""How a brand writes the numbers of another system: `0` a digit, `A` a letter, `+` one or more of what is before it."""

_LONGEST_RUN = 20
_SPELLED = re.compile(
    # Items of the Universal Postal Union (S10), with the three letters in front that some posts write.
    r"(?<!\w)(?:[a-z]{2,3}\d{9}[a-z]{2}"
    # INC-20391, RMA 88213; and #A-4471, №20391.
    r"|(?:inc|rma|sr|cs|tkt|req|ref|case|ticket|crm|sd|hd|cas)[- ]?\d{4,12}|[#№][a-z]{0,3}-?\d{4,12})(?![\w-]| \d)"
)
_SAID = re.compile(
    # "order number 77120", in the six languages: what it is, at most one word between, and a number.
    r"(?<!\w)(?:order|ticket|case|claim|booking|reservation|complaint|request|tracking|shipment|reference"
    r"|pasutijum\w{0,3}|pieteikum\w{0,3}|sutijum\w{0,3}|sudzib\w{0,3}|rekin\w{0,3}"
    r"|заказ\w{0,3}|обращени\w{0,2}|заявк\w{0,2}|тикет\w{0,3}|накладн\w{0,3}|жалоб\w{0,2}|претензи\w{0,2}|zakaz\w{0,2}"
    r"|pesanan|aduan|tempahan|tiket|kes|ה?הזמנה|ה?פני+ה|ה?קריאה|ה?תלונה|ה?משלוח"
    r"|(?:ال)?طلب|(?:ال)?بلاغ|(?:ال)?شكوى|(?:ال)?تذكره|(?:ال)?شحنه)"
    r"[ :#]{1,3}(?:(?:number|num|no|nr|numurs|номер|מספר|מס|رقم)[.: ]{1,3})?"
    r"(?P<number>[#№]?[a-z]{0,3}-?\d{5,12})(?![\w-]| \d)"
)

_SIGN = {"0": r"\d", "A": r"[^\W\d_]"}


@cache
def pattern(written: str) -> re.Pattern[str]:
    """A brand's pattern ready for use, on folded text. No repetition stands within another, so that it is fast.

    Raises:
        ValueError: it begins with `+`, or holds no digit.
    """
    parts: list[str] = []
    for sign in written:
        if sign == "+":
            if not parts or parts[-1].endswith("}"):
                raise ValueError(f"{written!r}: there is nothing before + that could be repeated")
            parts[-1] += f"{{1,{_LONGEST_RUN}}}"
        else:
            parts.append(_SIGN.get(sign) or re.escape(plain(sign)))
    if not any(part.startswith(r"\d") for part in parts):
        raise ValueError(f"{written!r}: a pattern holds at least one digit, written 0")
    return re.compile(rf"(?<!\w){''.join(parts)}(?!\w)")


def reference(text: str, patterns: Iterable[str], taken: Iterable[tuple[int, int]] = ()) -> str:
    """The first number of another system, as it was written; empty when there is none (L2).

    `taken` are places that are known to be something else: telephone numbers, cards.
    """
    folded, spoken_for = fold(text), tuple(taken)
    ways: list[tuple[re.Pattern[str], int | str]] = [(pattern(written), 0) for written in patterns]
    for searched, group in (*ways, (_SPELLED, 0), (_SAID, "number")):
        for match in searched.finditer(folded.text):
            start, end = folded.span(*match.span(group))
            if not any(start < other_end and other_start < end for other_start, other_end in spoken_for):
                return text[start:end]
    return ""
