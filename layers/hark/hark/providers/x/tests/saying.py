"""The two ways in which we answer on X, a reply and a direct message: asked, ordered and sent alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hark.providers.contract import Order
from hark.providers.x.fake import SECRETS, Fake
from hark.providers.x.fake.content import DirectMessage, Post
from hark.providers.x.outbound import Sender

BRAND, KIM = "5550001", "7770002"
REPLY_TEXT = "Sorry! Please send us your order number & name: acme.lv/help"
DIRECT_TEXT = "Sorry! Your parcel 4711 & 4712: acme.lv/help"


def sender(x: Fake, **changes: str) -> Sender:
    return Sender({**SECRETS[BRAND], **changes}, x.url)


def ask(
    x: Fake, text: str = "@acme where is parcel 4711?", parent: Post | None = None, quoted: Post | None = None
) -> Post:
    now = x.clock()
    return x.world.add_post(x.world.user("kim_l"), text, datetime.fromtimestamp(now, UTC), now, parent, quoted)


def reply(question: Post, text: str = REPLY_TEXT, **more: str) -> Order:
    return Order("public_reply", "x", BRAND, question.id, "post", text=text, asked_at=question.at, **more)


def write(x: Fake, text: str = "where is my parcel?", ago: timedelta = timedelta(0)) -> DirectMessage:
    kim = x.world.user("kim_l")
    return x.world.add_message(kim, x.world.brand, text, datetime.now(UTC) - ago, x.clock())


def direct(question: DirectMessage, text: str = DIRECT_TEXT, **more: Any) -> Order:
    given = {"surface": "direct", "person": KIM, "thread": question.conversation_id, "asked_at": question.at}
    return Order("dm", "x", BRAND, question.id, text=text, **{**given, **more})


@dataclass(frozen=True)
class Way:
    """One of the two. `send` and `look` are the names under which the fake takes faults for its calls."""

    send: str
    look: str

    def asked(self, x: Fake) -> Order:
        """The order to answer a question that Kim has just asked."""
        return reply(ask(x)) if self == REPLY else direct(write(x))

    def sent(self, x: Fake) -> list[str]:
        """Ids of what the product has said."""
        said = x.world.posts() if self == REPLY else x.world.messages()
        return [one.id for one in said if one.source == "api"]

    def list_late(self, x: Fake, seconds: float) -> None:
        """From now on what is said is listed only so much later."""
        if self == REPLY:
            x.rest.timeline_lag = seconds
        else:
            x.direct.lag = seconds


REPLY, DIRECT = Way("send", "timeline"), Way("dm", "dm_conversation")
