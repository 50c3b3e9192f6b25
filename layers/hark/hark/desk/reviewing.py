"""The listening review: what was found, and what people say of it: a case, or none of ours (A8, A9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hark import log
from hark.desk.actions import NotFound
from hark.desk.clicks import Click, mark, was_done
from hark.desk.listening import read_in
from hark.desk.sought import Sought
from hark.domain import hits as rules
from hark.domain.fees import SEARCH_MICRO
from hark.domain.found_words import found, matches
from hark.domain.hits import Hit, Review
from hark.domain.listening import Query
from hark.domain.misspellings import proposals
from hark.domain.people import Member
from hark.domain.policy import Policy
from hark.domain.policy_change import changed
from hark.domain.reasons import sentence
from hark.domain.time import text as time_text
from hark.store.cases import Stale
from hark.store.hits import Hits
from hark.store.keys import Key
from hark.store.ledger import Ledger
from hark.store.people import People
from hark.store.table import ConditionFailed, Conflict, Item, Write

PAGE = 25
DAY = timedelta(days=1)
TRIED, SHOWN = 500, 25
"""Hits of the last day that a trial looks at, of each state, and those it shows."""
Shape = dict[str, Any]


@dataclass(frozen=True)
class Reviewing:
    hits: Hits
    ledger: Ledger
    people: People
    sought: Sought
    clock: Callable[[], datetime]

    def page(
        self, member: Member, state: Review, query_id: str, start: Item | None
    ) -> tuple[list[Shape], Item | None]:  # fmt: skip
        """One page of what was found and is in that state."""
        page, more = self.hits.page(member.brand, state, query_id, start, PAGE)
        return self._shapes(member.brand, page), more

    def one(self, member: Member, hit_id: str) -> Shape:
        """
        Raises:
            NotFound
        """
        return self._shape(self._hit(member, hit_id))

    def open(self, click: Click, hit_id: str) -> Shape:
        """A case is to be made of it. Its words are folded as any message's, which takes a moment.

        Raises:
            NotFound, KeyReused, Stale. Decided: somebody was faster.
        """
        return self._decided(click, hit_id, rules.opened)

    def dismiss(self, click: Click, hit_id: str) -> Shape:
        """It is none of ours.

        Raises:
            NotFound, KeyReused, Stale. Decided: somebody was faster.
        """
        return self._decided(click, hit_id, rules.dismissed)

    def back(self, click: Click, hit_id: str) -> Shape:
        """It was one of ours perhaps, and waits again.

        Raises:
            NotFound, KeyReused, Stale. Decided: nobody had dismissed it, or it is a case by now.
        """
        return self._decided(click, hit_id, rules.back)

    def told(self, decided: Hit) -> str:
        """Who was faster, and with what: a sentence."""
        member = self.people.member(decided.brand, decided.by) if decided.by else None
        who = (member.name if member else "") or "The desk"
        said = {
            "case": f"{who} has made a case of it.", "not_ours": f"{who} has said that it is none of ours.",
            "waiting": "It waits for somebody to look.", "gone": "Its author took it away.",
        }  # fmt: skip
        return said[decided.state]

    def queries(self, member: Member) -> Shape:
        """How the brand's queries do, which accounts could ask, and what a post costs."""
        now, brand = time_text(self.clock()), member.brand
        listening, states = self.people.policy(brand).listening, self.hits.all_listened(brand)
        accounts = self.sought.of_brand(brand)
        return {
            "items": [self._query(query, states.get(query.id, {}), accounts, now) for query in listening.queries],
            "accounts": [
                {"id": one["id"], "handle": one["handle"], "platform": one["platform"], "can": self.sought.can(one)}
                for one in accounts
            ],
            "post_micro": SEARCH_MICRO["x"],
            "now": now,
        }  # fmt: skip

    def trial(self, member: Member, proposed: Mapping[str, Any]) -> Shape:
        """What a query would ask, spellings to choose from, what stands in its way, and which of yesterday's hits it
        finds. Nobody is asked and nothing is paid.

        Raises:
            Unusable: it cannot be a query. The fields are named as if it were the only one of the settings.
        """
        (query,) = changed(Policy(), {"listening": {"queries": [dict(proposed)]}}).listening.queries
        accounts = self.sought.of_brand(member.brand)
        asked, longest = self.sought.asked(query, accounts)
        since = time_text(self.clock() - DAY)
        states: tuple[Review, ...] = ("waiting", "case", "not_ours")
        lately = [hit for state in states for hit in self.hits.lately(member.brand, state, since, TRIED)]
        fits = sorted((hit for hit in lately if matches(hit.text, query)), key=lambda hit: (hit.at, hit.id))
        return {
            "asked": asked, "longest": longest,
            "proposals": [
                {"name": name, "spellings": [one for one in proposals(name) if one not in query.names]}
                for name in query.names
            ],
            "wrong": [{"at": list(at), "sentence": said} for at, said in self.sought.of_query(query, accounts)],
            "looked_at": len(lately), "found": len(fits),
            "items": self._shapes(member.brand, [
                hit.model_copy(update={"found": found(hit.text, query.words())}) for hit in fits[-SHOWN:]
            ]),
            "since": since,
        }  # fmt: skip

    def now(self) -> str:
        return time_text(self.clock())

    # --- inside ---

    def _decided(self, click: Click, hit_id: str, act: Callable[[Hit, str, str], Hit]) -> Shape:
        for _ in range(8):
            hit = self._hit(click.member, hit_id)
            if was_done(self.people, click, hit_id):
                return self._shape(hit)
            now = time_text(self.clock())
            new = act(hit, click.member.id, now)
            writes = [self.hits.write(hit, new), *self._ledger(hit, new, now)]
            try:
                self.hits.table.transact([*writes, mark(self.people, click, hit_id, self.clock())])
            except (ConditionFailed, Conflict):
                continue
            log.info("listening.decided", brand=hit.brand, hit=hit.id, state=new.state, by=click.member.id)
            return self._shape(new)
        raise Stale

    def _ledger(self, old: Hit, new: Hit, now: str) -> list[Write]:
        """An event is never lost: what waits is in `review`, what is none of ours set aside, a case is folded."""
        keys = [Key(pk, "RAW") for pk in old.raws]
        match new.state:
            case "case":
                return [self.ledger.chosen(key, now) for key in keys]
            case "not_ours":
                aside = ("review", "set_aside", "listening.not_ours", now, new.expires)
                return [write for key in keys for write in self.ledger.reviewed(key, *aside)]
            case _:
                back = ("set_aside", "review", "", now, new.expires)
                return [write for key in keys for write in self.ledger.reviewed(key, *back)]

    def _hit(self, member: Member, hit_id: str) -> Hit:
        found_one = self.hits.get(member.brand, hit_id)
        if found_one is None:
            raise NotFound(hit_id)
        return found_one

    def _shape(self, hit: Hit) -> Shape:
        return self._shapes(hit.brand, [hit])[0]

    def _shapes(self, brand: str, hits: list[Hit]) -> list[Shape]:
        listening = self.people.policy(brand).listening if hits else None
        names = {member.id: member.name for member in self.people.everybody(brand).values()} if hits else {}
        return [_shape(hit, listening.called(hit.query) if listening else "", names) for hit in hits]

    def _query(self, query: Query, state: Item, accounts: list[Item], now: str) -> Shape:
        asked, longest = self.sought.asked(query, accounts)
        account = next((one for one in accounts if one["id"] == query.account), None)
        problem = str(state.get("problem", ""))
        return {
            "id": query.id, "name": query.name, "on": query.on, "account": account["handle"] if account else "",
            "asked": asked, "longest": longest, "read": read_in(state, now), "limit": query.posts_a_month,
            "asked_at": state.get("asked_at") or None, "every_minutes": query.every_minutes,
            "problem": {"code": problem, "at": state["problem_at"]} if problem else None,
        }  # fmt: skip


def _shape(hit: Hit, query: str, names: dict[str, str]) -> Shape:
    return {
        "id": hit.id, "state": hit.state, "platform": hit.platform, "query": {"id": hit.query, "name": query},
        "found": list(hit.found), "text": hit.text, "language": hit.language, "handle": hit.handle, "name": hit.name,
        "followers": hit.followers, "link": hit.link, "at": hit.at, "arrived": hit.arrived,
        "conversation": hit.conversation if hit.state == "case" else "",
        "decided": {"at": hit.decided_at, "by": names.get(hit.by, "")} if hit.decided_at else None,
        "history": [
            {"at": line.at, "code": line.code, "sentence": sentence(line.code), "by": names.get(line.by, "")}
            for line in hit.history
        ],
    }  # fmt: skip
