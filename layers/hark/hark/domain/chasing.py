"""Who writes again and again is heard (C16): what further messages do to a case that triage has read already.

The tree is walked once in a generation, a second after its first message. Later ones of the same wait only count; where
their number reaches what the tree's own nodes ask for, those nodes' codes and effects hold from then on.
"""

from __future__ import annotations

from hark.domain.case import Case, Change, Line, Reason, retimed, sooner
from hark.domain.policy import Policy
from hark.domain.tree import shipped, urgency_after


def chased(case: Case, lines: tuple[Line, ...], policy: Policy, now: str) -> Change:
    """The case after one more message of the customer, and its lines."""
    choices, said = policy.triage, {reason.code for reason in case.reasons}
    reached = {
        "repeat": case.contacts >= choices.repeat_from, "long": case.contacts >= choices.long_from_contacts,
    }  # fmt: skip
    nodes = [node for node in shipped().nodes if reached.get(node.id) and node.code not in said]
    if case.triaged != case.gen or not nodes:
        return case, lines
    changed = case
    for node in nodes:
        lane = node.lane if node.lane in choices.lanes and node.lane else changed.lane
        reasons = (*changed.reasons, Reason(code=node.code, at=now))
        priority = urgency_after(node, changed.priority)
        changed = changed.model_copy(update={"priority": priority, "lane": lane, "reasons": reasons})
    # Where that brings a bell nearer, the workflow waits too long now.
    added = tuple(Line(code=node.code, at=now) for node in nodes)
    return sooner(retimed(case, changed, policy, now), case), (*lines, *added)
