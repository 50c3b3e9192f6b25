"""Private messages of the fake X: how they are written down, sent by API, and listed."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from hark.providers.strict_json import NotStrictJson, loads
from hark.providers.x.fake.content import DirectMessage
from hark.providers.x.fake.rest import Reply, invalid, problem, words
from hark.providers.x.fake.shapes import as_bytes
from hark.providers.x.fake.world import World
from hark.providers.x.text import DIRECT_LIMIT

_FIELDS = {"id", "text", "event_type", "created_at", "sender_id", "dm_conversation_id", "attachments"}
_REFUSED = "You do not have permission to DM one or more participants."


def activity(message: DirectMessage, world: World, event_uuid: str) -> bytes:
    """The body of a `dm.received` or `dm.sent` delivery."""
    data: dict[str, Any] = {
        "text": html.escape(message.text, quote=False),
        "entities": {"hashtags": [], "symbols": [], "user_mentions": [], "urls": message.urls},
    }
    if message.media:
        item = {"media_url_https": message.media[0].url, "type": message.media[0].kind}
        data["attachment"] = {"type": "media", "media": item}
    entry = {
        "type": "message_create",
        "id": message.id,
        "created_timestamp": str(int(message.at.timestamp() * 1000)),
        "message_create": {
            "target": {"recipient_id": message.recipient.id},
            "sender_id": message.sender.id,
            "message_data": data,
        },
    }
    users = {user.id: {"data": user.shown()} for user in (message.sender, message.recipient)}
    return as_bytes(
        {
            "data": {
                "event_uuid": event_uuid,
                "filter": {"user_id": world.brand.id},
                "event_type": kind_of(message, world),
                "tag": f"account:{world.brand.id}",
                "payload": {"direct_message_events": [entry], "users": users},
            }
        }
    )


def kind_of(message: DirectMessage, world: World) -> str:
    """The activity a message makes for the brand."""
    return "dm.sent" if message.sender.id == world.brand.id else "dm.received"


def encrypted(sender_id: str, brand_id: str, message_id: str, at: datetime, event_uuid: str) -> bytes:
    """The body of a `chat.received` delivery: everything but the words."""
    payload = {
        "id": message_id,
        "created_at_msec": str(int(at.timestamp() * 1000)),
        "sender_id": sender_id,
        "conversation_id": f"{sender_id}:{brand_id}",
        "conversation_key_version": "1768",
        "encoded_event": "CwABAAAA",
    }
    data = {"event_uuid": event_uuid, "filter": {"user_id": brand_id}, "event_type": "chat.received"}
    return as_bytes({"data": {**data, "payload": payload}})


class Direct:
    """X's routes for messages. `published` is called with every message sent through the API."""

    def __init__(
        self, world: World, clock: Callable[[], float], published: Callable[[DirectMessage], None],
        new_words: Callable[[], bool],
    ) -> None:  # fmt: skip
        self.lag = 0.0
        """Seconds until our own message is listed."""
        self._world = world
        self._clock = clock
        self._published = published
        self._new_words = new_words

    def send(self, user_id: str, body: bytes) -> Reply:
        """POST /2/dm_conversations/with/:id/messages."""
        try:
            asked = loads(body)
        except NotStrictJson:
            return invalid("The body is no JSON.", {})
        if not isinstance(asked, dict) or set(asked) != {"text"} or not isinstance(asked["text"], str):
            return invalid("$.text is needed and nothing else is defined here.", {"text": []})
        if not asked["text"].strip() or len(asked["text"]) > DIRECT_LIMIT:
            return invalid("The text is empty or too long.", {"text": []})
        person = self._world.find_user(user_id)
        if person is None or person.id in self._world.standing or not self._world.may_write_to(person):
            return problem(403, "Forbidden", _REFUSED)
        now = self._clock()
        at = datetime.fromtimestamp(now, UTC)
        made = self._world.add_message(self._world.brand, person, asked["text"], at, now, source="api")
        self._published(made)
        return Reply(201, {"data": {"dm_conversation_id": made.conversation_id, "dm_event_id": made.id}})

    def events(self, user_id: str, query: str) -> Reply:
        """GET /2/dm_events, and of one conversation when `user_id` is given."""
        params = dict(parse_qsl(query, keep_blank_values=True))
        refused = self._refused_parameter(params)
        if refused is not None:
            return refused
        until = self._clock() - self.lag
        brand = self._world.brand.id
        found = [
            m
            for m in self._world.messages()
            if not user_id or user_id in (m.sender.id, m.recipient.id)
            if m.sender.id != brand or m.seen_at <= until
        ]
        token = params.get("pagination_token")
        before = int(token.removeprefix("18LAA"), 16) if token else 1 << 80
        rest = [m for m in found if int(m.id) < before]
        size = int(params.get("max_results", "100"))
        page = rest[:size]
        meta: dict[str, Any] = {"result_count": len(page)}
        if len(rest) > size:
            meta["next_token"] = f"18LAA{int(page[-1].id):x}"
        if not page:
            return Reply(200, {"meta": meta})
        wanted = {"id", "event_type", *words(params, "dm_event.fields"), *words(params, "expansions")}
        return Reply(200, {"data": [_listed(m, wanted) for m in page], "meta": meta})

    def _refused_parameter(self, params: Mapping[str, str]) -> Reply | None:
        known = _FIELDS - ({"sender_id"} if self._new_words() else set())
        odd = words(params, "dm_event.fields") - known
        if odd:
            return invalid(f"The fields {sorted(odd)} of [dm_event.fields] are not known", {"dm_event.fields": odd})
        if not re.fullmatch(r"[1-9][0-9]?|100", params.get("max_results", "100")):
            return invalid("The query parameter [max_results] is not between 1 and 100", {"max_results": []})
        token = params.get("pagination_token")
        if token is not None and not re.fullmatch(r"18LAA[0-9a-f]{1,16}", token):
            return invalid("The query parameter [pagination_token] is not valid", {"pagination_token": [token]})
        return None


def _listed(message: DirectMessage, wanted: set[str]) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "id": message.id,
        "event_type": "MessageCreate",
        "text": html.escape(message.text, quote=False),
        "sender_id": message.sender.id,
        "dm_conversation_id": message.conversation_id,
        "created_at": message.at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{message.at.microsecond // 1000:03}Z",
    }
    if message.media:
        whole["attachments"] = {"media_keys": [f"3_{message.id}"]}
    return {name: value for name, value in whole.items() if name in wanted}
