"""A second opinion on what may be done about a message, to hold against `hark.domain.verbs`.

Written from the platforms' pages and the desk's specification alone, by somebody who has not seen the product's table
or its code. It shares only the shapes that go in, and is one plain function per platform, so that it can be read
against the pages.

Sources: X: prices and limits of answers, and the rule that programs answer only where they were summoned (X API,
"Posts", "Direct messages", pricing of 2026). Facebook, Messenger, Instagram: Graph API v26.0, comments, private
replies, Send API, the 24-hour window and the HUMAN_AGENT tag. Viber: REST bot API, send_message and sessions.

Where the specification can be read in two ways, this is how it is read here:

1.  A verb that exists for this kind of message and may not be used now is offered as forbidden. Its limit, its way of
    counting and its price are stated all the same, as they belong to the verb; `until` and `tag` belong to a sending
    that may happen now, and are empty.
2.  `price_with_link_usd` is what it costs with a link; where a link makes no difference it equals `price_usd`.
3.  A direct message on X needs a message of the person's in private: without any (`last_inbound_at` is None) `dm` is
    offered and forbidden, although the surface is DIRECT.
4.  Meta's window is closed when the person never wrote. Viber has no session then: what is sent costs, and may be sent
    as long as the person is reachable.
5.  Ruled: `reachable` False forbids what is written in private, a private reply as well as a direct message.
6.  Ruled: `may_reply` False forbids every `public_reply`: it says that the platform lets no program answer this one.
7.  A live comment on Instagram has the verbs of a comment, two of them forbidden.
8.  A platform and surface that do not go together (a review on X, a post on Messenger), and a platform nobody has
    heard of, leave `by_hand` alone. Ruled: X's comments and mentions, which X does not tell apart from posts, are as
    posts, but nothing can be hidden where we are a guest.
9.  A message that is gone keeps the verbs it had, all forbidden, `by_hand` too. So it is when nothing is connected,
    where only `by_hand` stays.
10. `elsewhere` and the window concern customers' messages. Ruled: a verb that exists for such a message but not for
    its author or its state (deleting a customer's, hiding what is hidden) is offered as forbidden, so that the reason
    can be told. Ruled: likes are documented for comments and not for posts; a post of our own can be deleted; no
    answer is taken to a hidden mention either.
11. A message from the future (clocks differ) is inside its window.
12. X states no end of an answer or a direct message, and nobody states one for a public reply: no `until`.
13. A verb that is forbidden outside a Viber session states the price outside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hark.domain.events import Surface
from hark.domain.verbs import Standing, Subject

DAY = timedelta(hours=24)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Decision:
    """What is said of one verb. Prices are US dollars; `until` is the first moment at which it is over."""

    allowed: bool = True
    limit: int | None = None
    counting: str | None = None
    until: datetime | None = None
    price_usd: float = 0.0
    price_with_link_usd: float = 0.0
    tag: str = ""

    def forbidden(self) -> Decision:
        """The same verb, not to be used now."""
        return replace(self, allowed=False, until=None, tag="")

    def only_if(self, condition: bool) -> Decision:
        """This, or the same forbidden."""
        return self if condition else self.forbidden()


Decisions = dict[str, Decision]


def decide(subject: Subject, standing: Standing, now: datetime) -> Decisions:
    """What may be done: verb → decision, only verbs that are offered."""
    offered = {
        name: decision.only_if(_suits(name, subject)) for name, decision in _of_platform(subject, standing, now).items()
    }
    if subject.gone or not standing.connected:
        offered = {name: decision.forbidden() for name, decision in offered.items()}
    offered["by_hand"] = Decision(allowed=not subject.gone)
    return offered


def _suits(name: str, subject: Subject) -> bool:
    """Whether the verb is for a message by this author and in this state."""
    if name == "delete":
        return subject.own
    state = {"hide": not subject.hidden, "unhide": subject.hidden, "like": not subject.liked, "unlike": subject.liked}
    return not subject.own and state.get(name, True)


def _of_platform(subject: Subject, standing: Standing, now: datetime) -> Decisions:
    if subject.platform == "x":
        return _on_x(subject)
    if subject.platform == "facebook":
        return _on_facebook(subject, now)
    if subject.platform == "messenger":
        if subject.surface is Surface.DIRECT:
            return {"dm": _in_metas_window(Decision(limit=2000, counting="characters"), subject, standing, now)}
        return {}
    if subject.platform == "instagram":
        return _on_instagram(subject, standing, now)
    if subject.platform == "viber" and subject.surface is Surface.DIRECT:
        return {"dm": _on_viber(subject, standing, now)}
    return {}


def _on_x(subject: Subject) -> Decisions:
    if subject.surface in (Surface.POST, Surface.COMMENT, Surface.MENTION):
        reply = Decision(limit=280, counting="x_weighted", price_usd=0.010, price_with_link_usd=0.200)
        switch = Decision(price_usd=0.005, price_with_link_usd=0.005)
        ours = {"hide": switch, "unhide": switch} if subject.surface is not Surface.MENTION else {}
        return {
            "public_reply": reply.only_if(subject.may_reply),
            **ours,
            "delete": Decision(price_usd=0.010, price_with_link_usd=0.010),
        }
    if subject.surface is Surface.DIRECT:
        message = Decision(limit=10_000, counting="characters", price_usd=0.015, price_with_link_usd=0.015)
        wrote_to_us = subject.last_inbound_at is not None
        return {"dm": message.only_if(wrote_to_us and subject.reachable and not subject.elsewhere)}
    return {}


def _on_facebook(subject: Subject, now: datetime) -> Decisions:
    public = Decision(limit=8000, counting="characters").only_if(subject.may_reply)
    private = _once_in_a_week(Decision(limit=2000, counting="characters"), subject, now)
    acts = {name: Decision() for name in ("like", "unlike", "hide", "unhide", "delete")}
    if subject.surface is Surface.COMMENT:
        return {"public_reply": public, "private_reply": private, **acts}
    if subject.surface is Surface.LIVE_COMMENT:
        return {"public_reply": public, "private_reply": private.forbidden(), **acts}
    if subject.surface is Surface.POST:
        return {"public_reply": public, "private_reply": private, "delete": Decision()}
    if subject.surface is Surface.MENTION:
        return {"public_reply": public}
    return {}


def _on_instagram(subject: Subject, standing: Standing, now: datetime) -> Decisions:
    public = Decision(limit=300, counting="characters").only_if(subject.may_reply and not subject.hidden)
    private = _once_in_a_week(Decision(limit=1000, counting="utf8_bytes"), subject, now)
    acts = {name: Decision() for name in ("hide", "unhide", "delete")}
    if subject.surface is Surface.COMMENT:
        return {"public_reply": public, "private_reply": private, **acts}
    if subject.surface is Surface.LIVE_COMMENT:
        return {"public_reply": public.forbidden(), "private_reply": private.forbidden(), **acts}
    if subject.surface is Surface.MENTION:
        return {"public_reply": public}
    if subject.surface is Surface.DIRECT:
        return {"dm": _in_metas_window(Decision(limit=1000, counting="utf8_bytes"), subject, standing, now)}
    return {}


def _on_viber(subject: Subject, standing: Standing, now: datetime) -> Decision:
    message = Decision(limit=7000, counting="characters")
    session_ends = subject.last_inbound_at + DAY if subject.last_inbound_at is not None else None
    if session_ends is not None and now < session_ends:
        message = replace(message, until=session_ends)
    else:
        price = standing.outside_session_usd
        message = replace(message, price_usd=price, price_with_link_usd=price)
    return message.only_if(subject.reachable and not subject.elsewhere)


def _once_in_a_week(private_reply: Decision, subject: Subject, now: datetime) -> Decision:
    """Meta lets a Page answer a comment or a visitor's post in private once, within seven days."""
    ends = subject.at + WEEK
    free = now < ends and not subject.private_reply_sent and not subject.elsewhere and subject.reachable
    return replace(private_reply, until=ends).only_if(free)


def _in_metas_window(message: Decision, subject: Subject, standing: Standing, now: datetime) -> Decision:
    """A day after the person's last message anything goes; for the rest of the week a person may still write."""
    if subject.last_inbound_at is None or subject.elsewhere or not subject.reachable:
        return message.forbidden()
    day_ends, week_ends = subject.last_inbound_at + DAY, subject.last_inbound_at + WEEK
    if now < day_ends:
        return replace(message, until=day_ends)
    by_a_person = "human_agent" in standing.features and not standing.automatic
    if now < week_ends and by_a_person:
        return replace(message, until=week_ends, tag="HUMAN_AGENT")
    return message.forbidden()
