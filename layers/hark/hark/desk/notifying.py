"""Tells people of what happened to a case: on the desk at once, and by e-mail where the stack has a sender.

Events come at least once and in no sure order. On the desk a notice is one conditional write, so it is there once. Of
an e-mail the mark is written before it is sent: never twice, and lost only where this process dies in the middle; the
desk has the notice all the same, and the next level of the ladder hears of what nobody did anything about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hark import log
from hark.desk.mailing import InDoubt, NotNow, Refused
from hark.domain import notice_words, notices
from hark.domain.people import Member
from hark.domain.policy import Policy
from hark.domain.time import after
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.cases import Cases
from hark.store.keys import Key
from hark.store.notices import Notices
from hark.store.people import People
from hark.store.table import ConditionFailed, Conflict, Item

Mail = Callable[[str, str, str], None]
"""Sends to an address a subject and a text; raises as `desk.mailing.send`."""
AN_HOUR = 3600


@dataclass(frozen=True)
class Notifying:
    cases: Cases
    people: People
    notices: Notices
    mail: Mail | None
    desk_address: Callable[[], str]
    clock: Callable[[], datetime]

    def tell(self, line: dict[str, Any]) -> int:
        """Everybody who has to hear of a line of a case's history, or of an incident's story; how many that were.

        Nothing is told of a case that was closed or began anew since.

        Raises:
            NotNow: a mail was put off by SES; the same line has to come again.
        """
        brand = line["brand"]
        case = None
        if "incident" not in line:
            case = self.cases.get(brand, line["case"])
            if case is None or case.gen != line["gen"] or case.status == "closed":
                return 0
        members = self.people.members(brand)
        policy = self.people.policy(brand)
        heard = notices.audience(line["code"], case, line["about"], line["by"], members, policy, self.clock())
        put_off: NotNow | None = None
        for member in heard:
            try:
                self._one(member, line, policy)
            except NotNow as later:
                put_off = later  # the others hear of it first
        log.info("notice.told", about=_subject(line), code=line["code"], people=len(heard))
        if put_off:
            raise put_off
        return len(heard)

    def _one(self, member: Member, line: dict[str, Any], policy: Policy) -> None:
        notice_id = keys.notice_id(_subject(line), line["at"], line["code"])
        key = keys.notice(member.brand, member.id, line["at"], notice_id)
        state = self.notices.state(member.brand, member.id)
        wanted = bool(self.mail and member.email and state.get("mail", True) and policy.notices.mails(line["code"]))
        values = {
            "id": notice_id, "code": line["code"], "at": line["at"],
            "case": line.get("case", ""), "incident": line.get("incident", ""),
            "mail": "wanted" if wanted else "",
            "expires": int(self.clock().timestamp()) + policy.notices.kept_days * 86400,
        }  # fmt: skip
        known = self.notices.tell(key, values)
        if self.mail and known["mail"] == "wanted":
            self._mail(self.mail, member, key, known, policy)

    def _mail(self, mail: Mail, member: Member, key: Key, notice: Item, policy: Policy) -> None:
        for _ in range(8):
            state, now = self.notices.state(member.brand, member.id), time_text(self.clock())
            lately = [at for at in state.get("mails", []) if at > after(now, -AN_HOUR)]
            room = policy.notices.mails_per_hour - len(lately)
            try:
                if room <= 0:
                    self.notices.hold_mail(key, state, lately)
                    return
                if not self.notices.begin_mail(key, state, [*lately, now]):
                    return
            except (ConditionFailed, Conflict):
                continue  # another mail to the same person at this moment
            break
        else:
            raise NotNow
        subject, text = notice_words.mail(
            notice["code"], state.get("language", "en"), policy.name or member.brand,
            f"{self.desk_address()}/#/{_place(notice)}", state.get("held", 0), last=room == 1,
        )  # fmt: skip
        try:
            mail(member.email, subject, text)
        except NotNow:
            self.notices.mailed(key, "wanted")
            raise
        except Refused as refused:
            log.error("notice.mail_refused", refused.__cause__, notice=notice["id"], member=member.id)
            self.notices.mailed(key, "refused")
        except InDoubt as doubt:
            log.error("notice.mail_in_doubt", doubt.__cause__, notice=notice["id"], member=member.id)
        else:
            self.notices.mailed(key, "sent")

    # --- the desk ---

    def of_member(self, member: Member) -> dict[str, Any]:
        """The newest notices of a person, how many are unread, and how they want them."""
        state = self.notices.state(member.brand, member.id)
        read_to = state.get("read_to", "")
        items = [
            {
                "id": item["id"], "code": item["code"], "sentence": notice_words.sentence(item["code"], "en"),
                "case": item["case"] or None, "incident": item["incident"] or None, "at": item["at"],
                "unread": item["at"] > read_to,
            }
            for item in self.notices.of_member(member.brand, member.id)
        ]  # fmt: skip
        return {
            "items": items, "unread": sum(item["unread"] for item in items), "mail": state.get("mail", True),
            "language": state.get("language", "en"), "now": time_text(self.clock()),
        }  # fmt: skip


def _subject(line: dict[str, Any]) -> str:
    """The id of what a line speaks of."""
    return str(line.get("incident") or line["case"])


def _place(notice: Item) -> str:
    """Where in the desk that is."""
    return f"incidents/{notice['incident']}" if notice["incident"] else f"open/{notice['case']}"
