"""Every code the desk gives for what it did by itself, with the sentence a person reads."""

from __future__ import annotations

_CASE: dict[str, str] = {
    "case.opened": "Opened by a message of the customer.",
    "case.reopened": "Opened again: the customer wrote after it was closed.",
    "case.closed.agent": "Closed by an agent.",
    "case.closed.thanks": "Closed: the customer only said thanks.",
    "case.closed.spam": "Closed: advertising that is not for us.",
    "case.closed.troll": "Closed: mockery that asks nothing and is not said to us.",
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
    "reply.scheduled": "A reply was written that leaves at a later time.",
    "reply.rescheduled": "The time or the words of a reply that waits were changed.",
    "reply.withdrawn": "The reply was taken back before it left.",
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
_APPROVALS: dict[str, str] = {
    "draft.submitted": "A draft waits for approval.",
    "draft.edited": "The words of a draft were changed.",
    "draft.approved_once": "One of two approved a draft.",
    "draft.approved": "A draft was approved and becomes the reply.",
    "draft.returned": "A draft was sent back to its author.",
    "draft.withdrawn": "An author took a draft back.",
    "draft.expired": "Nobody approved a draft in time; it is its author's again.",
    "draft.superseded": "Another draft took the place of this one.",
    "approval.asked_of_all": "The brand has every reply approved.",
    "approval.asked_by_author": "Its author asks for a second pair of eyes.",
    "approval.asked_by_rule": "One of the brand's conditions asks for an approval.",
    "approval.escalated": "A draft still waits: the leads were told.",
}
_TRIAGE: dict[str, str] = {
    "triage.addressed": "The customer speaks to the brand itself.",
    "triage.named": "The brand was named, not called.",
    "triage.implied": "The brand was neither called nor named; a listening word found it.",
    "triage.withdrawn": "The message was taken away before it was read.",
    "triage.elsewhere": "Another program holds the conversation.",
    "triage.media": "No words, but a picture or something else to look at.",
    "triage.empty": "Nothing but handles or links.",
    "triage.crisis": "People are in danger, or are called up against the brand.",
    "triage.thanks": "The customer only says thanks.",
    "triage.spam": "Advertising, or other noise that is not for us.",
    "triage.abuse": "An insult or a threat, and nothing that could be solved.",
    "triage.troll": "Somebody mocks and asks nothing.",
    "triage.complaint": "The customer complains.",
    "triage.request": "The customer asks that something be done.",
    "triage.question": "The customer asks something.",
    "triage.praise": "The customer is glad of something and says so.",
    "triage.statement": "The customer tells something without asking.",
    "triage.unsure": "It could not be told what the customer wants.",
    "triage.policy": "The brand does not answer statements that are not addressed to it.",
    "triage.urgent": "The words say that it cannot wait.",
    "triage.reach": "It is negative, and many people see what this person writes.",
    "triage.repeat": "The customer has written several times without an answer.",
    "triage.vip": "The brand has marked this person as important.",
    "triage.long": "A long story: it stands apart, so that it holds up nobody else.",
    "triage.incident": "It belongs to an incident that is open.",
    "triage.reference": "It names a number of another system.",
    "triage.personal_data": "Personal data stands in a public message; hide it or tell the customer.",
    "triage.language_unsure": "The language could not be told for sure.",
    "triage.no_api_reply": "The platform does not let programs answer this; a person can.",
    "triage.private.already": "Answer in private: it was said in private.",
    "triage.private.personal_data": "Answer in private: personal data stands in the message.",
    "triage.private.account": "Answer in private: the answer needs data that say who the customer is.",
    "triage.public.in_view": "Answer in public, where it was said: others are watching.",
    "triage.public.no_answer": "Give no public answer by yourself; a lead looks.",
}
_ASSIGNMENT: dict[str, str] = {
    "assign.least_loaded": "Given to the agent on shift with the fewest open cases.",
    "assign.round_robin": "Given to the agent on shift whose turn it is.",
    "assign.kept": "Stays with the agent who had it before.",
    "assign.named": "Given to the agent whom the customer calls by handle.",
    "assign.rule": "A rule of the brand says where it goes.",
    "assign.rule_broken": "A rule of the brand cannot be read any more and was left out.",
    "assign.rule_person": "Given to the agent whom the rule names.",
    "assign.rule_person_absent": "The agent whom the rule names is not there, or has no room.",
    "assign.channel_team": "The team of this channel takes it.",
    "assign.no_speaker": "Nobody free speaks the customer's language; a colleague who does not gets it.",
    "assign.nobody_on_shift": "Nobody of the team is on shift; it waits in the team's queue.",
    "assign.nobody_has_room": "Everybody who is there has enough to do; it waits in the team's queue.",
    "assign.nobody_speaks": "Nobody on shift speaks the customer's language; it waits in the team's queue.",
    "assign.nobody_able": "Nobody on shift has the skills or the authority it needs; it waits in the team's queue.",
    "assign.crowded": "Too many cases came at the same moment; it waits in the team's queue for its turn.",
    "assign.from_queue": "Somebody has room: taken from the team's queue.",
    "assign.handed_back_away": "Given back to the team's queue: the agent is away.",
    "assign.handed_back_left": "Given back to the team's queue: the agent has left the team.",
    "case.passed_on": "The customer was passed on more than once.",
    "case.escalated": "Passed up: it needs more authority than its owner has.",
}
_REMINDERS: dict[str, str] = {
    "remind.owner": "Not answered in time: the owner was reminded.",
    "remind.team": "Still not answered: the team was told.",
    "remind.lead": "Still not answered: the lead was told.",
}
_CLOCKS: dict[str, str] = {
    "warn.answer": "Most of the time for an answer is over.",
    "warn.resolution": "Most of the time for solving it is over.",
    "clock.answer_missed": "The time for an answer has passed without one.",
    "clock.resolution_missed": "The time for solving it has passed.",
    "remind.late": "A target has passed: the owner was told.",
    "remind.ceiling": "Waiting longer than anybody may wait: the lead was told.",
    "reply.acknowledged": "The reply only said that the message was seen; the answer is still owed.",
}
_PROMISES: dict[str, str] = {
    "promise.made": "The customer was promised an answer by a certain time.",
    "promise.changed": "The promised time was changed.",
    "promise.withdrawn": "The promise was taken back.",
    "promise.soon": "The promised time is near.",
    "promise.kept": "The promise was kept.",
    "promise.missed": "The promised time has passed without an answer.",
    "reply.acknowledging": "The next reply of its author only says that the message was seen.",
}
_FOLLOW_UP: dict[str, str] = {
    "follow_up.asked": "Time to ask whether it is solved.",
    "follow_up.question": "The desk asked the customer whether it is solved.",
    "follow_up.question_lost": "The question whether it is solved did not reach the customer; its owner is to ask.",
    "message.thanks": "The customer said thanks, and asked for nothing.",
    "message.solved": "The customer said that it is solved.",
    "message.not_solved": "The customer says that it is not solved.",
    "case.closed.solved": "Closed: the customer said that it is solved.",
    "case.opened_anew": "Opened anew: the customer wrote long after it was closed, so it begins again.",
    "survey.asked": "The customer was asked how satisfied they are.",
    "survey.offered": "The question how satisfied the customer is has to be asked by an agent.",
    "survey.link": "An agent took a link for the customer to rate us.",
    "case.rated": "The customer rated our help.",
}
_CHECKS: dict[str, str] = {
    "check.too_long": "The text is longer than the platform takes.",
    "check.long_for_public": "Far too long for the public thread: what needs so many words belongs in private.",
    "check.personal_data": "Personal data would stand there for everybody to see.",
    "check.asks_for_data": "This asks for personal data in public; ask for them in private.",
    "check.same_text": "Nearly the same text was sent a short time ago.",
    "check.canned_unedited": "The canned text is as it was; say something to this very person.",
    "check.heated": "The words were hot a moment ago: wait a little, or let somebody else read it first.",
    "check.placeholder": "A gap of the canned text was not filled in.",
    "check.long_thread": "There are many public answers in this thread already; go on in private.",
    "check.telephone": "This sends the customer to the telephone; most would rather stay where they wrote.",
}

_INCIDENTS: dict[str, str] = {
    "incident.suggested": "So many people wrote about one topic that it may be an incident.",
    "incident.opened": "A lead says that it is an incident.",
    "incident.dismissed": "A lead says that it is no incident.",
    "incident.closed": "The incident is over.",
    "incident.renamed": "The incident has another name.",
    "incident.status_changed": "What is known of the incident was written down.",
    "incident.kit_changed": "The reply for the incident was changed.",
    "incident.grouped": "The case belongs to an incident.",
    "incident.reopened": "Opened again: what looked like nothing to answer belongs to an incident.",
    "incident.not_told": "The status of the incident could not be sent by itself; a person has to.",
    "incident.broadcast_proposed": "A status for all cases of the incident waits for approval.",
    "incident.broadcast_approved": "The status for all cases of the incident was approved.",
    "incident.broadcast_withdrawn": "The status for all cases of the incident was taken back.",
    "incident.broadcast_done": "Every case of the incident was told, or is in the list for people.",
}

SENTENCES: dict[str, str] = {
    **_CASE, **_TALK, **_REPLIES, **_TRIAGE, **_ASSIGNMENT, **_REMINDERS, **_CLOCKS, **_PROMISES, **_FOLLOW_UP,
    **_CHECKS, **_INCIDENTS, **_APPROVALS,
}  # fmt: skip


def sentence(code: str) -> str:
    """The sentence of a code.

    Raises:
        KeyError: the code is not in the list; every code the desk uses has to be.
    """
    return SENTENCES[code]
