"""What is looked at before a reply leaves: gathers what the checks have to know, and asks them (`domain.reply_checks`).

The composer asks while the agent writes; whoever takes the reply asks again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hark import log
from hark.desk.writing import Writing
from hark.domain.case import Case
from hark.domain.people import Member, initials
from hark.domain.personal_data import REGIONS, REGIONS_OF
from hark.domain.policy import Policy
from hark.domain.reply_checks import Context, Finding, check, cool_at
from hark.domain.signature import mark, signed
from hark.domain.sketch import sketch
from hark.domain.splitting import CannotSplit, split
from hark.domain.time import text as time_text
from hark.domain.verbs import SAYING, Verb
from hark.store.cases import Cases
from hark.store.lately import KEPT_SECONDS, Lately
from hark.store.people import People
from hark.store.replies import Replies


@dataclass(frozen=True)
class Checked:
    """What the composer shows. `parts` are what the text would be cut into; empty when it fits, or cannot be cut."""

    findings: tuple[Finding, ...]
    text: str
    """As it would leave: with the signature, where the brand wants one."""
    verb: str
    length: int
    limit: int | None
    parts: tuple[str, ...]
    wait_until: str
    """Until when it is better not to answer, in text form; empty: no reason to wait."""


@dataclass(frozen=True)
class Checking:
    cases: Cases
    replies: Replies
    people: People
    lately: Lately
    writing: Writing
    clock: Callable[[], datetime]

    def dry(self, case: Case, member: Member, text: str, verb: str = "", canned: str = "") -> Checked:
        """Everything there is to say about a text somebody is writing. Changes nothing.

        `verb` is one of `verbs.SAYING`; empty takes the first that is allowed now. `canned` is the canned text it was
        made from.
        """
        way = self._way(case, verb)
        public = way.verb == "public_reply"
        policy = self.people.policy(case.brand)
        made = self.sign(member, text, public=public, policy=policy)
        length = self._length(case, way, made)
        context = self._context(case, member.id, policy, public, canned, length, way.limit)
        return Checked(
            check(made, context), made, way.verb, length, way.limit, self._parts(case, way, member, text, made, policy),
            cool_at(context) if cool_at(context) > context.now else "",
        )  # fmt: skip

    def findings(
        self, case: Case, member_id: str, text: str, *, public: bool, policy: Policy, canned: str = ""
    ) -> tuple[Finding, ...]:
        """What is to be said about a text that is to leave now. Its length is the business of `Writing.way`."""
        return check(text, self._context(case, member_id, policy, public, canned, 0, None))

    @staticmethod
    def sign(member: Member, text: str, *, public: bool, policy: Policy) -> str:
        """The text with its author's initials under it, where the brand wants them: only in public, where nobody else
        says who speaks."""
        return signed(text, member.initials or initials(member.name)) if public and policy.checks.sign else text

    def remember(self, case: Case, member_id: str, reply_id: str, text: str, *, public: bool) -> None:
        """A reply was taken: the next like it is told apart from it. At best: what is forgotten is one warning."""
        made = sketch(text) if public else b""
        if not made:
            return
        try:
            self.lately.said(case, member_id, reply_id, made, int(self.clock().timestamp()) + KEPT_SECONDS)
        except Exception as trouble:
            log.error("checking.not_remembered", trouble, case=case.id, reply=reply_id)

    # --- inside ---

    def _way(self, case: Case, verb: str) -> Verb:
        """The way the text would take; where none is open, the one asked for, so that there is something to say."""
        offered = self.writing.allowed(case, self.writing.answered(case))
        saying = [v for v in offered if v.verb in SAYING and verb in ("", v.verb)]
        unknown = {"verb": verb or ("public_reply" if case.public else "dm"), "allowed": False}
        return next((v for v in saying if v.allowed), saying[0] if saying else Verb.model_validate(unknown))

    def _length(self, case: Case, way: Verb, text: str) -> int:
        return self.writing.measure(case.provider, way.counting, text) if way.counting else len(text)

    def _context(
        self, case: Case, member_id: str, policy: Policy, public: bool, canned: str, length: int, limit: int | None
    ) -> Context:
        checks = policy.checks
        compares = public and checks.same_text != "off"
        counts = public and checks.long_thread != "off"
        return Context(
            policy=checks, public=public, now=time_text(self.clock()),
            regions=tuple(r for code in policy.languages for r in REGIONS_OF.get(code, ())) or REGIONS,
            reasons=frozenset(reason.code for reason in case.reasons),
            angry=case.contacts if case.sentiment == "negative" else 0,
            customer_wrote_at=case.last_at if case.awaiting == "us" else "",
            public_replies=self._public_replies(case) if counts else 0,
            recent=self.lately.sketches(case, member_id) if compares else (),
            canned=canned, length=length, limit=limit,
        )  # fmt: skip

    def _public_replies(self, case: Case) -> int:
        said = self.replies.of_case(case.brand, case.id)
        return sum(reply.verb == "public_reply" and reply.state == "sent" for reply in said)

    def _parts(
        self, case: Case, way: Verb, member: Member, text: str, made: str, policy: Policy
    ) -> tuple[str, ...]:  # fmt: skip
        if way.limit is None or self._length(case, way, made) <= way.limit:
            return ()
        behind = mark(text, member.initials or initials(member.name)) if made != text else ""
        try:
            parts = split(text, way.limit, lambda part: self._length(case, way, part), behind)
        except CannotSplit:
            return ()
        return tuple(part.shown for part in parts)
