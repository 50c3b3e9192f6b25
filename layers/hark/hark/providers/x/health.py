"""Whether X delivers to us and lets us act: the webhook, its subscriptions, our access; and a replay after an outage.

X disables a webhook after one wrong answer, or after 28 hours without a right one, and tells nobody. So every hour it
is looked up, and mended: registered when it is missing, checked again when it is invalid, subscriptions made that are
missing. What was missed meanwhile X delivers once more on request (a replay job), for 24 hours back.

Problems: `x.bearer_missing`, `x.bearer_refused`, `x.management.<code>`, `x.webhook_url_unknown`,
`x.webhook_crc_failed`, `x.webhook_refused`, `x.webhook_invalid`, `x.subscription_missing.<event type>`,
`x.replay_waits`, `x.replay_refused`, `x.access.<code>`.
Repaired: `x.webhook_registered`, `x.webhook_revalidated`, `x.subscription_created.<event type>`,
`x.subscription_moved.<event type>`, `x.replay_asked`.

The state holds `seen` (when all was last found or put right), `pending` (what is still to be replayed, see `replay`)
and `declined` (event types X does not give us, which we can do without).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hark.domain.failures import FAILINGS, Effect
from hark.providers.contract import Connection, Report
from hark.providers.x import api, app, posts, replay, subscriptions
from hark.providers.x.app import Management

EVERY = timedelta(hours=1)


def check(connection: Connection, now: datetime) -> Report:
    """Look up and mend what brings us events, then try our access.

    Raises:
        hark.providers.contract.CallFailed: X cannot be asked, or the account cannot act. Not in the hour in which
            something was repaired: what that check has to remember comes first.
    """
    visit = _Visit(connection, now)
    if not connection.credentials.get("bearer_token"):
        visit.problems.append("x.bearer_missing")
    elif not connection.webhook_url:
        visit.problems.append("x.webhook_url_unknown")
    else:
        try:
            with app.connect(connection, lambda: now) as management:
                try:
                    visit.look(management)
                finally:
                    visit.calls += management.calls
        except api.Unsuccessful as failed:
            visit.cannot_look(failed)
    visit.try_access()
    if visit.trouble is not None:
        if not visit.repaired and not visit.changed:
            raise api.call_failed(visit.trouble) from None
        visit.problems.append(f"x.access.{visit.trouble.why.code}")
    return Report(
        problems=tuple(sorted(set(visit.problems))),
        repaired=tuple(visit.repaired),
        state=visit.state,
        calls=visit.calls,
    )


@dataclass
class _Visit:
    connection: Connection
    now: datetime
    problems: list[str] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    calls: int = 0
    trouble: api.Unsuccessful | None = None
    missed: bool = False
    """The webhook or one of its subscriptions was not there, so that events did not come."""
    changed: bool = False
    """Something is to be remembered that the next check could not find out again."""
    state: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        kept = self.connection.settings.get("health")
        self.state = dict(kept) if isinstance(kept, Mapping) else {}

    def cannot_look(self, failed: api.Unsuccessful) -> None:
        """The application may not or cannot ask now. Only missing credit stops the account itself."""
        code = failed.why.code
        if code == "credits_depleted" or failed.why.effect in (Effect.LATER, Effect.UNKNOWN):
            self.trouble = failed
        else:
            self.problems.append("x.bearer_refused" if code == "token_refused" else f"x.management.{code}")

    def look(self, management: Management) -> None:
        """The webhook, then its subscriptions, then what was missed while one of them was wrong."""
        webhook_id = self._webhook(management)
        if not webhook_id:
            return
        whole = self._subscriptions(management, webhook_id)
        seen = next(iter(posts.iso_times(self.state.get("seen"))), None)
        if self.missed and seen is not None:
            self.state["pending"] = replay.remembered(self.state.get("pending"), seen, self.now)
            self.changed = True
        if whole:
            self.state["seen"] = self.now.astimezone(UTC).isoformat(timespec="seconds")
        self._replay(management, webhook_id)

    def _webhook(self, management: Management) -> str:
        wanted = self.connection.webhook_url
        found = next((w for w in management.webhooks() if w.get("url") == wanted), None)
        try:
            if found is None:
                made = management.register(wanted)
                self.repaired.append("x.webhook_registered")
                self.missed = True
                return str(made.get("id", ""))
            webhook_id = str(found.get("id", ""))
            if found.get("valid") is True:
                return webhook_id
            if management.revalidate(webhook_id):
                self.repaired.append("x.webhook_revalidated")
                self.missed = True
                return webhook_id
            self.problems.append("x.webhook_invalid")
        except api.Unsuccessful as failed:
            if failed.why.effect is not Effect.NEVER:
                raise
            crc = failed.says("CrcValidationFailed")
            self.problems.append("x.webhook_crc_failed" if crc else "x.webhook_refused")
        return ""

    def _subscriptions(self, management: Management, webhook_id: str) -> bool:
        declined = [kind for kind in self.state.get("declined", []) if isinstance(kind, str)]
        mended = subscriptions.mend(self.connection, management, webhook_id, frozenset(declined), self.now)
        self.calls += mended.calls
        self.repaired += mended.repaired
        self.problems += mended.problems
        self.missed |= mended.missed
        if mended.declined:
            self.state["declined"] = sorted({*declined, *mended.declined})
        return not mended.problems

    def _replay(self, management: Management, webhook_id: str) -> None:
        due, rest = replay.due(self.state.get("pending"), self.now)
        if due is not None:
            try:
                self.state["replay"] = management.replay(webhook_id, *due)
                self.repaired.append("x.replay_asked")
            except api.Unsuccessful as failed:
                if FAILINGS[failed.why.code].effect is Effect.NEVER:
                    self.problems.append("x.replay_refused")
                else:
                    self.problems.append("x.replay_waits")
                    rest = self.state.get("pending")
            self.changed = True
        self.state.pop("pending", None)
        if rest is not None:
            self.state["pending"] = rest

    def try_access(self) -> None:
        """Ask, as the user, for mentions newer than now: it proves our access, finds nothing, and so costs nothing."""
        params = {"max_results": "5", "since_id": posts.snowflake_at(self.now)}
        try:
            with api.connect(self.connection.credentials, self.connection.endpoint, lambda: self.now) as client:
                self.calls += 1
                api.read(
                    client.request(
                        "GET", f"/2/users/{self.connection.account_id}/mentions", params=params, user_auth=True
                    )
                )
        except api.Unsuccessful as failed:
            self.trouble = failed
