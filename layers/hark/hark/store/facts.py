"""Facts for the reports by day, and days that are over summed up. Facts are written with the case they are about."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence

from hark.domain.facts import Fact
from hark.domain.tally import RULES, Tally, Whose
from hark.domain.time import after, parse
from hark.store import keys
from hark.store.table import Item, Put, Table, Write

FACTS_KEPT_SECONDS = 400 * 86400
"""For so long a day can be looked into; its sums stay."""
LARGEST_SUM_BYTES = 350_000
"""An item of DynamoDB holds 400 KB. A day with more than about 50,000 cases is added up each time it is asked for."""
_PAGE = 2000


class TooLarge(Exception):
    """The sums of a day do not fit into one item."""


class Facts:
    def __init__(self, table: Table) -> None:
        self.table = table

    def between(self, brand: str, start: str, end: str) -> Iterator[Fact]:
        """Facts written down from `start` on and before `end`, oldest first."""
        day = start[:10]
        while f"{day}T00:00:00.000Z" < end:
            partition, more = keys.facts(brand, day), Item()
            while True:
                items, following = self.table.query(
                    partition, since=keys.FACT_PREFIX + start, up_to=keys.FACT_PREFIX + end, start=more or None,
                    limit=_PAGE,
                )  # fmt: skip
                yield from (Fact.model_validate_json(item["fact"]) for item in items)
                if following is None:
                    break
                more = following
            day = after(f"{day}T00:00:00.000Z", 86400)[:10]

    def sums(self, brand: str, first: str, last: str, zone: str) -> dict[str, Tally]:
        """The days from `first` to `last` that were summed up, by the present rules and this zone."""
        found: dict[str, Tally] = {}
        start: Item | None = None
        while True:
            items, start = self.table.query(keys.sums(brand), since=first, up_to=last, start=start, limit=_PAGE)
            found |= {
                item["sk"]: unpacked(item["sums"]) for item in items if (item["zone"], item["rules"]) == (zone, RULES)
            }
            if start is None:
                return found

    def sum_up(self, brand: str, day: str, zone: str, tally: Tally) -> None:
        """Keep the sums of a day that is over. Whoever else does so at the same moment keeps the same.

        Raises:
            TooLarge
        """
        kept = packed(tally)
        if len(kept) > LARGEST_SUM_BYTES:
            raise TooLarge(day)
        self.table.put(keys.day_sums(brand, day), {"zone": zone, "rules": RULES, "sums": kept})


def writes(brand: str, facts: Sequence[Fact]) -> list[Write]:
    """The writes that keep facts; for the transaction that makes them true."""
    return [
        Put(
            keys.fact(brand, fact.at, fact.key),
            {"fact": fact.model_dump_json(exclude_defaults=True),
             "expires": int(parse(fact.at).timestamp()) + FACTS_KEPT_SECONDS},
            new=False,
        )
        for fact in facts
    ]  # fmt: skip


def packed(tally: Tally) -> bytes:
    """Sums as they are kept; the same sums are the same bytes."""
    plain = [[*whose, dict(sorted(counter.items()))] for whose, counter in sorted(tally.items())]
    return zlib.compress(json.dumps(plain, separators=(",", ":")).encode(), 9)


def unpacked(kept: bytes) -> Tally:
    """The inverse of `packed`."""
    return {
        Whose(platform, account, agent): Counter(counters)
        for platform, account, agent, counters in json.loads(zlib.decompress(kept))
    }
