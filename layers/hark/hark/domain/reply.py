"""An outgoing message or act, and the states it can be in (invariants, section 2)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from hark.domain.events import Surface
from hark.domain.people import is_program
from hark.domain.verbs import SAYING


class State(StrEnum):
    HELD = "held"
    """Stored as below, but not to leave before its time; until somebody claims it, it can be taken back."""
    PENDING = "pending"
    """Stored together with the proof that its author may send it."""
    SENDING = "sending"
    """Somebody holds the lease and may be posting right now."""
    SENT = "sent"
    """Proven: the platform named it, or it was read back, or a person saw it."""
    FAILED = "failed"
    """Proven not to be out, and it will not go out."""
    WITHDRAWN = "withdrawn"
    """Taken back before anybody had claimed it: it is not out and will not go out."""
    UNKNOWN = "unknown"
    """May or may not be out; to be looked up, never resent blindly."""
    HUMAN = "human"
    """Looking did not tell; an agent decides."""


THE_DESK = "~desk"
"""Author of what no person wrote; no member has such an id."""

UNFINISHED = frozenset({State.HELD, State.PENDING, State.SENDING, State.UNKNOWN, State.HUMAN})


class Reply(BaseModel):
    """One intent to say or do something. Written once per click (its id is derived from the idempotency key)."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    brand: str
    case: str
    provider: str
    platform: str
    account_id: str
    verb: str = "public_reply"
    """As in `domain.verbs`: something said, or an act on a message."""
    surface: Surface = Surface.POST
    in_reply_to: str
    """The message that is answered or acted on."""
    person: str = ""
    thread: str = ""
    asked_at: str
    heard_at: str = ""
    """When the newest message was written that its author could have seen: nothing later is answered by it."""
    text: str
    by: str
    at: str
    not_after: str
    """Past this time it is not sent any more without a person's word (I22)."""
    state: State = State.PENDING
    tries: int = 0
    looks: int = 0
    claim: str = ""
    """Random token of the sender that holds the lease."""
    code: str = ""
    sentence: str = ""
    detail: str = ""
    """The platform's own code of the last failure, for people who look into it."""
    platform_id: str = ""
    look_at: str = ""
    """When the sweeper has to look again; empty once it is sent or failed."""
    send_at: str = ""
    """When it was asked to leave; empty: as soon as it may. Past `look_at` nothing holds it."""
    seen: int = 0
    """What the author of one with a time had seen of the conversation (`Case.talk`)."""
    before: str = ""
    """The case's `reply_state` before it, for when it is taken back."""
    draft: str = ""
    """The draft it comes from, when it needed an approval."""
    approvers: tuple[str, ...] = ()
    """Who approved it, in order."""
    editors: tuple[str, ...] = ()
    """Who changed its words besides its author, in order."""
    resend: bool = False
    """A person looked and said that it is not there."""
    automatic: str = ""
    """The occasion on which the desk wrote it by itself; empty: a person did."""
    parked: bool = False
    """It waits, or waited until it was too late, for its account to be let act again."""
    answers: bool = True
    """Counts as our answer to the customer. False of a question of ours, or a word that help is coming."""
    stands: bool = False
    """An automatic one that leaves even if the customer has written since."""
    gen: int = 0
    """The generation of the case for which an automatic one was meant."""

    @property
    def signed_by(self) -> str:
        """Whose words the message in the thread is marked as."""
        return THE_DESK if self.automatic else self.by

    @property
    def owner(self) -> str:
        """Whose the case has to be for it to leave (I21). A program answers only what nobody has taken."""
        return "" if is_program(self.by) else self.by

    @property
    def says(self) -> bool:
        """Whether it says something to the customer, and so is never repeated without looking."""
        return self.verb in SAYING
