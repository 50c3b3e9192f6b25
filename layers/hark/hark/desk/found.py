"""What becomes of a post that a search found: a hit that somebody has to look at, and no case before (A8, A9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hark import log
from hark.desk.filing import OfTheErased
from hark.domain import hits as rules
from hark.domain.account import Account
from hark.domain.case import Line
from hark.domain.events import MessageGone, MessageSeen
from hark.domain.found_words import found
from hark.domain.hits import Hit
from hark.domain.listening import Listening
from hark.domain.time import text as time_text
from hark.store import keys
from hark.store.accounts import Accounts
from hark.store.erasures import Erasures
from hark.store.hits import Hits
from hark.store.keys import Key
from hark.store.ledger import Ledger, Story
from hark.store.messages import Messages
from hark.store.people import People
from hark.store.table import Write


@dataclass(frozen=True)
class Found:
    ledger: Ledger
    accounts: Accounts
    messages: Messages
    people: People
    hits: Hits
    erasures: Erasures
    clock: Callable[[], datetime]

    def known(self, account: Account, event: MessageSeen) -> Hit | None:
        """The hit that a post is already."""
        return self.hits.of_post(account.brand, event.platform or account.platform, event.message_id)

    def fold(self, story: Story, account: Account, event: MessageSeen, known: Hit | None) -> str | None:
        """Keep a hit that waits; the entry's state afterwards. None: it is a message of ours, as any other.

        Raises:
            ConditionFailed, Conflict: somebody else wrote the same; look again.
        """
        platform, now = event.platform or account.platform, time_text(self.clock())
        if event.own or self._is_ours(account, event):
            return self._end(story, "set_aside", "listening.own")
        if known and known.state == "case":
            return None
        if (known and known.state == "gone") or (known and not known.person):
            return self._end(story, "folded", "message.gone", blank=True)
        told = self.messages.versions(account.brand, platform, event.versions or (event.message_id,))
        if any(message.gone for message in told.values()):
            return self._end(story, "folded", "message.gone", blank=True)
        if told:
            return None
        hit = self._hit(story, account, event, platform, now)
        state, reason = ("set_aside", "listening.not_ours") if known and known.state == "not_ours" else ("review", "")
        writes = story.end(state, reason, message=hit.message, expires=(known or hit).expires)
        if known is None:
            erased_at = self.erasures.forgotten_at(account.brand, platform, hit.person)
            if erased_at and (event.time_is_doubtful or hit.at <= erased_at):
                raise OfTheErased
            writes += [self.hits.new(hit), self.erasures.still(account.brand, platform, hit.person, erased_at)]
        elif (newer := rules.edited(known, hit)) != known:
            writes.append(self.hits.write(known, newer))
        self.ledger.table.transact(writes)
        log.info("listening.found", brand=account.brand, hit=hit.id, query=hit.query)
        return state

    def opens(self, hit: Hit, now: str) -> tuple[list[Write], tuple[Line, ...]]:
        """When a hit's post is folded as a message: the write that it is a case now, unless somebody has made it one,
        and the line of the case's history that says who."""
        if hit.state == "case":
            last = next((line for line in reversed(hit.history) if line.code == "listening.case"), None)
            return [], (last.model_copy(update={"at": now}),) if last else ()
        if hit.state == "gone":
            return [], ()
        return [self.hits.write(hit, rules.opened(hit, "", now))], ()

    def gone(self, account: Account, event: MessageGone) -> None:
        """Its author took a post away. Nothing of it stays, whether or not somebody has looked at it; done again, it
        does nothing. A hit that became a case is emptied as well; its message is blanked like any other.

        Raises:
            ConditionFailed, Conflict: somebody else wrote the same; look again.
        """
        hit = self.hits.of_post(account.brand, event.platform or account.platform, event.message_id)
        if hit is None or hit.state == "gone":
            return
        now = time_text(self.clock())
        emptied = rules.gone(hit, now)
        if hit.state == "case":
            emptied = emptied.model_copy(update={"state": "case", "by": hit.by, "decided_at": hit.decided_at})
        writes: list[Write] = [self.hits.write(hit, emptied)]
        for pk in hit.raws:
            key = Key(pk, "RAW")
            waited = hit.state == "waiting"
            writes += self.ledger.taken_away(key, now, hit.expires) if waited else [self.ledger.blanked(key)]
        if hit.text or hit.state != "case":
            self.ledger.table.transact(writes)

    def _end(self, story: Story, state: str, reason: str, *, blank: bool = False) -> str:
        self.ledger.table.transact(story.end(state, reason, blank=blank))
        return state

    def _is_ours(self, account: Account, event: MessageSeen) -> bool:
        """Whether another account of the brand wrote it."""
        author = self.accounts.find(account.provider, event.customer.id)
        return author is not None and author.get("brand") == account.brand

    def _hit(self, story: Story, account: Account, event: MessageSeen, platform: str, now: str) -> Hit:
        listening = self.people.policy(account.brand).listening
        person, entry = event.customer, story.entry
        return Hit(
            id=keys.hit_id(platform, event.message_id), brand=account.brand, provider=account.provider,
            platform=platform, account_id=account.id, message=event.message_id,
            conversation=keys.case_id(account.brand, platform, account.id, event.thread_id, person.id),
            raws=(entry.key.pk,), query=event.sought, found=_found(event, listening), version=event.version,
            text=event.text, language=event.language_hint, person=person.id, handle=person.handle, name=person.name,
            followers=person.followers, link=event.link, at=time_text(event.at), arrived=entry.arrived,
            expires=rules.forgotten_at(entry.arrived),
            history=(Line(code="listening.found", at=now),),
        )  # fmt: skip


def _found(event: MessageSeen, listening: Listening) -> tuple[str, ...]:
    """The words of every query that stand in the text, those of the one that found it among them."""
    words = [word for query in listening.queries for word in query.words()]
    return found(event.text, words)
