"""Words after our answer, heard of in any order, leave the case the same: what is owed, since when, and how urgent.

The same as `tests/integration/test_last_words` without store and functions, so that hundreds of stories can be tried.
"""

from __future__ import annotations

import itertools

from hark.domain import case as rules
from hark.domain import talk
from hark.domain.case import Case
from hark.domain.events import Surface
from hark.domain.message import Message
from hark.domain.policy import Policy
from hark.domain.reply import Reply
from hark.domain.time import after
from hypothesis import given, settings
from hypothesis import strategies as st

BEGIN, NOW = "2026-11-21T12:00:00.000Z", "2026-11-21T13:00:00.000Z"
SAYS = {
    "asks": "Where is my parcel, and who pays?", "thanks": "Thank you!", "solved": "It works now, thanks",
    "unsolved": "Still not solved", "ours": "It comes tomorrow.",
}  # fmt: skip
POLICY = Policy()
Told = tuple[int, str]
"""When it was written, in seconds since the beginning, and what."""


def message(told: Told) -> Message:
    second, what = told
    return Message(
        id=f"m{second:02}", brand="acme", platform="messenger", conversation="c1", text=SAYS[what],
        at=after(BEGIN, second), surface=Surface.DIRECT, own=what == "ours", public=False, may_reply=True,
    )  # fmt: skip


class Desk:
    """The case and the thread, and what was learnt before there was a case."""

    def __init__(self) -> None:
        self.case: Case | None = None
        self.thread: list[Message] = []
        self.outside_at = ""

    def hear(self, told: Told) -> None:
        said = message(told)
        if told[1] == "ours":
            self._ours(said)
        else:
            seed = Case(
                id="c1", brand="acme", provider="meta", platform="messenger", account_id="a", thread_id="t",
                customer_id="p", public=False, opened_at=said.at, asked_at=said.at, updated_at=NOW, deadline=said.at,
                outside_at=self.outside_at,
            )  # fmt: skip
            self._keep(talk.customer_wrote(self.case, said, seed, POLICY, NOW))
        self.thread.append(said)

    def _ours(self, said: Message) -> None:
        if self.case is None:
            self.outside_at = max(self.outside_at, said.at)
            return
        later = [m for m in self.thread if not m.own and m.at >= said.at]
        self._keep(talk.answered_outside(self.case, POLICY, NOW, said, later))

    def _keep(self, change: rules.Change) -> None:
        version = (self.case.version if self.case else 0) + 1
        self.case = change[0].model_copy(update={"version": version})


def heard(order: tuple[Told, ...]) -> Case:
    desk = Desk()
    for told in order:
        desk.hear(told)
    assert desk.case
    return desk.case


def owes(case: Case) -> tuple[object, ...]:
    """How it stands: whether something is owed, since when and how urgently, and what an agent sees of it."""
    owing = case.awaiting == "us" and case.status != "closed"
    return (owing, case.asked_at if owing else "", case.due_at, case.unread, case.contacts,
            case.priority, case.last_at, case.snippet, case.reply_to, case.opened_at, case.said_at)  # fmt: skip


def expected(story: tuple[Told, ...]) -> tuple[bool, str]:
    """Whether something is owed and since when, said in one sentence: whatever asks and no answer was written after."""
    answered = max((second for second, what in story if what == "ours"), default=-1)
    asking = [second for second, what in story if what in ("asks", "unsolved") and second >= answered]
    words = [second for second, what in story if what != "ours"]
    if asking:
        return True, after(BEGIN, min(asking))
    return (answered < 0, after(BEGIN, min(words)) if answered < 0 else "")


stories = st.lists(
    st.sampled_from(sorted(SAYS)), min_size=1, max_size=5,
).map(lambda words: tuple((10 * (n + 1), what) for n, what in enumerate(words))).filter(
    lambda story: any(what != "ours" for _, what in story)
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(story=stories)
def test_what_is_owed_is_the_same_in_every_order(story: tuple[Told, ...]) -> None:
    natural = heard(story)
    assert owes(natural)[:2] == expected(story)
    for order in itertools.permutations(story):
        assert owes(heard(order)) == owes(natural), order


@settings(deadline=None, max_examples=60)
@given(story=stories, chance=st.randoms(use_true_random=False))
def test_a_case_closes_only_on_the_last_word_and_never_over_a_question(story: tuple[Told, ...], chance: object) -> None:
    for order in itertools.permutations(story):
        case = heard(order)
        if case.status == "closed":
            assert case.close_reason == "solved" and any(what == "solved" for _, what in story)
            assert not expected(story)[0], order


def test_solved_closes_and_tells_the_workflow_that_waits() -> None:
    case = heard(((10, "asks"), (20, "ours"), (30, "solved")))
    assert (case.status, case.close_reason, case.signal, case.unread) == ("closed", "solved", "closed", 0)
    for last in ("thanks", "solved"):
        again = heard(((10, "asks"), (20, "ours"), (30, "solved"), (40, last)))
        assert (again.status, again.gen) == ("closed", 1), "neither opens it again"


def test_a_case_that_begins_with_good_news_after_our_word_has_no_workflow_to_tell() -> None:
    case = heard(((10, "ours"), (20, "solved")))
    assert (case.status, case.workflow, case.signal, rules.look_at(case, NOW)) == ("closed", "ended", "", "")


def our_reply(case: Case, later: tuple[Told, ...]) -> Case:
    reply = Reply(
        id="r1", brand="acme", case="c1", provider="meta", platform="messenger", account_id="a", in_reply_to="m10",
        asked_at=BEGIN, text="It comes tomorrow.", by="dana", at=NOW, not_after=NOW,
    )  # fmt: skip
    case = case.model_copy(update={"reply_state": "sending"})
    return talk.is_out(case, POLICY, NOW, "reply.sent", "dana", reply, [message(told) for told in later])[0]


def test_that_it_is_solved_counts_over_our_answer_only_if_its_author_had_not_read_it() -> None:
    before = heard(((10, "asks"), (20, "solved")))
    assert our_reply(before, ()).status == "open", "the agent had read it and had something to say"
    assert our_reply(before, ((20, "solved"),)).status == "closed", "it came while the answer was under way"
    assert our_reply(before, ((20, "solved"), (30, "asks"))).awaiting == "us"


def test_what_we_said_on_the_platform_is_an_answer_also_after_a_closing() -> None:
    """How often somebody wrote counts from our last answer (C16), whenever we hear of that."""
    ended = heard(((10, "asks"),)).model_copy(update={"status": "closed", "close_reason": "praise"})
    for order in itertools.permutations([(20, "ours"), (30, "asks")]):
        desk = Desk()
        desk.case, desk.thread = ended, [message((10, "asks"))]
        for told in order:
            desk.hear(told)
        assert desk.case.awaiting == "us" and desk.case.contacts == 1, order


def test_thanks_while_an_answer_is_under_way_leave_nothing_owed() -> None:
    case = our_reply(heard(((10, "asks"), (20, "thanks"))), ((20, "thanks"),))
    assert (case.awaiting, case.status, case.unread, case.due_at) == ("them", "open", 0, "")


def test_nothing_is_closed_while_a_reply_of_ours_is_under_way() -> None:
    case = heard(((10, "asks"), (20, "ours"))).model_copy(update={"reply_state": "sending"})
    changed, _ = talk.customer_wrote(case, message((30, "solved")), case, POLICY, NOW)
    assert (changed.status, changed.solved_at) == ("open", after(BEGIN, 30))
    assert our_reply(changed, ((30, "solved"),)).status == "closed"


def edited(case: Case, old: Told, new: Told) -> Case:
    return talk.customer_edited(case, message(old), message(new), POLICY, NOW)[0]


def test_thanks_that_become_a_question_are_one() -> None:
    for first in ("thanks", "solved"):
        case = edited(heard(((10, "asks"), (20, "ours"), (30, first))), (30, first), (30, "asks"))
        straight = heard(((10, "asks"), (20, "ours"), (30, "asks")))
        assert owes(case)[:7] == owes(straight)[:7]
        assert case.snippet == straight.snippet
    still = heard(((10, "asks"), (20, "ours"), (30, "asks")))
    assert edited(still, (30, "asks"), (30, "thanks")).awaiting == "us", "somebody may have begun to answer"


def test_a_word_whose_edit_came_first_counts_from_when_it_was_written() -> None:
    for what, told_at in (("asks", "said_at"), ("solved", "solved_at")):
        early = heard(((10, "asks"), (20, "ours"), (40, what)))
        late = message((40, what))
        found = talk.written_earlier(early, late.model_copy(update={"at": after(BEGIN, 30)}), late.at, POLICY, NOW)
        assert getattr(found, told_at) == after(BEGIN, 30)


def test_a_yes_is_an_answer_only_after_our_own_question() -> None:
    asked = heard(((10, "asks"), (20, "ours"))).model_copy(update={"question_at": after(BEGIN, 25)})
    yes = message((30, "thanks")).model_copy(update={"text": "Yes"})
    assert talk.customer_wrote(asked, yes, asked, POLICY, NOW)[0].close_reason == "solved"
    early = yes.model_copy(update={"at": after(BEGIN, 24)})
    assert talk.customer_wrote(asked, early, asked, POLICY, NOW)[0].awaiting == "us"
    answering, _ = talk.replying(asked, "dana", "r9", NOW)
    assert talk.customer_wrote(answering, yes, answering, POLICY, NOW)[0].awaiting == "us"


def test_a_picture_with_thanks_is_looked_at() -> None:
    case = heard(((10, "asks"), (20, "ours")))
    shown = message((30, "thanks")).model_copy(update={"media": ({"kind": "image"},)})
    assert talk.customer_wrote(case, shown, case, POLICY, NOW)[0].awaiting == "us"
