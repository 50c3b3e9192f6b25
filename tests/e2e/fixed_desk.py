"""The desk's own files in a browser, with answers of the API that a test has written: no server, no cloud.

What may be done is never invented: `conversation` asks the verb table.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hark.domain.events import Surface
from hark.domain.time import text as time_text
from hark.domain.verbs import ACTING, Standing, Subject, verbs
from hark.web.app import PAGE_POLICY
from hark.web.files import TYPES, Site
from hark.web.page_language import COOKIE, best_of
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route

from infra.expand import ROOT

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ORIGIN = "http://127.0.0.1:9"
"""Nobody listens there; every request is answered by `FixedDesk`."""
FRONTEND = ROOT / "frontend"

Shape = dict[str, Any]

HEALTH: Shape = {
    "paused": None, "since": None, "problems": [], "checked_at": None, "expires_at": None, "last_event_at": None,
    "missed": 0,
    "missed_at": None,
}  # fmt: skip
"""Of an account about which nothing is known."""

NEW_LEDGER: Shape = {
    "state": "new", "since": None, "until": None, "checked_at": None, "open": [], "findings": [], "days": [],
}  # fmt: skip
"""Of a desk whose first day is not over."""

BRAND: Shape = {"id": "acme", "name": "Acme", "zone": "Europe/Riga", "undo_seconds": 0}

NEW_REPLY: Shape = {"automatic": False, "send_at": None, "held_until": None, "approved_by": [], "edited_by": []}
"""Of a reply that an agent wrote, and that waits for nobody and no time."""


class FixedDesk:
    """One agent, the conversations it is given, and what the browser posted."""

    def __init__(self, browser: Browser, now: datetime, **context: Any) -> None:
        self.now = now
        self.conversations: dict[str, Shape] = {}
        self.accounts: list[Shape] = []
        self.ledger: Shape = NEW_LEDGER
        self.roles = ["agent"]
        self.asked: list[str] = []
        self.posted: list[Shape] = []
        self.drafts: dict[str, list[Shape]] = {}
        self.approvals: list[Shape] = []
        """Drafts that wait in the whole brand, as `GET approvals` shows them."""
        self.canned: list[Shape] = []
        self.findings: list[Shape] = []
        """What the checks say of any text."""
        self.company: list[Shape] = []
        """Who else looks at what: `{"case", "member", "writing"}`."""
        self.rings: list[Shape] = []
        """What the next answer to `GET changes` calls out, once: `{"case", "why"}`."""
        self.looks: list[Shape] = []
        """What `GET changes` was asked with, and whether anything was new."""
        self._told: list[dict[str, str]] = []
        self.members: list[Shape] = [{"id": "a1", "name": "Dana Ozola", "initials": "DO", "on_shift": True}]
        self.answers: dict[str, list[tuple[int, Shape]]] = {}
        """What a test has written: for `POST conversations/c1/drafts` and the like, one answer after the other."""
        self.calls: list[tuple[str, Shape]] = []
        """What was asked of `answers`, with the body."""
        self.complaints: list[str] = []
        self._refusals: set[int] = set()
        self.context: BrowserContext = browser.new_context(
            **{
                "base_url": ORIGIN,
                "locale": "en-GB",
                "timezone_id": "Europe/Riga",
                "reduced_motion": "reduce",
                **context,
            }
        )
        self.context.set_default_timeout(10_000)
        self.context.route("**/*", self._answer)

    def has(self, case_id: str, subject: Subject, standing: Standing | None = None, **row: Any) -> Shape:
        """A conversation with one message of a customer, as the API shows it at `now`."""
        public = subject.surface not in ("direct", "encrypted")
        offered = verbs(subject, standing or Standing(), self.now)
        shown: Shape = {
            "case": {
                "id": case_id, "platform": subject.platform, "account": "1", "handle": "", "name": "Maya Cohen",
                "snippet": "Hello", "language": "en", "status": "open", "awaiting": "us", "owner": None, "priority": 3,
                "asked_at": time_text(subject.at), "due_at": None, "updated_at": time_text(subject.at),
                "snoozed_until": None, "close_reason": None, "promise": None, "escalation": "",
                "reminders": 0, "unread": 1,
                "public": public, "surface": subject.surface, "reply_state": "", "version": 1, "talk": 1,
                "approval": "", "lane": "", "tags": [], "generation": 1, "reasons": [],
                "triage": {"recommended": ""}, **row,
            },
            "customer": {"id": "7", "handle": row.get("handle", ""), "name": "Maya Cohen", "language": "en"},
            "messages": [{
                "id": subject.message_id, "text": "Hello", "at": time_text(subject.at), "edited": False, "gone": False,
                "own": False, "by": "", "automatic": False, "language": "en", "public": public,
                "surface": subject.surface,
                "hidden": subject.hidden, "liked": subject.liked, "reactions": {}, "receipt": "", "notice": "",
                "media": [], "link": subject.link,
                "acts": [{"verb": v.verb, "price_usd": v.price_usd} for v in offered if v.verb in ACTING and v.allowed],
            }],
            "older": None, "replies": [], "notes": [], "history": [], "elsewhere": False, "reachable": True,
            "seen_at": None, "now": time_text(self.now),
            "verbs": [v.model_dump() for v in offered if v.verb not in ACTING],
        }  # fmt: skip
        self.conversations[case_id] = shown
        return shown

    def open(self, case_id: str = "") -> Page:
        """A tab with the desk, on a conversation; whatever the browser complains of is kept in `complaints`."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._heard)
        page.clock.install(time=self.now)
        page.goto(f"{ORIGIN}/#/open/{case_id}")
        return page

    def pass_time(self, page: Page, by: timedelta) -> None:
        """The clocks of the browser and of the server go on together."""
        self.now += by
        page.clock.run_for(by // timedelta(milliseconds=1))

    def close(self) -> None:
        self.context.close()
        assert self.complaints == [], self.complaints

    def _heard(self, said: ConsoleMessage) -> None:
        refused = any(str(status) in said.text for status in self._refusals)
        if said.type in ("error", "warning") and not (refused and "Failed to load resource" in said.text):
            self.complaints.append(said.text)

    def _answer(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.path == "/":
            wanted = next((c["value"] for c in self.context.cookies() if c["name"] == COOKIE), "")
            language = wanted or best_of(route.request.headers.get("accept-language", ""))
            page = Site("1", {}, {}, (FRONTEND / "index.html").read_bytes()).page(language)
            headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": PAGE_POLICY}
            route.fulfill(body=page, headers=headers)
        elif address.path.startswith("/a/1/"):
            file = FRONTEND / address.path.removeprefix("/a/1/")
            route.fulfill(body=file.read_bytes(), headers={"content-type": TYPES[file.suffix]})
        elif address.path.startswith("/api/v1/avatars/"):
            route.fulfill(status=204, headers={"x-media": "gone"})
        else:
            self.asked.append(f"{route.request.method} {address.path}")
            said = json.loads(route.request.post_data or "null")
            status, answer = self._api(route.request.method, address.path, parse_qs(address.query), said)
            body = "" if status == 304 else json.dumps(answer)
            route.fulfill(status=status, body=body, headers={"content-type": "application/json"})

    def _changes(self, query: dict[str, list[str]], rows: list[Shape]) -> tuple[int, Shape]:
        """What has changed since the answer that the cursor names; its number is the cursor."""
        now_is = {row["id"]: json.dumps(self.conversations[row["id"]]) for row in rows}
        now_is["company"] = json.dumps(self.company)
        since = query.get("since")
        before = self._told[int(since[0])] if since else None
        new = before != now_is or bool(self.rings)
        self.looks.append({**{name: value[0] for name, value in query.items()}, "new": new})
        if not new:
            return 304, {}
        self._told.append(now_is)
        calls, self.rings = self.rings, []
        return 200, {
            "items": [row for row in rows if before is None or before.get(row["id"]) != now_is[row["id"]]],
            "calls": calls, "more": False, "everything": False, "company": self.company,
            "cursor": str(len(self._told) - 1), "now": time_text(self.now),
        }  # fmt: skip

    def _api(self, method: str, path: str, query: dict[str, list[str]], said: Shape | None) -> tuple[int, Shape]:
        inner = ("reasons", "generation", "triage")
        cases = [shown["case"] for shown in self.conversations.values()]
        rows = [{name: value for name, value in case.items() if name not in inner} for case in cases]
        call = f"{method} {path.removeprefix('/api/v1/')}"
        if self.answers.get(call):
            self.calls.append((call, said or {}))
            status, answer = self.answers[call].pop(0)
            self._refusals.update({status} if status >= 400 else ())
            return status, answer
        match method, path.removeprefix("/api/v1/").split("/"):
            case "GET", ["me"]:
                agent = {"id": "a1", "name": "Dana Ozola", "initials": "DO"}
                return 200, {
                    "agent": {**agent, "roles": self.roles}, "brand": BRAND,
                    "accounts": self.accounts, "members": self.members, "now": time_text(self.now),
                }  # fmt: skip
            case "GET", ["ledger"]:
                return 200, self.ledger
            case "GET", ["queue"]:
                counts = {"mine": 0, "unassigned": len(rows), "open": len(rows), "snoozed": 0}
                start, limit = int(query.get("cursor", ["0"])[0]), int(query["limit"][0])
                following = str(start + limit) if start + limit < len(rows) else None
                page = rows[start : start + limit]
                return 200, {"items": page, "next": following, "counts": counts, "now": time_text(self.now)}
            case "GET", ["changes"]:
                return self._changes(query, rows)
            case "GET", ["conversations", case_id]:
                return 200, {**self.conversations[case_id], "now": time_text(self.now)}
            case "GET", ["conversations", case_id, "customer"]:
                customer = self.conversations[case_id]["customer"]
                channel = {name: customer[name] for name in ("id", "handle", "name")}
                known = {**channel, "platform": self.conversations[case_id]["case"]["platform"]}
                return 200, {
                    "channels": [{**known, "reachable": True, "protected": False}], "conversations": [], "more": False,
                    "earlier": [], "now": time_text(self.now),
                }  # fmt: skip
            case "GET", ["conversations", case_id, "drafts"]:
                return 200, {"items": self.drafts.get(case_id, [])}
            case "GET", ["approvals"]:
                return 200, {"items": self.approvals, "next": None}
            case "GET", ["canned"]:
                return 200, {"items": self.canned}
            case "POST", ["conversations", case_id, "check"] if said is not None:
                return 200, {
                    "findings": self.findings,
                    "text": said["text"],
                    "length": len(said["text"]),
                    "limit": None,
                }
            case "POST", ["conversations", case_id, "replies"] if said is not None:
                self.posted.append({"case": case_id, **said})
                return 202, {
                    "id": f"r{len(self.posted)}", "text": said["text"], "state": "pending", "at": time_text(self.now),
                    "by": "Dana Ozola", "code": "", "sentence": "", "platform_id": "", "verb": said["verb"],
                    "message": "71", **NEW_REPLY,
                }  # fmt: skip
            case "POST", ["conversations", case_id, "acts"] if said is not None:
                self.posted.append({"case": case_id, **said})
                taken = {
                    "id": f"r{len(self.posted)}", "text": "", "state": "pending", "at": time_text(self.now),
                    "by": "Dana Ozola", "code": "", "sentence": "", "platform_id": "", **NEW_REPLY, **said,
                }  # fmt: skip
                self.conversations[case_id]["replies"].append(taken)
                return 202, taken
            case _:
                self.complaints.append(f"{method} {path} {query}")
                return 404, {"code": "not_found", "detail": "No answer was written for this."}


MakeDesk = Callable[..., FixedDesk]


def a(platform: str, surface: str, **other: Any) -> Subject:
    """A message of a platform, as the verb table sees it: written an hour ago."""
    given = {"message_id": "71", "at": NOW - HOUR, "person_id": "7", **other}
    if surface == "direct":
        given.setdefault("last_inbound_at", NOW - HOUR)
    return Subject(platform=platform, surface=Surface(surface), **given)
