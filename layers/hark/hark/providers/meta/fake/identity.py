"""Who the fake Meta plays: one app, one Page, the Instagram account linked to it, and what they are allowed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

APP_ID = "440011"
INBOX_APP_ID = "263902037430900"
"""The Page's own inbox; it sends what staff types there, and takes threads."""
PAGE_ID = "100200300400"
INSTAGRAM_ID = "17841400000000001"
HANDLE = "acme"
NAME = "Acme"
VERSIONS = ("24.0", "25.0", "26.0")

PAGE_FIELDS = frozenset({
    "feed", "mention", "ratings", "messages", "message_echoes", "message_edits", "message_reactions",
    "messaging_postbacks", "messaging_referrals", "message_deliveries", "message_reads", "messaging_handovers",
    "messaging_optins", "messaging_policy_enforcement", "standby",
})  # fmt: skip
INSTAGRAM_FIELDS = frozenset({
    "comments", "live_comments", "mentions", "messages", "message_echoes", "message_edits", "message_edit",
    "message_reactions", "messaging_postbacks", "messaging_referral", "messaging_referrals", "messaging_seen",
    "messaging_handover", "messaging_handovers", "standby",
})  # fmt: skip
"""What can be subscribed to. Meta's pages disagree about some names of Instagram, so both spellings are taken."""

PAGE_PERMISSIONS = frozenset({
    "pages_show_list", "pages_read_engagement", "pages_read_user_content", "pages_manage_metadata",
    "pages_manage_engagement", "pages_manage_posts", "pages_messaging", "instagram_basic",
    "instagram_manage_comments", "instagram_manage_messages", "human_agent",
})  # fmt: skip
INSTAGRAM_PERMISSIONS = frozenset({
    "instagram_basic", "instagram_manage_comments", "instagram_manage_messages", "human_agent", "allow_messages",
})  # fmt: skip
"""`human_agent` is a feature of the app and `allow_messages` the owner's switch; both can be missing like the rest."""

ACCOUNTS: tuple[Mapping[str, Any], ...] = (
    {
        "provider": "meta",
        "id": PAGE_ID,
        "platform": "facebook",
        "platforms": ("facebook", "messenger"),
        "linked": INSTAGRAM_ID,
        "handle": HANDLE,
        "name": NAME,
        "features": ("human_agent",),
    },
    {
        "provider": "meta",
        "id": INSTAGRAM_ID,
        "platform": "instagram",
        "platforms": ("instagram",),
        "linked": PAGE_ID,
        "handle": HANDLE,
        "name": NAME,
        "features": ("human_agent",),
    },
)
"""The accounts the fake plays, with the fields of `domain.account.Account` but the brand."""

_APP: Mapping[str, str] = {
    "app_secret": "0123456789abcdef0123456789abcdef",
    "verify_token": "lab-verify-token-01",
}
SECRETS: Mapping[str, Mapping[str, str]] = {
    PAGE_ID: {**_APP, "access_token": "EAAGlabPageToken0001"},
    INSTAGRAM_ID: {**_APP, "access_token": "IGAAlabInstagramToken0001"},
}
"""Account id → what it uses, the app's secrets included. They open nothing but a fake.

The Page's token reaches the linked Instagram account too; the Instagram account's own (of Instagram Login) only that.
"""
