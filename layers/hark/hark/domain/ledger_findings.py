"""What can be wrong with the ledger and its chain of days, in words, and what to do about it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

SAID: dict[str, tuple[str, str]] = {
    "event.missing": (
        "an event that was sealed is not there any more",
        "Find who deleted it (CloudTrail data events, backups) and bring it back from continuous backup.",
    ),
    "event.lost": (
        "an event stands in the list of its day and was not there when the day was sealed",
        "As for a missing event; the list is an index of the table and cannot be written by itself.",
    ),
    "event.added": (
        "an event claims a day that was sealed without it",
        "Look at when it was really written; nothing of ours writes into a past day.",
    ),
    "event.changed": (
        "an event has another state than the ledger says it ended with",
        "Somebody, or an old version, wrote its state past the ledger. Compare with a backup; in doubt fold it again.",
    ),
    "event.unlisted": (
        "an event is there but stands in the list of its day no more",
        "Its list keys were taken away. Put `change_pk` and `change_sk` back as the other events of the day have them.",
    ),
    "event.out_of_work": (
        "an event is not finished, and the sweeper does not know of it",
        "Hand it back with the command of the runbook; it is folded within two minutes.",
    ),
    "event.stuck": (
        "an event has not been finished for more than a day",
        "Read the log of Ingest for its key. What cannot be folded is quarantined, unless a store is in trouble.",
    ),
    "end.missing": (
        "the ledger's note of a late end that was sealed is not there any more",
        "As for a missing event.",
    ),
    "end.added": ("a late end claims a day that was sealed without it", "As for an added event."),
    "leaves.missing": (
        "the list that a seal was made over is not there any more",
        "Bring it back from continuous backup; its key is the digest in the seal.",
    ),
    "leaves.changed": ("the list that a seal was made over was changed", "As for a missing list."),
    "seal.unbalanced": (
        "a seal's figures are not those of its list",
        "Report it: no run of ours writes such a seal. The list under it is good.",
    ),
    "seal.changed": (
        "a seal was changed after it was made",
        "Bring it back from continuous backup; the log of Sweep holds its hash (`ledger.sealed`).",
    ),
    "seal.missing": ("a day has no seal", "Bring it back from continuous backup."),
    "seal.moved": (
        "a seal does not follow the one before it: the chain was cut or put in another order",
        "Compare hashes with `ledger.sealed` in the log of Sweep, and bring back what differs.",
    ),
    "seal.cut": (
        "the chain ends otherwise than the ledger remembers: its end was cut off or replaced",
        "As for a chain that was cut.",
    ),
    "seal.late": (
        "the last day is overdue to be sealed",
        "See whether the sweeper runs (`logs Sweep`); it seals day after day as soon as it does.",
    ),
    "seal.unknown": (
        "the hash that you have noted for this day is not the one the chain has now",
        "The chain was written anew. Compare with `ledger.sealed` in the log of Sweep.",
    ),
    "head.missing": (
        "there are seals, and nothing remembers where their chain ends",
        "Bring the item `LEDGER` of the brand back from continuous backup.",
    ),
}  # fmt: skip
"""Sentence and advice by code."""


class Finding(BaseModel):
    """One thing that is wrong. `what` names the entry or the digest, where there is one."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    code: str
    day: str
    what: str = ""

    @property
    def sentence(self) -> str:
        return SAID[self.code][0]

    @property
    def advice(self) -> str:
        return SAID[self.code][1]
