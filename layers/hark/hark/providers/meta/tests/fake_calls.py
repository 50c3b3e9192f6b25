"""How the tests of the fake Meta call it, and a webhook with the real door that keeps what it is sent."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import urllib3

from hark.providers.contract import ChallengeRefused, Request, SignatureRefused
from hark.providers.meta import door
from hark.providers.meta.fake import ACCOUNTS, SECRETS, Fake
from hark.providers.meta.graph import proof
from hark.testkit.http_server import Answer, Call

PAGE, INSTAGRAM = (account["id"] for account in ACCOUNTS)
SECRET = SECRETS[PAGE]["app_secret"]


@dataclass
class Receiver:
    """A webhook with the real door. `answers` are given first, one each; afterwards 200."""

    bodies: list[bytes] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    asked: list[Any] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def answer(self, call: Call) -> Answer:
        path = call.path.removeprefix("/webhooks/meta").removeprefix("/")
        request = Request(call.method, call.headers, call.query, call.body, path)
        try:
            if call.method == "GET":
                given = door.challenge(request, SECRETS[PAGE])
                return Answer(given.status, given.body.encode(), {"Content-Type": given.content_type})
            door.verify(request, SECRETS[PAGE])
        except ChallengeRefused as refused:
            return Answer(refused.status)
        except SignatureRefused as refused:
            self.refused.append(refused.metric)
            return Answer(401)
        if path:
            events = door.split(request)
            self.asked += [json.loads(event.body) for event in events]
            told = door.reply(request, events, None)
            return Answer(200, told.body.encode() if told else b"")
        self.bodies.append(call.body)
        return Answer(self.answers.pop(0) if self.answers else 200)

    @property
    def entries(self) -> list[Any]:
        return [entry for body in self.bodies for entry in json.loads(body)["entry"]]

    @property
    def changes(self) -> list[Any]:
        return [change for entry in self.entries for change in entry.get("changes", [])]

    @property
    def messaging(self) -> list[Any]:
        return [item for entry in self.entries for item in entry.get("messaging", [])]


class Time:
    """A clock a test can move; real time goes on underneath."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead

    def pass_by(self, **span: float) -> None:
        self.ahead += timedelta(**span).total_seconds()


def control(meta: Fake, call: str, method: str = "POST", /, expected: int = 0, **given: Any) -> Any:
    body = json.dumps(given).encode() if method == "POST" else None
    headers = {"content-type": "application/json"}
    answer = urllib3.request(method, f"{meta.url}/_fake/{call}", body=body, headers=headers, timeout=10)
    assert answer.status == expected if expected else answer.status < 300, answer.data
    return answer.json()


def say(meta: Fake, platform: str, surface: str, text: str = "hello", by: str = "ana", **more: Any) -> str:
    return str(control(meta, "say", platform=platform, surface=surface, by=by, text=text, **more)["id"])


def graph(
    meta: Fake, method: str, path: str, body: Any = None, account: str = PAGE, proved: bool = True, **params: str
) -> Any:
    token = SECRETS[account]["access_token"]
    at = int(time.time())
    signed = {"appsecret_proof": proof(SECRET, token, at), "appsecret_time": str(at)} if proved else {}
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    return urllib3.request(
        method, f"{meta.url}{path}", fields={**params, **signed} if method in ("GET", "DELETE") else None,
        body=json.dumps({**(body or {}), **signed}) if method == "POST" else None, headers=headers, timeout=10,
        retries=False,
    )  # fmt: skip


def ok(meta: Fake, method: str, path: str, body: Any = None, account: str = PAGE, **params: Any) -> Any:
    answer = graph(meta, method, path, body, account, **params)
    assert answer.status == 200, answer.data
    return answer.json()


def refusal(meta: Fake, method: str, path: str, body: Any = None, account: str = PAGE, **params: Any) -> Any:
    answer = graph(meta, method, path, body, account, **params)
    error = answer.json()["error"]
    assert answer.status == 400 and {"message", "type", "fbtrace_id", "is_transient"} <= set(error)
    return error["code"], error.get("error_subcode", 0)


def dm(meta: Fake, text: str = "hi", account: str = PAGE, to: str = "", **more: Any) -> tuple[str, str, Any]:
    if not to:
        person = meta.world.person("ana")
        to = person.psid if account == PAGE else person.igsid
    kind = {"messaging_type": "RESPONSE"} if account == PAGE else {}
    return "POST", f"/v26.0/{account}/messages", {"recipient": {"id": to}, **kind, "message": {"text": text}, **more}


HUMAN = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}


def values(receiver: Receiver, **wanted: str) -> list[Any]:
    return [c["value"] for c in receiver.changes if wanted.items() <= c["value"].items()]
