"""Where Meta keeps pictures and files."""

from __future__ import annotations

HOSTS: tuple[str, ...] = (
    ".fbcdn.net", ".cdninstagram.com", "lookaside.fbsbx.com", "cdn.fbsbx.com", "platform-lookaside.fbsbx.com",
)  # fmt: skip
"""A name is that host and no other. A name that begins with a dot stands for every host below it, and for nothing else:
".fbcdn.net" is scontent-fra3-1.xx.fbcdn.net, but neither fbcdn.net nor evilfbcdn.net.

Exact names cannot be listed here: Meta names its picture hosts after places and changes them without notice.
lookaside.fbsbx.com carries story mentions and files of private messages (Instagram messaging webhooks), cdn.fbsbx.com
sound and files of Messenger, platform-lookaside.fbsbx.com the pictures of people.
"""
