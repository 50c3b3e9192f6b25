"""Where Viber keeps what people send."""

from __future__ import annotations

HOSTS = frozenset(("dl-media.viber.com", "media-direct.cdn.viber.com"))
"""The exact hosts of attachments and of people's pictures. Stickers are named by number and need no fetching."""
