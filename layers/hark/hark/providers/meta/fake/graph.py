"""The fake Graph API: who may call what, planned faults, and which part answers."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable, Mapping

from hark.providers.meta.fake.ask import Ask, parameters
from hark.providers.meta.fake.calls import Done
from hark.providers.meta.fake.content import Content
from hark.providers.meta.fake.errors import TOO_MANY, GraphError, bad_parameter, does_not_exist, error_value
from hark.providers.meta.fake.guard import Token, Tokens, Usage, check_proof, usage_headers
from hark.providers.meta.fake.identity import INSTAGRAM_ID, PAGE_ID, VERSIONS
from hark.providers.meta.fake.messages import Messages
from hark.providers.meta.fake.setup import Setup
from hark.providers.meta.fake.world import Item, World
from hark.testkit.faults import Fault, Faults
from hark.testkit.http_server import Answer, Call, json_answer

ROUTES = ("send", "act", "read", "poll", "health")
"""What a fault can be planned on: saying something, acting on an item, reading one object, listing, setting up."""

_SAYING = ("comments", "replies", "messages", "mentions", "feed")
_LISTING = ("comments", "replies", "messages", "feed", "media", "conversations")
_HEALTH = ("subscribed_apps", "debug_token", "refresh_access_token")
_PATH = re.compile(r"/(?:v([0-9]+\.[0-9]+)/)?([A-Za-z0-9_.-]+)(?:/([a-z_]+))?/?")


def _limited(fault: Fault) -> Answer:
    kind = {"send": "messenger"}.get(fault.on, "pages")
    code = fault.code or TOO_MANY[kind]
    kind = next((k for k, c in TOO_MANY.items() if c == code), kind)
    headers = usage_headers(INSTAGRAM_ID if kind == "instagram" else PAGE_ID, kind, 100, math.ceil(fault.seconds / 60))
    return json_answer(400, error_value(code, fault.subcode, "There have been too many calls"), headers)


DIALECT: Mapping[str, Callable[[Fault], Answer]] = {
    "ok": lambda _: json_answer(200, {"id": "555001_777001", "recipient_id": "7000000031", "message_id": "m_LabX"}),
    "rate_limited": _limited,
    "error": lambda f: json_answer(f.status or 400, error_value(f.code or 1, f.subcode)),
    "errors": lambda f: json_answer(200, error_value(f.code or 1, f.subcode)),
    "no_id": lambda _: json_answer(200, {"success": True}),
    "wrong_id": lambda _: json_answer(200, {"id": PAGE_ID, "recipient_id": "7999999999", "message_id": "m_Other"}),
}
"""`error` is any of Meta's errors by `code` and `subcode`; `rate_limited` takes a `code` too."""


class Graph:
    """Answers the calls of one app. `proof_clock` is what proofs are checked by."""

    def __init__(
        self,
        world: World,
        tokens: Tokens,
        usage: Usage,
        faults: Faults,
        parts: tuple[Content, Messages, Setup],
        app_secret: str,
        proof_clock: Callable[[], float],
    ) -> None:
        self._world = world
        self._tokens = tokens
        self._usage = usage
        self._faults = faults
        self._content, self._messages, self._setup = parts
        self._app_secret = app_secret
        self._proof_clock = proof_clock

    def answer(self, call: Call, stopping: threading.Event) -> Answer:
        """One call.

        Raises:
            ConnectionBroken: a planned fault.
        """
        headers: dict[str, str] = {}
        try:
            ask = self._accepted(call)
            headers, refused = self._usage.count(*_use(ask))
            fault = self._faults.take(route_of(ask))
            if fault is not None:
                return self._faults.answer(fault, lambda: self._carried_out(ask, headers), stopping)
            if refused is not None:
                raise refused
            return self._carried_out(ask, headers)
        except GraphError as refused_call:
            answer = refused_call.answer()
            answer.headers |= headers
            return answer

    def _carried_out(self, ask: Ask, headers: Mapping[str, str]) -> Answer:
        try:
            return json_answer(200, self._done(ask), headers)
        except GraphError as refused:
            answer = refused.answer()
            answer.headers |= headers
            return answer

    def _accepted(self, call: Call) -> Ask:
        params = parameters(call)
        found = _PATH.fullmatch(call.path)
        if found is None:
            raise GraphError(2500, "Unknown path components")
        version, node, edge = found[1], found[2], found[3] or ""
        if version not in VERSIONS and not (version is None and node == "refresh_access_token"):
            raise GraphError(2500, f"Call a version: {', '.join(VERSIONS)}")
        if "ids" in params or "date_format" in params:
            raise bad_parameter("ids and date_format are gone since v26.0")
        scheme, _, bearer = call.headers.get("authorization", "").partition(" ")
        value = bearer if scheme == "Bearer" else str(params.get("access_token", ""))
        if not value:
            raise GraphError(104, "An access token is required to request this resource")
        if value == self._tokens.app_token and node == "debug_token":
            token = Token(value, PAGE_ID, 0)
        else:
            token = self._tokens.accept(value)
        if node != "refresh_access_token" or "appsecret_proof" in params:
            check_proof(self._app_secret, value, params, self._proof_clock())
        return Ask(call.method, token.account_id if node == "me" else node, edge, params, token)

    def _done(self, ask: Ask) -> Done:
        if ask.node in ("debug_token", "refresh_access_token") and not ask.edge and ask.method == "GET":
            return self._setup.debug_token(ask) if ask.node == "debug_token" else self._setup.renew(ask)
        if ask.node in (PAGE_ID, INSTAGRAM_ID):
            if ask.token.account_id == INSTAGRAM_ID and ask.node == PAGE_ID:
                raise does_not_exist(ask.node)
            return self._of_account(ask)
        item = self._world.items.get(ask.node)
        if item is not None and item.visible and _within_reach(ask, item):
            return self._of_item(ask)
        if ask.method == "GET":
            return self._private(ask)
        raise does_not_exist(ask.node)

    def _of_account(self, ask: Ask) -> Done:
        page = ask.node == PAGE_ID
        match ask.method, ask.edge:
            case "GET", "":
                return self._setup.account(ask, ask.node)
            case (("GET" | "POST" | "DELETE"), "subscribed_apps"):
                return self._setup.subscriptions(ask, ask.node)
            case "POST", "messages":
                return self._messages.send(ask, ask.node)
            case "GET", "conversations":
                return self._messages.conversations(ask, ask.node)
            case "GET", ("feed" | "posts") if page:
                return self._content.posts(ask, "facebook")
            case "POST", "feed" if page:
                return self._content.publish(ask)
            case "GET", "media" if not page:
                return self._content.posts(ask, "instagram")
            case "POST", "mentions" if not page:
                return self._content.mention(ask)
        raise bad_parameter("There is no such edge")

    def _of_item(self, ask: Ask) -> Done:
        item = self._world.items[ask.node]
        replies = "replies" if item.platform == "instagram" and item.kind == "comment" else "comments"
        match ask.method, ask.edge:
            case "GET", "":
                return self._content.read(ask, item)
            case "POST", "":
                return self._content.change(ask, item)
            case "DELETE", "":
                return self._content.remove(item)
            case "GET", edge if edge == replies:
                return self._content.comments(ask, item)
            case "POST", edge if edge == replies:
                return self._content.comment(ask, item)
            case (("POST" | "DELETE"), "likes"):
                return self._content.like(item, ask.method == "POST")
        raise bad_parameter("There is no such edge")

    def _private(self, ask: Ask) -> Done:
        thread = self._messages.find_conversation(ask.node)
        if thread is not None and ask.edge in ("", "messages") and _reaches(ask, thread[0]):
            return self._messages.conversation(ask, *thread)
        sent = self._world.messages.get(ask.node)
        if sent is not None and not sent.gone and not ask.edge and _reaches(ask, sent.platform):
            return self._messages.read(ask, sent)
        for platform in ("messenger", "instagram"):
            person = self._world.by_private_id(platform, ask.node)
            if person is not None and not ask.edge and _reaches(ask, platform):
                return self._messages.profile(ask, platform, person)
        raise does_not_exist(ask.node)


def route_of(ask: Ask) -> str:
    """Which of `ROUTES` a call is."""
    if ask.edge in _HEALTH or ask.node in _HEALTH:
        return "health"
    if ask.method == "GET":
        return "poll" if ask.edge in _LISTING else "read"
    return "send" if ask.method == "POST" and ask.edge in _SAYING else "act"


def _use(ask: Ask) -> tuple[str, str]:
    instagram = ask.node == INSTAGRAM_ID or _instagram_only(ask) or ask.node.startswith(("179", "180", "aWd"))
    if instagram:
        return INSTAGRAM_ID, "instagram"
    private = ask.edge in ("messages", "conversations") or ask.node.startswith(("m_", "t_"))
    return PAGE_ID, "messenger" if private else "pages"


def _instagram_only(ask: Ask) -> bool:
    return ask.token.account_id == INSTAGRAM_ID


def _within_reach(ask: Ask, item: Item) -> bool:
    if item.platform == "instagram":
        # What others have on Instagram is read only as a mention of the account.
        return not item.foreign or item.author is None
    return not _instagram_only(ask)


def _reaches(ask: Ask, platform: str) -> bool:
    return platform == "instagram" or not _instagram_only(ask)
