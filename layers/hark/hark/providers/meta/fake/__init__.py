"""A fake Meta: a real HTTP server that plays one Facebook Page with Messenger and one Instagram account linked to it.

It signs and delivers webhooks as Meta does, enforces tokens, proofs, windows, limits and permissions, echoes what we
send, and can misbehave. Part of the product's test kit, for the local cloud and the tests; the product never imports
it. Run it with ``python -m hark.providers.meta.fake --port 9710 --webhook http://127.0.0.1:8080/webhooks/meta``.
"""

from hark.providers.meta.fake.identity import ACCOUNTS, SECRETS
from hark.providers.meta.fake.server import Fake

__all__ = ["ACCOUNTS", "SECRETS", "Fake"]
