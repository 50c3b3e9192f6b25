"""Every key of the desk table, in one place. Standard library only.

The first part of a key is the brand; `~` stands where there is none yet (routing, sessions, quarantine, work).
"""

from __future__ import annotations

import re
from base64 import b32encode
from hashlib import sha256
from typing import NamedTuple

from hark.domain.time import FAR

SHARDS = 4
"""Parts into which views and work are spread, so that no index key takes all of a brand's writes."""

LISTS, OWNERS, WORK, CHANGES = "lists", "owners", "work", "changes"


class Key(NamedTuple):
    pk: str
    sk: str


def _hash(*parts: str) -> str:
    digest = sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()
    return b32encode(digest).decode("ascii").rstrip("=").lower()


def shard(text: str) -> int:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()[0] % SHARDS


# --- without a brand ----------------------------------------------------------------------------


def account(provider: str, account_id: str) -> Key:
    """An account, found by what a delivery names; it says whose brand it is."""
    return Key(f"~#ACCOUNTS#{provider}", account_id)


QUARANTINE_PREFIX = "~#QUARANTINE#"


def quarantine(provider: str, body: bytes) -> Key:
    return Key(f"{QUARANTINE_PREFIX}{provider}#{sha256(body).hexdigest()}", "QUARANTINE")


def is_quarantine(pk: str) -> bool:
    return pk.startswith(QUARANTINE_PREFIX)


def cursor(provider: str, account_id: str) -> Key:
    return Key(f"~#CURSOR#{provider}#{account_id}", "CURSOR")


def session_id(token: str) -> str:
    """What a session is called: the hash of its cookie. The table does not hold what a thief would need."""
    return sha256(token.encode()).hexdigest()


def session(session_id_: str) -> Key:
    return Key(f"~#SESSION#{session_id_}", "SESSION")


def token(token_hash: str) -> Key:
    """Whose a token for programs is, by the token's hash."""
    return Key(f"~#TOKEN#{token_hash}", "TOKEN")


def sign_in(state: str) -> Key:
    return Key(f"~#SIGNIN#{sha256(state.encode()).hexdigest()}", "SIGNIN")


def survey(token: str) -> Key:
    """A link by which a customer may rate our help, by the hash of its token."""
    return Key(f"~#SURVEY#{sha256(token.encode()).hexdigest()}", "SURVEY")


def wanted(provider: str, account_id: str, reference: str) -> Key:
    """Something that came without its words, to be asked for by the poll."""
    return Key(f"~#WANTED#{provider}#{account_id}", _hash(reference))


def work(shard_number: int) -> str:
    return f"~#WORK#{shard_number}"


# --- of a brand ---------------------------------------------------------------------------------


def raw(brand: str, provider: str, event_key: str) -> Key:
    """A ledger entry, by the business key of its event (I2)."""
    return Key(f"{brand}#RAW#{provider}#{_hash(event_key)}", "RAW")


def came(brand: str, day: str, part: int) -> str:
    """The partition of the index `changes` that lists what came in on a day (UTC)."""
    return f"{brand}#CAME#{day}#{part}"


def late_ends(brand: str, day: str) -> str:
    """The partition of what ended on a day (UTC) and had come on another."""
    return f"{brand}#LATE#{day}"


def late_end(brand: str, at: str, entry: Key) -> Key:
    return Key(late_ends(brand, at[:10]), f"{at}#{_hash(entry.pk)}")


def leaves(brand: str, day: str, digest: str) -> Key:
    """A list of what came in, or ended, on a day that was sealed, by its digest."""
    return Key(f"{brand}#LEAVES#{day}", digest)


def seal(brand: str, day: str) -> Key:
    """That a day of the ledger is over: its balance, and the hash that chains it to the day before."""
    return Key(f"{brand}#SEALS", day)


def ledger_head(brand: str) -> Key:
    """How far the ledger is sealed, and when the next day is."""
    return Key(f"{brand}#BRAND", "LEDGER")


def message(brand: str, platform: str, message_id: str) -> Key:
    return Key(f"{brand}#MSG#{platform}#{message_id}", "MSG")


def identity(brand: str, platform: str, person_id: str) -> Key:
    return Key(f"{brand}#WHO#{platform}#{person_id}", "WHO")


CONVERSATION_PREFIX = "TALK#"


def conversation(brand: str, platform: str, person_id: str, at: str, case_id_: str) -> Key:
    """That a person began a conversation with us."""
    return Key(identity(brand, platform, person_id).pk, f"{CONVERSATION_PREFIX}{at}#{case_id_}")


def deletion(brand: str, provider: str, subject_id: str) -> Key:
    """That a person asked to be forgotten, by a hash: the list of the forgotten names nobody (I30)."""
    return marked_deletion(brand, provider, subject(brand, provider, subject_id))


def marked_deletion(brand: str, provider: str, subject_: str) -> Key:
    """The same, of somebody of whom only the hash is known."""
    return Key(f"{brand}#DEL#{provider}#{subject_}", "DEL")


def erasure(brand: str, erasure_id_: str) -> Key:
    """That a person is being erased; then the receipt of it."""
    return Key(f"{brand}#ERASURES", erasure_id_)


def erasure_chain(brand: str) -> Key:
    """How many receipts there are, and the hash of the newest."""
    return Key(f"{brand}#BRAND", "ERASED")


def subject(brand: str, provider: str, subject_id: str) -> str:
    """A person who is to be forgotten, as the list of the forgotten names them."""
    return _hash(brand, provider, subject_id)


def case(brand: str, case_id: str) -> Key:
    return Key(f"{brand}#CASE#{case_id}", "CASE")


def before(brand: str, case_id: str) -> Key:
    """What was learnt of a conversation before it had a case."""
    return Key(case(brand, case_id).pk, "BEFORE")


def removal(brand: str, case_id: str) -> Key:
    """That the words of a case are being removed."""
    return Key(case(brand, case_id).pk, "REMOVAL")


HISTORY_PREFIX, REPLY_PREFIX, NOTE_PREFIX, DRAFT_PREFIX = "EVT#", "OUT#", "NOTE#", "DRAFT#"


def history(brand: str, case_id: str, version: int, number: int) -> Key:
    return Key(case(brand, case_id).pk, f"{HISTORY_PREFIX}{version:08d}#{number}")


def reply(brand: str, case_id: str, reply_id: str) -> Key:
    return Key(case(brand, case_id).pk, f"{REPLY_PREFIX}{reply_id}")


def draft(brand: str, case_id: str, draft_id: str) -> Key:
    return Key(case(brand, case_id).pk, f"{DRAFT_PREFIX}{draft_id}")


def approved(brand: str, member_id: str) -> Key:
    """How many replies of a member were approved."""
    return Key(f"{brand}#APPROVED", member_id)


RATING_PREFIX = "RATING#"


def rating(brand: str, case_id: str, gen: int) -> Key:
    return Key(case(brand, case_id).pk, f"{RATING_PREFIX}{gen:06d}")


def note(brand: str, case_id: str, at: str, note_id: str) -> Key:
    return Key(case(brand, case_id).pk, f"{NOTE_PREFIX}{at}#{note_id}")


def flight(brand: str, account_id: str, words: str, reply_id_: str) -> Key:
    """That a reply in these words is on its way out of this account, for an echo that says nothing else of it."""
    return Key(f"{brand}#FLIGHT#{account_id}#{_hash(words)}", reply_id_)


BOT_PREFIX = "BOT#"


def bot(brand: str, case_id: str, gen: int) -> Key:
    """What the bot did in a generation of a case."""
    return Key(case(brand, case_id).pk, f"{BOT_PREFIX}{gen:06d}")


def bot_day(brand: str, day: str) -> Key:
    """How many conversations came up for the bot on a day (UTC), and how many it answered."""
    return Key(f"{brand}#BOT", day)


def canned(brand: str, entry_id: str) -> Key:
    """A canned text or an entry of the FAQ; its id begins with its language."""
    return Key(f"{brand}#CANNED", entry_id)


def tag(brand: str, name: str) -> Key:
    """How much a tag is used."""
    return Key(f"{brand}#TAGS", name)


def member(brand: str, member_id: str) -> Key:
    return Key(f"{brand}#MEMBERS", member_id)


def presence(brand: str, member_id: str) -> Key:
    """Which conversation a member has before them."""
    return Key(f"{brand}#PRESENCE", member_id)


def seat(brand: str, member_id: str) -> Key:
    """What a member was given lately, and in whose turn."""
    return Key(f"{brand}#SEATS", member_id)


def roster(brand: str) -> Key:
    """When the brand's waiting cases are next offered to who is there."""
    return Key(f"{brand}#BRAND", "ROSTER")


def retention(brand: str) -> Key:
    """When it is next looked what has come to its end, and how far that is."""
    return Key(f"{brand}#BRAND", "RETENTION")


def policy(brand: str) -> Key:
    return Key(f"{brand}#BRAND", "POLICY")


AMENDMENT_PREFIX = "POLICY#"


def amendment(brand: str, at: str, version: str) -> Key:
    """That somebody changed the brand's policy."""
    return Key(policy(brand).pk, f"{AMENDMENT_PREFIX}{at}#{version}")


def lately(brand: str, whose: str) -> Key:
    """Sketches of what a member, or an account, said lately."""
    return Key(f"{brand}#LATELY#{whose}", "LATELY")


AGREEMENT_PREFIX, DIFFERENCE_PREFIX = "DAY#", "DIFF#"


def shadow(brand: str, what: str) -> str:
    """The partition of rules on trial: of triage, or of assignment."""
    return f"{brand}#SHADOW#{what}"


def agreement(brand: str, what: str, day: str, version: str) -> Key:
    """How often rules on trial agreed on a day (UTC), and how often not."""
    return Key(shadow(brand, what), f"{AGREEMENT_PREFIX}{day}#{version}")


def difference(brand: str, what: str, at: str, case_id_: str, gen: int) -> Key:
    return Key(shadow(brand, what), f"{DIFFERENCE_PREFIX}{at}#{case_id_}#{gen}")


def done(brand: str, member_id: str, idempotency_key: str) -> Key:
    """That a write with this idempotency key was done."""
    return Key(f"{brand}#DONE#{member_id}#{idempotency_key}", "DONE")


NOTICE_PREFIX = "AT#"


def notice(brand: str, member_id: str, at: str, notice_id_: str) -> Key:
    return Key(f"{brand}#NOTICES#{member_id}", f"{NOTICE_PREFIX}{at}#{notice_id_}")


def notice_state(brand: str, member_id: str) -> Key:
    """What a member has read of their notices, how they want them, and which e-mails went to them lately."""
    return Key(notice(brand, member_id, "", "").pk, "STATE")


def rate(brand: str, member_id: str, window: int) -> Key:
    return Key(f"{brand}#RATE#{member_id}#{window}", "RATE")


# --- reports ---


def facts(brand: str, day: str) -> str:
    """The partition of what was written down for the reports on a day (UTC)."""
    return f"{brand}#FACTS#{day}"


FACT_PREFIX = "FACT#"


def fact(brand: str, at: str, fact_key: str) -> Key:
    """Something that happened to a case, for the reports; its own key begins with its time."""
    return Key(facts(brand, at[:10]), f"{FACT_PREFIX}{fact_key}")


def sums(brand: str) -> str:
    """The partition of days that are over, summed up."""
    return f"{brand}#SUMS"


def day_sums(brand: str, day: str) -> Key:
    """What a day (of the brand's calendar) comes to, once it is over."""
    return Key(sums(brand), day)


# --- incidents ---


def topic(brand: str, topic_id: str) -> Key:
    """A topic's past, and the incident that is open on it."""
    return Key(f"{brand}#TOPIC#{topic_id}", "TOPIC")


def heard(brand: str, topic_id: str, bucket: int, case_id_: str, gen: int) -> Key:
    """That a case was opened over a topic in a bucket of time: counted once per generation, however often written."""
    return Key(f"{brand}#HEARD#{topic_id}#{bucket}", f"{case_id_}#{gen}")


def watched(brand: str) -> Key:
    """Since when a brand's topics are watched."""
    return Key(f"{brand}#BRAND", "WATCHED")


def incident(brand: str, incident_id_: str) -> Key:
    return Key(f"{brand}#INCIDENT#{incident_id_}", "INCIDENT")


GROUPED_PREFIX, STORY_PREFIX, BROADCAST_PREFIX, TOLD_PREFIX = "IN#", "LINE#", "CAST#", "TOLD#"


def grouped(brand: str, incident_id_: str, case_id_: str) -> Key:
    """That a case belongs to an incident."""
    return Key(incident(brand, incident_id_).pk, f"{GROUPED_PREFIX}{case_id_}")


def story(brand: str, incident_id_: str, version: int, number: int) -> Key:
    """A line of an incident's story."""
    return Key(incident(brand, incident_id_).pk, f"{STORY_PREFIX}{version:08d}#{number}")


def broadcast(brand: str, incident_id_: str, broadcast_id_: str) -> Key:
    return Key(incident(brand, incident_id_).pk, f"{BROADCAST_PREFIX}{broadcast_id_}")


def told(brand: str, incident_id_: str, broadcast_id_: str, case_id_: str) -> Key:
    """What became of a broadcast at one case: once, whatever the case goes through."""
    return Key(incident(brand, incident_id_).pk, f"{TOLD_PREFIX}{broadcast_id_}#{case_id_}")


def incident_of(key: Key) -> str:
    """The incident in whose partition a key lies.

    Raises:
        ValueError: it lies in another kind of partition.
    """
    _, kind, incident_id_ = key.pk.split("#", 2)
    if kind != "INCIDENT":
        raise ValueError(key.pk)
    return incident_id_


# --- listening ---


def hit(brand: str, hit_id_: str) -> Key:
    """A post that a listening query found."""
    return Key(f"{brand}#HIT#{hit_id_}", "HIT")


def listened(brand: str, query_id: str) -> Key:
    """How far a listening query has come, and what it read this month."""
    return Key(f"{brand}#LISTENED", query_id)


# --- ids made here ------------------------------------------------------------------------------


def case_id(brand: str, platform: str, account_id: str, thread_id: str, person_id: str) -> str:
    """The id of a conversation and its case: one thread with one person on one platform (I9)."""
    return "c" + _hash(brand, platform, account_id, thread_id, person_id)[:25]


def reply_id(member_id: str, idempotency_key: str) -> str:
    """The id of a reply: the same click is the same reply (I17)."""
    return "r" + _hash(member_id, idempotency_key)[:25]


def program_id(member_id: str, idempotency_key: str) -> str:
    return "program_" + _hash("program", member_id, idempotency_key)[:24]


def canned_id(language: str, member_id: str, idempotency_key: str) -> str:
    return f"{language}_k{_hash(member_id, idempotency_key)[:20]}"


def automatic_id(case_id_: str, gen: int, why: str) -> str:
    """The id of a reply the desk writes by itself: once per generation of a case and occasion."""
    return "r" + _hash(case_id_, str(gen), why)[:25]


def incident_id(*parts: str) -> str:
    """The id of an incident: of the same spike, or of the same click, the same."""
    return "i" + _hash("incident", *parts)[:25]


def broadcast_id(member_id: str, idempotency_key: str) -> str:
    return "b" + _hash(member_id, idempotency_key)[:25]


def hit_id(platform: str, message_id: str) -> str:
    """The id of a hit: the same post is the same hit, whichever query finds it."""
    return "h" + _hash("hit", platform, message_id)[:25]


def person_mark(platform: str, person_id: str) -> str:
    """A person as counting needs them: the same or another one, and nobody's name."""
    return _hash(platform, person_id)[:16]


def erasure_id(*parts: str) -> str:
    """The id of an erasure: of the same click, or of the same request of a platform, the same."""
    return "e" + _hash("erasure", *parts)[:25]


def draft_id(member_id: str, idempotency_key: str) -> str:
    return "d" + _hash(member_id, idempotency_key)[:25]


def reply_of_draft(draft_id_: str) -> str:
    """The id of the one reply a draft can become."""
    return "r" + _hash("~draft", draft_id_)[:25]


def note_id(member_id: str, idempotency_key: str) -> str:
    return "n" + _hash(member_id, idempotency_key)[:25]


def notice_id(subject: str, at: str, code: str) -> str:
    """The id of a notice, of a case or an incident: the same line of a history is the same notice (I32)."""
    return "t" + _hash(subject, at, code)[:25]


def marker(case_id_: str, reply_id_: str) -> str:
    """What goes along with a reply where the platform gives it back: 53 characters."""
    return f"{case_id_}.{reply_id_}"


def marked(text: str) -> tuple[str, str] | None:
    """Case and reply a marker names; None when it is none of ours."""
    found = re.fullmatch(r"(c[a-z2-7]{25})\.(r[a-z2-7]{25})", text)
    return (found[1], found[2]) if found else None


# --- lists --------------------------------------------------------------------------------------


def thread(brand: str, conversation: str) -> str:
    return f"{brand}#THREAD#{conversation}"


def view(brand: str, status: str, shard_number: int) -> str:
    return f"{brand}#VIEW#{status}#{shard_number}"


def owner(brand: str, member_id: str) -> str:
    return f"{brand}#OWNER#{member_id}"


def nobodys(brand: str, shard_number: int) -> str:
    return f"{brand}#NOBODY#{shard_number}"


def changed(brand: str) -> str:
    """A brand's cases by when they changed last. Not in parts, so that a desk at rest asks one question: an entry is
    its keys only and moves for two units, so that one key takes 500 changes a second. With entries three times that
    large, the four parts of a view take little more."""
    return f"{brand}#CHANGED"


def hits_of(brand: str, state: str) -> str:
    """What listening found, by what was decided about it."""
    return f"{brand}#HITS#{state}"


def hits_of_query(brand: str, state: str, query_id: str) -> str:
    """The same, of the query by which it came first."""
    return f"{brand}#HITS#{state}#{query_id}"


def aside(brand: str) -> str:
    """What came and became part of no conversation, by arrival."""
    return f"{brand}#ASIDE"


def unread() -> str:
    """Signed bytes that nobody could read, by arrival: nobody knows whose they are."""
    return "~#UNREAD"


def incidents_of(brand: str) -> str:
    return f"{brand}#INCIDENTS"


def drafts_of(brand: str) -> str:
    """Drafts that wait. Not in parts: each is written by a person's hand."""
    return f"{brand}#DRAFTS"


def bot_review(brand: str) -> str:
    """What the bot did and nobody has looked over."""
    return f"{brand}#BOT#REVIEW"


def sessions_of(brand: str, member_id: str) -> str:
    return f"{brand}#SESSIONS#{member_id}"


def parked(brand: str, account_id: str) -> str:
    """Replies that wait for an account. Not in parts: they are as many as people write while it stands still."""
    return f"{brand}#PARKED#{account_id}"


def accounts_of(brand: str) -> str:
    return f"{brand}#ACCOUNTS"


def queue_order(due_at: str, last_at: str, case_id_: str) -> str:
    """Due first, then longest wait."""
    return f"{due_at or FAR}#{last_at}#{case_id_}"


def change_order(at: str, version: int) -> str:
    return f"{at}#{version:08d}"


def brand_of(key: Key) -> str:
    """The brand whose item a key names."""
    return key.pk.split("#", 1)[0]


def case_of(key: Key) -> str:
    """The case in whose partition a key lies.

    Raises:
        ValueError: it lies in another kind of partition.
    """
    _, kind, case_id_ = key.pk.split("#", 2)
    if kind != "CASE":
        raise ValueError(key.pk)
    return case_id_
