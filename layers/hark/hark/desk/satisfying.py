"""How satisfied customers were: asks them after a closing, and takes their ratings (H3, G10)."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from hark import log
from hark.desk.automatic import Automatic, CannotSay
from hark.desk.manners import unmannerly
from hark.domain import satisfaction
from hark.domain.case import Case, Change, Line, Refused
from hark.domain.policy import Policy
from hark.domain.time import after
from hark.domain.time import text as time_text
from hark.domain.tree import Place
from hark.store import keys
from hark.store.cases import Cases, Stale
from hark.store.keys import Key
from hark.store.people import People
from hark.store.ratings import Ratings
from hark.store.table import ConditionFailed, Item, Write

OCCASION = "survey"


class NoSuchLink(Exception):
    """The link was never good, or is not any more. Which of these, nobody is told."""


@dataclass(frozen=True)
class Invitation:
    """What a link is good for, and what the page has to know. Nothing of the case."""

    brand: str
    case: str
    gen: int
    language: str
    place: Place
    brand_name: str
    rated: bool


@dataclass(frozen=True)
class Satisfying:
    cases: Cases
    people: People
    ratings: Ratings
    automatic: Automatic
    clock: Callable[[], datetime]

    # --- asking ---

    def ask(self, key: Key, origin: Callable[[], str]) -> str:
        """The sweeper's look at a closed case: ask its customer, once. A word for the log; empty when it is not to be.

        The desk asks in private only: a link that everybody can see, anybody can use. Else an agent may hand it on.
        """
        case = self.cases.get(keys.brand_of(key), keys.case_of(key))
        now = self._now()
        if case is None or not _to_be_asked(case) or case.look_at > now:
            return ""
        policy = self.people.policy(case.brand)
        token = secrets.token_urlsafe(24)
        try:
            (changed, lines), writes = self._said(case, policy, token, origin()) or self._offered(case, policy, now)
            self.cases.commit(case, changed, lines, now, also=writes)
        except Stale:
            return "moved"
        return changed.survey or "not_asked"

    def _said(self, case: Case, policy: Policy, token: str, origin: str) -> tuple[Change, list[Write]] | None:
        """The desk's own message with the link; None where it may not send one."""
        if not policy.satisfaction.on or case.public:
            return None
        if why := unmannerly(case, self.automatic.messages, self.automatic.replies):
            log.info("survey.not_by_the_desk", case=case.id, gen=case.gen, code=why)
            return None
        text = policy.satisfaction.text(case.language, address(origin, token))
        try:
            said = self.automatic.intent(case, text, OCCASION, stands=True)
        except CannotSay as no:
            log.info("survey.not_by_the_desk", case=case.id, gen=case.gen, code=no.code)
            return None
        if said is None:
            return None
        (changed, lines), writes = said
        line = Line(code="survey.asked", at=changed.updated_at)
        return (changed.model_copy(update={"survey": "asked"}), (*lines, line)), [
            *writes, self._invite(token, case, policy, changed.updated_at),
        ]  # fmt: skip

    @staticmethod
    def _offered(case: Case, policy: Policy, now: str) -> tuple[Change, list[Write]]:
        on = policy.satisfaction.on
        lines = (Line(code="survey.offered", at=now, about=case.owner),) if on else ()
        return (case.model_copy(update={"survey": "offered" if on else "", "updated_at": now}), lines), []

    def link(self, case: Case, policy: Policy, token: str, by: str) -> tuple[Change, list[Write]]:
        """The change and the writes by which an agent gets a link to hand on.

        Raises:
            Refused: `not_closed`, `rated` already, `no_survey`: the brand does not ask.
        """
        if not policy.satisfaction.on:
            raise Refused("no_survey")
        if case.status != "closed":
            raise Refused("not_closed")
        if case.survey == "rated":
            raise Refused("rated")
        now = self._now()
        changed = case.model_copy(
            update={"survey": "offered" if case.survey != "asked" else "asked", "updated_at": now}
        )
        line = Line(code="survey.link", at=now, by=by)
        return (changed, (line,)), [self._invite(token, case, policy, now)]

    def _invite(self, token: str, case: Case, policy: Policy, now: str) -> Write:
        until = after(now, policy.satisfaction.valid_days * 86400)
        return self.ratings.invite(token, case, satisfaction.place(case), until)

    # --- answering ---

    def invited(self, token: str) -> Invitation:
        """What a link is good for now.

        Raises:
            NoSuchLink
        """
        known = self.ratings.invited(token)
        if known is None or known["until"] <= self._now():
            raise NoSuchLink
        brand, case_id, gen = known["brand"], known["case"], known["gen"]
        rated = self.ratings.of_generation(brand, case_id, gen) is not None
        return Invitation(
            brand, case_id, gen, known["language"], known["place"], self.people.policy(brand).name, rated
        )  # fmt: skip

    def rate(self, token: str, stars: int, comment: str) -> None:
        """Take a rating; of several for the same generation of a case the first one counts.

        Raises:
            NoSuchLink. Stale: somebody wrote the case all the time; try again.
        """
        for _ in range(8):
            known, now = self.invited(token), self._now()
            if known.rated:
                return
            case = self.cases.get(known.brand, known.case)
            if case is None:
                raise NoSuchLink
            changed = satisfaction.rated(case, known.gen, stars, known.place, now)
            written = self.ratings.rate(known.brand, known.case, known.gen, stars, comment, known.place, now)
            try:
                self.cases.commit(case, changed, (Line(code="case.rated", at=now),), now, also=[written])
            except Stale:
                continue
            except ConditionFailed:
                return  # the same form, sent twice at once
            log.info("case.rated", case=case.id, gen=known.gen, stars=stars)
            return
        raise Stale

    def of_case(self, case: Case) -> list[Item]:
        """All ratings of a case."""
        return self.ratings.of_case(case.brand, case.id)

    def _now(self) -> str:
        return time_text(self.clock())


def _to_be_asked(case: Case) -> bool:
    return case.status == "closed" and case.survey == "due" and case.workflow == "ended" and not case.signal


def address(origin: str, token: str) -> str:
    return f"{origin}/s/{token}"


def token_of(secret: str, click: str, case: Case) -> str:
    """The token that one click of a session gives, the same each time (I17): 256 bits that only the session can make.

    So the same request gives the same link again, and nothing but its hash has to be kept.
    """
    said = f"survey\x1f{case.brand}\x1f{case.id}\x1f{click}".encode()
    return hmac.new(sha256(f"survey {secret}".encode()).digest(), said, sha256).hexdigest()
