"""A fake Viber: a real HTTP server that signs, delivers, enforces limits, tells receipts and can misbehave.

Part of the product's test kit, for the local cloud and the tests; the product never imports it. Run it with
``python -m hark.providers.viber.fake --port 9720 --webhook http://127.0.0.1:8080/webhooks/viber``.
"""

from hark.providers.viber.fake.server import ACCOUNTS, SECRETS, Fake, signed

__all__ = ["ACCOUNTS", "SECRETS", "Fake", "signed"]
