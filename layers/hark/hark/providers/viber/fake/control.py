"""The control plane of the fake Viber: make people write, look at what happened, and plan misbehaviour.

All under `/_fake/`, JSON in and out:

GET    state, deliveries, sent     counts and settings; deliveries with their tries; what the bot has sent
POST   users                       {username, name?} → {id, …}
POST   say                         {by, text?, media?, lang?, at?, silent?, platform?, surface?} → {id}
POST   edit, drop                  {id, text} / {id}: done in the app; Viber tells no bot of it
POST   subscribe, unsubscribe      {by, silent?}
POST   open                        {by, context?}: opens the chat; the webhook's answer may be a welcome
POST   device                      {by, old}: an old device refuses what Viber accepted (`failed`)
POST   receipts                    any of {delivered, seen}: whether messages arrive and are read
POST   token                       {valid}: whether the bot's token is accepted; deliveries are signed all the same
POST   balance                     {messages}: how many may still be sent outside of sessions; null for any number
POST   habits                      any of {duplicate, disorder, delay, silent}
POST   webhook                     {url}: deliver to `<url>/b1` from now on, once it answers
POST   deliver                     {body or body_base64, headers?} → {status, body}: POST these very bytes
POST   faults, DELETE faults       one `hark.testkit.faults.Fault` more; none at all
POST   reset                       forget everything but the webhook

`at` is RFC 3339. `by` is a name or an id. Nobody can write as the bot: Viber has no app for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import TYPE_CHECKING, Any

from hark.providers.viber.fake import shapes
from hark.providers.viber.fake.world import Message
from hark.testkit.control import ControlPlane, Fields, Refused, moment, only, unicode_text
from hark.testkit.http_server import Answer, json_answer

if TYPE_CHECKING:
    from hark.providers.viber.fake.server import Fake

_SAY: Fields = {
    "platform": str, "surface": str, "by": str, "text": str, "lang": str, "at": str, "to": str, "media": list,
    "silent": bool,
}  # fmt: skip


class Control:
    """Carries out the control plane's calls on a fake."""

    def __init__(self, fake: Fake) -> None:
        self._fake = fake

    def plane(self) -> ControlPlane:
        """The table of calls."""
        fake = self._fake
        return ControlPlane(
            {
                "state": lambda _: json_answer(200, self._state()),
                "deliveries": lambda _: json_answer(200, fake.deliveries.shown()),
                "sent": lambda _: json_answer(200, [_sent(m) for m in fake.world.messages() if m.source == "api"]),
            },
            {
                "users": self._user,
                "say": self._say,
                "edit": self._edit,
                "drop": self._drop,
                "subscribe": self._subscribe,
                "unsubscribe": self._unsubscribe,
                "open": self._open,
                "device": self._device,
                "receipts": self._receipts,
                "token": self._token,
                "balance": self._balance,
                "habits": self._habits,
                "webhook": self._webhook,
                "deliver": fake.deliveries.deliver_exactly,
                "faults": self._fault,
                "reset": self._reset,
            },
            {"faults": self._no_faults},
        )

    def _state(self) -> dict[str, Any]:
        fake = self._fake
        sent = [m for m in fake.world.messages() if m.source == "api"]
        paid = sum(m.paid for m in sent)
        return {
            "people": len(fake.world.people()),
            "subscribed": sum(p.subscribed for p in fake.world.people()),
            "messages": len(fake.world.messages()),
            "sent": len(sent),
            "states": {m.token: m.state for m in fake.world.messages() if m.source != "person"},
            "paid": paid,
            "paid_usd": round(paid * fake.price_usd, 4),
            "balance": fake.api.balance,
            "token_valid": fake.api.token_valid,
            "event_types": sorted(fake.event_types),
            "webhook": fake.deliveries.state(),
            "receipts": {"delivered": fake.receipts.delivered, "seen": fake.receipts.seen},
            "faults": fake.faults.shown(),
        }

    def _user(self, given: Mapping[str, Any]) -> Answer:
        only(given, {"username": str, "name": str}, {"username"})
        return json_answer(201, self._fake.world.add_person(given["username"], given.get("name", "")).shown())

    def _say(self, given: Mapping[str, Any]) -> Answer:
        only(given, _SAY, {"by"})
        fake = self._fake
        if (given.get("platform", "viber"), given.get("surface", "direct")) != ("viber", "direct"):
            raise Refused(400, "Viber has private messages only")
        if given["by"] in (fake.account["handle"], fake.account["id"]):
            raise Refused(400, "nobody can write as the bot: Viber has no app for that")
        if not given.get("text") and not given.get("media"):
            raise Refused(400, "say something")
        content = shapes.content(unicode_text(given.get("text", "")), given.get("media", []))
        person = fake.world.person(given["by"])
        person.language = given.get("lang", person.language)
        said = fake.world.wrote(person, content, moment(given, fake.clock))
        if not given.get("silent"):
            fake.tell("message", said.token, shapes.message(said, name=fake.names, photo=fake.photos))
        return json_answer(201, {"id": said.token})

    def _edit(self, given: Mapping[str, Any]) -> Answer:
        only(given, {"id": str, "text": str, "at": str}, {"id", "text"})
        said = self._fake.world.message(given["id"])
        said.content = {**said.content, "text": unicode_text(given["text"])}
        said.edited = True
        return json_answer(200, {"id": said.token})

    def _drop(self, given: Mapping[str, Any]) -> Answer:
        only(given, {"id": str}, {"id"})
        said = self._fake.world.message(given["id"])
        said.gone = True
        return json_answer(200, {"id": said.token})

    def _subscribe(self, given: Mapping[str, Any]) -> Answer:
        only(given, {"by": str, "silent": bool}, {"by"})
        fake, person = self._fake, self._fake.world.person(given["by"])
        person.subscribed = True
        if not given.get("silent"):
            body = shapes.subscribed(person, fake.now(), fake.world.new_token(), name=fake.names, photo=fake.photos)
            fake.tell("subscribed", person.id, body)
        return json_answer(200, person.shown())

    def _unsubscribe(self, given: Mapping[str, Any]) -> Answer:
        only(given, {"by": str, "silent": bool}, {"by"})
        fake, person = self._fake, self._fake.world.person(given["by"])
        person.subscribed = False
        if not given.get("silent"):
            fake.tell("unsubscribed", person.id, shapes.unsubscribed(person, fake.now(), fake.world.new_token()))
        return json_answer(200, person.shown())

    def _open(self, given: Mapping[str, Any]) -> Answer:
        only(given, {"by": str, "context": str}, {"by"})
        fake, person = self._fake, self._fake.world.person(given["by"])
        context = given.get("context", "")
        body = shapes.started(person, fake.now(), fake.world.new_token(), context, name=fake.names, photo=fake.photos)
        fake.tell("conversation_started", person.id, body)
        return json_answer(200, person.shown())

    def _device(self, given: Mapping[str, Any]) -> Answer:
        only(given, {"by": str, "old": bool}, {"by", "old"})
        person = self._fake.world.person(given["by"])
        person.old_device = given["old"]
        return json_answer(200, person.shown())

    def _receipts(self, given: Mapping[str, Any]) -> Answer:
        only(given, {"delivered": bool, "seen": bool}, set())
        for name, value in given.items():
            setattr(self._fake.receipts, name, value)
        return json_answer(200, self._state())

    def _token(self, given: Mapping[str, Any]) -> Answer:
        only(given, {"valid": bool}, {"valid"})
        self._fake.api.token_valid = given["valid"]
        return json_answer(200, self._state())

    def _balance(self, given: Mapping[str, Any]) -> Answer:
        only(given, {"messages": (int, type(None))}, {"messages"})
        self._fake.api.balance = given["messages"]
        return json_answer(200, self._state())

    def _habits(self, given: Mapping[str, Any]) -> Answer:
        self._fake.deliveries.change_habits(given)
        return json_answer(200, self._state())

    def _webhook(self, given: Mapping[str, Any]) -> Answer:
        only(given, {"url": str}, {"url"})
        self._fake.deliveries.register(self._fake.address(given["url"]))
        return json_answer(200, self._fake.deliveries.state())

    def _fault(self, given: Mapping[str, Any]) -> Answer:
        self._fake.faults.plan(given)
        return json_answer(201, self._fake.faults.shown())

    def _no_faults(self, _: Mapping[str, str]) -> Answer:
        self._fake.faults.clear()
        return json_answer(200, [])

    def _reset(self, given: Mapping[str, Any]) -> Answer:
        only(given, {}, set())
        fake = self._fake
        fake.world.clear()
        fake.faults.clear()
        fake.api.token_valid, fake.api.balance = True, None
        fake.receipts.delivered = fake.receipts.seen = True
        return json_answer(200, self._state())


def _sent(made: Message) -> dict[str, Any]:
    return {
        "id": made.token,
        "platform": "viber",
        "verb": "dm",
        "text": made.text,
        "to": "",
        "person": made.person.id,
        "at": made.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "state": made.state,
        "paid": made.paid,
        "tracking_data": made.content.get("tracking_data", ""),
    }
