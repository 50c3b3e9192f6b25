"""What may be done about a message now, until when, at what price: one pure function, the only gate to sending.

The rules themselves are data: `verbs.toml`, read by `verb_table`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from string import Formatter
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict

from hark.domain.account import PAUSED_BY_HAND
from hark.domain.events import Surface
from hark.domain.time import text as time_text
from hark.domain.verb_table import ACTING, SAYING, Condition, Counting, Name, Phase, Price, Rule, rules, table

__all__ = ["ACTING", "SAYING", "Counting", "Name", "Standing", "Subject", "Verb", "dm_is_of", "verbs"]


@dataclass(frozen=True, slots=True)
class Subject:
    """The message something is to be done about, and what its conversation adds. Times are UTC."""

    platform: str
    surface: Surface
    message_id: str
    at: datetime
    """When it was written."""
    own: bool = False
    gone: bool = False
    hidden: bool = False
    liked: bool = False
    may_reply: bool = True
    """The platform lets programs answer this very message (X: we were summoned)."""
    last_inbound_at: datetime | None = None
    """When this person last wrote to us in private, in this thread; None when never. A comment does not count."""
    private_reply_sent: bool = False
    """The one private reply to this comment or post was used."""
    elsewhere: bool = False
    """Another program holds the conversation."""
    reachable: bool = True
    """False once the person unsubscribed, or the platform said that they cannot be written to."""
    person_id: str = ""
    link: str = ""
    """Where a person sees the message on the platform, when known."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account may do at all."""

    connected: bool = True
    paused: str = ""
    """Dotted code of why it is paused; empty when it is not. A paused account stops nobody from writing (I23)."""
    account_id: str = ""
    features: frozenset[str] = frozenset()
    """`human_agent`: Meta has granted our app the HUMAN_AGENT tag."""
    automatic: bool = False
    """No person wrote it: a bot, a rule. What is reserved for people is then forbidden."""
    outside_session_usd: float = 0.0
    """What the brand pays per message outside a session (Viber's price depends on the contract)."""


class Verb(BaseModel):
    """One thing that may or may not be done. `until` is in text form, the first moment at which it is over."""

    model_config = ConfigDict(frozen=True)

    verb: Name
    allowed: bool
    code: str = ""
    """Why not, or what to know, for programs."""
    reason: str = ""
    """The same for the agent."""
    limit: int | None = None
    """Longest text, in units of `counting`; None where no text is sent."""
    counting: Counting | None = None
    until: str | None = None
    price_usd: float = 0.0
    price_with_link_usd: float = 0.0
    tag: str = ""
    """What the platform wants named when it is sent now (HUMAN_AGENT)."""
    link: str = ""
    """Where a person does it by hand."""


_CONDITIONS: dict[Condition, Callable[[Subject, Standing], bool]] = {
    "not_connected": lambda subject, standing: not standing.connected,
    "gone": lambda subject, standing: subject.gone,
    "own": lambda subject, standing: subject.own,
    "foreign": lambda subject, standing: not subject.own,
    "uninvited": lambda subject, standing: not subject.may_reply,
    "hidden": lambda subject, standing: subject.hidden,
    "shown": lambda subject, standing: not subject.hidden,
    "liked": lambda subject, standing: subject.liked,
    "not_liked": lambda subject, standing: not subject.liked,
    "private_reply_sent": lambda subject, standing: subject.private_reply_sent,
    "elsewhere": lambda subject, standing: subject.elsewhere,
    "unreachable": lambda subject, standing: not subject.reachable,
    "never_wrote": lambda subject, standing: subject.last_inbound_at is None,
    "always": lambda subject, standing: True,
}
"""What a rule's `unless` asks."""


def verbs(subject: Subject, standing: Standing, now: datetime) -> tuple[Verb, ...]:
    """All verbs the platform knows for such a message, in the order in which to offer them.

    What is forbidden stands among them, with its reason. Of a platform or surface we do not know there is `by_hand`
    only.

    Raises:
        ValueError: one of the times has no zone.
    """
    if any(at is not None and at.tzinfo is None for at in (now, subject.at, subject.last_inbound_at)):
        raise ValueError("a time without a zone")
    now = now.astimezone(UTC)
    return tuple(_verb(rule, subject, standing, now) for rule in rules(subject.platform, subject.surface))


def dm_is_of(platform: str) -> bool:
    """Whether people write to us in private on this very platform: on Instagram yes, on Facebook no (Messenger)."""
    return any(rule.verb == "dm" for rule in rules(platform, Surface.DIRECT))


def _verb(rule: Rule, subject: Subject, standing: Standing, now: datetime) -> Verb:
    said = partial(table().sentence, platform=subject.platform)
    price = rule.price or Price(usd=0, key="")
    terms: dict[str, Any] = {
        "verb": rule.verb,
        "limit": rule.limit,
        "counting": rule.counting,
        "price_usd": price.usd,
        "price_with_link_usd": price.usd if price.with_link_usd is None else price.with_link_usd,
    }
    phase, until = _phase(rule, subject, now)
    if phase and phase.contract_price:
        terms |= dict.fromkeys(("price_usd", "price_with_link_usd"), standing.outside_session_usd)
    if why := _forbidden(rule, phase, subject, standing):
        return Verb(**terms, allowed=False, code=why, reason=said(why))
    notes = [phase.note] if phase and phase.note else []
    if rule.verb == "by_hand":
        link = _link(rule.link, subject, standing)
        notes += [] if link else [rule.no_link]
        terms |= {"link": link}
    elif standing.paused:
        notes.insert(0, table().paused_by_hand if standing.paused == PAUSED_BY_HAND else table().paused)
    return Verb(
        **terms,
        allowed=True,
        code=notes[0] if notes else "",
        reason=" ".join(said(note) for note in notes),
        until=None if until is None else time_text(until),
        tag=phase.tag if phase else "",
    )


def _forbidden(rule: Rule, phase: Phase | None, subject: Subject, standing: Standing) -> str:
    """The code of the first thing that forbids it; "" for none."""
    everywhere = table().everywhere
    if rule.verb == "by_hand":
        # A person can always go there themselves, whatever has become of our access.
        everywhere = {condition: code for condition, code in everywhere.items() if condition != "not_connected"}
    for condition, code in {**everywhere, **rule.unless}.items():
        if _CONDITIONS[condition](subject, standing):
            return code
    if rule.phases and phase is None:
        return rule.over
    if phase and phase.person_only and standing.automatic:
        return phase.person_only
    if phase and phase.feature and phase.feature not in standing.features:
        return phase.not_granted
    return ""


def _phase(rule: Rule, subject: Subject, now: datetime) -> tuple[Phase | None, datetime | None]:
    """The phase we are in, and the first moment at which it is over; no phase when all are over."""
    since = subject.at if rule.clock == "written" else subject.last_inbound_at
    for phase in rule.phases:
        if phase.hours is None:
            return phase, None
        if since is not None and now < (end := since.astimezone(UTC) + timedelta(hours=phase.hours)):
            return phase, end
    return None, None


def _link(template: str, subject: Subject, standing: Standing) -> str:
    """Where a person does it: the template filled in, else where the message stands, else ""."""
    known = {"message_id": subject.message_id, "person_id": subject.person_id, "account_id": standing.account_id}
    wanted = [name for _, name, _, _ in Formatter().parse(template) if name]
    if template and all(known[name] for name in wanted):
        return template.format_map({name: quote(value, safe="") for name, value in known.items()})
    return subject.link
