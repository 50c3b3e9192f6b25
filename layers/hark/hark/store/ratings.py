"""Links by which customers rate our help, and their ratings. A link is found by the hash of its token alone; a rating
lies in the partition of its case, and goes with it."""

from __future__ import annotations

from hark.domain.case import Case
from hark.domain.time import parse
from hark.domain.tree import Place
from hark.store import keys
from hark.store.table import Item, Put, Table, Write


class Ratings:
    def __init__(self, table: Table) -> None:
        self.table = table

    def invite(self, token: str, case: Case, place: Place, until: str) -> Write:
        """The write that makes a link good for this generation of a case. The table does not hold the token."""
        values = {"brand": case.brand, "case": case.id, "gen": case.gen, "language": case.language, "place": place}
        expires = int(parse(until).timestamp())
        return Put(keys.survey(token), {**values, "until": until, "expires": expires}, new=False)

    def invited(self, token: str) -> Item | None:
        """What a link is good for; it may be over, for what expires is deleted some time later."""
        return self.table.get(keys.survey(token))

    def rate(self, brand: str, case_id: str, gen: int, stars: int, comment: str, place: Place, at: str) -> Write:
        """The write of a rating: one for each generation of a case, whoever has how many links to it."""
        values = {"gen": gen, "stars": stars, "comment": comment, "place": place, "at": at}
        return Put(keys.rating(brand, case_id, gen), values)

    def of_generation(self, brand: str, case_id: str, gen: int) -> Item | None:
        """The rating of one generation of a case."""
        return self.table.get(keys.rating(brand, case_id, gen))

    def of_case(self, brand: str, case_id: str) -> list[Item]:
        """All ratings of a case, oldest generation first."""
        return list(self.table.query_all(keys.case(brand, case_id).pk, prefix=keys.RATING_PREFIX))
