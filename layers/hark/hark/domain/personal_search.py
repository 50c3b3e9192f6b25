"""How `domain.personal_data` finds what it finds. Apart from it, because its patterns take long to make: they are made
when the first text comes that could hold personal data. Everything here looks at folded text (`domain.folding`).

The libraries (phonenumbers, stdnum) are loaded by the first text that has a number of the kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from hark.domain import personal_words as words
from hark.domain.personal_data import Kind

if TYPE_CHECKING:
    from phonenumbers import PhoneNumberMatch

Span: TypeAlias = tuple[Kind, int, int]

BEFORE, BEHIND = 40, 24
"""So many characters before a number, and behind it, may say what it is."""

_LINK = re.compile(r"(?:https?://|www\.)\S+")
_EMAIL = re.compile(
    r"(?<![@\w.])[\w][\w.%+'-]{0,63}(?:@|\s?(?:\(at\)|\[at\])\s?)(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}(?![\w@])"
)
_IBAN = re.compile(r"(?<!\w)[a-z]{2}\d{2}(?:[ -]?[a-z0-9]){11,30}(?!\w)")
_CARD = re.compile(r"(?<![\w#@+./-])(?:\d{4}([ -]?)(?:\d{4}\1){2}\d{1,7}|3\d{3}([ -]?)\d{6}\2\d{5})(?![\w-])")
_SNILS = re.compile(r"(?<![\w#@+./-])\d{3}[ -]?\d{3}[ -]?\d{3}[ -]?\d{2}(?![\w-])")
_LATVIAN = re.compile(r"(?<![\w#@+./-])\d{6}( ?- ?|)\d{5}(?![\w-])")
_MALAYSIAN = re.compile(r"(?<![\w#@+./-])\d{6}(-|)\d{2}\1\d{4}(?![\w-])")
_EMIRATES = re.compile(r"(?<![\w#@+./-])784([ -]?)\d{4}\1\d{7}\1\d(?![\w-])")
_AMERICAN = re.compile(r"(?<![\w#@+./-])\d{3}-\d{2}-\d{4}(?![\w-])")
_NUMBER = re.compile(r"(?<![\w#@+./-])\d(?:[ -]?\d){7,13}(?![\w-])")
_PASSPORT = re.compile(r"(?<![\w#@])(?:[a-z]{1,2} ?\d{6,9}|\d{2} ?\d{2} ?\d{6}|\d{8,9})(?!\w)")
_DATE = re.compile(
    r"\d{1,2}(?:\.| |/|-|\. )\s?(?:\d{1,2}|[^\W\d]{3,10}\.?)(?:\.| |/|-|\. )\s?(?:19|20)?\d{2}(?!\d)"
    r"|(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2}(?!\d)|(?:19|20)\d{2}\. gada \d{1,2}\. \w+"
)
_JOIN = rf"(?:\s*(?:{words.IS.pattern}|[:=\-\"'«»“”„]))*\s*"
_SECRET = re.compile(rf"(?:{words.SECRET.pattern}){_JOIN}(\S*\d\S*)|(?:{words.PIN.pattern}){_JOIN}(\d{{3,8}})(?!\w)")


def spans(text: str, regions: tuple[str, ...]) -> tuple[Span, ...]:
    """Where in a folded text personal data stand, in its order; no two overlap."""
    taken: list[Span] = [("email", *link.span()) for link in _LINK.finditer(text)]
    links = len(taken)
    for look in (_emails, _ibans, _cards, _national_ids, _secrets, _birth_dates, _phones(regions), _addresses):
        for kind, start, end in look(text):
            if all(end <= begun or start >= ended for _, begun, ended in taken):
                taken.append((kind, start, end))
    return tuple(sorted(taken[links:], key=lambda span: span[1]))


def _announced(text: str, start: int, end: int, word: re.Pattern[str], *others: re.Pattern[str]) -> bool | None:
    """Whether `word` (True) or one of `others` (False) stands nearest before a number; None for neither.

    A word behind it counts where none stands before it.
    """
    before = text[max(0, start - BEFORE) : start]
    nearest = {pattern: max((m.end() for m in pattern.finditer(before)), default=-1) for pattern in (word, *others)}
    last = max(nearest.values())
    if last >= 0:
        return nearest[word] == last
    behind = text[end : end + BEHIND]
    return True if word.search(behind) else None


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _emails(text: str) -> Iterator[Span]:
    for match in _EMAIL.finditer(text) if "@" in text or "at" in text else ():
        yield ("email", *match.span())


def _ibans(text: str) -> Iterator[Span]:
    for match in _IBAN.finditer(text):
        from stdnum import iban

        # A word may follow it so closely that it looks like a part of it: the longest proven beginning counts.
        for end in range(match.end(), match.start() + 14, -1):
            if text[end - 1].isalnum() and iban.is_valid(text[match.start() : end], check_country=False):
                yield "iban", match.start(), end
                break


def _is_card(number: str) -> bool:
    """Whether an issuer gives out such numbers (ISO/IEC 7812: first digits and length) and its check digit is right."""
    head, length = int(number[:4]), len(number)
    issued = (
        (number[0] == "4" and length in (13, 16, 19))
        or (
            (5100 <= head < 5600 or 2221 <= head <= 2720 or 2200 <= head <= 2204 or 3528 <= head < 3590)
            and length == 16
        )
        or (number[:2] in ("34", "37") and length == 15)
        or (number[:2] in ("60", "62", "64", "65") and 16 <= length <= 19)
        or (number[:2] in ("50", "56", "57", "58", "67") and length in (16, 18, 19))
    )
    return issued and _luhn(number)


def _luhn(number: str) -> bool:
    from stdnum import luhn

    return luhn.is_valid(number)


def _cards(text: str) -> Iterator[Span]:
    for match in _CARD.finditer(text):
        if _is_card(_digits(match[0])) and _announced(text, *match.span(), words.CARD, words.REFERENCE) is not False:
            yield ("card", *match.span())


def _snils(number: str) -> bool:
    """The check of a Russian insurance number (order of the Pension Fund): weights 9 to 1, modulo 101."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:9], range(9, 0, -1), strict=True)) % 101 % 100
    return int(number[9:]) == total and number[:9] > "001001998"


def _latvian(number: str) -> bool:
    from stdnum.lv import pvn

    return number[0] <= "3" and (number[6] in "012" or number.startswith("32")) and pvn.is_valid(number)


def _malaysian(number: str) -> bool:
    from stdnum.my import nric

    return nric.is_valid(number)


def _american(number: str) -> bool:
    from stdnum.us import ssn

    return ssn.is_valid(number)


def _bare_id(number: str) -> bool:
    """Ids written without any form of their own: Israel, Russia's taxpayers, Saudi Arabia and Egypt."""
    from stdnum.il import idnr
    from stdnum.ru import inn

    return (
        (len(number) == 9 and idnr.is_valid(number))
        or (len(number) == 12 and inn.is_valid(number))
        or (len(number) == 10 and number[0] in "12" and _luhn(number))
        or (len(number) == 14 and number[0] in "23" and "01" <= number[3:5] <= "12" and "01" <= number[5:7] <= "31")
    )


_FORMS: tuple[tuple[re.Pattern[str], Callable[[str], bool], str], ...] = (
    (_EMIRATES, _luhn, "-"),
    (_LATVIAN, _latvian, "-"),
    (_SNILS, _snils, "-"),
    (_MALAYSIAN, _malaysian, "-"),
    (_AMERICAN, _american, "always"),
    (_NUMBER, _bare_id, "always"),
    (_PASSPORT, lambda _: True, "always"),
)
"""How an id looks, what proves it, and the sign that makes a word before it unnecessary."""


def _national_ids(text: str) -> Iterator[Span]:
    for form, proves, sign in _FORMS:
        for match in form.finditer(text):
            said = _announced(text, *match.span(), words.IDENTITY, words.REFERENCE, words.PHONE)
            if said is False or (said is None and sign not in match[0]):
                continue
            if proves(_digits(match[0])):
                yield ("national_id", *match.span())


def _secrets(text: str) -> Iterator[Span]:
    for match in _SECRET.finditer(text):
        start = match.start(match.lastindex or 0)
        value = match[match.lastindex or 0].strip(".,;!?\"'«»“”)")
        long_enough = len(value) >= 4 or match.lastindex == 2
        if long_enough and not words.MONEY_BEHIND.match(text, start + len(value)):
            yield "password", start, start + len(value)


def _birth_dates(text: str) -> Iterator[Span]:
    for word in words.BIRTH.finditer(text):
        date = _DATE.search(text, word.end(), min(len(text), word.end() + BEHIND))
        if date:
            yield ("birth_date", *date.span())


def _phones(regions: tuple[str, ...]) -> Callable[[str], Iterator[Span]]:
    def look(text: str) -> Iterator[Span]:
        if sum(c.isdigit() for c in text) < 7:
            return
        import phonenumbers

        seen: set[tuple[int, int]] = set()
        for region in regions:
            for match in phonenumbers.PhoneNumberMatcher(text, region, max_tries=100):
                span = (match.start, match.end)
                if span not in seen and _is_phone(text, match, region):
                    seen.add(span)
                    yield ("phone", *span)

    return look


def _is_phone(text: str, match: PhoneNumberMatch, region: str) -> bool:
    """Whether a number that the region's numbering plan knows was meant as one."""
    from phonenumbers import PhoneNumberType, number_type

    written: str = match.raw_string
    kind = number_type(match.number)
    if kind in (PhoneNumberType.TOLL_FREE, PhoneNumberType.SHARED_COST, PhoneNumberType.PREMIUM_RATE):
        return False  # a company's
    if text[: match.start].endswith(("#", "№", "@", "_", "/")):
        return False
    if written.startswith("+"):
        return True
    if "/" in written:
        return False  # two numbers beside each other, or a date
    if words.MONEY_BEHIND.match(text, match.end) or words.MONEY_BEFORE.search(text, 0, match.start):
        return False
    said = _announced(text, match.start, match.end, words.PHONE, words.REFERENCE, words.CARD, words.IDENTITY)
    if said is not None:
        return said
    digits = _digits(written)
    mobile = kind == PhoneNumberType.MOBILE
    trunk = digits.startswith("0") or (region == "RU" and digits.startswith("8") and len(digits) == 11)
    american = region == "US" and re.fullmatch(r"\(\d{3}\) ?\d{3}-\d{4}|\d{3}-\d{3}-\d{4}", written) is not None
    return digits.startswith("00") or (mobile and trunk) or american


def _addresses(text: str) -> Iterator[Span]:
    for street, flat in words.STREETS:
        for match in street.finditer(text):
            behind = flat.match(text, match.end())
            if behind:
                yield "address", match.start(), behind.end()
            elif words.HOME.search(text, max(0, match.start() - BEFORE), match.end()):
                yield ("address", *match.span())
