"""Private messages of the fake Graph API: windows, the one private reply, limits, and conversations (contract 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hark.providers.meta.fake import nodes, shapes
from hark.providers.meta.fake.ask import Ask
from hark.providers.meta.fake.calls import Calls, Done
from hark.providers.meta.fake.content import as_edge
from hark.providers.meta.fake.errors import GraphError, bad_parameter, does_not_exist
from hark.providers.meta.fake.fields import parse, select
from hark.providers.meta.fake.identity import APP_ID, INSTAGRAM_ID, PAGE_ID
from hark.providers.meta.fake.nodes import DEFAULTS, conversation_id, listed
from hark.providers.meta.fake.world import Item, Message, Person

WINDOW = timedelta(hours=24)
HUMAN_AGENT_WINDOW = timedelta(days=7)
LONGEST_TEXT = 2000
"""Characters, on Messenger."""
LONGEST_BYTES = 1000
"""Bytes of UTF-8, on Instagram."""
MOST_QUICK_REPLIES, LONGEST_TITLE = 13, 20
_TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY")
_ACTIONS = ("mark_seen", "typing_on", "typing_off")
_CLOSED = {"messenger": 2018278, "instagram": 2534022}
_NOBODY = {"messenger": 2018001, "instagram": 2534014}
_HELD_ELSEWHERE = 2018300


@dataclass(eq=False)
class Messages(Calls):
    """What is private."""

    actions: list[dict[str, str]] = field(default_factory=list)
    """What was only shown: typing, seen."""

    def send(self, ask: Ask, account_id: str) -> Done:
        """POST to `messages` of the Page, of the Instagram account, or of me."""
        recipient = ask.structure("recipient")
        if len(recipient) != 1:
            raise bad_parameter("recipient names one thing")
        (kind, wanted), *_ = recipient.items()
        if kind in ("comment_id", "post_id"):
            return self._private_reply(ask, account_id, str(wanted))
        if kind != "id":
            raise bad_parameter(f"recipient[{kind}] is not known")
        platform, person = self._addressee(str(wanted), account_id)
        self._may_send(platform)
        if "sender_action" in ask.params:
            return self._act(ask, platform, person)
        text, media, metadata = self._content(ask, platform)
        self._check_type(ask, platform)
        with self._world.lock:
            self._check_person(platform, person)
            self._check_window(ask, platform, person)
            sent = self._sent(platform, person, text, media, metadata)
        self._tell(shapes.message(sent, standby=False))
        self._record(sent.id, platform, "dm", text, person.private_id(platform), person.private_id(platform))
        return {"recipient_id": person.private_id(platform), "message_id": sent.id}

    def conversations(self, ask: Ask, account_id: str) -> Done:
        """GET the private threads of a platform, the one written in last first; `user_id` names one person."""
        default = "instagram" if account_id == INSTAGRAM_ID else "messenger"
        platform = ask.given("platform") or default
        if platform not in _CLOSED or (account_id == INSTAGRAM_ID and platform != "instagram"):
            raise bad_parameter("platform is messenger or instagram")
        self._may_send(platform)
        wanted = ask.given("user_id")
        found = [
            self._nodes.conversation(platform, person, thread)
            for person, thread in self._world.threads(platform)
            if wanted in ("", person.private_id(platform))
        ]
        return listed(found, as_edge(ask), "conversation")

    def conversation(self, ask: Ask, platform: str, person: Person) -> Done:
        """GET one thread, or its messages."""
        self._may_send(platform)
        node = self._nodes.conversation(platform, person, self._world.thread(platform, person))
        if ask.edge == "messages":
            found: Done = node["messages"](as_edge(ask))
            return found
        return select(node, parse(ask.given("fields")) if ask.given("fields") else DEFAULTS["conversation"])

    def find_conversation(self, node_id: str) -> tuple[str, Person] | None:
        """Whose thread that is."""
        for platform in _CLOSED:
            for person, _ in self._world.threads(platform):
                if conversation_id(platform, person) == node_id:
                    return platform, person
        return None

    def read(self, ask: Ask, sent: Message) -> Done:
        """GET one message."""
        self._may_send(sent.platform)
        wanted = parse(ask.given("fields")) if ask.given("fields") else DEFAULTS["message"]
        return select(self._nodes.message(sent), wanted)

    def profile(self, ask: Ask, platform: str, person: Person) -> Done:
        """GET somebody who wrote to us in private."""
        self._may_send(platform)
        if not person.consents or self._world.last_inbound(platform, person) is None:
            raise GraphError(230, "User consent is required to access user profile", 2018218)
        wanted = parse(ask.given("fields")) if ask.given("fields") else DEFAULTS["person"]
        return select(nodes.person_node(platform, person), wanted)

    def _private_reply(self, ask: Ask, account_id: str, wanted: str) -> Done:
        item = self._world.items.get(wanted)
        reached = item is not None and (item.platform == "instagram" or account_id == PAGE_ID)
        if item is None or not item.visible or not reached:
            raise does_not_exist(wanted)
        platform = "messenger" if item.platform == "facebook" else "instagram"
        self._may_send(platform)
        text, media, metadata = self._content(ask, platform)
        with self._world.lock:
            person = self._privately_answered(item)
            item.privately_answered = True
            sent = self._sent(platform, person, text, media, metadata)
        self._tell(shapes.message(sent, standby=False))
        self._record(sent.id, item.platform, "private_reply", text, item.id, person.private_id(platform))
        return {"recipient_id": person.private_id(platform), "message_id": sent.id}

    def _privately_answered(self, item: Item) -> Person:
        post = item.post or item
        over = self._now() - item.at >= nodes.PRIVATE_REPLY_DAYS or (post.live and post.ended)
        if item.author is None or item.foreign or item.kind == "review" or over:
            raise GraphError(10903, "This user cannot reply to this activity")
        if item.privately_answered:
            raise GraphError(10900, "Activity already replied to")
        if item.author.blocked:
            raise GraphError(551, "This person is not available right now", 1545041)
        return item.author

    def _addressee(self, wanted: str, account_id: str) -> tuple[str, Person]:
        platforms = ("instagram",) if account_id == INSTAGRAM_ID else ("messenger", "instagram")
        for platform in platforms:
            person = self._world.by_private_id(platform, wanted)
            if person is not None:
                return platform, person
        raise bad_parameter("No matching user found", _NOBODY[platforms[0]])

    def _content(self, ask: Ask, platform: str) -> tuple[str, tuple[Mapping[str, str], ...], str]:
        message = ask.structure("message")
        if not set(message) <= {"text", "attachment", "metadata", "quick_replies"}:
            raise bad_parameter("Invalid keys were found in param message")
        text, metadata = message.get("text", ""), message.get("metadata", "")
        if not isinstance(text, str) or not isinstance(metadata, str) or len(metadata) > 1000:
            raise bad_parameter("message[text] and message[metadata] are strings")
        media = _attached(message["attachment"]) if "attachment" in message else ()
        if bool(text.strip()) == bool(media):
            raise bad_parameter("A message has either a text or an attachment")
        _check_quick_replies(message.get("quick_replies", []))
        if platform == "messenger" and len(text) > LONGEST_TEXT:
            raise bad_parameter(f"Length of param message[text] must be less than or equal to {LONGEST_TEXT}")
        if platform == "instagram" and len(text.encode()) > LONGEST_BYTES:
            raise bad_parameter(f"Length of param message[text] must be less than or equal to {LONGEST_BYTES} bytes")
        return text, media, metadata

    def _check_type(self, ask: Ask, platform: str) -> None:
        kind, tag = ask.given("messaging_type"), ask.given("tag")
        if kind not in _TYPES and (kind or platform == "messenger"):
            raise bad_parameter(f"messaging_type is one of {', '.join(_TYPES)}")
        if (tag != "") != (kind == "MESSAGE_TAG") or tag not in ("", "HUMAN_AGENT"):
            raise bad_parameter("The tag is not usable")

    def _check_person(self, platform: str, person: Person) -> None:
        if person.blocked:
            raise GraphError(551, "This person is not available right now", 1545041)
        if self._world.held_elsewhere(platform, person):
            raise GraphError(10, "Message not sent: another app is controlling this thread now", _HELD_ELSEWHERE)

    def _check_window(self, ask: Ask, platform: str, person: Person) -> None:
        last = self._world.last_inbound(platform, person)
        waited = self._now() - last if last is not None else HUMAN_AGENT_WINDOW
        agent = ask.given("tag") == "HUMAN_AGENT"
        if agent:
            self._permissions.need(_account(platform), "human_agent")
        if waited >= (HUMAN_AGENT_WINDOW if agent else WINDOW):
            raise GraphError(10, "This message is sent outside of allowed window", _CLOSED[platform])

    def _may_send(self, platform: str) -> None:
        if platform == "messenger":
            self._permissions.need(PAGE_ID, "pages_messaging")
        else:
            self._permissions.need(INSTAGRAM_ID, "instagram_manage_messages")
            self._permissions.need(INSTAGRAM_ID, "allow_messages")

    def _act(self, ask: Ask, platform: str, person: Person) -> Done:
        action = ask.given("sender_action")
        if action not in _ACTIONS:
            raise bad_parameter(f"sender_action is one of {', '.join(_ACTIONS)}")
        self._check_person(platform, person)
        self.actions.append({"action": action, "platform": platform, "person": person.private_id(platform)})
        return {"recipient_id": person.private_id(platform)}

    def _sent(
        self, platform: str, person: Person, text: str, media: tuple[Mapping[str, str], ...], metadata: str
    ) -> Message:
        sent = Message(
            self._world.message_id(platform), platform, person, True, text, self._now(),
            media=media, metadata=metadata, app_id=APP_ID, by_api=True,
        )  # fmt: skip
        return self._world.add_message(sent)


def _attached(given: Any) -> tuple[Mapping[str, str], ...]:
    payload = given.get("payload") if isinstance(given, dict) else None
    url = payload.get("url") if isinstance(payload, dict) else None
    if not isinstance(url, str) or given.get("type") not in ("image", "video", "audio", "file"):
        raise bad_parameter("message[attachment] needs a type and a payload with its url")
    return ({"kind": given["type"], "url": url},)


def _check_quick_replies(given: Any) -> None:
    titles = [reply.get("title", "") for reply in given if isinstance(reply, dict)] if isinstance(given, list) else None
    if titles is None or len(titles) != len(given) or len(titles) > MOST_QUICK_REPLIES:
        raise bad_parameter(f"There are at most {MOST_QUICK_REPLIES} quick replies")
    if any(not isinstance(title, str) or len(title) > LONGEST_TITLE for title in titles):
        raise bad_parameter(f"The title of a quick reply has at most {LONGEST_TITLE} characters")


def _account(platform: str) -> str:
    return PAGE_ID if platform == "messenger" else INSTAGRAM_ID
