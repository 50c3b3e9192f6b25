"""What a browser calls itself, in the words its owner would use."""

from __future__ import annotations

from dataclasses import dataclass

_BROWSERS = (
    ("Edg", "Microsoft Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
"""Mark → name. The first that fits counts: Edge, Opera and Samsung's also say Chrome, and all of them say Safari."""
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip
"""Likewise: Android also says Linux, and an iPhone says Mac OS X."""


@dataclass(frozen=True, slots=True)
class Browser:
    """Names of products, which are the same in every language; empty where it does not say."""

    name: str = ""
    system: str = ""


def browser_of(user_agent: str) -> Browser:
    """Nothing of the header itself is kept: it says more of a person than they need to be shown."""
    return Browser(
        next((name for mark, name in _BROWSERS if mark in user_agent), ""),
        next((name for mark, name in _SYSTEMS if mark in user_agent), ""),
    )
