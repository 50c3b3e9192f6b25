"""Proof that bytes come from a provider: keyed digests, compared in constant time.

Standard library only: the webhook function imports this and must start fast.
"""

from __future__ import annotations

import hashlib
import hmac

from hark.providers.contract import Credentials


def keys(secrets: Credentials, *names: str) -> list[str]:
    """The usable secrets among `names`, in that order. An empty secret is no secret (invariant I27)."""
    return [value for name in names if (value := secrets.get(name, ""))]


def hmac_sha256(key: str, message: bytes) -> bytes:
    """The 32 bytes of HMAC-SHA256 under the UTF-8 bytes of `key`.

    Raises:
        ValueError: `key` is empty. Anybody can sign with an empty key.
    """
    if not key:
        raise ValueError("an empty key proves nothing")
    return hmac.new(key.encode("utf-8"), message, hashlib.sha256).digest()


def matches(given: bytes, message: bytes, candidates: list[str]) -> bool:
    """Whether `given` is the HMAC-SHA256 of `message` under one of the keys.

    All keys are tried whatever the result, so that the time taken does not tell which one is in use
    while a secret is being rotated (fault F30).
    """
    found = False
    for key in candidates:
        found |= hmac.compare_digest(given, hmac_sha256(key, message))
    return found
