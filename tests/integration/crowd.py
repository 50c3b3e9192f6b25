"""Many people at once: mentions on X by as many authors, each with a name, and what the workflow's first step does."""

from __future__ import annotations

from typing import Any

from hark.domain.case import Case
from hark.store.keys import Key

from .conftest import BRAND, Desk
from .x_deliveries import mention

FIRST_POST = 2123706425275322373
TEXT = "@acme no internet since this morning, it is the third time"
WATCHING: dict[str, Any] = {
    "watch": True,
    "learning_seconds": 0,
    "topics": {"internet": {"en": ("internet", "wifi*"), "lv": ("internet*",)}},
}


def watch(desk: Desk, **changes: Any) -> None:
    desk.put_policy(incidents=WATCHING | changes)


def said_by(number: int, text: str = TEXT, **more: Any) -> dict[str, Any]:
    """A mention by person `number`, a second after the one before."""
    post, author = str(FIRST_POST + number), f"9{number:06d}"
    at = {"created_at": f"2026-11-20T09:14:{number % 60:02d}.000Z"}
    body = mention(post, text, author_id=author, **(at | more))
    body["data"]["includes"]["users"].append({"id": author, "username": f"p{number}", "name": f"Person {number}"})
    return body


def case_of(desk: Desk, number: int) -> Case:
    return next(c for c in desk.cases() if c.thread_id == str(FIRST_POST + number))


def crowd(desk: Desk, *numbers: int, text: str = TEXT) -> list[Case]:
    """These people write, and triage reads each. Their cases as they are after all of that."""
    desk.take_in(*(said_by(number, text) for number in numbers))
    for number in numbers:
        desk.step("triage", case_of(desk, number))
    return [case_of(desk, number) for number in numbers]


def sweep(desk: Desk) -> None:
    desk.call("sweep", {})


def incidents(desk: Desk) -> list[dict[str, Any]]:
    return desk.items("INCIDENT")


def inside(desk: Desk, prefix: str) -> list[dict[str, Any]]:
    """Items of incidents whose sort key begins so."""
    found = [i for i in desk.items() if i["pk"].startswith(f"{BRAND}#INCIDENT#") and i["sk"].startswith(prefix)]
    return sorted(found, key=lambda item: item["sk"])


def key(item: dict[str, Any]) -> Key:
    return Key(item["pk"], item["sk"])
