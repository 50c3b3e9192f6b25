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
5.  `reachable` False forbids `dm` on every platform, and nothing else: a private reply names a comment, not a person.
6.  `may_reply` matters only where the specification names it: on X for `public_reply`, on Facebook for a mention.
7.  A live comment on Instagram has the verbs of a comment, two of them forbidden.
8.  A platform and surface that do not go together (a comment on X, a post on Messenger), and a platform nobody has
    heard of, leave `by_hand` alone.
9.  A message that is gone keeps the verbs it had, all forbidden, `by_hand` too. So it is when nothing is connected,
    where only `by_hand` stays.
10. `elsewhere` and the window concern customers' messages. About our own only `delete` and `by_hand` are offered.
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
    known = _of_platform(subject, standing, now)
    if subject.own:
        offered = {name: decision for name, decision in known.items() if name == "delete"}
    else:
        offered = {name: decision for name, decision in known.items() if name != "delete"}
    if subject.gone or not standing.connected:
        offered = {name: decision.forbidden() for name, decision in offered.items()}
    offered["by_hand"] = Decision(allowed=not subject.gone)
    return offered


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
    if subject.surface is Surface.POST:
        reply = Decision(limit=280, counting="x_weighted", price_usd=0.010, price_with_link_usd=0.200)
        switch = Decision(price_usd=0.005, price_with_link_usd=0.005)
        return {
            "public_reply": reply.only_if(subject.may_reply),
            "unhide" if subject.hidden else "hide": switch,
            "delete": Decision(price_usd=0.010, price_with_link_usd=0.010),
        }
    if subject.surface is Surface.DIRECT:
        message = Decision(limit=10_000, counting="characters", price_usd=0.015, price_with_link_usd=0.015)
        wrote_to_us = subject.last_inbound_at is not None
        return {"dm": message.only_if(wrote_to_us and subject.reachable and not subject.elsewhere)}
    return {}


def _on_facebook(subject: Subject, now: datetime) -> Decisions:
    public = Decision(limit=8000, counting="characters")
    private = _once_in_a_week(Decision(limit=2000, counting="characters"), subject, now)
    like = {"unlike" if subject.liked else "like": Decision()}
    hide = {"unhide" if subject.hidden else "hide": Decision()}
    if subject.surface is Surface.COMMENT:
        return {"public_reply": public, "private_reply": private, **like, **hide, "delete": Decision()}
    if subject.surface is Surface.LIVE_COMMENT:
        return {"public_reply": public, "private_reply": private.forbidden(), **like, **hide, "delete": Decision()}
    if subject.surface is Surface.POST:
        return {"public_reply": public, "private_reply": private, **like}
    if subject.surface is Surface.MENTION:
        return {"public_reply": public.only_if(subject.may_reply)}
    return {}


def _on_instagram(subject: Subject, standing: Standing, now: datetime) -> Decisions:
    public = Decision(limit=300, counting="characters")
    private = _once_in_a_week(Decision(limit=1000, counting="utf8_bytes"), subject, now)
    hide = {"unhide" if subject.hidden else "hide": Decision()}
    if subject.surface is Surface.COMMENT:
        answer = public.only_if(not subject.hidden)
        return {"public_reply": answer, "private_reply": private, **hide, "delete": Decision()}
    if subject.surface is Surface.LIVE_COMMENT:
        return {
            "public_reply": public.forbidden(),
            "private_reply": private.forbidden(),
            **hide,
            "delete": Decision(),
        }
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
    free = now < ends and not subject.private_reply_sent and not subject.elsewhere
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
