"""What has to hold of a case that came back from an export, whatever moment the export caught it in (I37)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Item = Mapping[str, Any]

_MOVES_ALONE = frozenset({"workflow", "seen_at"})
"""What changes without a line of history."""
_TAKEN = frozenset({"handle", "name", "snippet", "reference", "customer_id", "thread_id"})
"""What removing and erasing take out of the history."""


def broken(case: Item, beside: Sequence[Item], thread: Sequence[Item]) -> list[str]:
    """A sentence for each invariant that does not hold. `beside`: all items in the case's partition, it among them;
    `thread`: the messages of its conversation."""
    lines = sorted((i for i in beside if i["sk"].startswith("EVT#")), key=lambda i: i["sk"])
    replies = [i for i in beside if i["sk"].startswith("OUT#")]
    return [*_history(case, lines), *_workflow(case), *_replies(replies), *_words(case, thread)]


def _history(case: Item, lines: Sequence[Item]) -> Iterator[str]:
    told: dict[str, Any] = {}
    for line in lines:
        told |= line.get("changes", {})
    for name, value in told.items():
        if name not in _MOVES_ALONE | _TAKEN and case.get(name) != value:
            yield f"I38: its history ends with another {name} than the case has"
    if lines and max(line["number"] for line in lines) > case["version"]:
        yield "I38: its history goes on behind the case"


def _workflow(case: Item) -> Iterator[str]:
    if case["status"] != "closed":
        if case["workflow"] not in ("starting", "running"):
            yield "I13: it is open and has no workflow"
        if not case.get("work_sk"):
            yield "I12: it is open and the sweeper does not know of it"
    elif case["signal"]:
        yield "I13: it is closed and still has something to tell a workflow"


def _replies(replies: Sequence[Item]) -> Iterator[str]:
    for reply in replies:
        says = reply["verb"] in ("public_reply", "private_reply", "dm")
        if reply["state"] == "sent" and says and not reply["platform_id"] and reply["code"] != "reply.found_by_hand":
            yield f"I19: its reply {reply['id']} counts as sent without proof"
        if says and reply["state"] in ("held", "pending", "sending"):
            yield f"I18: its reply {reply['id']} would leave although it may be out"
        if reply["state"] == "unknown" and not reply.get("work_sk"):
            yield f"I12: its reply {reply['id']} is in doubt and nobody looks"


def _words(case: Item, thread: Sequence[Item]) -> Iterator[str]:
    for message in thread:
        if message["conversation"] != case["id"]:
            yield f"I9: message {message['id']} stands in its list and belongs to another"
        if message["gone"] and (message["text"] or message["media"]):
            yield f"I6: message {message['id']} was taken away and still speaks"
    if case.get("erased_at") and not case["customer_id"] and (thread or case["name"] or case["handle"]):
        yield "I30: its customer was erased and something of them is here"
