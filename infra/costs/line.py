"""One line of a calculation, and how figures are written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from infra.costs.prices import prices


@dataclass(frozen=True, slots=True)
class Line:
    """So much of something that has a price.

    Args:
        what: for a reader.
        key: of the price in `prices.json`.
        amount: single things (requests, units, GB-seconds, GB), not thousands or millions of them.
    """

    what: str
    key: str
    amount: float

    @property
    def usd(self) -> float:
        """At list price."""
        return prices()[self.key].usd(self.amount)


def total(lines: Sequence[Line]) -> float:
    """At list price, in US dollars."""
    return sum(line.usd for line in lines)


def beyond_free(lines: Sequence[Line]) -> float:
    """What is left to pay, in US dollars, when each allowance is used by these lines alone."""
    amounts: dict[str, float] = {}
    for line in lines:
        amounts[line.key] = amounts.get(line.key, 0) + line.amount
    return sum(prices()[key].beyond_free_usd(amount) for key, amount in amounts.items())


def usd(amount: float) -> str:
    """Dollars with at least two decimals and at least three digits that count."""
    if amount == 0:
        return "$0"
    decimals = max(2, 2 - math.floor(math.log10(abs(amount))))
    return f"${amount:,.{decimals}f}"


def count(amount: float) -> str:
    """An amount with thousands separated; at least three digits that count."""
    if amount == int(amount):
        return f"{int(amount):,}"
    if amount >= 100:
        return f"{amount:,.0f}"
    return f"{amount:.{2 - math.floor(math.log10(amount))}f}".rstrip("0")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; columns after the first are set to the right when they hold figures."""
    figures = [all(row[n][:1] in "$–-0123456789" for row in rows) for n in range(len(head))]
    rule = ["---:" if figure else "---" for figure in figures]
    lines = [head, rule, *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def priced(lines: Sequence[Line], sums: Sequence[tuple[str, float]]) -> str:
    """Lines as a table, with sums at its end."""
    rows = []
    for line in lines:
        price = prices()[line.key]
        rows.append([line.what, count(line.amount), f"{usd(price.price_usd)} / {price.unit}", usd(line.usd)])
    rows += [[f"**{name}**", "–", "–", f"**{usd(amount)}**"] for name, amount in sums]
    head = ["What", "Amount", "List price", "Cost"]
    rule = ["---", "---:", "---", "---:"]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, rule, *rows))
