"""Texts that people may write and that a desk has to keep as they are (rows H16 and H17)."""

from __future__ import annotations

from collections.abc import Mapping

ODD_BUT_LAWFUL: Mapping[str, str] = {
    "bidi override": "\u202etxet\u202c",
    "homoglyph": "аcme",
    "zero width": "a\u200b\u200db",
    "combining marks": "e" + "\u0301" * 10_000,
    "H17 script": "<script>alert(1)</script>",
    "H17 links": "[x](javascript:alert(1)) data:text/html,x",
    "emoji and right-to-left": "👨‍👩‍👧‍👦 שלום مرحبا",
}
"""What is odd → the text."""
