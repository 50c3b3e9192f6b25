"""What the desk says and does on Facebook Pages, Messenger and Instagram.

Source: Graph API (comments, likes), Messenger Platform (send messages, private replies, HUMAN_AGENT), Instagram
Platform (comment moderation, mentions, private replies, messages). There is no idempotency key anywhere: what was
said and got no clear answer is looked for (`read_back`), never said again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from hark.domain.events import Surface
from hark.domain.verbs import SAYING
from hark.providers.contract import CallFailed, CannotLook, Credentials, NotSent, Order, Outcome, Sent
from hark.providers.meta import graph
from hark.providers.meta.graph import Graph
from hark.providers.meta.read_back import direct_message, facebook_comment, instagram_comment, private_reply

ENDPOINT = graph.FACEBOOK
"""Accounts connected by Instagram Login are called at graph.INSTAGRAM instead of it, as their token shows."""

_COMMENTED = (Surface.POST, Surface.COMMENT, Surface.LIVE_COMMENT, Surface.MENTION)


class Sender:
    """Says and does things as one account, each at most once per call."""

    def __init__(
        self,
        credentials: Credentials,
        endpoint: str,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`credentials` hold app_secret and access_token; `endpoint` is scheme and host, such as `ENDPOINT`."""
        self._credentials = credentials
        self._endpoint = endpoint
        self._clock = clock
        self._sleep = sleep

    def send(self, order: Order) -> Outcome:
        """Carry out an order: one call, or two for an act that was refused.

        A call ends after 46 seconds at the latest (`providers.http`, and the pause of `pace`). Raises nothing a network
        can cause.
        """
        if order.verb in SAYING and not order.text.strip():
            return NotSent("too_long", None, "empty")
        try:
            return self._carried_out(self._graph(order), order)
        except CallFailed as failed:
            code = failed.code
            # Whoever speaks of us in a place of theirs must not be able to stop the account by closing that place.
            if code == "permission_missing" and order.surface == Surface.MENTION:
                code = "refused"
            return NotSent(code, failed.retry_at, failed.detail)

    def read_back(self, order: Order) -> Sent | None:
        """Look whether what `order` says is out; None when it is proven not to be. Ask after the settle time.

        Raises:
            CannotLook: the platform does not show enough to tell.
            CallFailed: we could not look now. That is not the same as "not there".
        """
        calls = self._graph(order)
        match order.verb, order.platform, order.surface:
            case "public_reply", _, Surface.MENTION:
                # A foreign place shows us what its owner lets us see.
                raise CannotLook
            case "public_reply", "facebook", _:
                return facebook_comment(calls, order)
            case "public_reply", "instagram", _:
                return instagram_comment(calls, order)
            case "private_reply", "facebook", _:
                return private_reply(calls, order)
            case "dm", "messenger" | "instagram", _:
                return direct_message(calls, order)
            case _:
                raise CannotLook

    def _graph(self, order: Order) -> Graph:
        return Graph(
            self._credentials,
            self._endpoint,
            order.account_id,
            instagram_login=graph.by_instagram_login(self._credentials),
            clock=self._clock,
            sleep=self._sleep,
        )

    def _carried_out(self, calls: Graph, order: Order) -> Outcome:
        match order.platform, order.verb:
            case "facebook", "public_reply" if order.surface in _COMMENTED:
                return _commented(calls.say(order.target, "comments", body={"message": order.text}), order)
            case "instagram", "public_reply" if order.surface == Surface.COMMENT:
                # Where the target is a reply itself, Instagram puts ours under the same top comment.
                return _commented(calls.say(order.target, "replies", body={"message": order.text}), order)
            case "instagram", "public_reply" if order.surface == Surface.MENTION:
                return _commented(calls.say(order.account_id, "mentions", body=_mention(order)), order)
            case (("facebook" | "instagram"), "private_reply"):
                kind = "post_id" if order.surface == Surface.POST else "comment_id"
                return _messaged(calls, order, {kind: order.target})
            case (("messenger" | "instagram"), "dm") if order.person:
                return _messaged(calls, order, {"id": order.person})
            case "facebook", "like" | "unlike":
                calls.act("POST" if order.verb == "like" else "DELETE", order.target, "likes")
                return Sent()
            case (("facebook" | "instagram"), "hide" | "unhide"):
                field = "is_hidden" if order.platform == "facebook" else "hide"
                return _acted(calls, order, "POST", "can_hide", {field: order.verb == "hide"})
            case (("facebook" | "instagram"), "delete"):
                return _acted(calls, order, "DELETE", "can_remove")
            case _:
                return NotSent("not_supported")


def _mention(order: Order) -> dict[str, str]:
    body = {"media_id": order.thread or order.target, "message": order.text}
    # Mentioned in a caption, the message is the picture itself.
    return body if order.target == body["media_id"] else {**body, "comment_id": order.target}


def _messaged(calls: Graph, order: Order, recipient: Mapping[str, str]) -> Outcome:
    message = {"text": order.text}
    body: dict[str, Any] = {"recipient": recipient, "message": message}
    on_page = order.platform in ("facebook", "messenger")
    if on_page:
        body["messaging_type"] = "RESPONSE"
        if order.marker:
            message["metadata"] = order.marker
    if order.tag and order.verb == "dm":
        body |= {"messaging_type": "MESSAGE_TAG", "tag": order.tag}
    # An Instagram account behind a Page sends with the Page's token: "me" is that Page.
    route = order.account_id if on_page or order.verb == "private_reply" or calls.instagram_login else "me"
    answer = calls.say(route, "messages", body=body)
    made, person = _id(answer, "message_id"), _id(answer, "recipient_id")
    if not made:
        return NotSent("no_answer", None, "no id")
    if order.verb == "dm" and person not in ("", order.person):
        return NotSent("wrong_id", None, "recipient")
    return Sent(f"{order.account_id}#{made}", person if order.verb == "private_reply" else "")


def _commented(answer: Mapping[str, Any], order: Order) -> Outcome:
    made = _id(answer, "id")
    if not made:
        return NotSent("no_answer", None, "no id")
    if made in (order.target, order.thread, order.account_id):
        return NotSent("wrong_id", None, "comment")
    return Sent(made)


def _acted(calls: Graph, order: Order, method: str, right: str, body: Mapping[str, bool] | None = None) -> Outcome:
    try:
        calls.act(method, order.target, body=body)
    except CallFailed as failed:
        # Gone is what was asked for: an earlier try whose answer was lost, or somebody else.
        if failed.code == "target_gone" and order.verb == "delete":
            return Sent()
        if failed.code == "permission_missing" and _may_not(calls, order, right):
            return NotSent("refused", None, failed.detail)
        raise
    return Sent()


def _may_not(calls: Graph, order: Order, right: str) -> bool:
    """Whether it is this comment that does not let us, and not a permission of the account that is missing."""
    commented = order.surface in (Surface.COMMENT, Surface.LIVE_COMMENT)
    return order.platform == "facebook" and commented and calls.get(order.target, fields=right).get(right) is False


def _id(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    return value if isinstance(value, str) else ""
