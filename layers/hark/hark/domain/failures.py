"""The closed list of ways in which a sending can fail: what follows, whose fault it is, what an agent reads.

Standard library only. A provider maps every documented answer of its platform to one of these codes; a code that is
not here does not exist. The sources are the platforms' error pages, named in each provider's README.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Effect(StrEnum):
    """What is known about the thing that was to be sent, and so what may be done next."""

    LATER = "later"
    """Proven not to have happened; it is tried again by itself."""
    PAUSED = "paused"
    """Proven not to have happened; the account cannot act until an operator mends it. Nothing is burnt."""
    NEVER = "never"
    """Proven not to have happened, and it will not for a reason that stays. A person reads why."""
    UNKNOWN = "unknown"
    """It may have happened. Never sent again before looking (I18)."""


@dataclass(frozen=True, slots=True)
class Failing:
    """One row of the list. `sentence` is read by the agent; `{platform}` is the platform's name."""

    effect: Effect
    fault: Literal["ours", "theirs", "customer", "nobody"]
    sentence: str

    @property
    def retried(self) -> bool:
        """Whether the desk tries again by itself."""
        return self.effect in (Effect.LATER, Effect.PAUSED)


FAILINGS: dict[str, Failing] = {
    # --- later ---
    "rate_limited": Failing(Effect.LATER, "nobody", "{platform} asks us to wait. It goes out by itself."),
    "unreachable": Failing(Effect.LATER, "theirs", "{platform} cannot be reached at the moment. We will try again."),
    "busy": Failing(Effect.LATER, "theirs", "{platform} is busy and has done nothing yet. We will try again."),
    "unanswered_limit": Failing(
        Effect.LATER, "nobody", "{platform} lets nobody write more until the customer answers. It waits for that."
    ),
    "session_unpaid": Failing(
        Effect.LATER,
        "ours",
        "{platform} takes money for messages this long after the customer wrote, and our credit for them is used up. "
        "It waits for an operator, or for the customer to write again.",
    ),
    # --- paused ---
    "token_refused": Failing(
        Effect.PAUSED,
        "ours",
        "{platform} no longer accepts our access. It waits until an operator connects the account again.",
    ),
    "permission_missing": Failing(
        Effect.PAUSED, "ours", "Our app lacks a permission on {platform}. It waits until an operator has granted it."
    ),
    "credits_depleted": Failing(
        Effect.PAUSED, "ours", "Our credit with {platform} is used up. It waits until an operator tops it up."
    ),
    "account_refused": Failing(
        Effect.PAUSED, "ours", "{platform} does not let our account act. An operator has to look at it."
    ),
    "policy_block": Failing(
        Effect.PAUSED, "ours", "{platform} has blocked us for its policies. An operator has to look at it."
    ),
    "not_set_up": Failing(
        Effect.PAUSED, "ours", "The account is not set up on {platform} yet. It waits until an operator has done that."
    ),
    # --- never ---
    "window_closed": Failing(
        Effect.NEVER, "nobody", "The time in which {platform} lets us write to this person is over."
    ),
    "not_summoned": Failing(
        Effect.NEVER,
        "nobody",
        "{platform} lets programs answer only people who mention or quote us. Open the post and answer by hand.",
    ),
    "target_gone": Failing(
        Effect.NEVER, "customer", "It is no longer on {platform}, or its author no longer shows it to us."
    ),
    "person_unreachable": Failing(
        Effect.NEVER, "customer", "This person cannot be written to on {platform}: blocked us, left, or never wrote."
    ),
    "not_subscribed": Failing(Effect.NEVER, "customer", "This person no longer takes messages from us on {platform}."),
    "already_replied": Failing(
        Effect.NEVER, "nobody", "{platform} allows one private reply to a comment, and it was sent already."
    ),
    "not_supported": Failing(Effect.NEVER, "nobody", "{platform} cannot do this here. Answer by hand instead."),
    "device_too_old": Failing(
        Effect.NEVER, "customer", "This person's device or version of {platform} cannot show it."
    ),
    "too_long": Failing(Effect.NEVER, "ours", "It is empty or longer than {platform} allows."),
    "invalid": Failing(Effect.NEVER, "ours", "{platform} did not accept it as it is. Change it, or answer by hand."),
    "refused": Failing(
        Effect.NEVER, "customer", "{platform} does not allow this: the author may have limited answers, or blocked us."
    ),
    # --- unknown ---
    "no_answer": Failing(
        Effect.UNKNOWN, "theirs", "{platform} gave no clear answer. We are looking whether it is out."
    ),
    "server_error": Failing(
        Effect.UNKNOWN, "theirs", "{platform} had an error meanwhile. We are looking whether it is out."
    ),
    "duplicate_text": Failing(
        Effect.UNKNOWN, "nobody", "{platform} says this text was posted before. We are looking whether it was this one."
    ),
    "wrong_id": Failing(
        Effect.UNKNOWN, "theirs", "{platform} named something that cannot be ours. We are looking whether it is out."
    ),
}
"""Code → what it means. Codes are stable: they are stored with replies and shown in reports."""

PLATFORMS: dict[str, str] = {
    "x": "X",
    "facebook": "Facebook",
    "messenger": "Messenger",
    "instagram": "Instagram",
    "viber": "Viber",
}
"""How platforms call themselves; a platform that is not here is called by its id."""


def sentence(code: str, platform: str) -> str:
    """What an agent reads of a failure.

    Raises:
        KeyError: the code is not on the list.
    """
    return FAILINGS[code].sentence.format(platform=PLATFORMS.get(platform, platform.capitalize()))
