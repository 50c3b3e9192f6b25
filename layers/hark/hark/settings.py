"""Settings from the environment, typed, read when first asked for and never at import.

Standard library only: the webhook function uses it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache


class SettingMissing(RuntimeError):
    """A setting the function needs is not in its environment; the template has to give it."""


def _needed(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise SettingMissing(f"the environment has no {name}; see template.yaml")
    return value


@dataclass(frozen=True)
class Settings:
    """What the environment says. Only what a function uses has to be there."""

    @property
    def table(self) -> str:
        return _needed("TABLE_NAME")

    @property
    def brand(self) -> str:
        """The brand the stack was made for: whose the events are that concern a provider's application as a whole."""
        return _needed("BRAND")

    @property
    def secrets_path(self) -> str:
        """Parameter path: `<path>/<provider>/app` and `<path>/<provider>/accounts/<id>` hold SecureStrings."""
        return _needed("SECRETS_PATH")

    @property
    def state_machine(self) -> str:
        return _needed("STATE_MACHINE_ARN")

    @property
    def ingest_function(self) -> str:
        return _needed("INGEST_FUNCTION")

    @property
    def send_reply_function(self) -> str:
        return _needed("SEND_REPLY_FUNCTION")

    @property
    def event_bus(self) -> str:
        return _needed("EVENT_BUS")

    @property
    def media_bucket(self) -> str:
        """Where our copies of people's media are kept for a while."""
        return _needed("MEDIA_BUCKET")

    @property
    def media_days(self) -> int:
        """After how many days the bucket forgets our copies of media by itself."""
        return int(_needed("MEDIA_DAYS"))

    @property
    def send_lease_seconds(self) -> int:
        """How long a sender owns a reply; longer than the function may run (I20)."""
        return int(_needed("SEND_LEASE_SECONDS"))

    @property
    def send_settle_seconds(self) -> int:
        """How long after a doubtful send the platform's own list is first looked at."""
        return int(_needed("SEND_SETTLE_SECONDS"))

    @property
    def reader(self) -> str:
        """Who reads texts: `builtin`, `comprehend` or `bedrock`."""
        return os.environ.get("READER", "builtin")

    @property
    def bedrock_model(self) -> str:
        return _needed("BEDROCK_MODEL")

    @property
    def desk_origin(self) -> str:
        """The desk's own origin when it is not the API's address; may be empty."""
        return os.environ.get("DESK_ORIGIN", "")

    @property
    def desk_address(self) -> str:
        """Where agents work, for links in notices."""
        return _needed("DESK_ADDRESS")

    @property
    def sender_email(self) -> str:
        """From whom notices come by e-mail; empty: none are sent."""
        return os.environ.get("SENDER_EMAIL", "")

    @property
    def sign_in_url(self) -> str:
        return _needed("SIGN_IN_URL")

    @property
    def frontend_path(self) -> str:
        return _needed("FRONTEND_PATH")

    @property
    def webhook_url(self) -> str:
        """Public address of `/webhooks`, for registering with the platforms; empty when the stack does not say."""
        return os.environ.get("WEBHOOK_URL", "")

    def endpoint(self, provider: str, shipped: str) -> str:
        """Origin of a provider's API: the provider's own word, unless `PROVIDER_ENDPOINTS` names another."""
        named = dict(one.split("=", 1) for one in os.environ.get("PROVIDER_ENDPOINTS", "").split())
        return named.get(provider, shipped)


@cache
def settings() -> Settings:
    """The one settings object."""
    return Settings()
