"""What the bot did: one item in the case's partition for each generation it touched, and a count per day."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from hark.store import keys
from hark.store.table import Change, Item, Put, Table, Write


class Deed(BaseModel):
    """What the bot did in one generation of a case. Ids and numbers; the words are in the message and the reply."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    brand: str
    case: str
    gen: int
    at: str
    did: Literal["answered", "handed_over"]
    platform: str
    language: str
    entry: str = ""
    likeness_permille: int = 0
    margin_permille: int = 0
    message: str
    """What it read."""
    reply: str
    verdict: Literal["", "right", "wrong"] = ""
    by: str = ""
    judged_at: str = ""


class Deeds:
    def __init__(self, table: Table) -> None:
        self.table = table

    def get(self, brand: str, case_id: str, gen: int) -> Deed | None:
        item = self.table.get(keys.bot(brand, case_id, gen))
        return Deed.model_validate(item) if item else None

    def new(self, deed: Deed) -> Write:
        """The write that the bot did something; it stands in the review until somebody has looked over it."""
        listed = {"list_pk": keys.bot_review(deed.brand), "list_sk": f"{deed.at}#{deed.case}#{deed.gen}"}
        return Put(keys.bot(deed.brand, deed.case, deed.gen), {**deed.model_dump(mode="json"), **listed})

    def judged(self, deed: Deed, verdict: str, by: str, at: str) -> Write:
        """The write that a person looked over it, the first one who does."""
        said = {"verdict": verdict, "by": by, "judged_at": at}
        key = keys.bot(deed.brand, deed.case, deed.gen)
        return Change(key, said, ("list_pk", "list_sk"), when={"verdict": ""})

    def to_review(self, brand: str, start: Item | None, limit: int) -> tuple[list[Deed], Item | None]:
        """One page of what nobody has looked over, the oldest first."""
        found, more = self.table.query(keys.bot_review(brand), index=keys.LISTS, start=start, limit=limit)
        return [Deed.model_validate(item) for item in found], more

    def day(self, brand: str, day: str) -> tuple[int, int]:
        """How many conversations came up for the bot on a day, and how many of them it answered."""
        item = self.table.get(keys.bot_day(brand, day)) or {}
        return item.get("considered", 0), item.get("answered", 0)

    def counted(self, brand: str, day: str, seen: tuple[int, int], now_at: tuple[int, int], expires: int) -> Write:
        """The write that takes the day's counts from what was seen to what they are now, if they still are that."""
        considered, answered = seen
        return Change(
            keys.bot_day(brand, day), {"considered": now_at[0], "answered": now_at[1], "expires": expires},
            when={"considered": considered or None, "answered": answered if considered else None}, exists=False,
        )  # fmt: skip
