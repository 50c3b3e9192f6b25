"""What must hold: looked at with every write and every post, and once more when the world has come to rest."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hark.providers import contract
from hark.store import keys
from hark.store.table import from_item

from infra.simulation.dynamodb import Item, Place

if TYPE_CHECKING:
    from infra.simulation.platforms import Platform
    from infra.simulation.world import World

ENDED = {"folded", "set_aside", "quarantined"}
MISTAKES = (AssertionError, LookupError, AttributeError, TypeError, NotImplementedError)
"""Exceptions that are mistakes of ours wherever they come from."""
MUST_BE_ZERO = (
    "lost", "stored_twice", "quarantined", "wrong_words", "invented", "revived", "posts_twice", "answered_twice",
    "wrong_state", "stuck_replies", "stuck_events", "executions", "lost_updates", "broken_history", "lost_replies",
    "two_conversations", "raised", "never_ends",
)  # fmt: skip


@dataclass(frozen=True)
class Broken:
    """One thing that must not be."""

    what: str
    """One of `MUST_BE_ZERO`."""
    about: str


class Checks:
    """Looks at everything from outside; changes nothing."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.broken: list[Broken] = []
        self.counted: Counter[str] = Counter()
        """The product's own counters."""
        self.answers: Counter[str] = Counter()
        """The API's answers: status, and the code of a refusal."""
        self.promised: set[str] = set()
        """Replies of which the desk has said that it has them."""
        self.human: set[str] = set()
        """Replies a person was asked about."""
        self._posted: dict[str, int] = {}

    def _say(self, what: str, about: str) -> None:
        self.broken.append(Broken(what, about))

    # --- at once ---

    def wrote(self, place: Place, old: Item | None, new: Item | None) -> None:
        """One write of the table."""
        sk = place[1]
        if sk == "CASE" and old is not None and new is not None:
            before, after = int(old["version"]["N"]), int(new["version"]["N"])
            if after < before or (after == before and old["stamp"] != new["stamp"]):
                self._say("lost_updates", f"{place[0]}: version {before} then {after}")
        elif sk.startswith("EVT#") and old is not None and new != old:
            self._say("broken_history", f"{place} written again")
        elif sk == "MSG" and old is not None and (new is None or (_flag(old, "gone") and not _flag(new, "gone"))):
            self._say("revived", place[0])
        elif sk == "RAW" and new is None:
            self._say("lost", f"{place[0]} removed")
        elif sk.startswith(keys.REPLY_PREFIX) and new is not None and new["state"]["S"] == "human":
            self.human.add(sk)

    def posted(self, platform: Platform) -> None:
        """A call of a platform had its effect, or none."""
        posts = platform.posts()
        if len(posts) == self._posted.get(platform.provider, 0):
            return
        self._posted[platform.provider] = len(posts)
        for text, times in Counter(text for _, text in posts).items():
            if times > 1 and "(click-" in text:
                self._say("posts_twice", text)

    def out(self, text: str) -> int:
        """How often something of ours stands on the platforms."""
        return sum(said == text for platform in self._world.platforms.values() for _, said in platform.posts())

    def answered(self, status: int, body: bytes) -> None:
        """An answer of the API."""
        code = json.loads(body).get("code", "") if status >= 400 and body else ""
        self.answers[f"{status} {code}".strip()] += 1

    def two_alive(self, name: str) -> None:
        """A second execution begins for what has one."""
        self._say("executions", f"{name} is one of two")

    def raised(self, function: str, raised: Exception) -> None:
        """A handler raised what nobody caught: its business only when it is a mistake of ours."""
        if isinstance(raised, MISTAKES):
            self._say("raised", f"{function}: {type(raised).__name__} {raised}")

    # --- at the end ---

    def rest(self) -> None:
        """Everything has come to rest: is it as it should be?"""
        items = list(self._items())
        self._ledger(items)
        self._messages(items)
        self._replies(items)
        self._cases(items)

    def _items(self) -> Iterator[dict[str, Any]]:
        for item in self._world.dynamodb.tables["desk"].items.values():
            yield from_item(item)

    def _ledger(self, items: list[dict[str, Any]]) -> None:
        raw = {item["pk"]: item for item in items if item["sk"] == "RAW"}
        for platform in self._world.platforms.values():
            door = contract.load(platform.provider, "door")
            path = platform.account if door.SIGNED_PER_ACCOUNT else ""
            for told in platform.told:
                if not told.acknowledged:
                    continue
                for event in door.split(contract.Request("POST", {}, "", told.body, path)):
                    if keys.raw(self._world.brand, platform.provider, event.key).pk not in raw:
                        self._say("lost", f"{platform.provider} {event.key}")
        for name, times in Counter((item["provider"], item["event"]) for item in raw.values()).items():
            if times > 1:
                self._say("stored_twice", str(name))
        for pk, item in raw.items():
            if item["state"] not in ENDED:
                self._say("stuck_events", f"{pk} {item['state']}")
            elif item["state"] == "quarantined":
                self._say("quarantined", f"{pk} {item.get('reason')}")

    def _messages(self, items: list[dict[str, Any]]) -> None:
        shown = {item["id"]: item for item in items if item["sk"] == "MSG" and not item.get("first_id")}
        there: dict[str, str | None] = {}
        meta, viber = self._world.platforms["meta"].fake.world, self._world.platforms["viber"].fake.world
        for each in meta.items.values():
            if each.kind == "comment" and each.author is not None:
                there[each.id] = each.text if each.visible else None
        for each in meta.messages.values():
            if not each.own:
                there[each.id] = each.text
        for each in viber.messages():
            if each.source == "person":
                there[each.token] = each.text
        known = {name.rpartition("#")[2] if name not in there else name: item for name, item in shown.items()}
        for name, text in there.items():
            item = known.get(name)
            if text is None:
                if item is not None and not item["gone"]:
                    self._say("wrong_words", f"{name} is gone there and stands here")
            elif item is None:
                self._say("lost", f"message {name}")
            elif item["text"] != text or item["gone"]:
                self._say("wrong_words", f"{name}: {item['text']!r} for {text!r}")
        ours = {one for platform in self._world.platforms.values() for one, _ in platform.posts()}
        for name, item in known.items():
            if name not in there and not item["own"] and item["text"] and not item["gone"]:
                self._say("invented", f"{name}, {'of ours' if name in ours else 'of nobody'}")
        people: dict[tuple[str, str], set[str]] = defaultdict(set)
        for item in shown.values():
            if item["platform"] in ("messenger", "viber") and not item.get("own"):
                people[item["platform"], item.get("author_id", "")].add(item["conversation"])
        for who, conversations in people.items():
            if len(conversations) > 1:
                self._say("two_conversations", str(who))

    def _replies(self, items: list[dict[str, Any]]) -> None:
        states = {item["text"]: item for item in items if item["sk"].startswith(keys.REPLY_PREFIX)}
        answered: Counter[tuple[str, int]] = Counter()
        for intent in self._world.intents:
            posts, reply = self.out(intent.text), states.get(intent.text)
            answered[intent.case, intent.seen] += posts
            state = reply["state"] if reply else "none"
            if state == "none" and intent.text in self.promised:
                self._say("lost_replies", intent.text)
            if state in ("none", "failed", "withdrawn") and posts:
                self._say("wrong_state", f"{intent.text} is {state} and out")
            elif state == "sent" and posts != 1:
                self._say("wrong_state", f"{intent.text} is sent and {posts} times out")
            elif state not in ("none", "failed", "withdrawn", "sent"):
                self._say("stuck_replies", f"{intent.text} is {state}")
        for (case, seen), times in answered.items():
            if times > 1:
                self._say("answered_twice", f"{case} at {seen}")

    def _cases(self, items: list[dict[str, Any]]) -> None:
        alive = Counter(each.name for each in self._world.workflows.alive())
        lines: dict[str, list[int]] = defaultdict(list)
        for item in items:
            if item["sk"].startswith("EVT#"):
                lines[item["pk"]].append(item["number"])
        for item in items:
            if item["sk"] != "CASE":
                continue
            name = f"{item['id']}-g{item['gen']}"
            wanted = 0 if item["workflow"] == "ended" or item["status"] == "closed" else 1
            if alive.pop(name, 0) != wanted:
                self._say("executions", f"{name}: {item['status']}, {item['workflow']}, wanted {wanted}")
            if max(lines[item["pk"]]) > item["version"]:
                self._say("broken_history", f"{name}: version {item['version']}, lines {sorted(lines[item['pk']])}")
        for name in alive:
            self._say("executions", f"{name} runs for no open case")


def _flag(item: Item, name: str) -> bool:
    return bool(item.get(name, {}).get("BOOL"))
