"""A desk on which there is one of everything that a route can ask for: for what has to hold for all routes alike."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from hark import aws, wiring
from hark.domain import case as rules
from hark.domain import talk
from hark.domain.account import Account
from hark.domain.case import Case, Reason
from hark.domain.erasure import Person
from hark.domain.events import Media, MediaKind, RawEvent, Surface
from hark.domain.message import kept_media
from hark.domain.people import Role
from hark.domain.policy import Policy
from hark.domain.programs import SCOPES
from hark.domain.reply import Reply, State
from hark.domain.time import text as time_text
from hark.store.accounts import Accounts
from hark.store.people import People
from hark.store.ratings import Ratings
from hark.store.table import Item

from infra.openapi.operations import Operation

from .browser import Answer, Browser
from .conftest import BRAND, Desk, signed_in
from .crowd import WATCHING, case_of, said_by
from .x_deliveries import ACME

ROLES: dict[Role, str] = {"agent": "dana", "lead": "lea", "operator": "olga", "reader": "rita"}
"""Who is there for each role; in another brand they are called the same with `other_` in front."""
PLAIN, DOUBTFUL, HELD, DRAFTED, CLOSED, OF_THE_BOT, ANSWERED = range(7)
"""Which case is in which state, by the number of its customer."""
TOKEN = "t" * 32
LONG = 90 * 86400
HOURS = {
    "language": "en", "kind": "faq", "title": "Opening hours", "text": "We are open from 9 to 18, every day.",
    "questions": ["What are your opening hours?"],
}  # fmt: skip
LATER = "2026-11-20T12:00:00.000Z"
ALL_SCOPES = {"name": "Everything", "scopes": list(SCOPES), "ends_at": "2026-12-20T00:00:00Z"}
QUERIES = {
    "report.report": "from=2026-11-20&to=2026-11-20",
    "report.cases": "from=2026-11-20&to=2026-11-20&what=came",
}
"""What has to be asked of operations that read and want to know more than their path."""
Body = dict[str, Any] | None


def written(plain: str) -> str:
    """A platform's id as the routes take it."""
    return urlsafe_b64encode(plain.encode()).decode().rstrip("=")


@dataclass
class WholeDesk:
    desk: Desk
    people: dict[str, Browser]
    ids: dict[str, str] = field(default_factory=dict)
    """Variable of a path → the id to put there; `operation.variable` goes before `variable`."""

    program: str = ""
    """A token that holds all scopes."""

    def value(self, operation: Operation, variable: str) -> str:
        """
        Raises:
            KeyError: nobody has said what stands there.
        """
        return self.ids.get(f"{operation.name}.{variable}") or self.ids[variable]

    def path(self, operation: Operation, **other: str) -> str:
        """The path with ids of what is there; `other` puts something else for some of them."""
        return operation.path.format(**{v: other.get(v) or self.value(operation, v) for v in operation.variables})

    def ask(self, who: Browser, operation: Operation, path: str, body: Body) -> Answer:
        """Asks as the page does."""
        if operation.reads:
            return who.ask("GET", path, QUERIES.get(operation.name, ""))
        if operation.open:
            return who.ask(operation.method, path, "", {"origin": "https://desk.example.com", "x-desk": "1"})
        kind = "application/json" if body is not None else ""
        said = "" if body is None else body
        return who.send(operation.method, path.removeprefix("/api/v1/"), said, content_type=kind)

    @contextmanager
    def as_if_nothing_had_happened(self, unless: bool = False) -> Iterator[None]:
        """What is done inside is forgotten afterwards; `unless` says that nothing is done."""
        tables = self.desk.dynamodb.tables
        before = tables["desk"] if unless else tables["desk"].copy()
        try:
            yield
        finally:
            tables["desk"] = before

    def kept(self) -> list[Item]:
        """All that is on the desk but the counts of attempts, and when a session was used."""
        return [{**item, "used_at": ""} for item in self.desk.items() if item["sk"] != "RATE"]

    def case(self, number: int) -> Case:
        return case_of(self.desk, number)


def furnish(desk: Desk) -> WholeDesk:
    """One of everything, and a person of each role in two brands."""
    for brand, trusted in ((BRAND, "dana"), ("other", "other_dana")):
        choices = {
            "approvals": {"approvers": [trusted]}, "incidents": WATCHING | {"approvers": [trusted]},
            "bot": {"enabled": True, "share_percent": 100, "reviewer": trusted}, "satisfaction": {"on": True},
        }  # fmt: skip
        People(desk.table).save_policy(brand, Policy.model_validate(choices))
    people = {who: signed_in(desk, who, name=who.title(), role=role, seconds=LONG) for role, who in ROLES.items()}
    people |= {
        f"other_{who}": signed_in(desk, f"other_{who}", "other", role=role, seconds=LONG) for role, who in ROLES.items()
    }
    people |= {"ann": signed_in(desk, "ann", name="Ann"), "max": signed_in(desk, "max", name="Max", role="lead")}
    whole = WholeDesk(desk, people | {"nobody": Browser(desk)})
    desk.take_in(*(said_by(number, "@acme when are you open?") for number in range(7)))
    plain = whole.case(PLAIN)
    whole.ids = {
        "case_id": plain.id, "member_id": "dana", "platform": "x", "person": written(plain.customer_id), "number": "0",
        "message": written(plain.reply_to), "generation": "1", "token": TOKEN, "digest": "0" * 16, "name": "app.js",
        "session_id": "0" * 64,
        "decide.case_id": whole.case(DOUBTFUL).id, "decide.reply_id": _doubtful(whole),
        "held.case_id": whole.case(HELD).id,
    }  # fmt: skip
    _hold(whole)
    _drafts(whole)
    _close(whole)
    _let_the_bot_answer(whole)
    _answer_in_public(whole)
    _incident(whole)
    _picture(whole)
    _comment(whole)
    made = people["lea"].send("POST", "programs", ALL_SCOPES)
    assert made.status == 201, made.said
    whole.ids["program_id"], whole.program = made.said["program"]["id"], made.said["token"]
    for brand in (BRAND, "other"):
        lead = people["lea" if brand == BRAND else "other_lea"]
        entry = lead.send("POST", "canned", HOURS | {"title": f"Hours of {brand}"}).said
        whole.ids.setdefault("entry_id", entry["id"])
    _paused_account(whole)
    _hits(whole)
    _erasure(whole)
    desk.clock.forward(seconds=30)
    return whole


def _paused_account(whole: WholeDesk) -> None:
    """A second account, for resuming it; the first is there to be paused."""
    second = Account(provider="x", id="7770001", brand=BRAND, platform="x", handle="acme_help", name="Acme Help")
    Accounts(whole.desk.table).save(second.model_dump(mode="json"))
    paused = whole.people["lea"].send("POST", f"accounts/{second.id}/pause", {"why": "planned work"})
    assert paused.status == 200, paused.said
    whole.ids |= {"account_id": ACME, "account.resume.account_id": second.id}
    whole.ids["paused_at"] = paused.said["paused"]["at"]


def _doubtful(whole: WholeDesk) -> str:
    case = whole.case(DOUBTFUL)
    reply = _said(whole, "dana", case, text="Hello")
    human = reply.model_copy(update={"state": State.HUMAN, "look_at": "", "code": "x", "sentence": "Look."})
    wiring.sending()._moved(reply, human, "reply.human")
    return reply.id


def _said(whole: WholeDesk, who: str, case: Case, **more: Any) -> Reply:
    answer = whole.people[who].send("POST", f"conversations/{case.id}/replies", {"seen": case.talk, **more})
    assert answer.status == 202, answer.said
    reply = wiring.actions().replies.get(BRAND, case.id, answer.said["id"])
    assert reply
    return reply


def _hold(whole: WholeDesk) -> None:
    reply = _said(whole, "dana", whole.case(HELD), text="Later", send_at=LATER)
    for operation in ("held.withdraw", "held.change"):
        whole.ids |= {f"{operation}.case_id": whole.case(HELD).id, f"{operation}.reply_id": reply.id}


def _drafts(whole: WholeDesk) -> None:
    case, made = whole.case(DRAFTED), {}
    for who in ("ann", "dana"):
        given = {"text": f"A draft of {who}", "seen": case.talk, "competing": "beside"}
        answer = whole.people[who].send("POST", f"conversations/{case.id}/drafts", given)
        assert answer.status == 201, answer.said
        made[who] = answer.said["id"]
    for operation, who in (("edit", "dana"), ("withdraw", "dana"), ("approve", "ann"), ("give_back", "ann")):
        whole.ids |= {f"approval.{operation}.case_id": case.id, f"approval.{operation}.draft_id": made[who]}


def _close(whole: WholeDesk) -> None:
    now, cases = time_text(whole.desk.clock()), wiring.reminding().cases
    case = whole.case(CLOSED)
    cases.commit(case, *talk.answered(case, Policy(), now, "reply.sent", "dana", "r1"), now)
    over, lines = rules.closed(whole.case(CLOSED), "agent", "dana", now)
    case = cases.commit(whole.case(CLOSED), over.model_copy(update={"survey": "offered"}), lines, now)
    whole.desk.table.transact([Ratings(whole.desk.table).invite(TOKEN, case, "private", "2026-12-20T00:00:00.000Z")])
    whole.ids["satisfaction.link.case_id"] = case.id


def _let_the_bot_answer(whole: WholeDesk) -> None:
    lead, now = whole.people["lea"], time_text(whole.desk.clock())
    entry = lead.send("POST", "canned", HOURS | {"title": "For the bot", "questions": ["When are you open?"]}).said
    case = whole.case(OF_THE_BOT)
    read = {
        "kind": "question", "language": "en", "contacts": 1, "triaged": case.gen, "priority": 2,
        "reasons": (Reason(code="triage.addressed", at=now), Reason(code="triage.question", at=now)),
    }  # fmt: skip
    case = wiring.actions().cases.commit(case, case.model_copy(update=read), (), now)
    assert whole.desk.step("auto_answer", case) == {"next": "assign"}
    assert whole.people["dana"].get("bot/review").said["items"][0]["entry"] == entry["id"]
    whole.ids["bot.judge.case_id"] = case.id


def _answer_in_public(whole: WholeDesk) -> None:
    case = whole.case(ANSWERED)
    reply = Reply(
        id="r" + "a" * 25, brand=BRAND, case=case.id, provider="x", platform="x", account_id=case.account_id,
        in_reply_to=case.reply_to, asked_at=case.asked_at, text="We are open from 9 to 18.", by="dana",
        at=case.updated_at, not_after=case.updated_at, state=State.SENT,
    )  # fmt: skip
    whole.desk.table.transact([wiring.actions().replies.new(reply)])


def _incident(whole: WholeDesk) -> None:
    case = whole.case(PLAIN)
    wiring.actions().cases.commit(case, case.model_copy(update={"topic": "internet"}), (), case.updated_at)
    lead = whole.people["max"]
    made = lead.send("POST", "incidents", {"topic": "internet", "title": "Cable cut"})
    assert made.status == 201, made.said
    whole.ids["incident_id"] = incident = made.said["id"]
    told = lead.send("POST", f"incidents/{incident}/broadcasts", {"texts": {"en": "{name}, we know of it."}})
    assert told.status == 201, told.said
    whole.ids["broadcast_id"] = told.said["id"]
    case = whole.case(PLAIN)
    wiring.actions().cases.commit(case, case.model_copy(update={"incident": incident}), (), case.updated_at)


def _picture(whole: WholeDesk) -> None:
    """One that is at no place we fetch from, so that nothing is fetched."""
    aws.s3().create_bucket(Bucket="hark-media")
    messages, case = wiring.copies().messages, whole.case(PLAIN)
    old = messages.get(BRAND, "x", case.reply_to)
    assert old
    media = kept_media(Media(MediaKind.IMAGE, "https://pictures.example/a.png"))
    whole.desk.table.transact([messages.write(old, old.model_copy(update={"media": (media,)}))])


def _comment(whole: WholeDesk) -> None:
    """A message that stands where we may hide it."""
    messages, case = wiring.copies().messages, whole.case(ANSWERED)
    old = messages.get(BRAND, "x", case.reply_to)
    assert old
    whole.desk.table.transact([messages.write(old, old.model_copy(update={"surface": Surface.COMMENT}))])
    whole.ids["act.case_id"] = case.id


def _erasure(whole: WholeDesk) -> None:
    """Of somebody who never wrote to anybody."""
    nobody, at = [Person(platform="x", id="31337")], time_text(whole.desk.clock())
    whole.ids["erasure_id"] = wiring.forgetting().again(BRAND, nobody, at)


def _hits(whole: WholeDesk) -> None:
    """What listening found: one that waits, and one that is none of ours."""
    for number in range(2):
        body = said_by(50 + number, "akme never answers", event_type="poll.search", entities={})
        post = str(body["data"]["payload"]["id"])
        event = RawEvent(f"post:{post}", "poll.search", ACME, json.dumps(body).encode())
        assert wiring.intake().ledger.store(BRAND, "x", event, whole.desk.clock(), "search") == "new"
    whole.desk.fold()
    first, second = whole.people["dana"].get("listening").said["items"]
    whole.ids |= {"hit_id": first["id"], "listening.undo.hit_id": second["id"]}
    assert whole.people["dana"].send("POST", f"listening/{second['id']}/dismiss", {}).status == 200


def bodies(whole: WholeDesk) -> dict[str, Body]:
    """What to say to each operation that writes, so that it does what it is for. A new route is added here too."""
    plain, drafted = whole.case(PLAIN), whole.case(DRAFTED)
    hello = {"text": "Hello Kim", "seen": plain.talk}
    settings = whole.people["lea"].get("policy").said
    version = wiring.incident_acts().incident(_member(whole), whole.ids["incident_id"]).version
    return {
        "change": {"version": plain.version, "assignee": "me", "tags": ["late parcel"]},
        "reply": hello,
        "decide": {"found": True},
        "act": {"verb": "hide", "message": whole.case(ANSWERED).reply_to},
        "note": {"text": "a note"},
        "approval.submit": hello,
        "approval.edit": {"text": "Other words", "rev": 1},
        "approval.approve": {"rev": 1, "seen": drafted.talk},
        "approval.give_back": {"reason": "Too short"},
        "approval.withdraw": None,
        "bot.judge": {"verdict": "right"},
        "canned.write": HOURS,
        "canned.promote": {"conversation": whole.case(ANSWERED).id, "reply": "r" + "a" * 25},
        "canned.change": {"title": "Hours", "text": "From 9 to 18.", "version": 1},
        "canned.remove": {},
        "canned.used": {},
        "account.pause": {"why": "wrong answers went out"},
        "account.resume": {"since": whole.ids["paused_at"]},
        "check.check": {"text": "Hello"},
        "held.withdraw": None,
        "held.change": {"send_at": "2026-11-20T13:00:00.000Z"},
        "incident.open_one": {"topic": "#other", "title": "Another"},
        "incident.change": {"version": version, "title": "Cables cut"},
        "incident.propose": {"texts": {"en": "{name}, we are sorry."}},
        "incident.decide": {"approve": True},
        "listening.trial": {"query": {"id": "brand", "name": "Our name", "names": ["Acme"], "account": ACME}},
        "listening.to_case": {},
        "listening.dismiss": {},
        "listening.undo": {},
        "notice.mark_read": {"up_to": LATER},
        "notice.wish": {"mail": False},
        "policy.change": {"version": settings["version"], "changes": {"name": "Acme"}},
        "policy.dry_run": {"changes": {"answer_all": False}},
        "promise.promise": {"promised_at": LATER},
        "promise.acknowledge": {"next_reply": True},
        "satisfaction.link": {},
        "team.change": {"away": True},
        "program.make": {"name": "CRM", "scopes": ["notes:write"], "ends_at": "2026-12-20T00:00:00Z"},
        "program.revoke": {},
        "retention.change": {"version": settings["version"], "months": 12, "confirmed": True},
        "retention.dry_run": {"months": 12},
        "erasure.erase": {"typed": plain.customer_id},
        "session.revoke": {},
        "session.sign_out_everywhere": {"here": False},
        "session.sign_member_out": {},
    }


def _member(whole: WholeDesk) -> Any:
    return wiring.actions().people.member(BRAND, "lea")
