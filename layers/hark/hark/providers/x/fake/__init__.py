"""A fake X: a real HTTP server that signs, delivers, enforces limits, echoes our posts and can misbehave.

Part of the product's test kit, for the local cloud and the tests; the product never imports it. Run it with
``python -m hark.providers.x.fake --port 9700 --webhook http://127.0.0.1:8080/webhooks/x``.
"""

from hark.providers.x.fake.server import LAB_CREDENTIALS, FakeX

__all__ = ["LAB_CREDENTIALS", "FakeX"]
