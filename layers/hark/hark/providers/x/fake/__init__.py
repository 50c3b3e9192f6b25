"""A fake X: a real HTTP server that signs, delivers, enforces limits, echoes what we say and can misbehave.

Part of the product's test kit, for the local cloud and the tests; the product never imports it. Run it with
``python -m hark.providers.x.fake --port 9700 --webhook http://127.0.0.1:8080/webhooks/x``.
"""

from hark.providers.x.fake.server import ACCOUNTS, SECRETS, Fake
from hark.providers.x.fake.webhooks import signature_headers


def signed(body: bytes, account_id: str) -> tuple[dict[str, str], str]:
    """The headers with which the fake would deliver this body for an account, and the path below the webhook's."""
    return signature_headers(body, SECRETS[account_id]), ""


__all__ = ["ACCOUNTS", "SECRETS", "Fake", "signed"]
