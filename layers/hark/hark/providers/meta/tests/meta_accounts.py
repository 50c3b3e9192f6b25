"""The fake's two accounts as connections, and a clock that tests move."""

from __future__ import annotations

from typing import Any

from hark.providers.contract import Connection
from hark.providers.meta.fake import ACCOUNTS, SECRETS, Fake
from hark.providers.meta.fake.identity import INSTAGRAM_ID, PAGE_ID


def connection(fake: Fake, account_id: str, settings: dict[str, Any] | None = None, **secrets: str) -> Connection:
    (account,) = (one for one in ACCOUNTS if one["id"] == account_id)
    return Connection(
        {**SECRETS[account_id], **secrets},
        fake.url,
        account_id,
        account["platforms"],
        account["handle"],
        account["linked"],
        settings or {},
    )


def page(fake: Fake, settings: dict[str, Any] | None = None, **secrets: str) -> Connection:
    return connection(fake, PAGE_ID, settings, **secrets)


def instagram(fake: Fake, settings: dict[str, Any] | None = None, **secrets: str) -> Connection:
    """With Instagram Login, as its token shows."""
    return connection(fake, INSTAGRAM_ID, settings, **secrets)


def instagram_through_page(fake: Fake) -> Connection:
    return connection(fake, INSTAGRAM_ID, access_token=SECRETS[PAGE_ID]["access_token"])


def say(fake: Fake, platform: str, surface: str, by: str, text: str, **more: Any) -> str:
    """Somebody says something on the fake; without a webhook unless `silent=False`."""
    given = {"platform": platform, "surface": surface, "by": by, "text": text, "silent": True} | more
    return fake.acts.say(given)
