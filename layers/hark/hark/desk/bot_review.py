"""What the bot did, for a person to look over (capabilities I3, D13)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hark.desk.actions import NotFound
from hark.desk.clicks import Click, mark, was_done
from hark.desk.writing import Forbidden
from hark.domain.case import Line, Refused
from hark.domain.people import Member
from hark.domain.time import text as time_text
from hark.store.bot import Deed, Deeds
from hark.store.canned import Canned
from hark.store.cases import Cases, Stale
from hark.store.messages import Messages
from hark.store.people import People
from hark.store.replies import Replies
from hark.store.table import ConditionFailed, Item, Write

PAGE = 25


@dataclass(frozen=True)
class Shown:
    """One deed with the words it was about; empty where they are gone."""

    deed: Deed
    title: str
    question: str
    answer: str
    state: str
    """Of the reply."""


@dataclass(frozen=True)
class BotReview:
    cases: Cases
    messages: Messages
    replies: Replies
    people: People
    canned: Canned
    deeds: Deeds
    clock: Callable[[], datetime]

    def page(self, member: Member, start: Item | None) -> tuple[list[Shown], Item | None]:
        """What nobody has looked over, the oldest first."""
        deeds, more = self.deeds.to_review(member.brand, start, PAGE)
        return [self._shown(deed) for deed in deeds], more

    def judge(self, click: Click, case_id: str, gen: int, verdict: str) -> Deed:
        """A person says whether the bot did `right` or `wrong`.

        Raises:
            NotFound, KeyReused, Stale. Forbidden: neither the reviewer nor a lead. Refused: `judged` by somebody.
        """
        member = click.member
        reviewer = self.people.policy(member.brand).bot.reviewer
        if member.role not in ("lead", "operator") and member.id != reviewer:
            raise Forbidden("reviewers_only", "Only the reviewer of the bot or a lead decides about this.")
        for _ in range(8):
            deed, case = self.deeds.get(member.brand, case_id, gen), self.cases.get(member.brand, case_id)
            if deed is None or case is None:
                raise NotFound(case_id)
            if was_done(self.people, click, case_id):
                return deed
            if deed.verdict:
                raise Refused("judged")
            now = time_text(self.clock())
            line = Line(code="bot.right" if verdict == "right" else "bot.wrong", at=now, by=member.id, about=deed.reply)
            also: list[Write] = [
                mark(self.people, click, case_id, self.clock()),
                self.deeds.judged(deed, verdict, member.id, now),
            ]
            entry = self.canned.get(member.brand, deed.entry) if deed.entry else None
            if entry:
                also.append(self.canned.judged(entry, verdict))
            try:
                self.cases.commit(case, case.model_copy(update={"updated_at": now}), (line,), now, also=also)
            except (Stale, ConditionFailed):
                continue
            return self.deeds.get(member.brand, case_id, gen) or deed
        raise Stale

    # --- inside ---

    def _shown(self, deed: Deed) -> Shown:
        message = self.messages.get(deed.brand, deed.platform, deed.message)
        reply = self.replies.get(deed.brand, deed.case, deed.reply)
        entry = self.canned.get(deed.brand, deed.entry) if deed.entry else None
        return Shown(
            deed, entry.title if entry else "", message.text if message and not message.gone else "",
            reply.text if reply else "", reply.state.value if reply else "",
        )  # fmt: skip
