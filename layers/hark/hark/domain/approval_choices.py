"""When a brand wants a second pair of eyes on a reply, and whose (capabilities E15, E29, E30). What it sets nothing of
leaves its agents to answer by themselves.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from hark.domain.conditions import Condition, Vocabulary
from hark.domain.people import Member
from hark.domain.reading import Sentiment

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
Most = Literal[1, 2]
LEADING = ("lead", "operator")

TAGS: dict[str, tuple[str, ...]] = {
    "legal": (
        "lawyer", "lawsuit", "court", "liable", "liability", "compensat", "jurist", "advokāt", "tiesa", "tiesā",
        "prasīb", "kompens", "адвокат", "юрист", "суд", "иск", "компенс", "peguam", "mahkamah", "saman", "pampasan",
        "עורך דין", "בית משפט", "תביעה", "פיצוי", "محام", "محكمة", "دعوى", "تعويض",
    ),
    "tax": (
        "tax", "vat", "invoice", "nodok", "pvn", "rēķin", "налог", "ндс", "счёт-фактур", "cukai", "invois", "מס הכנסה",
        'מע"מ', "חשבונית", "ضريب", "فاتورة",
    ),
}  # fmt: skip
"""Beginnings of words by what they are about, until the brand names its own."""


@dataclass(frozen=True)
class Facts:
    """What a condition may speak of."""

    # of the reply
    verb: str
    public: bool
    """Everybody can read the reply, whatever the customer's message was."""
    amount: float
    """The largest sum of money in the text, in whatever currency; 0 for none."""
    tags: tuple[str, ...]
    length: int
    approved_before: int
    """How many replies of the author were approved before: few mean a new agent."""
    # of the case
    heated: bool
    platform: str
    surface: str
    language: str
    priority: int
    kind: str
    sentiment: Sentiment
    lane: str
    topic: str
    reach: int
    vip: bool
    contacts: int
    in_incident: bool


@cache
def vocabulary() -> Vocabulary:
    return Vocabulary.of(Facts)


class When(BaseModel):
    """So many approvals are needed where the condition holds. Its name is the reason that is kept and shown (E30)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    condition: str = Field(max_length=1000)
    number: Most = 1

    def compiled(self) -> Condition:
        return vocabulary().condition(self.name, self.condition)


class Approvals(BaseModel):
    """How many people besides its author have to agree to a reply, and how long that may take.

    Waits are in seconds of the brand's calendar; what burns has no closing time (`domain.clocks`).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: Literal[0, 1, 2] = 0
    """For every reply. Conditions can ask for more, never for less."""
    when: tuple[When, ...] = Field(default=(), max_length=50)
    tags: dict[Name, tuple[str, ...]] = Field(default=TAGS, max_length=30)
    """What a text is about, by the beginnings of its words."""
    approvers: tuple[str, ...] = Field(default=(), max_length=100)
    """Ids of members who may approve, besides leads."""
    edited_needs_another: bool = False
    """Whether an approver who has changed the words needs somebody else to approve them."""
    escalate_seconds: int = Field(default=2 * 3600, ge=60, le=7 * 86400)
    """After this the leads are told that a draft still waits."""
    expires_seconds: int = Field(default=4 * 3600, ge=60, le=7 * 86400)
    """After this it goes back to its author."""

    @model_validator(mode="after")
    def _can_be_read(self) -> Approvals:
        names = [one.name for one in self.when]
        if len(set(names)) != len(names):
            raise ValueError("two conditions have the same name")
        for one in self.when:
            one.compiled()
        if any(not word.strip() for words in self.tags.values() for word in words):
            raise ValueError("a tag has an empty word")
        return self

    @property
    def asks(self) -> bool:
        """Whether anything can need an approval at all."""
        return bool(self.number or self.when)

    def may_approve(self, member: Member) -> bool:
        return not member.removed and (
            member.role in LEADING or (member.id in self.approvers and member.role != "reader")
        )


@dataclass(frozen=True)
class Need:
    """How many approvals, and the names of the conditions that say so; none of them: the brand has all approved."""

    number: int = 0
    why: tuple[str, ...] = ()


def needed(policy: Approvals, facts: Facts) -> Need:
    """How many approvals a reply needs."""
    plain = asdict(facts)
    met = [one for one in policy.when if one.compiled().holds(plain)]
    return Need(max([policy.number, *(one.number for one in met)]), tuple(one.name for one in met))


def tags(text: str, words: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What a text is about."""
    folded = text.casefold()
    return tuple(
        sorted(
            name for name, known in words.items()
            if known and re.search(rf"(?<!\w)(?:{'|'.join(re.escape(word.casefold()) for word in known)})", folded)
        )
    )  # fmt: skip


_CURRENCY = (
    r"[$€£¥₽₪₹₴₺]|(?:eur|usd|gbp|rub|myr|ils|nis|aed|sar|egp|chf|rm|euros?|dollars?|pounds?)(?![^\W\d_])|eiro\w*|dolār\w*"
    r"|ringgit|руб\w*|евро|долл\w*|שקל\w*|ש\"ח|ש״ח|יורו|דולר\w*|يورو|دولار\w*|درهم|ريال|جنيه"
)
_NUMBER = r"\d{1,3}(?:[ \u00a0\u202f'’.,٬]\d{3})+(?:[.,٫]\d{1,2})?(?!\d)|\d+(?:[.,٫]\d{1,2})?(?!\d)"
_MONEY = re.compile(
    rf"(?:(?<!\w)(?:{_CURRENCY}) ?(?P<behind>{_NUMBER}))|(?:(?<![\d.,])(?P<before>{_NUMBER}) ?(?:{_CURRENCY}))",
    re.IGNORECASE,
)


def amount(text: str) -> float:
    """The largest sum of money in a text; 0 for none. A number counts as money next to a currency's sign or name."""
    return max((_value(m["behind"] or m["before"]) for m in _MONEY.finditer(text)), default=0.0)


def _value(written: str) -> float:
    digits = re.sub(r"[ \u00a0\u202f'’٬]", "", written).replace("٫", ".")
    whole, mark, rest = digits, "", ""
    if (found := re.search(r"[.,](\d+)$", digits)) and len(found[1]) != 3:
        whole, mark, rest = digits[: found.start()], ".", found[1]
    return float(Decimal("".join(str(int(c)) if c.isdigit() else "" for c in whole) + mark + _ascii(rest)))


def _ascii(digits: str) -> str:
    return "".join(str(int(c)) for c in digits)
