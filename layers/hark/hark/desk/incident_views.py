"""What leads see of an incident, and its story as a table to take along (K2). Shapes as in docs/api.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hark.desk import views
from hark.desk.spreadsheet import as_csv
from hark.domain import incidents as rules
from hark.domain.case import Case
from hark.domain.incidents import Broadcast, Incident
from hark.domain.people import Member
from hark.domain.reasons import sentence
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.incidents import Incidents as Stored
from hark.store.people import People
from hark.store.replies import Replies
from hark.store.table import Item

Shape = dict[str, Any]

COLUMNS = ("at", "code", "sentence", "by", "case", "platform", "about")
PAGE = 50


@dataclass(frozen=True)
class IncidentViews:
    stored: Stored
    replies: Replies
    people: People
    clock: Callable[[], datetime]

    def of_brand(self, member: Member) -> Shape:
        """The newest incidents, and the topics one can be opened on."""
        choices = self.people.policy(member.brand).incidents
        return {
            "items": [row(incident) for incident in self.stored.of_brand(member.brand)],
            "topics": list(choices.topics), "watching": choices.watch, "now": time_text(self.clock()),
        }  # fmt: skip

    def one(self, member: Member, incident: Incident) -> Shape:
        """All of an incident but its cases."""
        team = self._team(member)
        return {
            **row(incident), "status": incident.status, "kit": incident.kit,
            "story": [
                {"at": line["at"], "code": line["code"], "sentence": sentence(line["code"]),
                 "by": _name(team, line["by"])}
                for line in self.stored.story(incident.brand, incident.id)
            ],
            "broadcasts": [
                self.broadcast(member, each) for each in self.stored.broadcasts(incident.brand, incident.id)
            ],
            "now": time_text(self.clock()),
        }  # fmt: skip

    def broadcast(self, member: Member, broadcast: Broadcast) -> Shape:
        """A broadcast: how many cases got it, and which did not, each with its reason."""
        team, asked = self._team(member), dict[str, int]()
        told = self.stored.told(broadcast.brand, broadcast.incident, broadcast.id)
        refused = [
            {"case": item["case"], "code": item["code"], "sentence": item["sentence"]}
            for item in told
            if item["outcome"] == "refused"
        ]
        for reply in self._replies(broadcast.brand, [item for item in told if item["outcome"] == "asked"]):
            asked[reply["state"]] = asked.get(reply["state"], 0) + 1
            if reply["state"] in ("failed", "human"):
                refused.append({"case": reply["case"], "code": reply["code"], "sentence": reply["sentence"]})
        return {
            "id": broadcast.id, "texts": broadcast.texts, "state": broadcast.state, "at": broadcast.at,
            "by": _name(team, broadcast.by), "author": broadcast.by,
            "decided_by": _name(team, broadcast.decided_by), "decided_at": broadcast.decided_at or None,
            "replies": asked, "for_people": refused,
        }  # fmt: skip

    def of_case(self, case: Case) -> Shape | None:
        """The incident a case belongs to, with the reply as this customer would get it; None when it is in none."""
        incident = self.stored.get(case.brand, case.incident) if case.incident else None
        if incident is None:
            return None
        languages = self.people.policy(case.brand).languages
        return {
            **row(incident), "status": incident.status,
            "reply": rules.text_for(case, incident.kit, languages) if incident.kit else "",
        }  # fmt: skip

    def cases(self, member: Member, incident: Incident, after: str) -> tuple[Shape, str]:
        """One page of its cases, and the place of the next (empty at the end)."""
        team = self._team(member)
        ids, more = self.stored.members(incident.brand, incident.id, after, PAGE)
        items = [
            {**views.row(case, team), "unanswered": rules.unanswered(case)}
            for case in self.stored.cases(incident.brand, ids)
        ]
        return {"items": items}, ids[-1] if more else ""

    def waiting(self, member: Member, count: int, cases: list[Case]) -> Shape:
        """Those of its cases that wait for us, oldest first."""
        team = self._team(member)
        return {"count": count, "items": [views.row(case, team) for case in cases]}

    def export(self, member: Member, incident: Incident) -> Shape:
        """The whole story in the order of time: its own, who joined, who was told or not, who was answered."""
        rows = sorted(self._rows(member, incident), key=lambda each: (each["at"], each["case"], each["code"]))
        return {"incident": row(incident), "rows": rows}

    # --- inside ---

    def _rows(self, member: Member, incident: Incident) -> Iterator[Shape]:
        team, brand = self._team(member), incident.brand
        for line in self.stored.story(brand, incident.id):
            yield _row(line["at"], line["code"], sentence(line["code"]), _name(team, line["by"]), about=line["about"])
        place, more = "", True
        while more:
            ids, more = self.stored.members(brand, incident.id, place)
            place = ids[-1] if ids else place
            for case in self.stored.cases(brand, ids):
                yield from _of_case(case, team)
        for broadcast in self.stored.broadcasts(brand, incident.id):
            for item in self.stored.told(brand, incident.id, broadcast.id):
                if item["outcome"] == "refused":
                    yield _row(item["at"], item["code"], item["sentence"], case=item["case"], about=broadcast.id)
                else:
                    code = "reply.automatic"
                    yield _row(item["at"], code, sentence(code), case=item["case"], about=broadcast.id)

    def _replies(self, brand: str, told: list[Item]) -> Iterator[Item]:
        for start in range(0, len(told), 100):
            wanted = [keys.reply(brand, item["case"], item["reply"]) for item in told[start : start + 100]]
            yield from self.replies.table.get_many(wanted).values()

    def _team(self, member: Member) -> dict[str, Member]:
        return self.people.everybody(member.brand)


def row(incident: Incident) -> Shape:
    """An incident as a list shows it."""
    return {
        "id": incident.id, "topic": incident.topic, "title": incident.title, "state": incident.state,
        "opened_at": incident.opened_at, "closed_at": incident.closed_at or None, "counted": incident.counted,
        "people": incident.people, "suggested": not incident.opened_by, "version": incident.version,
    }  # fmt: skip


def table(rows: list[Shape]) -> str:
    """The story as CSV."""
    return as_csv(COLUMNS, rows)


def _of_case(case: Case, team: dict[str, Member]) -> Iterator[Shape]:
    yield _row(case.opened_at, "case.opened", sentence("case.opened"), case=case.id, platform=case.platform)
    if case.answered_at:
        owner = _name(team, case.owner)
        yield _row(case.answered_at, "reply.sent", sentence("reply.sent"), owner, case=case.id, platform=case.platform)
    if case.closed_at:
        code = f"case.closed.{case.close_reason}"
        yield _row(case.closed_at, code, sentence(code), case=case.id, platform=case.platform)


def _row(at: str, code: str, said: str, by: str = "", *, case: str = "", platform: str = "", about: str = "") -> Shape:
    return {"at": at, "code": code, "sentence": said, "by": by, "case": case, "platform": platform, "about": about}


def _name(team: dict[str, Member], member_id: str) -> str:
    member = team.get(member_id)
    return member.name if member else ""
