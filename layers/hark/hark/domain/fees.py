"""What one conversation costs, in millionths of a US dollar: what platforms take for what we write, and an estimate of
the rest."""

from __future__ import annotations

import re

from hark.domain.reply import Reply
from hark.domain.verb_table import rules

AWS_MICRO = 550
"""What AWS takes for one conversation at list price, as measured for docs/costs.md; a test holds the two together."""
READING_MICRO = {"x": 6000}
"""What a platform takes for the message that begins one, by platform. X: its delivery and the poll's second look."""
SEARCH_MICRO = {"x": 5000}
"""What a platform takes for one post that a search brings, by provider. X counts a post once per UTC day."""
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


def fee_micro(reply: Reply) -> int:
    """What the platform takes for this reply by the list of prices (`verbs.toml`).

    What a contract prices, Viber outside its free time, is not in that list and counts as nothing.
    """
    rule = next((rule for rule in rules(reply.platform, reply.surface) if rule.verb == reply.verb), None)
    if rule is None or rule.price is None:
        return 0
    price = rule.price
    linked = price.with_link_usd is not None and _LINK.search(reply.text)
    return round((price.with_link_usd if linked and price.with_link_usd is not None else price.usd) * 1_000_000)
