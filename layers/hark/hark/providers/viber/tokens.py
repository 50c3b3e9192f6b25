"""Viber's two kinds of names: the number of a message, and the id of a person. Standard library only."""

from __future__ import annotations

import re

PERSON = re.compile(r"[A-Za-z0-9+/=_-]{1,128}")
"""A person's id: base64-like text. It differs per bot, and must be escaped before it goes into an address."""

_TOKEN = re.compile(r"[1-9][0-9]{0,19}")
_MOST = 2**64


def message_token(value: object) -> str:
    """`message_token` as text, "" when it is none.

    Viber writes an integer of up to 64 bits, more than a float can hold exactly; so anything that has been through a
    float is refused instead of naming another message.
    """
    digits = str(value) if isinstance(value, int | str) else ""
    return digits if _TOKEN.fullmatch(digits) and int(digits) < _MOST else ""


def person(value: object) -> str:
    """A person's id, "" when it is none."""
    return value if isinstance(value, str) and PERSON.fullmatch(value) else ""


def message_id(account_id: str, token: str) -> str:
    """The desk's name of a message. A token is promised to be unique only within a bot."""
    return f"{account_id}#{token}"
