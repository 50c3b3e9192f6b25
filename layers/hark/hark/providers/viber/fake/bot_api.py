"""The calls of a bot, under `/pa/`: always HTTP 200, with a status in the body, as Viber has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hark.providers.strict_json import NotStrictJson, loads
from hark.testkit.faults import Dialect, Fault
from hark.testkit.http_server import Answer, Call, json_answer

if TYPE_CHECKING:
    from hark.providers.viber.fake.server import Fake

PREFIX = "/pa/"
ROUTES: Mapping[str, str] = {
    "send_message": "send", "set_webhook": "set_webhook", "get_account_info": "account_info",
    "get_user_details": "user_details",
}  # fmt: skip
"""The call → the name under which faults are planned for it."""
EVENT_TYPES = ("delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started")
MOST_BYTES = 30 * 1024

_DETAILS_SECONDS, _DETAILS_MOST = 12 * 3600, 2
_IN_SESSION, _PAID = 1, 3
_WORDS: Mapping[int, str] = {
    0: "ok", 1: "invalidUrl", 2: "invalidAuthToken", 3: "badData", 4: "missingData", 5: "receiverNotRegistered",
    6: "receiverNotSubscribed", 10: "webhookNotSet", 12: "tooManyRequests", 24: "noBalance", 99: "generalError",
}  # fmt: skip


class Denied(Exception):
    """Viber says a status other than 0."""

    def __init__(self, status: int, words: str = "") -> None:
        super().__init__(str(status))
        self.status = status
        self.words = words


def said(status: int, words: str = "", **beside: Any) -> Answer:
    """An answer of Viber."""
    return json_answer(200, {"status": status, "status_message": words or _WORDS.get(status, "error")} | beside)


class BotApi:
    """Answers the bot. All calls are POSTs of JSON with the bot's token in a header."""

    def __init__(self, fake: Fake) -> None:
        self._fake = fake
        self.token_valid = True
        self.balance: int | None = None
        """Messages outside of sessions that may still be sent; None for any number."""
        self.dialect: Dialect = {
            "rate_limited": lambda _: said(12),
            "errors": lambda fault: said(fault.code or 99),
            "no_id": lambda _: said(0),
            "wrong_id": self._foreign,
            "ok": lambda _: said(0, message_token=int(fake.world.new_token())),
        }

    def answer(self, call: Call) -> Answer:
        """Answer one call of the bot."""
        name = call.path.removeprefix(PREFIX)
        if name not in ROUTES:
            return Answer(404)
        if call.method != "POST":
            return Answer(405)
        fault = self._fake.faults.take(ROUTES[name])
        if fault is not None:
            return self._fake.faults.answer(fault, lambda: self._carried_out(name, call), self._fake.server.stopping)
        return self._carried_out(name, call)

    def _carried_out(self, name: str, call: Call) -> Answer:
        calls: Mapping[str, Callable[[Mapping[str, Any]], Answer]] = {
            "send_message": self._send, "set_webhook": self._set_webhook, "get_account_info": self._account_info,
            "get_user_details": self._user_details,
        }  # fmt: skip
        try:
            self._let_in(call.headers.get("x-viber-auth-token", ""))
            return calls[name](self._read(call.body))
        except Denied as denied:
            return said(denied.status, denied.words)

    def _let_in(self, token: str) -> None:
        if not token:
            raise Denied(2, "missing_auth_token")
        if not self.token_valid or token != self._fake.token:
            raise Denied(2)

    @staticmethod
    def _read(body: bytes) -> Mapping[str, Any]:
        if len(body) > MOST_BYTES:
            raise Denied(3)
        try:
            given = loads(body)
        except NotStrictJson:
            raise Denied(3) from None
        if not isinstance(given, dict):
            raise Denied(3)
        return given

    def _send(self, given: Mapping[str, Any]) -> Answer:
        fake, now = self._fake, self._fake.clock()
        if not fake.deliveries.url:
            raise Denied(10)
        text, receiver = message_text(given), given.get("receiver")
        with fake.world.lock:
            person = fake.world.by_id(receiver) if isinstance(receiver, str) else None
            if person is None:
                raise Denied(5)
            if not person.subscribed:
                raise Denied(6)
            if fake.world.too_many(person, now):
                raise Denied(12)
            free = person.in_session(now)
            if not free and self.balance is not None:
                if self.balance <= 0:
                    raise Denied(24)
                self.balance -= 1
            content = {"type": "text", "text": text, "tracking_data": given.get("tracking_data", "")}
            made = fake.world.answered(person, content, datetime.fromtimestamp(now, UTC))
        fake.receipts.expect(made)
        return said(
            0, message_token=int(made.token), chat_hostname="SN-CHAT-01_", billing_status=_IN_SESSION if free else _PAID
        )

    def _set_webhook(self, given: Mapping[str, Any]) -> Answer:
        url, types = given.get("url"), given.get("event_types", list(EVENT_TYPES))
        if not isinstance(url, str) or not isinstance(types, list) or not set(types) <= {*EVENT_TYPES, "message"}:
            raise Denied(3)
        if url and not self._fake.proven(url):
            raise Denied(1)
        self._fake.names, self._fake.photos = given.get("send_name") is True, given.get("send_photo") is True
        self._fake.event_types = frozenset(types)
        self._fake.deliveries.register(url)
        return said(0, event_types=[*types, *(["webhook", "message"] if url else [])])

    def _account_info(self, _: Mapping[str, Any]) -> Answer:
        fake = self._fake
        return said(
            0,
            id=fake.account["id"],
            name=fake.account["name"],
            uri=fake.account["handle"],
            webhook=fake.deliveries.url,
            event_types=sorted(fake.event_types),
            subscribers_count=sum(p.subscribed for p in fake.world.people()),
        )

    def _user_details(self, given: Mapping[str, Any]) -> Answer:
        person = self._fake.world.by_id(str(given.get("id", "")))
        if person is None:
            raise Denied(5)
        now = self._fake.clock()
        with self._fake.world.lock:
            person.asked[:] = [at for at in person.asked if now - at < _DETAILS_SECONDS]
            if len(person.asked) >= _DETAILS_MOST:
                raise Denied(12)
            person.asked.append(now)
        user = {"id": person.id, "name": person.name, "language": person.language, "country": "LV", "api_version": 10}
        return said(0, message_token=int(self._fake.world.new_token()), user=user)

    def _foreign(self, _: Fault) -> Answer:
        heard = [m.token for m in self._fake.world.messages() if m.source == "person"]
        return said(0, message_token=int(heard[-1] if heard else "1"))


def message_text(given: Mapping[str, Any]) -> str:
    """The words of a text message, if it is one as Viber wants it.

    Raises:
        Denied: 3 or 4, something is missing, too long or of a type this fake does not send.
    """
    sender, text = given.get("sender"), given.get("text")
    name = sender.get("name") if isinstance(sender, dict) else None
    tracking = given.get("tracking_data", "")
    if not name or not text:
        raise Denied(4)
    if not isinstance(name, str) or len(name) > 28 or not isinstance(tracking, str) or len(tracking) > 4000:
        raise Denied(3)
    if given.get("type") != "text" or not isinstance(text, str) or len(text) > 7000:
        raise Denied(3)
    return text
