"""Whether an account still hears and may act: its subscription, its token and what the token was granted.

Source: Graph API (`subscribed_apps`, `debug_token`), Instagram Platform (`refresh_access_token`). The subscription is
worth a look every quarter of an hour: Meta ends that of a Page whose messages could not be delivered for an hour.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from hark.domain.time import parse as parse_time
from hark.domain.time import text as time_text
from hark.providers.contract import CallFailed, Connection, Renewed, Report
from hark.providers.meta.graph import Graph

EVERY = timedelta(minutes=15)

PAGE_FIELDS = (
    "feed", "mention", "ratings", "messages", "message_echoes", "message_edits", "message_reactions",
    "messaging_postbacks", "messaging_referrals", "message_deliveries", "message_reads", "messaging_handovers",
    "standby",
)  # fmt: skip
INSTAGRAM_FIELDS = (
    "comments", "live_comments", "mentions", "messages", "message_edit", "message_reactions", "messaging_postbacks",
    "messaging_referral", "messaging_seen", "messaging_handover", "standby",
)  # fmt: skip
"""Of an account with Instagram Login. One behind a Page hears through the Page's subscription."""

SCOPES: Mapping[str, tuple[str, ...]] = {
    "facebook": (
        "pages_read_engagement",
        "pages_read_user_content",
        "pages_manage_metadata",
        "pages_manage_engagement",
    ),
    "messenger": ("pages_messaging",),
    "instagram": ("instagram_basic", "instagram_manage_comments", "instagram_manage_messages"),
}
"""What each platform of an account needs, with Facebook Login."""

INSTAGRAM_TOKEN_LIVES = timedelta(days=60)
RENEWABLE_AFTER = timedelta(hours=24)
ENDS_SOON = timedelta(days=14)
TRY_AGAIN = timedelta(hours=24)
"""How long a subscription that Meta did not take as asked is left alone."""


def check(connection: Connection, now: datetime) -> Report:
    """Look at the token first and then at the subscription, which is made anew where something is missing.

    Raises:
        CallFailed: "token_refused" and whatever else stops the account; or we could not look.
    """
    calls = Graph.of(connection)
    kept = connection.settings.get("health")
    before: Mapping[str, Any] = kept if isinstance(kept, dict) else {}
    if calls.instagram_login:
        # Meta does not tell when such a token ends: it lives for 60 days from when we first saw it, or longer.
        seen = _first_seen(connection, before, now)
        problems, repaired, state = _subscription(calls, connection, "", before, now)
        if now >= seen + INSTAGRAM_TOKEN_LIVES:
            # It was just taken: Meta has prolonged it and given it no other name.
            seen = now
        state |= {"token": _mark(connection), "seen": time_text(seen)}
        return Report(problems, repaired, seen + INSTAGRAM_TOKEN_LIVES, True, state, calls.calls)
    token = _token(calls, connection)
    granted, ends = _granted(token, connection, now)
    problems, repaired, state = _subscription(calls, connection, _text(token.get("app_id")), before, now)
    return Report(granted + problems, repaired, ends, False, state, calls.calls)


def renew(connection: Connection, now: datetime) -> Renewed:
    """A new token of Instagram Login for 60 more days.

    Raises:
        CallFailed: "not_supported", the token is of Facebook Login; "busy" with a time, it is younger than a day or the
            answer is unclear (the old one stays good); "token_refused", it is dead.
    """
    calls = Graph.of(connection)
    if not calls.instagram_login:
        raise CallFailed("not_supported")
    kept = connection.settings.get("health")
    before: Mapping[str, Any] = kept if isinstance(kept, dict) else {}
    if before.get("token") == _mark(connection):
        ripe = _first_seen(connection, before, now) + RENEWABLE_AFTER
        if now < ripe:
            raise CallFailed("busy", ripe, "too young")
    answer = calls.get_without_version("refresh_access_token", grant_type="ig_refresh_token")
    token, lives = _text(answer.get("access_token")), answer.get("expires_in")
    if not token:
        raise CallFailed("busy", now + EVERY, "no token")
    known = isinstance(lives, int) and 0 < lives <= 10 * 365 * 86400
    ends = now + (timedelta(seconds=lives) if known and isinstance(lives, int) else INSTAGRAM_TOKEN_LIVES)
    return Renewed({"access_token": token}, ends)


def _token(calls: Graph, connection: Connection) -> Mapping[str, Any]:
    data = calls.get("debug_token", input_token=connection.credentials["access_token"]).get("data")
    if not isinstance(data, dict):
        raise CallFailed("busy", None, "no data")
    if data.get("is_valid") is not True:
        error = data.get("error")
        told = error if isinstance(error, dict) else {}
        raise CallFailed("token_refused", None, f"{told.get('code', 190)}/{told.get('subcode', 0)}")
    return data


def _granted(
    token: Mapping[str, Any], connection: Connection, now: datetime
) -> tuple[tuple[str, ...], datetime | None]:
    scopes = token.get("scopes")
    have = set(scopes) if isinstance(scopes, list) else set()
    wanted = [scope for platform in connection.platforms for scope in SCOPES.get(platform, ())]
    problems = [f"meta.scope_missing.{scope}" for scope in wanted if scope not in have]
    if _text(token.get("type")) == "USER":
        problems.append("meta.not_a_page_token")
    ends = [moment for name in ("expires_at", "data_access_expires_at") if (moment := _moment(token.get(name)))]
    data_ends = _moment(token.get("data_access_expires_at"))
    if data_ends is not None and data_ends - now < ENDS_SOON:
        # Not the token ends then, but what the person allowed who made it: that person has to sign in again.
        problems.append("meta.data_access_ends_soon")
    return tuple(problems), min(ends, default=None)


def _subscription(
    calls: Graph, connection: Connection, app_id: str, before: Mapping[str, Any], now: datetime
) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, Any]]:
    through_page = not calls.instagram_login
    wanted = PAGE_FIELDS if through_page else INSTAGRAM_FIELDS
    own = not through_page or "instagram" not in connection.platforms
    asset = connection.account_id if own else connection.linked or "me"
    app = app_id or connection.credentials.get("app_id", "")
    try:
        missing = _missing(_subscribed(calls, asset, app), wanted)
        if not missing:
            return (), (), {}
        tried = before.get("subscribed")
        if before.get("missing") == missing and isinstance(tried, str) and now - parse_time(tried) < TRY_AGAIN:
            return _fields(missing), (), {"missing": missing, "subscribed": tried}
        left = _subscribe(calls, asset, app, wanted)
    except CallFailed as failed:
        # Who may not look after the subscription can still speak: an operator mends it, nothing has to stop.
        if failed.code != "permission_missing":
            raise
        return ("meta.subscription_closed",), (), {}
    repaired = ("meta.resubscribed",) if left != missing else ()
    return _fields(left), repaired, {"missing": left, "subscribed": time_text(now)} if left else {}


def _subscribe(calls: Graph, asset: str, app_id: str, wanted: Iterable[str]) -> list[str]:
    """Subscribe to all that is wanted; what is missing afterwards."""
    try:
        calls.act("POST", asset, "subscribed_apps", subscribed_fields=",".join(wanted))
    except CallFailed as failed:
        # A name it does not take any more must not stop an account that can still speak.
        if failed.code != "invalid":
            raise
    # Meta also takes names without a word and stores others: only what it stored counts.
    return _missing(_subscribed(calls, asset, app_id), wanted)


def _subscribed(calls: Graph, asset: str, app_id: str) -> set[str]:
    rows = calls.get(asset, "subscribed_apps").get("data")
    if not isinstance(rows, list):
        raise CallFailed("busy", None, "no data")
    apps = [row for row in rows if isinstance(row, dict) and (not app_id or _text(row.get("id")) == app_id)]
    return {field for row in apps for field in _names(row.get("subscribed_fields"))}


def _missing(stored: set[str], wanted: Iterable[str]) -> list[str]:
    # Meta's own pages write some names with and without a plural s.
    plain = {name.rstrip("s") for name in stored}
    return [name for name in wanted if name.rstrip("s") not in plain]


def _fields(missing: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"meta.field_missing.{name}" for name in missing)


def _names(value: object) -> list[str]:
    # Seen as words and as objects with a name.
    rows = value if isinstance(value, list) else []
    return [_text(row.get("name")) if isinstance(row, dict) else _text(row) for row in rows]


def _first_seen(connection: Connection, before: Mapping[str, Any], now: datetime) -> datetime:
    seen = before.get("seen")
    known = before.get("token") == _mark(connection) and isinstance(seen, str)
    return parse_time(seen) if known and isinstance(seen, str) else now


def _mark(connection: Connection) -> str:
    """Tells one token from the next without telling the token."""
    return hashlib.sha256(connection.credentials["access_token"].encode()).hexdigest()[:16]


def _moment(value: object) -> datetime | None:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**40:
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=value)


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
