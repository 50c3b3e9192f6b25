"""The fake X's management calls: webhooks, subscriptions, replay and compliance jobs."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hark.providers.strict_json import NotStrictJson, loads
from hark.providers.x.fake.rest import Reply, invalid, problem
from hark.providers.x.fake.webhooks import WEBHOOK_ID

if TYPE_CHECKING:
    from hark.providers.x.fake.server import Fake

PUBLIC_KINDS = frozenset(("post.create", "post.delete", "oauth.revoke"))
"""What the application may subscribe to by itself; for the rest X wants the user's token."""
PRIVATE_KINDS = frozenset(
    ("post.mention.create", "post.reply.create", "post.quote.create", "dm.received", "dm.sent", "chat.received")
)

_MINUTE = re.compile(r"[0-9]{12}")


@dataclass(slots=True)
class Job:
    """A compliance job. `looks` is how often it is still asked after before it is done."""

    id: str
    ids: list[str] | None = None
    looks: int = 1
    failed: bool = False


@dataclass(slots=True)
class Management:
    """The calls, over one fake."""

    fake: Fake
    refused_kinds: set[str] = field(default_factory=set)
    """Event types X does not give this application."""
    page_size: int = 100
    """Subscriptions on one page."""
    shape: int = 0
    """Which of X's three shapes the answer to a new subscription has."""
    slow: int = 1
    """How often a new compliance job is asked after before it is done."""
    jobs: dict[str, Job] = field(default_factory=dict)
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(44))

    # --- webhooks ---

    def webhooks(self) -> Reply:
        found = self.fake.webhooks.listed()
        return Reply(200, {"data": found, "meta": {"result_count": len(found)}} if found else _none())

    def register(self, body: bytes) -> Reply:
        url = _object(body).get("url")
        if not isinstance(url, str) or not url.startswith(("https://", "http://127.0.0.1")) or len(url) > 200:
            return _failed("UrlValidationFailed")
        listed = self.fake.webhooks.listed()
        if listed:
            return _failed("DuplicateUrlFailed" if listed[0]["url"] == url else "WebhookLimitExceeded")
        if not self.fake.webhooks.register(url, wait=True):
            self.fake.webhooks.forget()
            return _failed("CrcValidationFailed")
        return Reply(200, {"data": self.fake.webhooks.listed()[0]})

    def revalidate(self, webhook_id: str) -> Reply:
        listed = self.fake.webhooks.listed()
        if webhook_id != WEBHOOK_ID or not listed:
            return _absent()
        if not self.fake.webhooks.register(listed[0]["url"], wait=True):
            return _failed("CrcValidationFailed")
        return Reply(200, {"data": {"valid": True}})

    def remove(self, webhook_id: str) -> Reply:
        if webhook_id != WEBHOOK_ID or not self.fake.webhooks.listed():
            return _absent()
        self.fake.webhooks.forget()
        return Reply(200, {"data": {"deleted": True}})

    def replay(self, body: bytes) -> Reply:
        asked = _object(body)
        texts = [asked.get("from_date"), asked.get("to_date")]
        if asked.get("webhook_id") != WEBHOOK_ID or not self.fake.webhooks.listed():
            return _absent()
        if not all(isinstance(t, str) and _MINUTE.fullmatch(t) for t in texts):
            return invalid("Dates are written yyyymmddhhmm.", {"from_date": [], "to_date": []})
        begin, end = (datetime.strptime(str(t), "%Y%m%d%H%M").replace(tzinfo=UTC) for t in texts)
        now = datetime.fromtimestamp(self.fake.clock(), UTC)
        early, late = begin < now - timedelta(hours=24), end > now - timedelta(minutes=10)
        if early or late or begin > now - timedelta(minutes=31) or begin >= end:
            return invalid("The dates are not within what can be replayed.", {"from_date": [], "to_date": []})
        job_id = str(next(self._ids))
        self.fake.webhooks.replay(begin, end, job_id)
        return Reply(200, {"data": {"job_id": job_id, "created_at": now.isoformat()}})

    # --- subscriptions ---

    def subscriptions(self, params: Mapping[str, str]) -> Reply:
        listed = sorted(self.fake.webhooks.subscriptions.values(), key=lambda s: int(s["subscription_id"]))
        begin = int(params.get("pagination_token", "0"))
        page = listed[begin : begin + self.page_size]
        meta: dict[str, Any] = {"result_count": len(page)}
        if begin + self.page_size < len(listed):
            meta["next_token"] = str(begin + self.page_size)
        return Reply(200, {"data": page, "meta": meta} if page else {"meta": meta})

    def subscribe(self, body: bytes, *, as_user: bool) -> Reply:
        asked = _object(body)
        kind, narrowed = asked.get("event_type"), asked.get("filter")
        if kind not in PUBLIC_KINDS | PRIVATE_KINDS or not isinstance(narrowed, dict):
            return invalid("event_type or filter is not valid", {"event_type": [str(kind)]})
        if kind in self.refused_kinds or (kind in PRIVATE_KINDS and not as_user):
            return problem(403, "Forbidden", "This event type needs another kind of access.")
        users = [s["filter"] for s in self.fake.webhooks.subscriptions.values() if s["event_type"] == kind]
        if narrowed in users:
            return invalid("This subscription exists already.", {"event_type": [str(kind)]})
        made = self.fake.webhooks.subscribe(str(kind), narrowed, asked.get("tag", ""), asked.get("webhook_id", ""))
        self.shape = (self.shape + 1) % 3
        shapes: tuple[Any, ...] = ({"subscription": made}, made, [made])
        return Reply(200, {"data": shapes[self.shape]})

    def change(self, subscription_id: str, body: bytes) -> Reply:
        asked = _object(body)
        found = self.fake.webhooks.subscriptions.get(subscription_id)
        if found is None:
            return _absent()
        if not set(asked) <= {"tag", "webhook_id"}:
            return invalid("Only tag and webhook_id can be changed.", {})
        found |= asked
        return Reply(200, {"data": found})

    def unsubscribe(self, subscription_id: str) -> Reply:
        if self.fake.webhooks.subscriptions.pop(subscription_id, None) is None:
            return _absent()
        return Reply(200, {"data": {"deleted": True}})

    # --- compliance ---

    def begin_job(self, body: bytes) -> Reply:
        if _object(body) != {"type": "tweets"}:
            return invalid("type is not valid", {"type": []})
        if any(job.looks and not job.failed for job in self.jobs.values()):
            return problem(409, "Conflict", "A job of this type is under way.")
        job = Job(str(next(self._ids)), looks=self.slow)
        self.jobs[job.id] = job
        return Reply(200, {"data": self._shown(job, "created")})

    def job(self, job_id: str) -> Reply:
        job = self.jobs.get(job_id)
        if job is None:
            return _absent()
        if job.ids is None:
            return Reply(200, {"data": self._shown(job, "created")})
        job.looks = max(job.looks - 1, 0)
        status = "failed" if job.failed else "in_progress" if job.looks else "complete"
        return Reply(200, {"data": self._shown(job, status)})

    def upload(self, job_id: str, headers: Mapping[str, str], body: bytes) -> Reply:
        job = self.jobs.get(job_id)
        if job is None or job.ids is not None:
            return _absent()
        # A signed address takes no other proof of who is asking.
        if "authorization" in headers or headers.get("content-type") != "text/plain":
            return problem(400, "Bad Request", "Send text/plain and no authorization.")
        job.ids = body.decode("ascii").split("\n")
        return Reply(200, {})

    def download(self, job_id: str, headers: Mapping[str, str]) -> bytes | None:
        """JSON lines, or None when there is nothing under this address for such a caller."""
        job = self.jobs.get(job_id)
        if job is None or job.looks or "authorization" in headers:
            return None
        lines = (self._line(post_id) for post_id in job.ids or ())
        return b"".join(json.dumps(line).encode() + b"\n" for line in lines if line)

    def _line(self, post_id: str) -> dict[str, str] | None:
        world = self.fake.world
        post = world.find_post(post_id)
        if post is None or post.gone:
            reason = "deleted"
        else:
            reason = "protected" if post.author.protected else world.standing.get(post.author.id, "")
        if not reason:
            return None
        now = datetime.fromtimestamp(self.fake.clock(), UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        made = now if post is None else post.at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        return {"id": post_id, "action": "delete", "created_at": made, "redacted_at": now, "reason": reason}

    def _shown(self, job: Job, status: str) -> dict[str, str]:
        place = f"{self.fake.url}/compliance/{job.id}"
        return {
            "id": job.id, "type": "tweets", "status": status, "upload_url": f"{place}/ids?signature=lab",
            "download_url": f"{place}/result?signature=lab",
        }  # fmt: skip


def _object(body: bytes) -> dict[str, Any]:
    try:
        asked = loads(body)
    except NotStrictJson:
        return {}
    return asked if isinstance(asked, dict) else {}


def _none() -> dict[str, Any]:
    return {"meta": {"result_count": 0}}


def _failed(name: str) -> Reply:
    return Reply(
        400,
        {
            "errors": [{"message": f"{name}: the webhook cannot be used.", "parameters": {}}],
            "title": "Invalid Request",
            "type": "https://api.x.com/2/problems/invalid-request",
        },
    )


def _absent() -> Reply:
    return problem(404, "Not Found Error", "There is no such thing.", "https://api.x.com/2/problems/resource-not-found")
