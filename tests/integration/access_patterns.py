"""Every question the store answers, asked once each: the table in docs/data.md is measured with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from hark.domain.balance import Balance, Leaf, Seal, digest, lines
from hark.domain.canned import Entry as Text
from hark.domain.case import Case, Line
from hark.domain.events import RawEvent
from hark.domain.hits import Hit
from hark.domain.incidents import Broadcast, Incident
from hark.domain.people import Member
from hark.domain.policy import Policy
from hark.domain.programs import SCOPES, Program
from hark.domain.spikes import Past
from hark.domain.tally import Tally, Whose
from hark.domain.time import after
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.accounts import Accounts
from hark.store.bot import Deed, Deeds
from hark.store.canned import Canned
from hark.store.cases import Cases
from hark.store.drafts import Drafts
from hark.store.erasures import Erasures
from hark.store.facts import Facts
from hark.store.hits import Hits
from hark.store.incidents import Incidents
from hark.store.lately import Lately
from hark.store.ledger import Entry, Ledger
from hark.store.messages import Messages
from hark.store.notices import Notices
from hark.store.people import People
from hark.store.policies import Policies
from hark.store.presence import Presence, Presences
from hark.store.programs import Programs
from hark.store.ratings import Ratings
from hark.store.replies import Replies
from hark.store.retention import Removal, Retentions, Round
from hark.store.seals import Head, Seals
from hark.store.seats import Seats
from hark.store.shadow import Shadows
from hark.store.tags import Tags

from .conftest import BRAND
from .consumption import Walk
from .x_deliveries import ACME

ONLY_DESCRIBE = {
    "Ledger.finished", "Ledger.blanked", "Messages.write", "Messages.alias", "Messages.identity", "Messages.begins",
    "Cases.writes",
    "Cases.seen_up_to", "Cases.learns", "Cases.opens_with", "Ledger.again", "Ledger.story",
    "Ledger.in_parts", "Ledger.late", "Ledger.late_end", "Ledger.taken_away",
    "Replies.new", "Replies.write", "Replies.key", "People.doing", "People.changes", "People.policy_of",
    "Seats.taken", "Seats.look_at_once", "Policies.writes",
    "Drafts.new", "Drafts.write", "Drafts.one_more_approved", "Ratings.invite", "Ratings.rate",
    "Canned.new", "Canned.changed", "Canned.removed", "Canned.used", "Canned.judged", "Deeds.new", "Deeds.judged",
    "Deeds.counted",
    "Incidents.heard", "Incidents.takes_topic", "Incidents.frees_topic", "Incidents.still_on", "Incidents.writes",
    "Accounts.pausing", "Accounts.resuming", "Policies.told", "Retentions.look_at", "Retentions.one_more",
    "Retentions.ends", "Retentions.removing",
    "Ledger.erased", "Erasures.still", "Erasures.mark", "Erasures.begins", "Erasures.counted", "Erasures.done",
    "Accounts.listens", "Ledger.reviewed", "Ledger.chosen", "Hits.new", "Hits.write",
    "Incidents.joins", "Incidents.broadcast_writes", "Incidents.posts_on_x", "Incidents.key", "Incidents.tells",
}  # fmt: skip
"""Methods that build a write for somebody's transaction and touch no table themselves."""


def patterns(walk: Walk) -> dict[str, Callable[[], Any]]:
    """Each question by the method that asks it, on a desk with one closed case and others open like it. In order: a
    later one may need what an earlier one wrote."""
    table, now = walk.desk.table, walk.desk.clock()
    accounts, ledger, messages, cases = Accounts(table), Ledger(table), Messages(table), Cases(table)
    replies, people, drafts = Replies(table), People(table), Drafts(table)
    ratings = Ratings(table)
    seats = Seats(table)
    erasures = Erasures(table)
    case = next(c for c in walk.desk.cases() if c.status == "closed")
    other = next(c for c in walk.desk.cases() if c.status == "open")
    entry_key = next(keys.Key(i["pk"], i["sk"]) for i in walk.desk.items("RAW"))
    reply = replies.of_case(BRAND, case.id)[0]
    account = dict(accounts.find("x", ACME) or {})
    event = RawEvent("post:1", "post.mention.create", ACME, b'{"data": {}}' * 40)
    member = people.members(BRAND)[0]
    text = time_text(now)
    retentions = Retentions(table)
    removal = Removal(
        brand=BRAND, case=case.id, platform="x", person=case.customer_id, said_up_to=text, up_to="2000-01-01T00:00:00Z"
    )  # fmt: skip
    program = Program(
        id="program_one", brand=BRAND, name="CRM", initials="C", scopes=SCOPES, made_at=text, made_by="dana",
        ends_at=after(text, 86400), token="0" * 64,
    )  # fmt: skip
    notices, notice = Notices(table), keys.notice(BRAND, member.id, text, "t1")
    return {
        "Accounts.find": lambda: accounts.find("x", ACME),
        "Accounts.of_provider": lambda: accounts.of_provider("x"),
        "Accounts.of_brand": lambda: accounts.of_brand(BRAND),
        "Accounts.save": lambda: accounts.save({k: v for k, v in account.items() if k not in ("pk", "sk")}),
        "Accounts.set_state": lambda: accounts.set_state("x", ACME, "ok", "", text),
        "Replies.parked": lambda: replies.parked(BRAND, ACME),
        "Cases.ended": lambda: cases.ended(BRAND, 0, "2000-01-01T00:00:00.000Z", None, 100),
        "Messages.up_to": lambda: messages.up_to(BRAND, case.id, text, None),
        "Messages.unname": lambda: messages.unname(BRAND, "x", "9999999"),
        "Retentions.begin_looking": lambda: retentions.begin_looking(BRAND, text),
        "Retentions.round": lambda: retentions.round(BRAND),
        "Retentions.begins": lambda: retentions.begins(Round(brand=BRAND), text),
        "Retentions.removal": lambda: retentions.removal(keys.removal(BRAND, case.id)),
        "Retentions.said_with": lambda: list(retentions.said_with(removal)),
        "Retentions.emptied": lambda: retentions.emptied(removal),
        "Accounts.wanted_of": lambda: accounts.wanted_of("x", ACME),
        "Hits.of_person": lambda: list(Hits(table).of_person(BRAND, "x", "1")),
        "Ledger.unread": lambda: ledger.unread(keys.aside(BRAND), text),
        "Messages.all_begun_by": lambda: messages.all_begun_by(BRAND, "x", case.customer_id),
        "Erasures.forgotten_at": lambda: erasures.forgotten_at(BRAND, "x", case.customer_id),
        "Erasures.get": lambda: erasures.get(BRAND, "e1"),
        "Erasures.at": lambda: erasures.at(keys.erasure(BRAND, "e1")),
        "Erasures.of_brand": lambda: erasures.of_brand(BRAND),
        "Erasures.chain": lambda: erasures.chain(BRAND),
        "Accounts.cursor": lambda: accounts.cursor("x", ACME),
        "Accounts.move_cursor": lambda: accounts.move_cursor("x", ACME, {"since_id": "1", "words": "tweet"}),
        "Accounts.note": lambda: accounts.note("x", ACME, last_event_at=text),
        "Accounts.begin_renewal": lambda: accounts.begin_renewal("x", ACME, text, after(text, 300), ""),
        "Accounts.want": lambda: accounts.want("x", ACME, '{"what": "a post"}', "post:1"),
        "Accounts.wanted": lambda: accounts.wanted("x", ACME),
        "Accounts.tried": lambda: accounts.tried("x", ACME, '{"what": "a post"}', 1),
        "Accounts.got": lambda: accounts.got("x", ACME, '{"what": "a post"}'),
        "Ledger.store": lambda: ledger.store(BRAND, "x", event, now, "webhook"),
        "Ledger.state": lambda: ledger.state(BRAND, "x", event.key),
        "Ledger.entry": lambda: ledger.entry(entry_key),
        "Ledger.failed": lambda: ledger.failed(_entry(walk, ledger, event), "x", now),
        "Ledger.quarantine": lambda: ledger.quarantine(BRAND, "x", b"not JSON", "UnreadableDelivery", now),
        "Messages.get": lambda: messages.get(BRAND, "x", case.reply_to),
        "Messages.versions": lambda: messages.versions(BRAND, "x", [case.reply_to]),
        "Messages.written_after": lambda: messages.written_after(case, case.opened_at, or_then=True),
        "Messages.resolved": lambda: messages.resolved(BRAND, "x", case.reply_to),
        "Messages.who": lambda: messages.who(BRAND, "x", case.customer_id),
        "Messages.thread": lambda: messages.thread(BRAND, case.id, None),
        "Messages.begun_by": lambda: messages.begun_by(BRAND, "x", case.customer_id, 21),
        "Messages.forget": lambda: messages.forget(BRAND, "x", "9999999"),
        "Cases.many": lambda: cases.many(BRAND, [case.id]),
        "Cases.get": lambda: cases.get(BRAND, other.id),
        "Cases.before": lambda: cases.before(BRAND, other.id),
        "Cases.commit": lambda: cases.commit(other, other.model_copy(update={"priority": 1}), (), text),
        "Cases.workflow_runs": lambda: cases.workflow_runs(_starting(walk, cases, other.id), text),
        "Cases.signal_delivered": lambda: cases.signal_delivered(_fresh(walk, cases, other.id), text),
        "Cases.looked_at": lambda: cases.looked_at(_fresh(walk, cases, other.id), after(text, 600)),
        "Cases.history": lambda: cases.history(BRAND, case.id),
        "Cases.of_view": lambda: cases.of_view(BRAND, "open", member.id, {}, 25),
        "Cases.walk": lambda: cases.walk(BRAND, text, {"part": 0}, 25),
        "Cases.open_of": lambda: cases.open_of(BRAND, other.owner),
        "Cases.changed": lambda: cases.changed(BRAND, text, 101),
        "Cases.counts": lambda: cases.counts(BRAND, member.id),
        "Cases.in_hand": lambda: cases.in_hand(BRAND, other.owner),
        "Cases.waiting": lambda: next(cases.waiting(BRAND), None),
        "Cases.of_owner": lambda: list(cases.of_owner(BRAND, other.owner)),
        "Cases.any_of_nobody": lambda: cases.any_of_nobody(BRAND),
        "Replies.takes_off": lambda: replies.takes_off(reply, "words", int(now.timestamp()) + 60),
        "Replies.in_flight": lambda: replies.in_flight(BRAND, reply.account_id, "words"),
        "Replies.get": lambda: replies.get(BRAND, case.id, reply.id),
        "Replies.at": lambda: replies.at(replies.key(reply)),
        "Replies.of_case": lambda: replies.of_case(BRAND, case.id),
        "Ratings.invited": lambda: ratings.invited("t" * 32),
        "Ratings.of_generation": lambda: ratings.of_generation(BRAND, other.id, 1),
        "Ratings.of_case": lambda: ratings.of_case(BRAND, other.id),
        "Drafts.get": lambda: drafts.get(BRAND, other.id, "d-none"),
        "Drafts.of_case": lambda: drafts.of_case(BRAND, other.id),
        "Drafts.waiting": lambda: drafts.waiting(BRAND, None, 25),
        "Drafts.approved_of": lambda: drafts.approved_of(BRAND, member.id),
        "People.members": lambda: people.members(BRAND),
        "People.member": lambda: people.member(BRAND, member.id),
        "People.everybody": lambda: people.everybody(BRAND),
        "Programs.make": lambda: Programs(table).make(program, []),
        "Programs.of_brand": lambda: Programs(table).of_brand(BRAND),
        "Programs.get": lambda: Programs(table).get(BRAND, program.id),
        "Programs.of_token": lambda: Programs(table).of_token(program.token),
        "Programs.used": lambda: Programs(table).used(program, text),
        "Programs.revoke": lambda: Programs(table).revoke(program, text, member.id, []),
        "People.save": lambda: people.save(Member(id="new", brand=BRAND, name="New")),
        "People.handed_back": lambda: people.handed_back(BRAND, member),
        "Seats.of_brand": lambda: seats.of_brand(BRAND, text),
        "Seats.mark": lambda: seats.mark(BRAND),
        "Seats.look_by": lambda: seats.look_by(BRAND, after(text, 900)),
        "Seats.looked": lambda: seats.looked(BRAND, _mark(walk, seats), after(text, 900)),
        "People.policy": lambda: people.policy(BRAND),
        "People.save_policy": lambda: people.save_policy(BRAND, Policy()),
        "Policies.settled": lambda: Policies(table).settled(BRAND),
        "Policies.amendments": lambda: Policies(table).amendments(BRAND),
        "People.begin_sign_in": lambda: people.begin_sign_in("state", "v" * 86, "/", 1),
        "People.end_sign_in": lambda: people.end_sign_in("state"),
        "People.open_session": lambda: people.open_session("t", BRAND, "new", 1, at=text),
        "People.session": lambda: people.session(keys.session_id("t")),
        "People.sessions": lambda: people.sessions(BRAND, "new"),
        "People.session_used": lambda: people.session_used(keys.session_id("t"), after(text, 900)),
        "People.close_sessions": lambda: people.close_sessions(BRAND, "new", keys.session_id("t")),
        "People.close_session": lambda: people.close_session(keys.session_id("t")),
        "People.writes_lately": lambda: people.writes_lately(member, now, 10),
        "People.done": lambda: people.done(BRAND, member.id, "a-click-of-dana"),
        "Shadows.agreed": lambda: Shadows(table).agreed(BRAND, "triage", "trial", now),
        "Shadows.differed": lambda: Shadows(table).differed(
            BRAND, "triage", "trial", case.id, 1, ["triage.addressed", "triage.question"], ["triage.unsure"], now
        ),
        "Shadows.told": lambda: Shadows(table).told(BRAND),
        **_of_incidents(Incidents(table), case, text),
        **_of_listening(Hits(table), case, text),
        **_of_the_ledger(Seals(table), entry_key, text),
        "Canned.get": lambda: Canned(table).get(BRAND, _entry_of_the_faq(walk)),
        "Canned.of_brand": lambda: Canned(table).of_brand(BRAND),
        "Tags.counting": lambda: table.transact(Tags(table).counting(BRAND, (), ("refund", "late", "broken"), now)),
        "Tags.of_brand": lambda: Tags(table).of_brand(BRAND),
        "Canned.in_language": lambda: Canned(table).in_language(BRAND, "en"),
        "Deeds.get": lambda: Deeds(table).get(BRAND, case.id, _deed(walk, case)),
        "Deeds.to_review": lambda: Deeds(table).to_review(BRAND, None, 25),
        "Deeds.day": lambda: Deeds(table).day(BRAND, text[:10]),
        "Lately.said": lambda: Lately(table).said(case, member.id, reply.id, b"s" * 64, 1),
        "Lately.sketches": lambda: Lately(table).sketches(case, member.id),
        "Presences.note": lambda: Presences(table).note(BRAND, Presence(member.id, case.id, False, text)),
        "Presences.of_brand": lambda: Presences(table).of_brand(BRAND),
        "Facts.between": lambda: list(Facts(table).between(BRAND, f"{text[:10]}T00:00:00.000Z", text)),
        "Facts.sum_up": lambda: Facts(table).sum_up(BRAND, text[:10], "UTC", _a_busy_day()),
        "Facts.sums": lambda: Facts(table).sums(BRAND, "2000-01-01", text[:10], "UTC"),
        "Notices.tell": lambda: notices.tell(
            notice, {"code": "remind.owner", "at": text, "case": case.id, "mail": "wanted"}
        ),
        "Notices.of_member": lambda: notices.of_member(BRAND, member.id),
        "Notices.state": lambda: notices.state(BRAND, member.id),
        "Notices.begin_mail": lambda: notices.begin_mail(notice, {}, [text]),
        "Notices.mailed": lambda: notices.mailed(notice, "wanted"),
        "Notices.hold_mail": lambda: notices.hold_mail(notice, {"rev": 1}, [text]),
        "Notices.read_to": lambda: notices.read_to(BRAND, member.id, text),
        "Notices.wishes": lambda: notices.wishes(BRAND, member.id, language="lv"),
        "Table.query (work)": lambda: table.query(keys.work(0), index=keys.WORK, up_to=text),
        "Table.query (notes)": lambda: table.query(keys.case(BRAND, case.id).pk, prefix=keys.NOTE_PREFIX),
    }


def _of_the_ledger(seals: Seals, entry: keys.Key, text: str) -> dict[str, Callable[[], Any]]:
    day, head = text[:10], Head(brand=BRAND, first=text[:10], work_sk=text)
    seal = Seal(brand=BRAND, day=day, previous="", balance=Balance(received=2, folded=2), made_at=text).hashed()
    listed = lines([Leaf(entry.pk, text, "folded", ""), Leaf(entry.pk, text, "set_aside", "event.empty")])
    return {
        "Seals.begin": lambda: seals.begin(BRAND, text),
        "Seals.head": lambda: seals.head(BRAND),
        "Seals.listed": lambda: seals.listed(BRAND, day, keys.shard(entry.pk)),
        "Seals.standing": lambda: seals.standing([entry]),
        "Seals.ends": lambda: seals.ends(BRAND, day),
        "Seals.keep": lambda: seals.keep(BRAND, day, listed),
        "Seals.kept": lambda: seals.kept(BRAND, day, digest(listed)),
        "Seals.seal": lambda: seals.seal(head, head.model_copy(update={"sealed": day, "hash": seal.hash}), seal),
        "Seals.move": lambda: seals.move(head.model_copy(update={"rev": 1}), head),
        "Seals.of_day": lambda: seals.of_day(BRAND, day),
        "Seals.since": lambda: seals.since(BRAND, day),
    }


def _entry(walk: Walk, ledger: Ledger, event: RawEvent) -> Entry:
    with walk.meter.paused():
        found = ledger.entry(keys.raw(BRAND, "x", event.key))
    assert found
    return found


def _fresh(walk: Walk, cases: Cases, case_id: str) -> Case:
    with walk.meter.paused():
        found = cases.get(BRAND, case_id)
    assert found
    return found


def _mark(walk: Walk, seats: Seats) -> str:
    with walk.meter.paused():
        return seats.mark(BRAND)


def _starting(walk: Walk, cases: Cases, case_id: str) -> Case:
    """The case as it is before its workflow is known to run."""
    with walk.meter.paused():
        walk.desk.table.client.update_item(
            TableName=walk.desk.table.name, Key={"pk": {"S": keys.case(BRAND, case_id).pk}, "sk": {"S": "CASE"}},
            UpdateExpression="SET workflow = :s", ExpressionAttributeValues={":s": {"S": "starting"}},
        )  # fmt: skip
    return _fresh(walk, cases, case_id)


def _entry_of_the_faq(walk: Walk) -> str:
    """An entry as leads write them."""
    entry = Text(
        id="en_k1", brand=BRAND, language="en", kind="faq", title="Opening hours", by="dana", at="2026-11-20",
        text="We are open from 9 to 18 on every day of the week.", questions=("When are you open?",) * 3,
    )  # fmt: skip
    with walk.meter.paused():
        if Canned(walk.desk.table).get(BRAND, entry.id) is None:
            walk.desk.table.transact([Canned(walk.desk.table).new(entry)])
    return entry.id


def _deed(walk: Walk, case: Case) -> int:
    deed = Deed(
        brand=BRAND, case=case.id, gen=case.gen, at="2026-11-20T09:00:00.000Z", did="answered", platform="x",
        language="en", entry="en_k1", message=case.reply_to, reply="r" * 26,
    )  # fmt: skip
    with walk.meter.paused():
        if Deeds(walk.desk.table).get(BRAND, case.id, case.gen) is None:
            walk.desk.table.transact([Deeds(walk.desk.table).new(deed)])
    return case.gen


def _a_busy_day() -> Tally:
    """Ten agents on five accounts, each with a hundred answers, no two in the same time."""
    times = {f"first.{number}": 1 for number in range(300, 400)} | {"answers.person.public": 100, "first_mark.met": 100}
    return {Whose("x", str(n % 5), f"member-{n}"): Counter(times) for n in range(10)}


def _of_listening(stored: Hits, case: Case, now: str) -> dict[str, Callable[[], Any]]:
    hit = Hit(
        id=keys.hit_id("x", "1"), brand=BRAND, provider="x", platform="x", account_id=ACME, message="1",
        conversation=case.id, raws=("r1",), query="brand", text="has anybody ever reached akme by phone? " * 3, at=now,
        arrived=now, handle="kim_l", name="Kim L", person="7770002", history=(Line(code="listening.found", at=now),),
    )  # fmt: skip
    state = {"place": {"since_id": "2123706425275322373", "asked": "0" * 12}, "month": now[:7], "read": 7}

    def made() -> Hit | None:
        stored.table.transact([stored.new(hit)])
        return stored.get(BRAND, hit.id)

    return {
        "Hits.get": made,
        "Hits.of_post": lambda: stored.of_post(BRAND, "x", "1"),
        "Hits.page": lambda: stored.page(BRAND, "waiting", "", None, 25),
        "Hits.lately": lambda: stored.lately(BRAND, "waiting", now, 100),
        "Hits.listened": lambda: stored.listened(BRAND, "brand"),
        "Hits.move": lambda: stored.move(BRAND, "brand", state),
        "Hits.all_listened": lambda: stored.all_listened(BRAND),
    }


def _of_incidents(stored: Incidents, case: Case, now: str) -> dict[str, Callable[[], Any]]:
    incident = Incident(id="i1", brand=BRAND, topic="internet", title="internet", opened_at=now)
    broadcast = Broadcast(id="b1", brand=BRAND, incident="i1", texts={}, by="ada", at=now)

    def gathered() -> None:
        stored.table.transact(stored.writes(None, incident, ())[1])
        stored.gathering_done(incident)

    return {
        "Incidents.topic": lambda: stored.topic(BRAND, "internet"),
        "Incidents.watched_since": lambda: stored.watched_since(BRAND),
        "Incidents.begin_watching": lambda: stored.begin_watching(BRAND, now),
        "Incidents.counted": lambda: stored.counted(BRAND, "internet", 1),
        "Incidents.all_heard": lambda: list(stored.all_heard(BRAND, "internet", 1)),
        "Incidents.turn": lambda: stored.turn(BRAND, "internet", None, Past(bucket=1, first=1), 1),
        "Incidents.get": lambda: stored.get(BRAND, "i1"),
        "Incidents.of_brand": lambda: stored.of_brand(BRAND),
        "Incidents.gathering_done": gathered,
        "Incidents.story": lambda: stored.story(BRAND, "i1"),
        "Incidents.members": lambda: stored.members(BRAND, "i1"),
        "Incidents.cases": lambda: stored.cases(BRAND, [case.id]),
        "Incidents.broadcast": lambda: stored.broadcast(stored.key(broadcast)),
        "Incidents.broadcasts": lambda: stored.broadcasts(BRAND, "i1"),
        "Incidents.told": lambda: stored.told(BRAND, "i1", "b1"),
        "Incidents.told_already": lambda: stored.told_already(broadcast, [case.id]),
    }
