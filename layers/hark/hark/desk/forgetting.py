"""Erasing a person wherever they are: asked for by a lead or by the platform, carried out by the sweeper (I30).

First it is written down who is to be forgotten: from then on nothing that was said before comes in any more. Then,
case by case, all of it goes; whoever dies in between leaves the note, and the next minute goes on. Last the note
becomes a signed receipt that names nobody.
"""

from __future__ import annotations

import gzip
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hark import log
from hark.desk.actions import NotFound
from hark.desk.clicks import Click, mark, was_done
from hark.desk.erasing import ATTEMPTS, Busy, Erasing, Tally
from hark.desk.workflow import Workflow
from hark.domain import erasure as rules
from hark.domain import hits as found
from hark.domain.case import Case, Refused
from hark.domain.erasure import Person, Receipt, Subject
from hark.domain.hits import Hit
from hark.domain.reasons import sentence
from hark.domain.reply import UNFINISHED, State
from hark.domain.time import FAR
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.accounts import Accounts
from hark.store.cases import Stale
from hark.store.drafts import Drafts
from hark.store.erasures import Erasure, Erasures
from hark.store.hits import Hits
from hark.store.keys import Key
from hark.store.people import People
from hark.store.replies import Replies
from hark.store.retention import Removal
from hark.store.table import ConditionFailed, Conflict, Item, Write

Shape = dict[str, Any]
ANSWER = "reply.erased"
"""Code of a reply that was stopped because its customer was erased."""


@dataclass(frozen=True)
class Forgetting:
    erasures: Erasures
    erasing: Erasing
    hits: Hits
    accounts: Accounts
    people: People
    replies: Replies
    drafts: Drafts
    workflow: Workflow
    known: Callable[[Case], list[Item]]
    """Every id under which the customer of a case is known (`desk.customers`)."""
    signing_keys: Callable[[], Mapping[str, str]]
    """Keys for receipts by name; `now` names the one to sign with."""
    archive: Callable[[str, str, bytes], None]
    """Keeps a copy of a receipt (brand, id, JSON) outside the table, for a restore from before it."""
    clock: Callable[[], datetime]

    # --- asking ---

    def ask(self, click: Click, case: Case, typed: str) -> Shape:
        """A lead has the customer of a case erased. `typed` proves that they mean this one: handle, name or id.

        Raises:
            NotFound: the customer was erased before. KeyReused. Refused: `not_them`. Stale.
        """
        brand, id_ = case.brand, keys.erasure_id(click.member.id, click.key)
        if not was_done(self.people, click, case.id):
            if not case.customer_id:
                raise NotFound(case.id)
            if typed.strip().lstrip("@").casefold() not in {
                word.casefold() for word in (case.handle, case.name, case.customer_id) if word
            }:
                raise Refused("not_them")
            now = self.clock()
            people = [
                Person(platform=w["platform"], id=w["id"], handle=w.get("handle", ""), name=w.get("name", ""))
                for w in self.known(case)
            ]  # fmt: skip
            begun = Erasure(id=id_, brand=brand, at=time_text(now), by=click.member.id, people=tuple(people))
            self._begin(begun, [mark(self.people, click, case.id, now)])
        return self.one(brand, id_)

    def passed_on(self, brand: str, platforms: list[str], subject: str, code: str, now: str) -> list[Write]:
        """The writes with which a wish begins to be carried out that a platform has passed on."""
        people = tuple(Person(platform=platform, id=subject) for platform in platforms)
        begun = Erasure(id=keys.erasure_id(code), brand=brand, at=now, code=code, people=people)
        known = self.erasures.get(brand, begun.id)
        return [] if known else self.erasures.begins(begun)

    def again(self, brand: str, people: list[Person], at: str) -> str:
        """Erase people whom a restore has brought back; `at` as the list of the forgotten says. The erasure's id."""
        subjects = sorted(keys.subject(brand, p.platform, p.id) for p in people)
        begun = Erasure(id=keys.erasure_id("again", at, *subjects), brand=brand, at=at, people=tuple(people))
        if self.erasures.get(brand, begun.id) is None:
            self._begin(begun, [])
        return begun.id

    def _begin(self, begun: Erasure, also: list[Write]) -> None:
        try:
            self.erasures.table.transact([*self.erasures.begins(begun), *also])
        except (ConditionFailed, Conflict):
            if self.erasures.get(begun.brand, begun.id) is None:
                raise Stale from None
        log.info("erasure.asked", brand=begun.brand, erasure=begun.id, by=begun.by)

    # --- what leads see ---

    def one(self, brand: str, erasure_id: str) -> Shape:
        """Raises:
        NotFound: there is none.
        """
        known = self.erasures.get(brand, erasure_id)
        if known is None:
            raise NotFound(erasure_id)
        return self._shape(known)

    def all(self, brand: str) -> list[Shape]:
        """Every erasure of the brand, the newest first."""
        known = sorted(self.erasures.of_brand(brand), key=lambda each: (each.at, each.id), reverse=True)
        return [self._shape(each) for each in known]

    @staticmethod
    def _shape(known: Erasure) -> Shape:
        receipt = Receipt.model_validate_json(known.receipt) if known.receipt else None
        return {
            "id": known.id, "at": known.at, "by": known.by, "state": known.state,
            "receipt": rules.shape(receipt) if receipt else None,
        }  # fmt: skip

    # --- carrying out ---

    def go_on(self, key: Key) -> None:
        """Carry out an erasure, or what is left of it. Done twice it does nothing.

        Raises:
            Busy, ConditionFailed, Conflict: somebody else writes the same; try later. Every botocore error: likewise.
        """
        erasure = self.erasures.at(key)
        if erasure is None or erasure.state != "asked":
            return
        tally = Tally(self.erasures, erasure)
        for person in erasure.people:
            for case_id in self.erasing.messages.all_begun_by(erasure.brand, person.platform, person.id):
                self._case(erasure, person, case_id, tally)
            for hit in self.hits.of_person(erasure.brand, person.platform, person.id):
                gone = found.gone(hit, time_text(self.clock()))
                if hit.state == "case":
                    gone = gone.model_copy(update={"state": "case", "by": hit.by, "decided_at": hit.decided_at})
                tally.transact([self.hits.write(hit, gone), *self._told_of(hit)], hits=1, events=len(hit.raws))
            copies = self.erasing.forget(erasure.brand, person.platform, person.id, tally)
            log.info("erasure.person_gone", erasure=erasure.id, copies=copies)
        self._unread(erasure, tally)
        self._wanted(erasure, tally)
        self._over(erasure, tally)

    def _case(self, erasure: Erasure, person: Person, case_id: str, tally: Tally) -> None:
        """One conversation. The case goes first: from then on nothing is added to it."""
        brand = erasure.brand
        for _ in range(ATTEMPTS):
            case = self.erasing.cases.get(brand, case_id)
            if case is None or (case.erased_at >= erasure.at and not case.customer_id):
                break
            now = time_text(self.clock())
            stops, stopped = self._stopped(case)
            case, writes = self.erasing.cases.writes(case, *rules.erased(case, erasure.by, now), now)
            try:
                tally.transact([*writes, *stops], cases=1, **stopped)
            except (ConditionFailed, Conflict):
                continue  # somebody wrote to it at this moment
            self.workflow.move(case)
            break
        else:
            raise Busy(case_id)
        removal = Removal(
            brand=brand, case=case_id, platform=person.platform, person=person.id, said_up_to=FAR, up_to=FAR
        )  # fmt: skip
        self.erasing.words(removal, tally, rules.WHO)

    def _told_of(self, hit: Hit) -> list[Write]:
        """The writes that empty what told of a find; of one that waited, that was its end."""
        ledger, now, writes = self.erasing.ledger, time_text(self.clock()), list[Write]()
        for key in (Key(pk, "RAW") for pk in hit.raws):
            if hit.state == "waiting":
                writes.append(ledger.erased(key, state="folded", reason=rules.LINE))
                writes.append(ledger.late_end(key, "folded", rules.LINE, now, hit.expires))
            else:
                writes.append(ledger.erased(key))
        return writes

    def _stopped(self, case: Case) -> tuple[list[Write], dict[str, int]]:
        """The writes that nothing more leaves for this customer; what is being posted this very moment still does."""
        writes: list[Write] = []
        replies = [reply for reply in self.replies.of_case(case.brand, case.id) if reply.state in UNFINISHED]
        for reply in replies:
            over = {
                "state": State.FAILED, "code": ANSWER, "sentence": sentence(ANSWER), "look_at": "", "text": "",
                "detail": "", "person": "", "thread": "", "parked": False, "claim": secrets.token_hex(8),
            }  # fmt: skip
            writes.append(self.replies.write(reply, reply.model_copy(update=over)))
        drafts = [draft for draft in self.drafts.of_case(case.brand, case.id) if draft.state == "waiting"]
        for draft in drafts:
            ended = {"state": "withdrawn", "text": "", "reason": "", "ended_at": time_text(self.clock())}
            writes.append(self.drafts.write(draft, draft.model_copy(update=ended)))
        return writes, {"replies": len(replies), "drafts": len(drafts)}

    def _unread(self, erasure: Erasure, tally: Tally) -> None:
        """What became part of no conversation and names the person."""
        ledger = self.erasing.ledger
        for partition in (keys.aside(erasure.brand), keys.unread()):
            start: Item | None = None
            while True:
                items, start = ledger.unread(partition, start=start)
                for item in items:
                    if not self._is_about(erasure, item):
                        continue
                    if item["sk"] == "MSG":
                        self.erasing.message(erasure.brand, item["platform"], item["id"], tally)
                    else:
                        tally.transact([ledger.erased(Key(item["pk"], item["sk"]))], unread=1)
                if start is None:
                    break

    @staticmethod
    def _is_about(erasure: Erasure, item: Item) -> bool:
        if item["sk"] == "MSG":
            return any((item["platform"], item["author_id"]) == (p.platform, p.id) for p in erasure.people)
        packed = [item[name] for name in ("body", "unread") if item.get(name)]
        said = b"\n".join([str(item.get("event", "")).encode(), *(gzip.decompress(each) for each in packed)])
        bodies = [said, *(gzip.decompress(each) for each in packed)]
        return any(rules.mentions(body, erasure.people) for body in bodies)

    def _wanted(self, erasure: Erasure, tally: Tally) -> None:
        """Profiles that were still to be asked for."""
        for account in self.accounts.of_brand(erasure.brand):
            for key, reference in self.accounts.wanted_of(account["provider"], account["id"]):
                if rules.mentions(reference.encode(), erasure.people):
                    self.accounts.table.delete(key)
                    tally.transact([], wanted=1)

    def _over(self, erasure: Erasure, tally: Tally) -> None:
        keys_known = self.signing_keys()
        number, previous = self.erasures.chain(erasure.brand)
        subjects = {
            (p.platform, keys.subject(erasure.brand, p.platform, p.id)): None for p in erasure.people
        }  # fmt: skip
        receipt = rules.signed(
            Receipt(
                id=erasure.id, brand=erasure.brand, number=number + 1,
                subjects=tuple(Subject(platform=platform, hash=hash_) for platform, hash_ in subjects),
                asked_at=erasure.at, asked_by=erasure.by, erased_at=time_text(self.clock()), erased=tally.counts,
                previous=previous, key=keys_known["now"],
            ),
            keys_known,
        )  # fmt: skip
        self.archive(erasure.brand, erasure.id, receipt.model_dump_json().encode())
        self.erasures.table.transact(self.erasures.done(tally.erasure, receipt))
        log.info("erasure.done", brand=erasure.brand, erasure=erasure.id, number=receipt.number, **tally.counts)
