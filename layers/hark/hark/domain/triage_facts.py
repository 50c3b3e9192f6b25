"""The facts of a message as the decision tree looks at them: of its case, its words, and how they were read."""

from __future__ import annotations

from dataclasses import replace

from hark.domain.case import Case
from hark.domain.events import Surface
from hark.domain.message import Message
from hark.domain.personal_data import found
from hark.domain.policy import Policy
from hark.domain.reading import Reading
from hark.domain.references import reference
from hark.domain.text_facts import names, says_something, wants_account
from hark.domain.triage import Addressing, Facts


def known(case: Case, policy: Policy) -> Facts:
    """What there is to know of a message that was taken away."""
    return Facts(
        withdrawn=True, may_reply=False, says_something=False, platform=case.platform,
        contacts=max(case.contacts, 1), earlier=case.gen - 1, vip=_is_vip(case, policy),
    )  # fmt: skip


def gathered(case: Case, message: Message, reading: Reading, policy: Policy) -> Facts:
    """All facts but those of incidents (`topic`, `incident`)."""
    text, personal = message.text, found(message.text)
    named = reference(text, policy.triage.references, ((f.start, f.end) for f in personal))
    return replace(
        known(case, policy), withdrawn=False, addressing=_addressing(message, policy), elsewhere=case.elsewhere,
        has_media=bool(message.media or message.notice), says_something=says_something(text),
        language=reading.language, sentiment=reading.sentiment, intent=reading.intent, urgency=reading.urgency,
        confidence=reading.confidence, public=message.public and message.surface is not Surface.DIRECT,
        surface=message.surface.value, may_reply=message.may_reply,
        personal_data=tuple(dict.fromkeys(f.kind for f in personal)),
        wants_account=wants_account(text, reading.intent, named), reference=named, reach=message.reach,
    )  # fmt: skip


def _is_vip(case: Case, policy: Policy) -> bool:
    people = {one.removeprefix("@").casefold() for one in policy.triage.vips} - {""}
    return case.customer_id.casefold() in people or case.handle.casefold() in people


def _addressing(message: Message, policy: Policy) -> Addressing:
    if message.addressed or not message.public:
        return "addressed"
    of_the_brand = policy.triage.names
    return "implied" if of_the_brand and not names(message.text, (*of_the_brand, policy.name)) else "named"
