"""Every code the desk gives for what it did by itself, with the sentence a person reads."""

from __future__ import annotations

_CASE: dict[str, str] = {
    "case.opened": "Opened by a message of the customer.",
    "case.reopened": "Opened again: the customer wrote after it was closed.",
    "case.closed.agent": "Closed by an agent.",
    "case.closed.thanks": "Closed: the customer only said thanks.",
    "case.closed.empty": "Closed: the message holds nothing but handles or links.",
    "case.closed.elsewhere": "Closed: another program answers this conversation.",
    "case.closed.policy": "Closed: the brand answers only questions and messages addressed to it.",
    "case.closed.silence": "Closed: no word from the customer after the follow-up.",
    "case.close_postponed": "Not closed yet: a reply is not finished.",
    "case.claimed": "Taken by an agent.",
    "case.assigned": "Given to a colleague.",
    "case.released": "Given back to the team.",
    "case.snoozed": "Put off until later.",
    "case.woken": "The time it was put off to has come.",
    "case.reopened.agent": "Opened again by an agent.",
    "note.added": "A note was left for the team.",
    "workflow.restarted": "The workflow had stopped and was started again.",
}
_TALK: dict[str, str] = {
    "message.came": "The customer wrote.",
    "message.edited": "The customer edited a message.",
    "message.gone": "A message was taken away.",
    "message.own_outside": "Somebody of the brand answered on the platform itself.",
    "message.hidden": "A message was hidden from the public.",
    "message.shown": "A hidden message is public again.",
    "thread.elsewhere": "Another program holds this conversation now.",
    "thread.ours": "The conversation is ours again.",
    "person.reachable": "The customer can be written to again.",
    "person.unreachable": "The customer no longer takes messages from us.",
}
_REPLIES: dict[str, str] = {
    "reply.asked": "A reply was written.",
    "reply.automatic": "The desk wrote by itself.",
    "reply.sent": "The reply is out.",
    "reply.seen": "The reply was found on the platform.",
    "reply.failed": "The reply was refused and is not out.",
    "reply.unknown": "The platform did not say whether the reply is out; it is being looked up.",
    "reply.human": "Nobody can tell whether the reply is out; please look.",
    "reply.later": "The reply waits: the platform asked to come again later.",
    "reply.found_by_hand": "An agent saw the reply on the platform.",
    "reply.resend_by_hand": "An agent looked, did not find the reply, and sends it again.",
    "reply.rejected": "The customer's device refused the reply after the platform had taken it.",
    "act.asked": "Something is to be done to a message.",
    "act.done": "It was done on the platform.",
    "act.later": "It waits and is tried again.",
    "act.failed": "The platform refused to do it.",
}
_TRIAGE: dict[str, str] = {
    "triage.urgent": "The words say that it cannot wait.",
    "triage.question": "The customer asks something.",
    "triage.statement": "The customer tells something without asking.",
    "triage.thanks": "The customer only says thanks.",
    "triage.empty": "Nothing but handles or links.",
    "triage.addressed": "The customer speaks to the brand itself.",
    "triage.named": "The brand was named, not called.",
    "triage.no_api_reply": "The platform does not let programs answer this; a person can.",
    "triage.language_unsure": "The language could not be told for sure.",
    "triage.elsewhere": "Another program holds the conversation.",
    "triage.media": "No words, but a picture or something else to look at.",
    "triage.policy": "The brand does not answer statements that are not addressed to it.",
    "triage.withdrawn": "The message was taken away before it was read.",
}
_ASSIGNMENT: dict[str, str] = {
    "assign.least_loaded": "Given to the agent on shift with the fewest open cases.",
    "assign.kept": "Stays with the agent who had it before.",
    "assign.nobody_on_shift": "Nobody on shift has room; it waits in the team's queue.",
}
_REMINDERS: dict[str, str] = {
    "remind.owner": "Not answered in time: the owner was reminded.",
    "remind.team": "Still not answered: the team was told.",
    "remind.lead": "Still not answered: the lead was told.",
}
_FOLLOW_UP: dict[str, str] = {
    "follow_up.asked": "Time to ask whether it is solved.",
}

SENTENCES: dict[str, str] = {
    **_CASE, **_TALK, **_REPLIES, **_TRIAGE, **_ASSIGNMENT, **_REMINDERS, **_FOLLOW_UP,
}  # fmt: skip


def sentence(code: str) -> str:
    """The sentence of a code.

    Raises:
        KeyError: the code is not in the list; every code the desk uses has to be.
    """
    return SENTENCES[code]
