"""The workflow's step `AutoAnswer`: the bot answers a plain question from the FAQ, or says that a person is coming.

A person stays the owner in any case, and looks over everything it did (I3, D13).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from hark import log
from hark.desk.automatic import Automatic, CannotSay
from hark.desk.manners import unmannerly
from hark.desk.steps import steadily
from hark.domain import automation, bot
from hark.domain.canned import Entry, answerable
from hark.domain.case import Case, Line
from hark.domain.matching import Match, best
from hark.domain.message import Message
from hark.domain.policy import Policy
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.bot import Deed, Deeds
from hark.store.canned import Canned
from hark.store.cases import Cases, Stale
from hark.store.messages import Messages
from hark.store.people import People
from hark.store.replies import Replies
from hark.store.table import ConditionFailed, Write

COUNTS_KEPT_SECONDS = 400 * 86400


@dataclass(frozen=True)
class Decision:
    """What the bot wants to do with a case: its codes, and the writes that do it; `did` empty: only to say so."""

    codes: tuple[str, ...]
    did: str = ""
    about: str = ""
    """The entry it answers with."""
    case: Case | None = None
    """The case with what an automatic reply changes of it."""
    lines: tuple[Line, ...] = ()
    writes: list[Write] = field(default_factory=list)


@dataclass(frozen=True)
class Bot:
    cases: Cases
    messages: Messages
    replies: Replies
    people: People
    canned: Canned
    deeds: Deeds
    automatic: Automatic
    clock: Callable[[], datetime]

    def answer(self, brand: str, case_id: str, gen: int) -> dict[str, str]:
        """Let the bot look at a case once in its generation. A person gets the case whatever comes of it.

        Raises:
            Superseded, TryAgain: as every step.
        """

        def step(case: Case) -> dict[str, str]:
            policy = self.people.policy(brand)
            if not policy.bot.enabled or case.bot_gen >= gen or case.status != "open" or case.awaiting != "us":
                return {"next": "assign"}
            message = self.messages.get(brand, case.platform, case.to_read) if case.to_read else None
            now = time_text(self.clock())
            decision = self.consider(case, message, policy, now)
            lines = tuple(Line(code=code, at=now, about=decision.about) for code in decision.codes)
            change = bot.looked(decision.case or case, (*lines, *decision.lines), decision.did, now)
            try:
                self.cases.commit(case, *change, now, also=decision.writes)
            except ConditionFailed as clash:
                raise Stale from clash  # another conversation was counted at the same moment
            log.info("bot.looked", case=case.id, gen=gen, codes=" ".join(decision.codes), did=decision.did)
            return {"next": "assign"}

        return steadily(self.cases, brand, case_id, gen, step)

    def consider(self, case: Case, message: Message | None, policy: Policy, now: str) -> Decision:
        """What the bot would do about a message, with why, and the writes that do it."""
        if message is None or message.gone:
            return Decision(("bot.not_a_question",))
        hindered = bot.hindrance(case)
        if not hindered and automation.asks_to_stop(message.text):
            hindered = "automation.stopped"
        if hindered:
            return Decision((hindered,))
        entries = answerable(self.canned.in_language(case.brand, case.language), case.language)
        match = best(message.text, {entry.id: entry.questions for entry in entries.values()})
        why = bot.doubt(match, policy.bot) or unmannerly(case, self.messages, self.replies)
        counts = self.deeds.day(case.brand, now[:10])
        considered, answered = counts[0] + 1, counts[1]
        if not why and not bot.within_share(considered, answered + 1, policy.bot):
            why = "bot.share_used"
        if why or match is None:
            made = self._handed_over(case, why, policy, message, now)
        else:
            made = self._answered(case, entries[match.entry], match, policy, message, now)
        answered += made.did == "answered"
        expires = int(self.clock().timestamp()) + COUNTS_KEPT_SECONDS
        made.writes.append(self.deeds.counted(case.brand, now[:10], counts, (considered, answered), expires))
        return made

    # --- inside ---

    def _answered(self, case: Case, entry: Entry, match: Match, policy: Policy, message: Message, now: str) -> Decision:
        """The answer, unless the platform lets nobody say it."""
        said = self._said(case, bot.answer(entry, policy.bot), bot.ANSWER, answers=True)
        if said is None:
            return Decision(("bot.cannot_say",))
        deed = self._deed(case, "answered", message, now).model_copy(
            update={
                "entry": entry.id, "likeness_permille": int(match.likeness * 1000),
                "margin_permille": int(match.margin * 1000),
            }
        )  # fmt: skip
        writes = [*said.writes, self.deeds.new(deed)]
        return Decision(("bot.answered",), "answered", entry.id, said.case, said.lines, writes)

    def _handed_over(self, case: Case, why: str, policy: Policy, message: Message, now: str) -> Decision:
        """Say in private that a person is coming, where the bot had no answer (I2). In public nobody needs to know."""
        unsure = why in ("bot.unsure", "bot.ambiguous")
        if not (unsure and policy.bot.hands_over and not case.public) or unmannerly(case, self.messages, self.replies):
            return Decision((why,))
        said = self._said(case, bot.hand_over(case.language, policy.bot), bot.HAND_OVER, answers=False)
        if said is None:
            return Decision((why, "bot.cannot_say"))
        writes = [*said.writes, self.deeds.new(self._deed(case, "handed_over", message, now))]
        return Decision((why, "bot.handed_over"), "handed_over", "", said.case, said.lines, writes)

    def _said(self, case: Case, text: str, why: str, *, answers: bool) -> Decision | None:
        """The automatic reply as change and writes; None where it may not be said."""
        try:
            made = self.automatic.intent(case, text, why, answers=answers, stands=not answers)
        except CannotSay as cannot:
            log.info("bot.cannot_say", case=case.id, gen=case.gen, code=cannot.code)
            return None
        if made is None:
            return None
        (changed, lines), writes = made
        return Decision((), "", "", changed, lines, list(writes))

    @staticmethod
    def _deed(case: Case, did: str, message: Message, now: str) -> Deed:
        why = bot.ANSWER if did == "answered" else bot.HAND_OVER
        return Deed.model_validate(
            {
                "brand": case.brand, "case": case.id, "gen": case.gen, "at": now, "did": did,
                "platform": case.platform, "language": case.language, "message": message.id,
                "reply": keys.automatic_id(case.id, case.gen, why),
            }
        )  # fmt: skip
