"""The desk's own files and its real API in a browser, without a cloud: the real function on moto answers each request.

What is asked, answered and stored is real; only the network between browser and function is not there.
"""

from __future__ import annotations

import base64
import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from hark.domain.time import text as time_text
from hark.store.people import People
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route

from tests.integration.conftest import BRAND, Desk
from tests.integration.gateway import request

ORIGIN = "https://desk.example.com"
"""As `gateway.request` names it; nobody is asked there."""


class RealDesk:
    """The desk as one member has it in a browser."""

    def __init__(self, browser: Browser, desk: Desk, member: str, **context: Any) -> None:
        self.desk, self.member = desk, member
        self.complaints: list[str] = []
        self.asked: list[tuple[str, int]] = []
        """What was asked of the API, and the status of the answer."""
        self.offline = False
        self.before_write: Any = None
        """Called once, before the next write reaches the function: somebody else acts."""
        self._cookies: list[str] = []
        self.begin_session()
        self._refused: set[int] = set()
        self.context: BrowserContext = browser.new_context(
            base_url=ORIGIN, timezone_id="Europe/Riga", reduced_motion="reduce", **{"locale": "en-GB", **context}
        )
        self.context.set_default_timeout(20_000)
        self.context.route("**/*", self._answer)

    def begin_session(self) -> None:
        """The member is signed in, for eight hours."""
        token, now = secrets.token_urlsafe(32), self.desk.clock()
        expires = int((now + timedelta(hours=8)).timestamp())
        People(self.desk.table).open_session(token, BRAND, self.member, expires, at=time_text(now))
        self._cookies = [f"__Host-desk={token}"]

    def open(self, address: str) -> Page:
        """A tab at an address of the desk."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._heard)
        page.clock.install(time=self.desk.clock())
        page.goto(f"{ORIGIN}/{address}")
        return page

    def close(self) -> None:
        """Fails when the browser complained of anything but refusals."""
        self.context.close()
        assert self.complaints == [], self.complaints

    def _heard(self, said: ConsoleMessage) -> None:
        if said.type not in ("error", "warning"):
            return
        refused = any(f"status of {status}" in said.text for status in self._refused)
        if not refused and not (self.offline and "ERR_" in said.text):
            self.complaints.append(said.text)

    def _answer(self, route: Route) -> None:
        asked = route.request
        address = urlsplit(asked.url)
        if self.offline and address.path.startswith("/api/"):
            route.abort()
            return
        if asked.method != "GET" and self.before_write is not None:
            act, self.before_write = self.before_write, None
            act()
        event = request(
            asked.method, address.path, asked.post_data or "", dict(asked.all_headers()), address.query, self._cookies
        )
        answer = self.desk.call("desk_api", event)
        if address.path.startswith("/api/"):
            self.asked.append((f"{asked.method} {address.path.removeprefix('/api/v1/')}", answer["statusCode"]))
        self._refused.update({answer["statusCode"]} if answer["statusCode"] >= 400 else ())
        self._say(route, answer)

    def _say(self, route: Route, answer: dict[str, Any]) -> None:
        body = answer.get("body") or ""
        plain = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
        route.fulfill(status=answer["statusCode"], headers=answer["headers"], body=plain)
