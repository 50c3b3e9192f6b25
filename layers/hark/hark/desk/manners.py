"""Whether the desk may write to a customer by itself just now, as far as the platform's rules on automation go."""

from __future__ import annotations

from hark.domain.automation import Wish, asks_to_stop, forbidden
from hark.domain.case import Case
from hark.domain.people import is_program
from hark.domain.reply import State
from hark.store.messages import Messages
from hark.store.replies import Replies

NOT_OUT = (State.FAILED, State.WITHDRAWN)


def unmannerly(case: Case, messages: Messages, replies: Replies) -> str:
    """The code of what forbids one more automatic message in a case; empty when it may go out."""
    last = messages.get(case.brand, case.platform, case.snippet_of) if case.snippet_of else None
    ours = replies.of_case(case.brand, case.id)
    said = [
        r
        for r in ours
        if (r.automatic or is_program(r.by)) and r.says and r.at > case.last_at and r.state not in NOT_OUT
    ]
    return forbidden(
        Wish(
            platform=case.platform, public=case.public, called=not case.public or bool(last and last.addressed),
            stopped=case.bot_stopped or bool(last and asks_to_stop(last.text)), said=len(said),
        )
    )  # fmt: skip
