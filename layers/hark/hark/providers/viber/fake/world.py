"""The people around the fake's one bot and everything said between them, in memory."""

from __future__ import annotations

import base64
import itertools
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from hark.testkit.control import Refused

SESSION_SECONDS = 24 * 3600
"""From a person's message on, answers are free for so long."""
UNANSWERED_MOST = 100
UNANSWERED_SECONDS = 3600
"""So many messages in so many seconds to a person who does not answer."""

_FIRST_TOKEN = 6012345678901234601

State = Literal["accepted", "delivered", "seen", "failed"]


@dataclass(slots=True)
class Person:
    """Somebody on Viber. `id` is for this bot only; `wrote_at` is in seconds since 1970."""

    id: str
    username: str
    name: str
    subscribed: bool = False
    language: str = "en"
    old_device: bool = False
    """Messages to this person are accepted, and then refused by the device."""
    wrote_at: float = 0.0
    unanswered: list[float] = field(default_factory=list)
    """When the bot has written since the person last did."""
    asked: list[float] = field(default_factory=list)
    """When the bot asked for this person's details."""

    def shown(self) -> dict[str, Any]:
        """For the control plane."""
        return {"id": self.id, "username": self.username, "name": self.name, "subscribed": self.subscribed}

    def in_session(self, now: float) -> bool:
        """Whether a message of the bot is part of a conversation that the person began."""
        return now - self.wrote_at < SESSION_SECONDS


@dataclass(slots=True)
class Message:
    """One message. `content` is the `message` object of Viber's events; `source` says who put it there."""

    token: str
    person: Person
    content: Mapping[str, Any]
    at: datetime
    source: Literal["person", "api", "welcome"] = "person"
    state: State = "accepted"
    paid: bool = False
    gone: bool = False
    edited: bool = False

    @property
    def text(self) -> str:
        return str(self.content.get("text", ""))


class World:
    """All people and messages. Hold `lock` to look at more than one thing."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._people: dict[str, Person] = {}
        self._messages: dict[str, Message] = {}
        self._tokens = itertools.count(_FIRST_TOKEN)

    def new_token(self) -> str:
        """A number of Viber's kind: more digits than a float can hold."""
        with self.lock:
            return str(next(self._tokens))

    def add_person(self, username: str, name: str) -> Person:
        """Somebody new, who has not written yet. The id looks as Viber's: base64 with everything that needs escaping.

        Raises:
            Refused: the name is taken, or is none.
        """
        with self.lock:
            if not re.fullmatch(r"[A-Za-z0-9_.]{1,30}", username) or username in self._people:
                raise Refused(409, "this name is taken or no name")
            digest = sha256(username.encode()).digest()
            own_id = base64.b64encode(digest[:12] + b"\xfb\xef\xff" + digest[12:13]).decode()
            self._people[username] = Person(own_id, username, name or username)
            return self._people[username]

    def person(self, name_or_id: str) -> Person:
        """Somebody by name or id.

        Raises:
            Refused: nobody is called so.
        """
        with self.lock:
            found = self._people.get(name_or_id) or self.by_id(name_or_id)
            if found is None:
                raise Refused(404, "no such person")
            return found

    def by_id(self, person_id: str) -> Person | None:
        """Somebody by the id this bot knows."""
        with self.lock:
            return next((p for p in self._people.values() if p.id == person_id), None)

    def wrote(self, person: Person, content: Mapping[str, Any], at: datetime) -> Message:
        """A person writes: that subscribes, begins a session and ends what was unanswered."""
        with self.lock:
            person.subscribed = True
            person.wrote_at = max(person.wrote_at, at.timestamp())
            person.unanswered.clear()
            return self._kept(Message(self.new_token(), person, content, at))

    def answered(self, person: Person, content: Mapping[str, Any], at: datetime, *, welcome: bool = False) -> Message:
        """The bot writes. The welcome is free and not counted."""
        with self.lock:
            if welcome:
                return self._kept(Message(self.new_token(), person, content, at, "welcome"))
            person.unanswered.append(at.timestamp())
            paid = not person.in_session(at.timestamp())
            return self._kept(Message(self.new_token(), person, content, at, "api", paid=paid))

    def too_many(self, person: Person, now: float) -> bool:
        """Whether the person has been written to too often without answering."""
        with self.lock:
            person.unanswered[:] = [at for at in person.unanswered if now - at < UNANSWERED_SECONDS]
            return len(person.unanswered) >= UNANSWERED_MOST

    def message(self, token: str) -> Message:
        """A message by its token.

        Raises:
            Refused: there is none.
        """
        with self.lock:
            if token not in self._messages:
                raise Refused(404, "no such message")
            return self._messages[token]

    def messages(self) -> list[Message]:
        """Everything said, in the order in which Viber got it."""
        with self.lock:
            return list(self._messages.values())

    def people(self) -> list[Person]:
        """Everybody known here."""
        with self.lock:
            return list(self._people.values())

    def clear(self) -> None:
        """Forget everybody and everything but which tokens were used."""
        with self.lock:
            self._people.clear()
            self._messages.clear()

    def _kept(self, message: Message) -> Message:
        self._messages[message.token] = message
        return message
