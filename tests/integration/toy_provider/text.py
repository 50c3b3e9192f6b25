"""Counting and comparing."""

from __future__ import annotations


def length(counting: str, text: str) -> int:
    """Characters.

    Raises:
        ValueError: another way of counting.
    """
    if counting != "characters":
        raise ValueError(counting)
    return len(text)


def fingerprint(text: str) -> str:
    """White space does not count."""
    return " ".join(text.split())
