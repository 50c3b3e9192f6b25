"""One protection switched off at a time: a campaign that does not notice is no proof.

Each mutant says in a sentence what is wrong with it, and changes the real code while it is in force.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from botocore.exceptions import BotoCoreError, ClientError
from hark import wiring
from hark.desk import intake, workflow
from hark.desk.actions import Actions
from hark.desk.door import Door
from hark.desk.sending import Sending
from hark.desk.sweeping import Sweeping
from hark.domain import message
from hark.domain.failures import Effect
from hark.providers.meta import poll, reading
from hark.store import table
from hark.store.accounts import Accounts
from hark.store.ledger import Ledger
from hark.store.replies import Replies

from infra.simulation.campaign import Result, play
from infra.simulation.weather import STORM, Rates

Change = tuple[Any, str, Any]
"""Where, what, and what stands there instead."""


@dataclass(frozen=True)
class Mutant:
    """A protection that is off."""

    name: str
    changes: Callable[[], list[Change]]
    rates: Rates
    """The storm in which its absence shows soonest."""
    no_time_limits: bool = False

    def play(self, seed: int) -> Result:
        """Play a seed in this mutant's storm, until anything is broken."""
        return play(seed, rates=self.rates, no_time_limits=self.no_time_limits, give_up=True)

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """While this lasts, the product is this mutant."""
        with ExitStack() as changed:
            for where, name, put in self.changes():
                changed.enter_context(patch.object(where, name, put))
            yield


def _acknowledged_first() -> list[Change]:
    store = Door._store

    def swallowed(self: Door, *given: Any) -> str:
        try:
            return store(self, *given)
        except (ClientError, BotoCoreError):
            return "new"

    return [(Door, "_store", swallowed)]


def _stored_under_a_new_key() -> list[Change]:
    store = Ledger.store
    count = iter(range(10**9))

    def anew(self: Ledger, brand: str, provider: str, event: Any, *rest: Any) -> Any:
        return store(self, brand, provider, replace(event, key=f"{event.key}/{next(count)}"), *rest)

    return [(Ledger, "store", anew)]


def _unconditional() -> list[Change]:
    return [(table, "_condition", lambda when, exists, names, values: "")]


def _random_execution_names() -> list[Change]:
    count = iter(range(10**9))
    return [(workflow, "execution_name", lambda case: f"{case.id}-g{case.gen}-{next(count)}")]


def _resends_what_is_in_doubt() -> list[Change]:
    not_sent = Sending._not_sent

    def later(self: Sending, reply: Any, outcome: Any, account: Any, used: Any) -> str:
        if outcome.effect is Effect.UNKNOWN and reply.says:
            return self._later(reply, outcome.code, "", self._now(), burnt=True)
        return not_sent(self, reply, outcome, account, used)

    return [(Sending, "_not_sent", later)]


def _resends_after_the_lease() -> list[Change]:
    doubt = Sending._doubt

    def later(self: Sending, reply: Any, code: str, sentence: str, *, look_now: bool) -> str:
        if code == "send.lost":
            return self._later(reply, code, sentence, self._now(), burnt=True)
        return doubt(self, reply, code, sentence, look_now=look_now)

    return [(Sending, "_doubt", later)]


def _takes_not_found_for_not_out() -> list[Change]:
    doubt = Sending._doubt

    def later(self: Sending, reply: Any, code: str, sentence: str, *, look_now: bool) -> str:
        if look_now:
            return self._later(reply, code, sentence, self._now(), burnt=True)
        return doubt(self, reply, code, sentence, look_now=look_now)

    return [(Sending, "_doubt", later)]


def _counts_sent_without_proof() -> list[Change]:
    def sent(self: Sending, reply: Any, code: str, sentence: str, *, look_now: bool) -> str:
        return self.proven(reply, "", "reply.sent")

    return [(Sending, "_doubt", sent)]


def _no_sweeper() -> list[Change]:
    return [(Sweeping, "run", lambda self, time_is_left: {})]


def _does_not_ask_what_was_seen() -> list[Change]:
    reply = Actions.reply

    def blind(self: Actions, click: Any, case_id: str, text: str, seen: int, *rest: Any, **more: Any) -> Any:
        return reply(self, click, case_id, text, self.case(click.member, case_id).talk, *rest, **more)

    return [(Actions, "reply", blind)]


def _blames_the_event() -> list[Change]:
    return [(intake, "passes", lambda trouble: False)]


def _deletions_leave_nothing() -> list[Change]:
    gone = message.gone

    def forgotten(*given: Any) -> Any:
        return gone(*given).model_copy(update={"gone": False})

    return [(message, "gone", forgotten)]


def _own_words_are_the_customers() -> list[Change]:
    return [(reading.Told, "is_us", lambda self, who: False)]


def _the_cursor_moves_first() -> list[Change]:
    read = poll.poll

    def moved(connection: Any, cursor: Any, pages: int) -> Iterator[Any]:
        for page in read(connection, cursor, pages):
            Accounts(wiring.table()).move_cursor("meta", connection.account_id, page.cursor)
            yield page

    return [(poll, "poll", moved)]


def _a_reply_needs_no_claim() -> list[Change]:
    write = Replies.write

    def blind(self: Replies, old: Any, new: Any) -> Any:
        return replace(write(self, old, new), when=None)

    return [(Replies, "write", blind)]


_DOOR = replace(STORM, throttle=0.4, closed=0.2, delivery_dropped=0.0)
_POSTS = replace(STORM, broken=0.5, lag=0.6)
_CROWD = replace(STORM, wake_twice=0.4, slow=0.1, stale=0.3)

MUTANTS = (
    Mutant("the door says yes before it has stored", _acknowledged_first, _DOOR),
    Mutant("a delivery that comes again is a new event", _stored_under_a_new_key, STORM),
    Mutant("writes have no conditions", _unconditional, _CROWD),
    Mutant("executions have names of chance", _random_execution_names, STORM),
    Mutant("what is in doubt is sent again", _resends_what_is_in_doubt, _POSTS),
    Mutant("what a dead sender held is sent again", _resends_after_the_lease, replace(_POSTS, crash_after=0.05)),
    Mutant("what is not found is taken for not out", _takes_not_found_for_not_out, _POSTS),
    Mutant("what is in doubt counts as sent", _counts_sent_without_proof, _POSTS),
    Mutant("nothing sweeps", _no_sweeper, STORM),
    Mutant("a reply needs no claim", _a_reply_needs_no_claim, replace(_CROWD, crash_after=0.02)),
    Mutant("nobody asks what the author had seen", _does_not_ask_what_was_seen, _CROWD),
    Mutant("an event is blamed for the store's trouble", _blames_the_event, _DOOR),
    Mutant("a deletion leaves no tombstone", _deletions_leave_nothing, replace(STORM, delivery_late=0.6)),
    Mutant("our own words are a customer's", _own_words_are_the_customers, STORM),
    Mutant("the cursor moves first", _the_cursor_moves_first, replace(STORM, crash_before=0.1, delivery_dropped=0.6)),
    Mutant("a sender may outlive its lease", list, replace(_POSTS, stall=0.6, broken=0.0), no_time_limits=True),
)
