"""The one case on the desk of most tests: kim_l's mention (`x_deliveries.mention`), for an agent who has signed in."""

from __future__ import annotations

from collections.abc import Callable

from .browser import Browser
from .conftest import Desk

SignIn = Callable[..., Browser]
"""The fixture `sign_in`."""
POST = "2123706425275322373"
LATER = "2026-11-20T12:00:00.000Z"


def at(desk: Desk, more: str = "") -> str:
    """The case's path in the API, and what follows it."""
    return f"conversations/{desk.case().id}{more}"
