"""The queue, one conversation, and what is said and noted in it."""

from __future__ import annotations

from typing import Literal

from infra.openapi.shapes.base import (
    Acting,
    Count,
    Cursor,
    Id,
    Line,
    Person,
    Reason,
    ReplyState,
    Saying,
    Shape,
    Surface,
    Time,
)


class Promise(Shape):
    """What the customer was promised."""

    state: Literal["open", "kept", "missed", "withdrawn"]
    by: Time


class Row(Shape):
    """A case as a list shows it."""

    id: Id
    platform: str
    account: str
    handle: str
    name: str
    snippet: str
    language: str
    """BCP 47; "und" when unsure."""
    tags: list[str]
    """Of agents; each in its one spelling."""
    status: Literal["open", "snoozed", "closed"]
    awaiting: Literal["us", "them"]
    owner: Person | None
    priority: Count
    """1 to 5; 1 burns."""
    kind: str
    """What the message is; empty before triage."""
    lane: Literal["", "praise", "long"]
    vip: bool
    incident: str
    asked_at: Time
    due_at: Time | None
    """What presses most: answer, solution or promise."""
    resolve_by: Time | None
    touched_at: Time | None
    promise: Promise | None
    updated_at: Time
    snoozed_until: Time | None
    close_reason: str
    escalation: Literal["", "owner", "team", "lead"]
    reminders: Count
    unread: Count
    public: bool
    surface: Surface
    """Of the message a reply goes to."""
    reply_state: Literal[""] | ReplyState
    approval: Literal["", "waiting"]
    version: Count
    talk: Count
    """Counts what is said; goes back as `seen`."""
    team: str
    transfers: Count
    level: Count
    warnings: list[str]


class Counts(Shape):
    """Each at most 100, which means 100 or more."""

    mine: Count
    unassigned: Count
    open: Count
    snoozed: Count


class Queue(Shape):
    items: list[Row]
    next: Cursor
    counts: Counts
    now: Time


class Act(Shape):
    verb: Acting
    price_usd: float


class Medium(Shape):
    kind: Literal["image", "video", "audio", "file", "sticker", "link", "location", "contact", "unsupported"]
    name: str
    size: Count
    value: str
    expires: Time | None


class PlainMessage(Shape):
    """A message; as a refusal tells of it, without what may be done to it."""

    id: str
    text: str
    """Empty when it is gone."""
    at: Time
    edited: bool
    gone: bool
    own: bool
    by: str
    """The agent's name, for one of ours."""
    automatic: bool
    language: str
    public: bool
    surface: Surface
    hidden: bool
    liked: bool
    reactions: dict[str, Count]
    receipt: Literal["", "delivered", "seen", "rejected"]
    notice: str
    """Code of why there are no words."""
    media: list[Medium]
    link: str


class Message(PlainMessage):
    acts: list[Act]
    """What may be done to it now."""


class Reply(Shape):
    """Something said or done that leaves for the platform."""

    id: Id
    text: str
    state: ReplyState
    at: Time
    by: str
    code: str
    sentence: str
    platform_id: str
    verb: Saying | Acting
    message: str
    """What is answered or acted on."""
    automatic: bool
    send_at: Time | None
    held_until: Time | None
    """Until then it can surely be taken back."""
    approved_by: list[str]
    edited_by: list[str]


class Note(Shape):
    id: str
    text: str
    at: Time
    by: str


class Verb(Shape):
    """One way to say something now, or the way by hand."""

    verb: Saying | Literal["by_hand"]
    allowed: bool
    code: str
    reason: str
    limit: Count | None
    counting: Literal["x_weighted", "characters", "utf8_bytes"] | None
    until: Time | None
    price_usd: float
    price_with_link_usd: float
    tag: str
    link: str


class Evidence(Shape):
    """Code points of the message that was read, end exclusive."""

    field: Literal["language", "sentiment", "intent", "urgency"]
    start: Count
    end: Count
    code: str


class Triage(Shape):
    sentiment: Literal["negative", "neutral", "positive", "unsure"]
    topic: str
    recommended: Literal["", "public", "private"]
    reach: Count
    contacts: Count
    reference: str
    personal_data: list[str]
    tree: str
    """Version that was walked."""
    message: str
    evidence: list[Evidence]


class Removed(Shape):
    """What had been said up to a time was removed by the brand's rule of retention."""

    at: Time
    months: Count
    """Of that rule."""


class Satisfaction(Shape):
    survey: Literal["", "due", "asked", "offered", "rated"]
    rating: Literal[1, 2, 3, 4, 5] | None
    at: Time | None
    place: Literal["", "public", "private"]


class Case(Row):
    """A row, and what only its own screen shows."""

    reasons: list[Reason]
    generation: Count
    triage: Triage
    satisfaction: Satisfaction
    removed: Removed | None


class Customer(Shape):
    id: str
    handle: str
    name: str
    language: str


class HandoverNote(Shape):
    text: str
    at: Time
    by: str


class Handover(Shape):
    """What whoever got the case has to know first."""

    asked_at: Time
    answered_at: Time | None
    owner_since: Time | None
    before: str
    transfers: Count
    note: HandoverNote | None


class Happened(Line):
    """A line of a case's history."""

    tag: str
    """That was put on the case or taken off; else empty."""


class Conversation(Shape):
    case: Case
    customer: Customer
    messages: list[Message]
    """The newest 50, oldest first."""
    older: Cursor
    replies: list[Reply]
    """Not yet sent, failed or doubtful ones; a sent reply is a message."""
    notes: list[Note]
    history: list[Happened]
    verbs: list[Verb]
    elsewhere: bool
    """Another program holds the thread."""
    reachable: bool
    seen_at: Time | None
    handover: Handover
    now: Time


class Tag(Shape):
    tag: str
    uses: Count
    """How many times it was put on a case and not taken off."""


class Tags(Shape):
    items: list[Tag]


class Finding(Shape):
    """Something to look at; from 0 to 0 where it concerns the whole text."""

    code: str
    level: Literal["warn", "block"]
    sentence: str
    start: Count
    end: Count
    about: str


class Check(Shape):
    findings: list[Finding]
    text: str
    """As it would leave."""
    verb: str
    length: Count
    limit: Count | None
    parts: list[str]
    """What it could be cut into when it is too long."""
    wait_until: Time | Literal[""]


class Survey(Shape):
    link: str
    text: str


class GivenRating(Shape):
    gen: Count
    stars: Literal[1, 2, 3, 4, 5]
    comment: str
    place: Literal["", "public", "private"]
    at: Time


class Ratings(Shape):
    survey: Literal["", "due", "asked", "offered", "rated"]
    ratings: list[GivenRating]


class Rating(Shape):
    """The form by which a customer rates us."""

    stars: Literal["1", "2", "3", "4", "5"]
    comment: str
