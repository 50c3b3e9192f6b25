"""A fake Meta: a real HTTP server that plays one Facebook Page with Messenger and one Instagram account linked to it.

It signs and delivers webhooks as Meta does, enforces tokens, proofs, windows, limits and permissions, echoes what we
send, and can misbehave. Part of the product's test kit, for the local cloud and the tests; the product never imports
it. Run it with ``python -m hark.providers.meta.fake --port 9710 --webhook http://127.0.0.1:8080/webhooks/meta``.
"""

from hark.providers.meta.fake.identity import ACCOUNTS, SECRETS
from hark.providers.meta.fake.server import Fake
from hark.providers.meta.fake.webhooks import SIGNATURE, signature

__all__ = ["ACCOUNTS", "SECRETS", "Fake", "signed"]


def signed(body: bytes, account_id: str) -> tuple[dict[str, str], str]:
    """The headers with which Meta posts a body for an account, and the rest of the address it posts to: none."""
    return {"Content-Type": "application/json", SIGNATURE: signature(SECRETS[account_id]["app_secret"], body)}, ""
