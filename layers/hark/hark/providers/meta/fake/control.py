"""The control plane of the fake Meta.

All under `/_fake/`, JSON in and out. What people do (`platform` is facebook, messenger or instagram; `by` a username,
or `acme` for what staff types in Meta's own apps; `at` is RFC 3339):

POST   users        {username, name?} → their ids
POST   say          {platform, surface, by, text, lang?, at?, to?, quotes?, media?, silent?, recommends?} → {id}.
                    Surfaces: post, comment, live_comment, mention, review, direct, story_mention, and reaction (`text`
                    is love, wow, …, empty takes it back; `to` what it is for). `quotes` is a message, or "story".
POST   edit         {id, text, at?}         POST drop, unsend  {id}        POST hide   {id, hidden?}
POST   read         {by, platform, delivered?}                             POST tap    {by, platform, title, payload?}
POST   take_thread  {by, platform, ours?}   POST block  {by, blocked?}     POST end_live  {id}
POST   delete_person {by | user_id} → the answer of `<webhook>/data-deletion` to a signed request; POST deauthorize too

What Meta does:

POST   token        {account, state: "ok" | "invalid", subcode?, expires_in?}
POST   permissions  {account, missing: [names]}   POST subscription  {account, fields: [names]}
POST   usage        {account, percent, minutes?}: what the usage headers say; at 100 calls are refused
POST   verify       {token?} → {status, body, passed}: the verification call
POST   habits       any of {duplicate, disorder, delay, silent, batch, flat, under_page, rotate} (see `Webhooks`,
                    `Tokens`)     POST flush  {}: sends an open batch
POST   deliver      {body | body_base64, headers?} → {status, body}: POST these very bytes, signed rightly unless told
POST   faults, DELETE faults      one `testkit.faults.Fault` more (`graph.ROUTES`, `graph.DIALECT`); none at all
POST   webhook      {url}         POST reset  {}: forget people and what they did, faults, usage
GET    state, deliveries, faults, sent (what the product did through the API, oldest first), actions (typing, seen)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from hark.providers.meta.fake.acts import Acts
from hark.providers.meta.fake.guard import Permissions, Tokens, Usage
from hark.providers.meta.fake.identity import INSTAGRAM_FIELDS, INSTAGRAM_ID, PAGE_FIELDS, PAGE_ID
from hark.providers.meta.fake.messages import Messages
from hark.providers.meta.fake.webhooks import Webhooks
from hark.providers.meta.fake.world import World
from hark.testkit.control import Change, ControlPlane, Fields, Refused, only
from hark.testkit.faults import Faults
from hark.testkit.http_server import Answer, json_answer

_EXPIRED = 463


class Control:
    """The control plane over all parts of the fake. `sent` is what the product did."""

    def __init__(
        self,
        world: World,
        acts: Acts,
        webhooks: Webhooks,
        guard: tuple[Tokens, Permissions, Usage],
        faults: Faults,
        messages: Messages,
        clock: Callable[[], float],
    ) -> None:
        self.sent: list[dict[str, Any]] = []
        self._world = world
        self._webhooks = webhooks
        self._tokens, self._permissions, self._usage = guard
        self._faults = faults
        self._messages = messages
        self._clock = clock
        deeds = {
            "say": acts.say, "edit": acts.edit, "drop": acts.drop, "unsend": acts.drop, "hide": acts.hide,
            "read": acts.read, "tap": acts.tap, "take_thread": acts.take_thread, "block": acts.block,
            "end_live": acts.end_live,
        }  # fmt: skip
        self.plane = ControlPlane(
            {
                "state": lambda _: json_answer(200, self._state()),
                "deliveries": lambda _: json_answer(200, webhooks.deliveries.shown()),
                "faults": lambda _: json_answer(200, faults.shown()),
                "sent": lambda _: json_answer(200, self.sent),
                "actions": lambda _: json_answer(200, messages.actions),
            },
            {name: _answered(deed) for name, deed in deeds.items()}
            | {
                "users": self._user,
                "delete_person": lambda given: self._ask("data-deletion", given),
                "deauthorize": lambda given: self._ask("deauthorize", given),
                "token": self._token,
                "permissions": self._missing,
                "subscription": self._subscription,
                "usage": self._told_usage,
                "verify": self._verify,
                "habits": self._habits,
                "flush": self._flush,
                "deliver": webhooks.deliveries.deliver_exactly,
                "faults": self._fault,
                "webhook": self._webhook,
                "reset": self._reset,
            },
            {"faults": lambda _: self._no_faults()},
        )

    def record(self, made_id: str, platform: str, verb: str, text: str, to: str, person: str) -> None:
        """Keep what the product did."""
        self.sent.append(
            {"id": made_id, "platform": platform, "verb": verb, "text": text, "to": to, "person": person}
            | {"at": datetime.fromtimestamp(self._clock(), UTC).isoformat(timespec="milliseconds")}
        )

    def _state(self) -> dict[str, Any]:
        with self._world.lock:
            people = [p.shown() for p in self._world.people.values()]
        return {
            "people": people,
            "items": len(self._world.items),
            "messages": len(self._world.messages),
            "sent": len(self.sent),
            "webhook": self._webhooks.state(),
            "faults": self._faults.shown(),
            "tokens": self._tokens.shown(),
            "renewals": self._tokens.renewals,
            "rotate": self._tokens.rotate,
        }

    def _user(self, given: Mapping[str, Any]) -> Answer:
        only(given, {"username": str, "name": str}, {"username"})
        return json_answer(201, self._world.add_person(given["username"], given.get("name", "")).shown())

    def _ask(self, what: str, given: Mapping[str, Any]) -> Answer:
        only(given, {"by": str, "user_id": str}, set())
        subject = given.get("user_id") or self._world.person(given.get("by", "")).app_user_id
        return json_answer(200, self._webhooks.ask(what, subject) | {"user_id": subject})

    def _token(self, given: Mapping[str, Any]) -> Answer:
        fields: Fields = {"account": str, "state": str, "subcode": int, "expires_in": (int, float)}
        only(given, fields, {"account"})
        if given.get("state", "ok") not in ("ok", "invalid"):
            raise Refused(400, "state is ok or invalid")
        if "state" in given:
            dead = given["state"] == "invalid"
            self._tokens.set_state(given["account"], given.get("subcode", _EXPIRED) if dead else 0)
        if "expires_in" in given:
            self._tokens.set_expiry(given["account"], self._clock() + given["expires_in"])
        return json_answer(200, self._tokens.shown())

    def _missing(self, given: Mapping[str, Any]) -> Answer:
        only(given, {"account": str, "missing": list}, {"account", "missing"})
        self._permissions.set_missing(given["account"], given["missing"])
        return json_answer(200, {"granted": self._permissions.granted(given["account"])})

    def _subscription(self, given: Mapping[str, Any]) -> Answer:
        only(given, {"account": str, "fields": list}, {"account", "fields"})
        known = {PAGE_ID: PAGE_FIELDS, INSTAGRAM_ID: INSTAGRAM_FIELDS}.get(given["account"], frozenset())
        if not set(given["fields"]) <= known:
            raise Refused(400, f"the account has {', '.join(sorted(known)) or 'never been'}")
        self._webhooks.subscribed[given["account"]] = set(given["fields"])
        return json_answer(200, self._webhooks.state())

    def _told_usage(self, given: Mapping[str, Any]) -> Answer:
        only(given, {"account": str, "percent": int, "minutes": int}, {"account", "percent"})
        self._usage.set_told(given["account"], given["percent"], given.get("minutes", 0))
        return json_answer(200, {})

    def _verify(self, given: Mapping[str, Any]) -> Answer:
        only(given, {"token": str}, set())
        return json_answer(200, self._webhooks.verify(given.get("token", "")))

    def _habits(self, given: Mapping[str, Any]) -> Answer:
        if not isinstance(given.get("rotate", False), bool):
            raise Refused(400, "rotate is true or false")
        self._webhooks.change_habits({name: value for name, value in given.items() if name != "rotate"})
        self._tokens.rotate = given.get("rotate", self._tokens.rotate)
        return json_answer(200, self._state())

    def _flush(self, given: Mapping[str, Any]) -> Answer:
        only(given, {}, set())
        self._webhooks.flush()
        return json_answer(200, {})

    def _fault(self, given: Mapping[str, Any]) -> Answer:
        self._faults.plan(given)
        return json_answer(201, self._faults.shown())

    def _no_faults(self) -> Answer:
        self._faults.clear()
        return json_answer(200, [])

    def _webhook(self, given: Mapping[str, Any]) -> Answer:
        only(given, {"url": str}, {"url"})
        self._webhooks.deliveries.register(given["url"])
        return json_answer(200, self._webhooks.state())

    def _reset(self, given: Mapping[str, Any]) -> Answer:
        only(given, {}, set())
        self._world.clear()
        self._faults.clear()
        self._usage.clear()
        self.sent.clear()
        self._messages.actions.clear()
        return json_answer(200, self._state())


def _answered(deed: Callable[[Mapping[str, Any]], str]) -> Change:
    return lambda given: json_answer(201, {"id": deed(given)})
