"""Customers and agents of a simulated world. Both come back, change their minds, and click twice."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hark.domain.time import text as time_text
from hark.store.people import People

from infra.simulation.platforms import Platform, gateway

if TYPE_CHECKING:
    from infra.simulation.world import World

SAID = ("where is my parcel", "kur ir mana paka", "где моя посылка", "the app is broken", "where do I find my invoice")
PATIENCE = 6
"""How often a browser asks again when it gets no answer."""


class Customers:
    """A few people, who write on all platforms of this world."""

    def __init__(self, world: World, how_many: int, how_much: int) -> None:
        self._world = world
        self._left = how_much
        self._said: list[tuple[Platform, str, str]] = []
        """Platform, surface and id of what can still be edited or dropped."""
        self.names = [f"guest_{number}" for number in range(how_many)]
        for platform in world.platforms.values():
            for name in self.names:
                platform.control("users", username=name, name=name.title())
        meta = world.platforms["meta"]
        self._post = meta.control("say", platform="facebook", surface="post", by="acme", text="News of the shop")["id"]

    def live(self) -> None:
        """Say what there is to say, over some hours."""
        scheduler = self._world.scheduler
        while self._left:
            self._left -= 1
            self.something()
            scheduler.pause(scheduler.random.expovariate(1 / 900))

    @property
    def done(self) -> bool:
        return self._left == 0

    def something(self) -> None:
        """Write, edit or take back one thing."""
        random, world = self._world.scheduler.random, self._world
        by, number = random.choice(self.names), len(self._said)
        text = f"{random.choice(SAID)} {number}"
        roll = random.random()
        try:
            if roll < 0.3 and self._said:
                platform, surface, said = random.choice(self._said[-3:])
                if surface == "comment" and roll > 0.1:
                    platform.control("edit", id=said, text=f"{text}, edited")
                if surface == "comment" and roll < 0.2:
                    platform.control("drop", id=said)
                return
            name, surface = random.choice((("facebook", "comment"), ("messenger", "direct"), ("viber", "direct")))
            platform = world.platforms["viber" if name == "viber" else "meta"]
            to = {"to": self._post} if surface == "comment" else {}
            said = platform.control("say", platform=name, surface=surface, by=by, text=text, **to)["id"]
            self._said.append((platform, surface, said))
        except LookupError:
            return  # it was dropped before


@dataclass
class Agent:
    """Works through the queue by the real API, in a browser that asks again when no answer comes."""

    world: World
    member: str
    token: str
    home: float = float("inf")
    """Until when they work."""

    def work(self) -> None:
        """Look, take, answer, close, again and again."""
        scheduler = self.world.scheduler
        while scheduler.now < self.home:
            busy = self.turn()
            scheduler.pause(scheduler.random.expovariate(1 / (240 if busy else 3600)))

    def turn(self) -> bool:
        """One thing in one case; False when there was nothing to do."""
        if not self.world.unfinished():
            return False
        random = self.world.scheduler.random
        # The queue is what they have on screen; it is asked for anew now and then.
        if random.random() < 0.1:
            self._ask("GET", "queue", query="view=open&limit=25")
        case = random.choice(self.world.unfinished())
        shown = self._ask("GET", f"conversations/{case}")
        if shown is None:
            return True
        for reply in shown["replies"]:
            if reply["state"] == "human":
                self._decide(case, reply)
                return True
        self._choose(shown["case"])
        return True

    def _choose(self, shown: dict[str, Any]) -> None:
        random = self.world.scheduler.random
        roll, version = random.random(), shown["version"]
        if roll < 0.2:
            self._change(shown["id"], {"version": version, "assignee": "me"})
        elif roll < 0.25:
            self._change(shown["id"], {"version": version, "assignee": None})
        elif roll < 0.32 and shown["status"] == "open":
            self._change(shown["id"], {"version": version, "state": "closed"})
        elif roll < 0.36:
            until = time_text(self.world.clock(random.uniform(600, 7200)))
            self._change(shown["id"], {"version": version, "state": "snoozed", "snoozed_until": until})
        elif shown["awaiting"] == "us" and (self._theirs(shown) or random.random() < 0.15):
            self._reply(shown["id"], shown)

    def _theirs(self, shown: dict[str, Any]) -> bool:
        return shown["owner"] is None or shown["owner"]["id"] == self.member

    def _reply(self, case: str, shown: dict[str, Any]) -> None:
        world, random = self.world, self.world.scheduler.random
        intent = world.new_intent(self.member, case, shown["talk"])
        world.scheduler.pause(random.uniform(1, 60))
        body = {"text": intent.text, "seen": shown["talk"], "hold": 0, "confirmed": ["same_text", "personal_data"]}
        clicks = 2 if random.random() < 0.3 else 1
        for _ in range(clicks - 1):
            world.scheduler.spawn(
                f"click of {self.member}", lambda: self._ask("POST", f"conversations/{case}/replies", body, intent.key)
            )
        if self._ask("POST", f"conversations/{case}/replies", body, intent.key) is not None:
            world.checks.promised.add(intent.text)

    def _decide(self, case: str, reply: dict[str, Any]) -> None:
        """They look on the platform itself, and say what they see."""
        there = self.world.checks.out(reply["text"])
        self._ask(
            "POST", f"conversations/{case}/replies/{reply['id']}/decision", {"found": there > 0}, self.world.new_key()
        )

    def _change(self, case: str, body: dict[str, Any]) -> None:
        self._ask("PATCH", f"conversations/{case}", body, self.world.new_key())

    def _ask(self, method: str, path: str, body: Any = None, key: str = "", query: str = "") -> Any:
        """The answer; None when it was refused, or when there was none for too long."""
        scheduler = self.world.scheduler
        sent = {"x-desk": "1", "origin": "https://desk.example.com", "content-type": "application/json",
                "idempotency-key": key} if method != "GET" else {}  # fmt: skip
        text = "" if body is None else json.dumps(body)
        for number in range(PATIENCE):
            event = gateway(method, f"/api/v1/{path}", text, sent, query, [f"__Host-desk={self.token}"])
            status, said, _ = self.world.functions.http("desk_api", event)
            self.world.checks.answered(status, said)
            if status < 500 and not (self.world.weather.strikes("answer_missed") and method != "GET"):
                return json.loads(said) if status < 300 and said else None
            scheduler.pause(2.0 * 2**number)
        return None


def session(world: World, member: str) -> str:
    """A signed-in browser's cookie."""
    token = f"session-of-{member}"
    until = int(world.scheduler.now) + 400 * 86400
    People(world.table).open_session(token, world.brand, member, until, at=time_text(world.clock()))
    return token
