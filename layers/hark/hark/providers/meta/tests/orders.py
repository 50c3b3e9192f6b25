"""One order for everything Meta can be asked to say, on the ids of the contract page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hark.providers.contract import Order

CREDENTIALS = {"app_secret": "app-secret", "access_token": "EAAGpage"}
PAGE, IG = "100200300400", "17841400000000001"
ASKED = datetime(2026, 11, 21, 12, 0, 0, 500_000, tzinfo=UTC)
TEXT = "Sorry! We are looking for parcel 4711."

COMMENT = Order("public_reply", "facebook", PAGE, "555_777", "comment", "9001", f"{PAGE}_555", TEXT, asked_at=ASKED)
POST = replace(COMMENT, target=f"{PAGE}_556", surface="post", thread=f"{PAGE}_556")
PRIVATE = replace(COMMENT, verb="private_reply", marker="hark:1")
DM = Order("dm", "messenger", PAGE, f"{PAGE}#m_A1", "direct", "7001", "7001", TEXT, asked_at=ASKED, marker="hark:2")
IG_COMMENT = Order(
    "public_reply", "instagram", IG, "17900000000000001", "comment", "6001", "18000000000000001", TEXT, asked_at=ASKED
)
IG_MENTION = replace(IG_COMMENT, surface="mention", target="17900000000000006", thread="18000000000000007")
IG_PRIVATE = replace(IG_COMMENT, verb="private_reply")
IG_DM = Order("dm", "instagram", IG, f"{IG}#aWdA1", "direct", "6001", "6001", TEXT, asked_at=ASKED, marker="hark:3")
