"""Many open cases in the local cloud's table, written by the store's own code; and their rows as the API shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hark.desk import views
from hark.domain.case import Case
from hark.domain.events import Surface
from hark.domain.message import Message
from hark.domain.time import text as time_text
from hark.store.cases import Cases
from hark.store.messages import Messages
from hark.store.table import Table

from infra.local.people import BRAND

AT_ONCE = 40
"""Cases of one transaction; DynamoDB takes 100 writes."""
ACCOUNT = "5550001"
SAID = (
    ("en", "Maya Cohen", "My parcel was due on Monday. Where is it? The tracking page says nothing since Friday."),
    ("lv", "Jānis Kalns", "Labdien! Kur ir mana paka? Solījāt vakar, bet vēl nekā nav."),
    ("ru", "Марина Орлова", "Здравствуйте, с карты списали дважды за один заказ. Когда вернёте деньги?"),
    ("he", "נועה בר", "שלום, ההזמנה הגיעה שבורה. אפשר לקבל חדשה עד יום חמישי?"),
    ("ar", "أحمد منصور", "مرحبا، لم يصلني رمز التفعيل حتى الآن. هل يمكنكم إرساله مرة أخرى؟"),
    ("ms", "Siti Rahman", "Hai, bila kedai di Johor buka semula? Saya mahu tukar saiz kasut."),
)


@dataclass(frozen=True)
class OpenCases:
    """The cases of one run, in the order of the view: the one due first is the first."""

    table: Table
    now: datetime

    def case(self, number: int) -> Case:
        """One case; nothing waits for the workflow or the sweeper, so that the cloud is at rest."""
        language, name, said = SAID[number % len(SAID)]
        at = time_text(self.now - timedelta(minutes=5 + number))
        due = time_text(self.now + timedelta(minutes=number - 30))
        return Case(
            id=f"bench{number:05}", brand=BRAND, provider="x", platform="x", account_id=ACCOUNT, thread_id=f"t{number}",
            customer_id=f"p{number}", handle=f"customer_{number}", name=name, language=language, snippet=said,
            snippet_of=f"m{number}", due_at=due, last_at=at, opened_at=at, asked_at=at, updated_at=at, priority=3,
            deadline=time_text(self.now + timedelta(days=9)), workflow="running", triaged=1, assigned=1, unread=1,
            talk=1, reply_to=f"m{number}", surface=Surface.MENTION,
        )  # fmt: skip

    def put(self, first: int, end: int) -> Iterator[int]:
        """Write the cases from `first` to before `end`, each with its customer's message; yields how many are there."""
        cases, messages = Cases(self.table), Messages(self.table)
        for start in range(first, end, AT_ONCE):
            writes = []
            for number in range(start, min(start + AT_ONCE, end)):
                case = self.case(number)
                said = Message(
                    id=f"m{number}", brand=BRAND, platform="x", conversation=case.id, author_id=case.customer_id,
                    text=case.snippet, at=case.last_at, surface=Surface.MENTION, addressed=True, may_reply=True,
                    language=case.language, link=f"https://x.example/status/{number}",
                )  # fmt: skip
                writes += [*cases.writes(None, case, [], case.last_at)[1], messages.write(None, said)]
            self.table.transact(writes)
            yield min(start + AT_ONCE, end)

    def now_text(self) -> str:
        """When the run began, as the API writes times."""
        return time_text(self.now)

    def page(self, first: int, end: int) -> list[dict[str, Any]]:
        """Rows as `GET queue` shows them, by the desk's own code but without the table."""
        return [views.row(self.case(number), {}) for number in range(first, end)]
