"""The values of docs/data.md."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from hark.desk.retaining import AT_ONCE, COUNTED
from hark.desk.sealing import GRACE, PATIENCE
from hark.domain.retention_choices import LONGEST_MONTHS, Retention
from hark.store import keys
from hark.store.ledger import UNREAD_KEPT
from hark.store.table import FORMAT

from infra.costs import capacity, idle
from infra.costs.line import count, table
from infra.costs.measured import measured

QUEUE = Path(__file__).parent / "queue_page.json"
"""Written by `python -m tests.integration.queue_page --write`."""
KEYS: dict[str, tuple[dict[str, Any], str]] = {
    "account": ({"provider": "<provider>", "account_id": "<account>"}, "an account, its health, whose brand it is"),
    "quarantine": ({"provider": "<provider>", "body": b""}, "signed bytes nobody can read, by their hash"),
    "cursor": ({"provider": "<provider>", "account_id": "<account>"}, "how far an account has been polled"),
    "survey": ({"token": "<link>"}, "a link by which a customer may rate us, by the hash of its token; expires"),
    "wanted": (
        {"provider": "<provider>", "account_id": "<account>", "reference": "<reference>"},
        "something that came without its words, for the poll to ask after",
    ),
    "session": ({"session_id_": "<hash>"}, "a session, by the hash of its cookie; expires"),
    "token": ({"token_hash": "<hash>"}, "whose a program's token is, by its hash; expires"),
    "sign_in": ({"state": "<state>"}, "a sign-in under way, by the hash of its state; expires"),
    "raw": (
        {"brand": "<brand>", "provider": "<provider>", "event_key": "<event>"},
        "an event in the ledger, by the hash of its business key",
    ),
    "late_end": (
        {"brand": "<brand>", "at": "<day>T<time>", "entry": keys.Key("<entry>", "RAW")},
        "that an event ended on another day than it came",
    ),
    "leaves": (
        {"brand": "<brand>", "day": "<day>", "digest": "<digest>"},
        "a list of what came in, or ended late, on a day that was sealed, by its digest",
    ),
    "seal": ({"brand": "<brand>", "day": "<day>"}, "that a day of the ledger is over: its balance, and its hash"),
    "ledger_head": ({"brand": "<brand>"}, "how far the ledger is sealed, and what the last night found"),
    "message": (
        {"brand": "<brand>", "platform": "<platform>", "message_id": "<message>"},
        "a message, or an alias of one",
    ),
    "identity": (
        {"brand": "<brand>", "platform": "<platform>", "person_id": "<person>"},
        "what a platform says of a person",
    ),
    "conversation": (
        {"brand": "<brand>", "platform": "<platform>", "person_id": "<person>", "at": "<time>", "case_id_": "<case>"},
        "that a person began a conversation",
    ),
    "deletion": (
        {"brand": "<brand>", "provider": "<provider>", "subject_id": "<person>"},
        "that a person asked to be forgotten, by a hash",
    ),
    "case": ({"brand": "<brand>", "case_id": "<case>"}, "a case: everything the queue shows"),
    "before": (
        {"brand": "<brand>", "case_id": "<case>"},
        "what was learnt of a conversation before it had a case",
    ),
    "history": (
        {"brand": "<brand>", "case_id": "<case>", "version": 7, "number": 0},
        "a line of a case's history: the case's version in eight digits, then the line's number",
    ),
    "reply": ({"brand": "<brand>", "case_id": "<case>", "reply_id": "<reply>"}, "a reply in the outbox"),
    "flight": (
        {"brand": "<brand>", "account_id": "<account>", "words": "<words>", "reply_id_": "<reply>"},
        "that a reply is on its way in these words, by their hash; expires",
    ),
    "draft": (
        {"brand": "<brand>", "case_id": "<case>", "draft_id": "<draft>"},
        "what somebody wants to say and others have to approve",
    ),
    "approved": ({"brand": "<brand>", "member_id": "<member>"}, "how many replies of a person were approved"),
    "rating": ({"brand": "<brand>", "case_id": "<case>", "gen": 2}, "how satisfied the customer was with a generation"),
    "note": ({"brand": "<brand>", "case_id": "<case>", "at": "<time>", "note_id": "<note>"}, "a note for the team"),
    "tag": ({"brand": "<brand>", "name": "<tag>"}, "how many cases have a tag; expires a day after the last"),
    "member": ({"brand": "<brand>", "member_id": "<member>"}, "a person of the team, or a program of the brand"),
    "presence": (
        {"brand": "<brand>", "member_id": "<member>"},
        "which conversation a person has before them; expires",
    ),
    "seat": (
        {"brand": "<brand>", "member_id": "<member>"},
        "what a person was given lately, and in whose turn: whoever gives them a case takes it",
    ),
    "retention": (
        {"brand": "<brand>"},
        "when it is next looked which cases have come to their end, and how far that is",
    ),
    "removal": ({"brand": "<brand>", "case_id": "<case>"}, "that the words of a case are being removed; then it goes"),
    "marked_deletion": (
        {"brand": "<brand>", "provider": "<platform>", "subject_": "<#person>"},
        "that a person is erased, by a hash: for good",
    ),
    "erasure": (
        {"brand": "<brand>", "erasure_id_": "<erasure>"},
        "that a person is being erased; then the receipt, which names nobody",
    ),
    "erasure_chain": ({"brand": "<brand>"}, "how many receipts there are, and the hash of the newest"),
    "roster": ({"brand": "<brand>"}, "when waiting cases are next offered to who is there"),
    "policy": ({"brand": "<brand>"}, "the brand's settings"),
    "amendment": (
        {"brand": "<brand>", "at": "<time>", "version": "<mark>"},
        "that somebody changed the brand's settings: what was, what is, and who",
    ),
    "bot": ({"brand": "<brand>", "case_id": "<case>", "gen": 1}, "what the bot did in a generation of a case"),
    "bot_day": ({"brand": "<brand>", "day": "<day>"}, "how much of a day's conversations the bot took; expires"),
    "canned": ({"brand": "<brand>", "entry_id": "<language>_<entry>"}, "a canned text, or an entry of the FAQ"),
    "lately": (
        {"brand": "<brand>", "whose": "member#<member>"},
        "sketches, and no words, of what a member or an account said lately; expires",
    ),
    "agreement": (
        {"brand": "<brand>", "what": "triage", "day": "<day>", "version": "<rules>"},
        "how often rules on trial agreed with those in force on a day; expires",
    ),
    "difference": (
        {"brand": "<brand>", "what": "triage", "at": "<time>", "case_id_": "<case>", "gen": 1},
        "a case that rules on trial would have treated otherwise; expires",
    ),
    "done": (
        {"brand": "<brand>", "member_id": "<member>", "idempotency_key": "<key>"},
        "that a click was done, and what it did; expires",
    ),
    "notice": (
        {"brand": "<brand>", "member_id": "<member>", "at": "<time>", "notice_id_": "<notice>"},
        "what a person was told; expires",
    ),
    "notice_state": (
        {"brand": "<brand>", "member_id": "<member>"},
        "what they have read, how they want it, and their last e-mails",
    ),
    "topic": ({"brand": "<brand>", "topic_id": "<topic>"}, "a topic's past, and the incident open on it; expires"),
    "heard": (
        {"brand": "<brand>", "topic_id": "<topic>", "bucket": 1994628, "case_id_": "<case>", "gen": 1},
        "that a case was opened over a topic in a quarter of an hour; expires",
    ),
    "watched": ({"brand": "<brand>"}, "since when the brand's topics are watched"),
    "incident": ({"brand": "<brand>", "incident_id_": "<incident>"}, "an incident: what is known, and for agents"),
    "grouped": (
        {"brand": "<brand>", "incident_id_": "<incident>", "case_id_": "<case>"},
        "that a case belongs to an incident",
    ),
    "story": (
        {"brand": "<brand>", "incident_id_": "<incident>", "version": 7, "number": 0},
        "a line of an incident's story",
    ),
    "broadcast": (
        {"brand": "<brand>", "incident_id_": "<incident>", "broadcast_id_": "<broadcast>"},
        "a status for every case of an incident, with its approval",
    ),
    "told": (
        {"brand": "<brand>", "incident_id_": "<incident>", "broadcast_id_": "<broadcast>", "case_id_": "<case>"},
        "what became of a broadcast at one case",
    ),
    "fact": (
        {"brand": "<brand>", "at": "<day>T<time>", "fact_key": "<time>#<case>#<version>#<kind>"},
        "what happened to a case, for the reports; expires",
    ),
    "day_sums": ({"brand": "<brand>", "day": "<day>"}, "what a day that is over comes to, for the reports"),
    "hit": ({"brand": "<brand>", "hit_id_": "<hit>"}, "a post that listening found, and what was decided; expires"),
    "listened": (
        {"brand": "<brand>", "query_id": "<query>"},
        "how far a listening query has come, and what it read this month",
    ),
    "rate": (
        {"brand": "<brand>", "member_id": "<member>", "window": "<window>"},
        "writes of a person in ten seconds; expires",
    ),
}
"""Each function of `store/keys.py` that names an item: arguments for an example, and what the item is."""

LISTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "thread": ({"brand": "<brand>", "conversation": "<case>"}, "lists", "messages of a conversation by time"),
    "view": (
        {"brand": "<brand>", "status": "<status>", "shard_number": "<part>"},
        "lists",
        "cases of a status: open ones due first",
    ),
    "drafts_of": ({"brand": "<brand>"}, "lists", "drafts that wait for approval, by time"),
    "bot_review": ({"brand": "<brand>"}, "lists", "what the bot did and nobody has looked over"),
    "parked": (
        {"brand": "<brand>", "account_id": "<account>"},
        "lists",
        "replies that wait for an account to be let act again",
    ),
    "accounts_of": ({"brand": "<brand>"}, "lists", "accounts of a brand"),
    "sessions_of": ({"brand": "<brand>", "member_id": "<member>"}, "lists", "where a person is signed in, by time"),
    "incidents_of": ({"brand": "<brand>"}, "lists", "incidents of a brand by time"),
    "hits_of": ({"brand": "<brand>", "state": "<state>"}, "lists", "what listening found, by decision and time"),
    "hits_of_query": (
        {"brand": "<brand>", "state": "<state>", "query_id": "<query>"},
        "owners",
        "the same of one query",
    ),
    "aside": ({"brand": "<brand>"}, "lists", "what came and became part of no conversation, by arrival"),
    "unread": ({}, "lists", "signed bytes that nobody could read, by arrival"),
    "owner": ({"brand": "<brand>", "member_id": "<member>"}, "owners", "open cases of one person, due first"),
    "nobodys": ({"brand": "<brand>", "shard_number": "<part>"}, "owners", "open cases of nobody, due first"),
    "changed": ({"brand": "<brand>"}, "changes", "cases of a brand, by when they changed last"),
    "came": (
        {"brand": "<brand>", "day": "<day>", "part": "<part>"},
        "changes",
        "events of the ledger, by the day on which they came",
    ),
    "work": ({"shard_number": "<part>"}, "work", "whatever is unfinished, by the time at which to look again"),
}
"""Each function of `store/keys.py` that names a partition of an index."""

IDS: dict[str, str] = {
    "shadow": "partition of rules on trial",
    "facts": "partition of a day's facts for the reports",
    "sums": "partition of the days that are summed up",
    "program_id": "id of a program, from the person who made it and the idempotency key",
    "session_id": "id of a session: the hash of its cookie",
    "case_id": "id of a case, from account, thread and person",
    "reply_id": "id of a reply, from person and idempotency key",
    "note_id": "id of a note, likewise",
    "draft_id": "id of a draft, likewise",
    "reply_of_draft": "id of the one reply a draft can become",
    "automatic_id": "id of a reply the desk writes by itself, from case, generation and occasion",
    "canned_id": "id of a canned text, from its language, person and idempotency key",
    "notice_id": "id of a notice, from case or incident, time and code",
    "marker": "what goes along with a reply and comes back with its echo",
    "marked": "case and reply of a marker",
    "queue_order": "order within a view",
    "change_order": "order of changes",
    "shard": "part of an id",
    "incident_id": "id of an incident, from what opened it",
    "broadcast_id": "id of a broadcast, from person and idempotency key",
    "subject": "a person in the list of the forgotten",
    "erasure_id": "id of an erasure, from person and idempotency key",
    "hit_id": "id of a hit, from platform and post",
    "person_mark": "the same person or another, for counting",
    "late_ends": "partition of what ended on a day and came on another",
    "is_quarantine": "whether an entry holds signed bytes that nobody can read",
    "brand_of": "brand of a key",
    "incident_of": "incident of a key",
    "case_of": "case of a key",
}
"""The rest of its functions."""

ASKED: dict[str, str] = {
    "Seals.begin": "a brand's days are sealed from now on",
    "Seals.head": "how far is the chain?",
    "Seals.listed": "what came in on this day? (two, in one part)",
    "Seals.standing": "what became of these events? (one)",
    "Seals.ends": "what ended on this day and came on another? (nothing)",
    "Seals.keep": "keep a list of what came in (two)",
    "Seals.kept": "what does this list say?",
    "Seals.seal": "a day is over",
    "Seals.move": "the sweeper looks again then",
    "Seals.of_day": "what does this day come to?",
    "Seals.since": "what do these days come to? (one)",
    "Replies.parked": "which replies wait for this account? (none)",
    "Cases.ended": "which cases were closed up to then? (none, in one part)",
    "Messages.up_to": "some messages of a conversation, oldest first",
    "Messages.unname": "nobody knows any more who a person is (nobody did)",
    "Retentions.begin_looking": "a brand's rule of retention holds",
    "Retentions.round": "how far is today's look?",
    "Retentions.begins": "a daily look begins",
    "Retentions.removal": "is this case being emptied? (no)",
    "Retentions.said_with": "what lies with a case and has words?",
    "Accounts.wanted_of": "what is asked for, and under which keys?",
    "Hits.of_person": "what did listening find of this person? (one of another)",
    "Ledger.unread": "what became part of no conversation? (nothing)",
    "Messages.all_begun_by": "which conversations did this person ever begin? (one)",
    "Erasures.forgotten_at": "was this person erased? (no)",
    "Erasures.get": "how far is this erasure? (there is none)",
    "Erasures.at": "the same, by its key",
    "Erasures.of_brand": "who was erased? (nobody)",
    "Erasures.chain": "what is the newest receipt? (there is none)",
    "Retentions.emptied": "it is empty (nothing was noted)",
    "Accounts.find": "whose account is this?",
    "Accounts.of_provider": "which accounts are to be polled?",
    "Accounts.of_brand": "which accounts has the brand?",
    "Accounts.save": "connect an account (again)",
    "Accounts.set_state": "pause an account, or let it act again",
    "Accounts.cursor": "how far was it polled?",
    "Accounts.move_cursor": "it is polled so far",
    "Accounts.note": "what a check found, or that something came in",
    "Accounts.begin_renewal": "may I renew its access?",
    "Accounts.want": "ask for something that came without its words",
    "Accounts.wanted": "what has to be asked for?",
    "Accounts.tried": "it was asked for in vain",
    "Accounts.got": "it was asked for and is here",
    "Ledger.state": "what became of this event?",
    "Ledger.store": "keep an event",
    "Ledger.entry": "what is this entry?",
    "Ledger.failed": "an attempt to fold failed",
    "Ledger.quarantine": "keep what cannot be read",
    "Messages.get": "what does this message say?",
    "Messages.versions": "which versions of it are known? (one asked)",
    "Messages.written_after": "what did the customer write after our answer? (only when something was)",
    "Messages.resolved": "which message does this id mean?",
    "Messages.who": "what is known of this person?",
    "Messages.thread": "the newest messages of a conversation",
    "Messages.begun_by": "which conversations did this person begin? (one)",
    "Messages.forget": "nothing is to be known of this person any more (nothing was)",
    "Cases.many": "how are these cases? (one)",
    "Cases.get": "what is with this case?",
    "Cases.before": "what was learnt before this case?",
    "Cases.commit": "change a case (priority; no history line)",
    "Cases.workflow_runs": "its workflow was started",
    "Cases.signal_delivered": "its workflow was told",
    "Cases.looked_at": "the sweeper saw that all is well",
    "Cases.history": "what happened to it?",
    "Cases.of_view": "a page of a view",
    "Cases.walk": "the next cases of a pass through all of them",
    "Cases.open_of": "how many open cases has this person?",
    "Cases.changed": "what has changed since? (nothing)",
    "Cases.counts": "how long are the views?",
    "Cases.in_hand": "which cases wait for this person?",
    "Cases.waiting": "which case waits longest in a queue?",
    "Cases.of_owner": "which cases has this person, put off ones too?",
    "Cases.any_of_nobody": "is any open case nobody's?",
    "Replies.takes_off": "note that a reply is on its way",
    "Replies.in_flight": "which reply on its way has these words",
    "Replies.get": "what became of this reply?",
    "Replies.at": "the same, by its key",
    "Replies.of_case": "which replies has the case?",
    "Ratings.invited": "what is this link good for? (nothing)",
    "Ratings.of_generation": "was this generation rated? (no)",
    "Ratings.of_case": "which ratings has the case? (none)",
    "Drafts.get": "what is with this draft? (there is none)",
    "Drafts.of_case": "which drafts has the case? (none)",
    "Drafts.waiting": "which drafts of the brand wait? (none)",
    "Drafts.approved_of": "how many replies of this person were approved? (none)",
    "People.members": "who is on the team?",
    "People.member": "who is this?",
    "People.everybody": "who may stand in a history?",
    "Programs.of_brand": "which programs work for the brand? (one)",
    "Programs.get": "what is with this program?",
    "Programs.of_token": "whose token is this?",
    "Programs.make": "a token is made",
    "Programs.used": "it is used (once an hour)",
    "Programs.revoke": "it is taken away",
    "People.save": "a person joins or changes",
    "People.handed_back": "a person's cases have all gone back",
    "Seats.of_brand": "what was everybody given lately?",
    "Seats.mark": "has the team changed since?",
    "Seats.look_by": "look at what waits by then",
    "Seats.looked": "it was looked at",
    "People.policy": "what has the brand decided?",
    "People.save_policy": "the brand decides",
    "Policies.settled": "what has the brand decided, and under which version?",
    "Policies.amendments": "who changed its settings? (nobody)",
    "People.begin_sign_in": "somebody begins to sign in",
    "People.end_sign_in": "they come back (once)",
    "People.open_session": "they are in",
    "People.session": "whose cookie is this?",
    "People.sessions": "where is this person signed in? (one session)",
    "People.session_used": "it is still used",
    "People.close_session": "they sign out",
    "People.close_sessions": "they sign out everywhere else",
    "People.writes_lately": "how many writes in these seconds?",
    "People.done": "was this click done?",
    "Shadows.agreed": "rules on trial came to the same",
    "Shadows.differed": "rules on trial came to something else",
    "Shadows.told": "how do rules on trial do? (one difference)",
    "Incidents.topic": "what is known of this topic?",
    "Incidents.watched_since": "since when are topics watched?",
    "Incidents.begin_watching": "from now on",
    "Incidents.counted": "who spoke of it in this quarter of an hour? (nobody)",
    "Incidents.all_heard": "all of them (nobody)",
    "Incidents.turn": "a new quarter of an hour begins for a topic",
    "Incidents.get": "what is with this incident? (there is none)",
    "Incidents.of_brand": "which incidents were there? (none)",
    "Incidents.gathering_done": "everybody is in it (with the opening)",
    "Incidents.story": "what happened in it? (nothing)",
    "Incidents.members": "which cases are in it? (none)",
    "Incidents.cases": "how are they? (one)",
    "Incidents.broadcast": "what is with this broadcast? (there is none)",
    "Incidents.broadcasts": "which broadcasts has it? (none)",
    "Incidents.told": "what became of it at each case? (nothing)",
    "Incidents.told_already": "which of these cases were told? (one asked)",
    "Hits.get": "what is with this hit? (with its making)",
    "Hits.of_post": "is this post one? (it is)",
    "Hits.page": "what waits to be looked at? (one)",
    "Hits.lately": "what was found since? (one)",
    "Hits.listened": "how far is this query? (it never asked)",
    "Hits.move": "it has come so far",
    "Hits.all_listened": "how do all queries do? (one)",
    "Facts.between": "what happened to cases on this day? (three of one)",
    "Facts.sum_up": "keep what a day comes to (a thousand answers)",
    "Facts.sums": "what do these days come to? (one such day)",
    "Canned.of_brand": "which canned texts are there? (one)",
    "Canned.in_language": "which of them in this language? (one)",
    "Canned.get": "what does this one say?",
    "Tags.of_brand": "which tags does the brand use? (three)",
    "Tags.counting": "three tags are put on a case (for the first time; the counts alone)",
    "Deeds.get": "what did the bot do here?",
    "Deeds.to_review": "what did the bot do that nobody has looked over? (one)",
    "Deeds.day": "how much of this day did the bot take?",
    "Lately.sketches": "what was said lately, by this person and from this account?",
    "Lately.said": "this was said now",
    "Presences.note": "this person looks at that conversation",
    "Presences.of_brand": "who looks at what? (one person)",
    "Notices.tell": "somebody has to hear of this (a second time it costs one unit)",
    "Notices.of_member": "what was this person told?",
    "Notices.state": "what have they read, and how do they want it?",
    "Notices.begin_mail": "may this e-mail go, by the limit per hour?",
    "Notices.mailed": "what became of the e-mail",
    "Notices.hold_mail": "there were enough e-mails this hour",
    "Notices.read_to": "they have read up to here",
    "Notices.wishes": "how they want it",
    "Table.query (work)": "what is due in this part? (none is)",
    "Table.query (notes)": "which notes has the case? (none)",
}
"""The questions of tests/integration/access_patterns.py in words."""


SEALING = {
    "storing": "storing them: the item, its place in the work index, its place in the list of the day",
    "night": "the night after: sealed, looked through, and the next look noted",
    "empty": "the same of a day on which nothing came, the day before looked through once more",
    "verify": "`ledger verify` of both days",
}
"""What a day of the ledger costs, step by step."""


def queue_rows(found: dict[str, dict[str, float]]) -> str:
    """What tests/integration/queue_page.py measures, as a table."""
    names = ("first", "second", "unassigned", "mine", "counts")
    head = ["Open cases", "All open, page 1", "Page 2", "Unassigned, page 1", "Mine", "Counts of the views"]
    return table(head, [[count(int(size)), *(count(each[name]) for name in names)] for size, each in found.items()])


def values() -> dict[str, str]:
    """By mark of the page."""
    found, look = measured(), measured()["look"]
    page_rows = [
        [count(int(size)), count(each["queue"]), count(each["conversation"])]
        for size, each in sorted(look["by_open_cases"].items(), key=lambda entry: int(entry[0]))
    ]
    return {
        "keys_table": _keys(),
        "format": str(FORMAT),
        "indexes_table": _indexes(),
        "shards": str(keys.SHARDS),
        "months": str(Retention().months),
        "unread_days": str(UNREAD_KEPT.days),
        "most_months": str(LONGEST_MONTHS),
        "counted": str(COUNTED),
        "removed_at_once": str(AT_ONCE),
        "lists_table": _lists(),
        "others": str(found["others"]),
        "case_bytes": count(found["case"]["item_bytes"]["CASE"]),
        "patterns_table": _patterns(),
        "sealed_events": str(found["sealing"]["events"]),
        "seal_waits_minutes": str(GRACE // timedelta(minutes=1)),
        "seal_patience_hours": str(PATIENCE // timedelta(hours=1)),
        "sealing_table": table(
            ["Step", "Reads", "Writes"],
            [
                [what, count(found["sealing"][name]["read"]), count(found["sealing"][name]["write"])]
                for name, what in SEALING.items()
            ],
        ),
        "page": str(found["page_rows"]),
        "queue_table": queue_rows(json.loads(QUEUE.read_text())),
        "look_table": table(["Open cases", "Read units, queue and counts", "Read units, conversation"], page_rows),
        "sizes_table": table(
            ["Item", "Bytes"], [[f"`{name}`", count(size)] for name, size in found["case"]["item_bytes"].items()]
        ),
        "stored_items": str(found["case"]["stored_items"]),
        "stored_bytes": count(found["case"]["stored_bytes"]),
        "overhead": str(capacity.STORED_OVERHEAD_BYTES),
    }


def functions() -> dict[str, Callable[..., Any]]:
    """Every function of `store/keys.py`."""
    return {
        name: function
        for name, function in inspect.getmembers(keys, inspect.isfunction)
        if function.__module__ == keys.__name__ and not name.startswith("_")
    }


def _keys() -> str:
    rows = []
    for name, (arguments, what) in KEYS.items():
        key = functions()[name](**arguments)
        pk = _hashes(key.pk)
        sk = key.sk.replace("00000007#0", "<version>#<number>")
        rows.append([f"`{name}`", f"`{pk}`", f"`{sk}`", what])
    return table(["Function", "`pk`", "`sk`", "What it is"], rows)


def _hashes(text: str) -> str:
    return "#".join("<hash>" if len(part) > 40 and part.isalnum() else part for part in text.split("#"))


def _indexes() -> str:
    (properties,) = (r["Properties"] for r in idle.resources().values() if r["Type"] == "AWS::DynamoDB::Table")
    rows = [
        [f"`{index.name}`", f"`{index.keys[0]}`, `{index.keys[1]}`", "whole items" if index.whole else "keys only"]
        for index in capacity.indexes(properties)
    ]
    return table(["Index", "Keys", "Holds"], rows)


def _lists() -> str:
    rows = [
        [f"`{name}`", f"`{functions()[name](**arguments)}`", f"`{index}`", what]
        for name, (arguments, index, what) in LISTS.items()
    ]
    return table(["Function", "Partition", "Index", "What stands there"], rows)


def _patterns() -> str:
    rows = [
        [f"`{name}`", ASKED[name], count(each["read"]), str(each["table_write"]), str(each["index_write"])]
        for name, each in measured()["patterns"].items()
    ]
    return table(["Method", "Question", "Reads", "Writes, table", "Writes, indexes"], rows)
