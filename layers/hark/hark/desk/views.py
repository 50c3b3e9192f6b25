"""What agents see: the queue, a conversation, themselves. Shapes as in docs/api.md."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from hark.desk.standing import standing, subject
from hark.domain.account import Account
from hark.domain.approvals import Draft
from hark.domain.case import Case
from hark.domain.message import Message
from hark.domain.people import Member
from hark.domain.people import initials as initials_of
from hark.domain.reasons import sentence
from hark.domain.reply import THE_DESK, Reply, State
from hark.domain.tags import ADDED, REMOVED
from hark.domain.time import text as time_text
from hark.domain.verbs import ACTING, Verb, verbs
from hark.store.accounts import Accounts
from hark.store.cases import Cases
from hark.store.messages import Messages
from hark.store.people import People
from hark.store.replies import Replies
from hark.store.table import Item

Shape = dict[str, Any]

_ROW = (
    "id", "platform", "handle", "name", "snippet", "language", "status", "awaiting", "priority", "asked_at",
    "updated_at", "close_reason", "escalation", "reminders", "unread", "public", "surface", "version", "talk",
    "approval", "kind", "lane", "vip", "incident", "tags",
)  # fmt: skip

_TRIAGE = ("sentiment", "topic", "recommended", "reach", "contacts", "reference", "personal_data", "tree")


@dataclass(frozen=True)
class Views:
    cases: Cases
    messages: Messages
    replies: Replies
    accounts: Accounts
    people: People
    clock: Callable[[], datetime]

    def me(self, member: Member) -> Shape:
        accounts = [Account.model_validate(item) for item in self.accounts.of_brand(member.brand)]
        members = self.people.members(member.brand)
        known, team = {m.id: m for m in members}, [m for m in members if not m.removed]
        now, policy = self.clock(), self.people.policy(member.brand)
        return {
            "agent": {**_person(member), "roles": [member.role]},
            "brand": {
                "id": member.brand, "name": policy.name or member.brand, "zone": policy.calendar.zone,
                "undo_seconds": policy.undo_seconds,
            },
            "accounts": [account(a, known) for a in accounts],
            "members": [{**_person(m), "on_shift": m.on_shift(now)} for m in team],
            "now": time_text(now),
        }  # fmt: skip

    def queue(self, member: Member, view: str, start: dict[str, Item], limit: int) -> tuple[Shape, dict[str, Item]]:
        """One page of a view, and where the next page starts (empty at the end). The caller signs the cursor."""
        page, following = self.cases.of_view(member.brand, view, member.id, start, limit)
        team = self.people.everybody(member.brand)
        return {
            "items": [row(case, team) for case in page],
            "counts": self.cases.counts(member.brand, member.id),
            "now": time_text(self.clock()),
        }, following

    def row(self, member: Member, case: Case) -> Shape:
        return row(case, self.people.everybody(member.brand))

    def conversation(
        self, member: Member, case: Case, before: Item | None, notes: list[Item]
    ) -> tuple[Shape, Item | None]:
        """The whole screen of one conversation, and the key for older messages."""
        team = self.people.everybody(member.brand)
        messages, older = self.messages.thread(member.brand, case.id, before)
        found = self.accounts.find(case.provider, case.account_id)
        may = standing(Account.model_validate(found) if found else None)
        answered = next((m for m in messages if m.id == case.reply_to), None)
        if answered is None and case.reply_to:
            answered = self.messages.get(case.brand, case.platform, case.reply_to)
        moment = self.clock()
        unsent = [r for r in self.replies.of_case(case.brand, case.id) if r.state not in (State.SENT, State.WITHDRAWN)]
        # What was removed with an earlier round of the talk has no words left to show.
        unsent, notes = [r for r in unsent if r.text or not r.says], [n for n in notes if n["text"]]
        return {
            "case": {
                **row(case, team),
                "generation": case.gen,
                "reasons": [{"code": r.code, "sentence": sentence(r.code), "at": r.at} for r in case.reasons],
                "triage": {
                    **{name: getattr(case, name) for name in _TRIAGE}, "message": case.read_of,
                    "evidence": [asdict(one) for one in case.evidence],
                },
                "removed": {"at": case.removed_at, "months": case.removed_after} if case.removed_at else None,
                "satisfaction": {
                    "survey": case.survey, "rating": case.rating or None, "at": case.rated_at or None,
                    "place": case.rated_place,
                },
            },
            "customer": {
                "id": case.customer_id, "handle": case.handle, "name": case.name, "language": case.language,
            },
            "messages": [
                {**message(m, team), "acts": _acts(verbs(subject(case, m), may, moment))} for m in messages
            ],
            "replies": [reply(r, team) for r in unsent],
            "notes": [
                {"id": n["id"], "text": n["text"], "at": n["at"], "by": _name(team, n["by"])} for n in notes
            ],
            "handover": _handover(case, notes, team),
            "history": [
                {"at": line["at"], "code": line["code"], "sentence": sentence(line["code"]),
                 "by": _name(team, line["by"]), "tag": line["about"] if line["code"] in (ADDED, REMOVED) else ""}
                for line in self.cases.history(case.brand, case.id)
            ],
            "verbs": [
                v.model_dump() for v in verbs(subject(case, answered), may, moment) if v.verb not in ACTING
            ],
            "elsewhere": case.elsewhere,
            "reachable": case.reachable,
            "seen_at": case.seen_at or None,
            "now": time_text(self.clock()),
        }, older  # fmt: skip

    def messages_since(self, member: Member, case: Case, talked: int) -> list[Shape]:
        """The newest messages, as many as were said since an author looked."""
        team = self.people.everybody(member.brand)
        newest, _ = self.messages.thread(member.brand, case.id, None, limit=max(1, min(case.talk - talked, 50)))
        return [message(m, team) for m in newest]


def row(case: Case, team: dict[str, Member]) -> Shape:
    owner = team.get(case.owner)
    return {
        **{name: getattr(case, name) for name in _ROW},
        "account": case.account_id,
        "owner": _person(owner) if owner else None,
        "due_at": case.due_at or None,
        "resolve_by": case.resolve_by or None,
        "touched_at": case.touched_at or None,
        "promise": {"state": case.promise, "by": case.promised_by} if case.promise else None,
        "snoozed_until": case.snoozed_until or None,
        "team": case.team,
        "transfers": case.transfers,
        "level": case.level,
        "warnings": ["case.passed_on"] if case.transfers > 1 else [],
        "reply_state": case.reply_state,
    }


def _handover(case: Case, notes: list[Item], team: dict[str, Member]) -> Shape:
    """What whoever got the case has to know first (D6)."""
    note = next((n for n in notes if n["id"] == case.handover), None)
    return {
        "asked_at": case.asked_at, "answered_at": case.answered_at or None, "owner_since": case.owner_since or None,
        "before": _name(team, case.had), "transfers": case.transfers,
        "note": {"text": note["text"], "at": note["at"], "by": _name(team, note["by"])} if note else None,
    }  # fmt: skip


def account(known: Account, team: dict[str, Member]) -> Shape:
    """An account and its health, as everybody on the team sees it."""
    by_hand = {"by": _name(team, known.paused_by), "at": known.paused_at, "why": known.paused_why}
    return {
        "id": known.id, "platform": known.platform, "platforms": list(known.platforms or (known.platform,)),
        "handle": known.handle, "name": known.name, "state": known.condition, "reason": known.stopped,
        "paused": by_hand if known.paused_at else None, "since": known.since or None,
        "problems": list(known.problems), "checked_at": known.checked_at or None,
        "expires_at": known.expires_at or None, "last_event_at": known.last_event_at or None,
        "missed": known.missed, "missed_at": known.missed_at or None,
    }  # fmt: skip


def _acts(offered: tuple[Verb, ...]) -> list[Shape]:
    """Acts that can be done to a message now; what is forbidden is not offered beside a message."""
    return [
        {"verb": v.verb, "price_usd": v.price_usd} for v in offered if v.verb in ACTING and v.allowed
    ]  # fmt: skip


def message(said: Message, team: dict[str, Member]) -> Shape:
    return {
        "id": said.id, "text": said.text, "at": said.at, "edited": said.edited, "gone": said.gone, "own": said.own,
        "by": _name(team, said.by), "automatic": said.by == THE_DESK, "language": said.language or "und",
        "public": said.public,
        "surface": said.surface.value, "hidden": said.hidden, "liked": said.liked,
        "reactions": said.reaction_counts, "receipt": said.receipt, "notice": said.notice,
        "media": [_medium(m) for m in said.media],
        "link": "" if said.gone else said.link,
    }  # fmt: skip


def _medium(kept: dict[str, Any]) -> Shape:
    """What the page needs; bytes it asks of us by number, and where a link leads is all there is to a link."""
    value = kept["value"] or (kept["url"] if kept["kind"] == "link" else "")
    return {**{n: kept[n] for n in ("kind", "name", "size")}, "value": value, "expires": kept["expires"] or None}


def reply(written: Reply, team: dict[str, Member]) -> Shape:
    return {
        "id": written.id, "text": written.text, "state": written.state.value, "at": written.at,
        "by": _name(team, written.by), "code": written.code, "sentence": written.sentence,
        "platform_id": written.platform_id, "verb": written.verb, "message": written.in_reply_to,
        "automatic": bool(written.automatic), "send_at": written.send_at or None,
        "held_until": written.look_at if written.state is State.HELD else None,
        "approved_by": [_name(team, one) for one in written.approvers],
        "edited_by": [_name(team, one) for one in written.editors],
    }  # fmt: skip


def draft(made: Draft, case: Case, team: dict[str, Member], sent: bool = False) -> Shape:
    """A draft as everybody on the team sees it. `stale`: somebody has said something since its author looked."""
    waiting = made.state == "waiting"
    counted = made.counted(case.talk) if waiting else made.approvals
    return {
        "id": made.id, "conversation": made.case, "text": made.text, "verb": made.verb, "at": made.at,
        "by": _known(team, made.by), "state": "sent" if sent else made.state, "number": made.number,
        "why": list(made.why), "approved_by": [_known(team, one.by) for one in counted],
        "edited_by": [_known(team, one) for one in made.editors], "reason": made.reason,
        "ended_at": made.ended_at or None, "ended_by": _name(team, made.ended_by), "reply": made.reply or None,
        "hold": made.hold, "send_at": made.send_at or None, "seen": made.seen, "talk": case.talk,
        "stale": waiting and made.seen != case.talk, "rev": made.rev,
    }  # fmt: skip


def _known(team: dict[str, Member], member_id: str) -> Shape:
    return {"id": member_id, "name": _name(team, member_id)}


def _person(member: Member) -> Shape:
    return {"id": member.id, "name": member.name, "initials": member.initials or initials_of(member.name)}


def _name(team: dict[str, Member], member_id: str) -> str:
    member = team.get(member_id)
    return member.name if member else ""
