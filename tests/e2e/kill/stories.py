"""Lives of cases that together lead through every write of the path, and the writes each of them leads to for sure.

A story may begin with kills of its own that lead it astray: only then is there something to look up, to decide, or
left to the sweeper. Each ends with a closed case.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from tests.e2e.kill.lives import Life
from tests.e2e.kill.plans import Kill, Point

POST = "POST /2/tweets"
STARTED = "StartExecution of generation 1"
STARTED_AGAIN = "StartExecution of generation n"
RUNS = "Update CASE workflow=running"
CLAIMED = "Update OUT state=sending"
DELIVERED = "Update CASE signal="
DELIVERED_LAST = "Update CASE workflow=ended signal="
AGAIN = "Update RAW state=received"

REMIND_SECONDS = 120.0
"""When nobody has answered: longer than any story takes that is not about reminders."""

Act = Callable[[Life], None]


@dataclass(frozen=True)
class Story:
    """How a case lives: the writes it surely leads to, by function, and the kills that belong to the story itself."""

    act: Act
    writes: dict[str, tuple[str, ...]]
    astray: tuple[Kill, ...] = ()

    def points(self) -> list[Point]:
        """The writes as points."""
        return [Point(function, call) for function, calls in self.writes.items() for call in calls]


def _question(life: Life) -> str:
    return f"@acme where is my parcel number {life.number}? It should have been here on Monday."


def answered(life: Life) -> None:
    life.says(_question(life))
    life.is_with_an_agent()
    life.agent_answers()
    life.is_answered()
    life.is_closed("silence")


def answered_by_hand(life: Life) -> None:
    life.says(_question(life))
    life.is_with_an_agent()
    life.agent_answers()
    life.is_answered(by_hand=True)
    life.is_closed("silence")


def answered_outside(life: Life) -> None:
    post = life.says(_question(life))
    life.is_with_an_agent()
    life.staff_answers_outside(post)
    life.wait("the desk knows", lambda c: c["awaiting"] == "them" or c["status"] == "closed")
    life.is_closed("silence")


def asks_again(life: Life) -> None:
    life.says(_question(life))
    life.is_with_an_agent()
    reply = life.agent_answers()
    life.is_answered()
    life.agent_snoozes(300)  # so that silence does not close it first, however slow the machine is
    life.wait("the desk waits for the customer", lambda c: c["wf_wait"] == "AwaitCustomer")
    life.says("Which depot is it at?", to=life.posts_of(reply)[0]["id"])
    life.wait("the desk owes an answer again", lambda c: c["awaiting"] == "us" and not c["signal"])
    life.agent_closes()


def echo_proves(life: Life) -> None:
    life.says(_question(life))
    life.is_with_an_agent()
    reply = life.agent_answers()
    life.until("it is on X", lambda: bool(life.posts_of(reply)))
    life.x_tells_of(life.posts_of(reply)[0])
    life.is_answered()
    life.is_closed("silence")


def edited_and_taken_away(life: Life) -> None:
    post = life.says(_question(life))
    life.is_with_an_agent()
    life.edits_it(post, _question(life) + " Please hurry.")
    life.wait("the edit is there", lambda c: c["talk"] == 2)
    life.takes_away(post)
    life.wait("the post is gone", lambda c: c["talk"] == 3)
    life.agent_closes()


def found_by_poll(life: Life) -> None:
    life.plan.know("#CURSOR#x#")
    life.says(_question(life), silent=True)
    _poll(life)
    life.is_with_an_agent()
    life.agent_closes()


def handled(life: Life) -> None:
    life.says(_question(life))
    life.is_with_an_agent()
    life.agent_notes()
    life.colleague_claims()
    until = life.agent_snoozes(2)
    life.wait("it is back", lambda c: c["status"] == "open" and c["updated_at"] >= until)
    life.agent_closes()


def reminded(life: Life) -> None:
    life.says(_question(life), ago=REMIND_SECONDS - 15)
    life.wait("the owner is reminded", lambda c: c["reminders"] > 0)
    life.agent_closes()


def thanks_then_asks(life: Life) -> None:
    post = life.says("@acme thank you!")
    life.is_closed("thanks")
    life.says(f"@acme one more thing: where is parcel {life.number}?", to=post)
    life.is_with_an_agent()
    life.agent_closes()


def told_twice(life: Life) -> None:
    news = life.brand_posts(f"News of the day, number {life.number}.")["id"]
    post = life.says(_question(life), thread=news, to=news, silent=True)
    life.x_tells_of(life.shown(post), "post.mention.create")
    life.is_with_an_agent()
    life.x_tells_of(life.shown(post), "post.reply.create")
    life.until("it is folded again", lambda: len(life.folded_as()) > 1)
    life.agent_closes()


def workflow_dies(life: Life) -> None:
    life.says(_question(life))
    case = life.is_with_an_agent()
    cloud = life.town.cloud
    execution = cloud.outputs["WorkflowArn"].replace(":stateMachine:", ":execution:")
    cloud.client("stepfunctions").stop_execution(executionArn=f"{execution}:{case['id']}-g{case['gen']}")
    # The engine's bus calls the sweeper once; Lambda tries a call from the bus as often as the template says.
    lost = {"brand": case["brand"], "case": case["id"], "gen": case["gen"]}
    life.town.call_later("SweepFunction", {"source": "aws.states", "detail": {"input": json.dumps(lost)}})
    life.wait("another workflow takes over", lambda c: c["gen"] > case["gen"])
    life.is_with_an_agent()
    life.agent_closes()


def _poll(life: Life) -> None:
    def came_through() -> bool:
        try:
            life.town.cloud.invoke("PollFunction", {"provider": "x"})
        except RuntimeError as broken:
            if "ExitError" not in str(broken):
                raise
            return False  # the next one comes on its schedule
        return True

    life.until("a poll comes through", came_through)


STORIES: dict[str, Story] = {
    "reminded": Story(reminded, {"Remind": ("Transact remind.owner",)}),
    "start-left-to-sweeper": Story(answered, {"Sweep": (STARTED, RUNS)}, (Kill("Ingest", STARTED, "before"),)),
    "signal-left-to-sweeper": Story(
        answered, {"Sweep": ("SendTaskSuccess", DELIVERED)}, (Kill("SendReply", "SendTaskSuccess", "before"),)
    ),
    "found-by-poll": Story(found_by_poll, {"Poll": ("Put RAW poll.mention", "Put CURSOR")}),
    "workflow-dies": Story(
        workflow_dies,
        {"Sweep": ("Transact workflow.restarted", STARTED_AGAIN), "Assign": ("Transact assign.kept",)},
    ),
    "nobody-can-tell": Story(
        answered,
        {
            "SendReply": ("Transact reply.unknown", "Update OUT state=unknown", "Transact reply.human"),
            "DeskApi": ("Transact reply.resend_by_hand",),
        },
        (Kill("SendReply", POST, "before"),),
    ),
    "answered-by-hand": Story(
        answered_by_hand,
        {"DeskApi": ("Transact reply.found_by_hand", "SendTaskSuccess", DELIVERED)},
        (Kill("SendReply", POST, "before"),),
    ),
    "found-by-looking": Story(answered, {"SendReply": ("Transact reply.seen",)}, (Kill("SendReply", POST, "after"),)),
    "echo-proves": Story(echo_proves, {"Ingest": ("Transact reply.seen",)}, (Kill("SendReply", POST, "after"),)),
    "claim-left-to-sweeper": Story(answered, {"Sweep": ("Invoke SendReply",)}, (Kill("SendReply", CLAIMED, "before"),)),
    "answered": Story(
        answered,
        {
            "Webhook": ("Put RAW post.mention.create",),
            "Ingest": ("Transact case.opened", STARTED, RUNS),
            "Triage": ("Transact triage.private.account",),
            "Assign": ("Transact assign.least_loaded",),
            "DeskApi": ("Update RATE", "Transact reply.asked"),
            "Relay": ("Invoke SendReply", "PutEvents"),
            "SendReply": (CLAIMED, POST, "Transact reply.sent", "SendTaskSuccess", DELIVERED),
            "FollowUp": ("Transact follow_up.asked", "Transact case.closed.silence"),
        },
    ),
    "asks-again": Story(
        asks_again,
        {
            "Webhook": ("Put RAW post.reply.create",),
            "Ingest": ("Transact message.came", "SendTaskSuccess", DELIVERED),
        },
    ),
    "handled": Story(
        handled,
        {
            "DeskApi": (
                "Transact note.added", "Transact case.claimed", "Transact case.snoozed", "Transact case.closed.agent",
                "SendTaskFailure", DELIVERED_LAST,
            ),
            "Sweep": ("Transact case.woken",),
        },
    ),
    "edited-and-taken-away": Story(
        edited_and_taken_away,
        {
            "Webhook": ("Put RAW post.delete",),
            "Ingest": ("Transact message.edited", "Transact message.gone"),
        },
    ),
    "thanks-then-asks": Story(
        thanks_then_asks,
        {"Triage": ("Transact case.closed.thanks",), "Ingest": ("Transact case.reopened", STARTED_AGAIN)},
    ),
    "answered-outside": Story(
        answered_outside, {"Webhook": ("Put RAW post.create",), "Ingest": ("Transact message.own_outside",)}
    ),
    "told-twice": Story(told_twice, {"Webhook": (AGAIN,), "Ingest": ("Transact MSG RAW",)}),
}  # fmt: skip
"""The longest first."""

SWEEPER_ALONE: dict[str, Story] = {
    "wake-up-lost": Story(handled, {"Sweep": ("Invoke Ingest",)}),
}
"""Played while the table's stream wakes nobody."""

BY_CHANCE = {
    Point("Remind", "Transact remind.team"),
    Point("Remind", "Transact remind.lead"),
    Point("Remind", "Transact case.woken"),
    Point("Assign", "Transact assign.nobody_on_shift"),
    Point("Triage", "Transact triage.public.in_view"),
    Point("Ingest", "Update RAW state=folded"),
    Point("SendReply", STARTED),
    Point("SendReply", RUNS),
    Point("DeskApi", STARTED),
    Point("DeskApi", STARTED_AGAIN),
    Point("DeskApi", RUNS),
    Point("Sweep", "SendTaskFailure"),
    Point("Sweep", DELIVERED_LAST),
    Point("Sweep", "Update CASE"),
}
"""Writes that happen when a machine is slow or a kill hit somebody else's case: the same code as a point of a story,
or a repetition of what another function does."""
