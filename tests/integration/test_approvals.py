"""Replies that others have to approve (E15, E29, E30): who may do what, in any order, and never more than one reply."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hark import wiring
from hark.domain import case as rules
from hark.domain.approvals import Draft
from hark.domain.case import Case
from hark.domain.reply import Reply
from hark.domain.time import after
from hark.domain.time import text as time_text
from hark.store import keys
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .browser import Answer
from .conftest import BRAND, Desk
from .faults import Crash, Kind, between, fault
from .one_case import POST, SignIn
from .x_deliveries import mention

KINDS: tuple[Kind, ...] = ("crash before", "crash after", "lost")
TEXT = "Hello Kim, it comes tomorrow."
APPROVE_ALL = {"approvals": {"number": 1, "approvers": ["ann"]}}
BY_TWO = {"approvals": {"number": 2, "approvers": ["ann"]}}


class Team:
    """Who sits at the desk: an author, a colleague, an approver the brand has named, two leads, and a reader."""

    def __init__(self, desk: Desk, sign_in: SignIn) -> None:
        self.desk = desk
        roles = {"dana": "agent", "eve": "agent", "ann": "agent", "lee": "lead", "liz": "lead", "rob": "reader"}
        names = {"dana": "Dana Ozola"}
        self.people = {
            who: sign_in(who, name=names.get(who, who.title()), role=role, seconds=90 * 86400)
            for who, role in roles.items()
        }

        self.id = desk.case().id

    def case(self) -> Case:
        """The one case there is, by its key: the whole table is not looked through at each step."""
        return Case.model_validate(self.desk.table.get(keys.case(BRAND, self.id)))

    def at(self, more: str = "") -> str:
        return f"conversations/{self.id}{more}"

    def submit(self, who: str = "dana", text: str = TEXT, key: str | None = None, **more: Any) -> Answer:
        given = {"text": text, "seen": self.case().talk, **more}
        return self.people[who].send("POST", self.at("/drafts"), given, key)

    def draft(self, who: str = "dana", text: str = TEXT, **more: Any) -> str:
        made = self.submit(who, text, **more)
        assert made.status == 201, made.said
        return str(made.said["id"])

    def one(self, draft: str) -> Draft:
        found = wiring.approving().drafts.get(BRAND, self.case().id, draft)
        assert found
        return found

    def approve(self, who: str, draft: str, key: str | None = None, **more: Any) -> Answer:
        given = {"rev": self.one(draft).rev, "seen": self.case().talk, **more}
        return self.people[who].send("POST", self.at(f"/drafts/{draft}/approve"), given, key)

    def give_back(self, who: str, draft: str, key: str | None = None) -> Answer:
        return self.people[who].send("POST", self.at(f"/drafts/{draft}/return"), {"reason": "Too curt."}, key)

    def edit(
        self, who: str, draft: str, text: str = "Dear Kim, tomorrow.", key: str | None = None, **more: Any
    ) -> Answer:
        given = {"text": text, "rev": self.one(draft).rev, **more}
        return self.people[who].send("PATCH", self.at(f"/drafts/{draft}"), given, key)

    def withdraw(self, who: str, draft: str, key: str | None = None) -> Answer:
        return self.people[who].send("DELETE", self.at(f"/drafts/{draft}"), "", key, content_type="")

    def customer(self, number: int = 1) -> None:
        at = f"2026-11-20T09:14:{3 + number:02d}.000Z"
        thread = {"conversation_id": POST, "in_reply_to_tweet_id": POST, "created_at": at}
        self.desk.take_in(mention(str(int(POST) + number), f"@acme and? {number}", **thread))

    def replies(self) -> list[Reply]:
        return wiring.actions().replies.of_case(BRAND, self.id)

    def drafts(self) -> list[Draft]:
        return wiring.approving().drafts.of_case(BRAND, self.id)

    def lines(self) -> list[str]:
        return [line["code"] for line in wiring.actions().cases.history(BRAND, self.case().id)]


@pytest.fixture
def team(desk: Desk, sign_in: SignIn) -> Team:
    desk.put_policy(**APPROVE_ALL)
    desk.take_in(mention())
    return Team(desk, sign_in)


def reply(team: Team, who: str = "dana", text: str = TEXT, **more: Any) -> Answer:
    given = {"text": text, "seen": team.case().talk, **more}
    return team.people[who].send("POST", team.at("/replies"), given)


# --- what needs one -----------------------------------------------------------------------------


def test_a_reply_that_needs_an_approval_does_not_leave_without(team: Team) -> None:
    refused = reply(team)
    assert (refused.code, refused.said["number"], refused.said["why"]) == ((409, "approval_needed"), 1, [])
    assert team.replies() == []
    team.desk.put_policy()
    assert reply(team).status == 202


def test_the_names_of_the_conditions_that_ask_are_kept_and_shown(team: Team) -> None:
    when = [
        {"name": "about_law", "condition": '"legal" in tags', "number": 2},
        {"name": "money", "condition": "amount >= 50"},
        {"name": "private", "condition": "not public"},
    ]
    team.desk.put_policy(approvals={"when": when})
    text = "Our lawyer sends you 80 EUR."
    assert reply(team, text=text).said["why"] == ["about_law", "money"]
    made = team.submit(text=text).said
    assert (made["number"], made["why"]) == (2, ["about_law", "money"])
    asked = [line for line in wiring.actions().cases.history(BRAND, team.case().id) if "by_rule" in line["code"]]
    assert [line["about"] for line in asked] == ["about_law", "money"]
    assert reply(team).status == 202, "what no condition asks for leaves at once"


def test_the_first_replies_of_a_new_agent_are_looked_at_and_then_no_more(team: Team) -> None:
    team.desk.put_policy(approvals={"when": [{"name": "new_here", "condition": "approved_before < 1"}]})
    assert reply(team).code == (409, "approval_needed")
    assert team.approve("lee", team.draft()).status == 202
    (left,) = team.replies()
    wiring.sending()._ended(left, type(left.state).FAILED, "not_allowed", "No.")
    assert reply(team).status == 202


def test_an_agent_may_ask_for_a_second_pair_of_eyes_where_nobody_makes_them(team: Team) -> None:
    team.desk.put_policy()
    draft = team.draft()
    assert team.one(draft).number == 1
    assert "approval.asked_by_author" in team.lines()
    assert team.approve("lee", draft).status == 202


def test_a_draft_is_held_to_what_a_reply_is(team: Team) -> None:
    assert team.submit(text="x" * 281).code == (422, "too_long")
    assert team.submit(text="\u2800").code == (422, "empty")
    assert team.submit(seen=0).code == (409, "talked")
    assert team.submit(text="Hello {name}").code == (422, "check")
    assert team.submit(surprise=1).code == (400, "invalid")
    case, now = team.case(), time_text(team.desk.clock())
    wiring.actions().cases.commit(case, *rules.closed(case, "agent", "dana", now), now)
    assert team.submit().code == (409, "closed")
    assert team.drafts() == []


def test_the_same_click_submits_once(team: Team) -> None:
    first = team.submit(key="the-same-click")
    assert team.submit(key="the-same-click").said["id"] == first.said["id"]
    assert len(team.drafts()) == 1 and team.lines().count("draft.submitted") == 1


# --- who may do what ----------------------------------------------------------------------------

WHO = ("dana", "eve", "ann", "lee", "rob")
MAY = {
    "approve": {"dana": "own_draft", "eve": "not_approver", "ann": "", "lee": "", "rob": "read_only"},
    "give_back": {"dana": "not_approver", "eve": "not_approver", "ann": "", "lee": "", "rob": "read_only"},
    "edit": {"dana": "", "eve": "not_approver", "ann": "", "lee": "", "rob": "read_only"},
    "withdraw": {"dana": "", "eve": "not_author", "ann": "not_author", "lee": "", "rob": "read_only"},
}


@pytest.mark.parametrize("deed", list(MAY))
def test_everybody_may_do_what_the_table_says_and_nothing_else(team: Team, deed: str) -> None:
    draft = team.draft()
    before = team.one(draft)
    for who in sorted(WHO, key=lambda one: MAY[deed][one] == ""):
        code = MAY[deed][who]
        answer = getattr(team, deed)(who, draft)
        if code:
            assert answer.code == (403, code), who
            assert team.one(draft) == before and team.replies() == []
        else:
            assert answer.status in (200, 202), (who, answer.said)
            before = team.one(draft)
            if deed != "edit":
                break


def test_a_lead_does_not_approve_what_they_wrote_themselves(team: Team) -> None:
    draft = team.draft("lee")
    assert team.approve("lee", draft).code == (403, "own_draft")
    assert team.approve("liz", draft).status == 202


def test_nobody_of_another_brand_sees_or_touches_a_draft(team: Team, sign_in: SignIn) -> None:
    draft = team.draft()
    team.people["mia"] = sign_in("mia", brand="other", role="lead")
    for deed in (team.approve, team.give_back, team.edit, team.withdraw):
        assert deed("mia", draft).code == (404, "not_found")
    assert team.people["mia"].get(team.at("/drafts")).code == (404, "not_found")
    assert team.people["mia"].get("approvals").said["items"] == []
    assert team.people["dana"].get("approvals").said["items"] != []


def test_two_approvals_are_two_people_and_neither_is_the_author(team: Team) -> None:
    team.desk.put_policy(**BY_TWO)
    draft = team.draft()
    assert team.approve("ann", draft).said["reply"] is None
    assert team.replies() == [] and "draft.approved_once" in team.lines()
    assert team.approve("ann", draft).code == (403, "approved_already")
    assert team.approve("dana", draft).code == (403, "own_draft")
    done = team.approve("lee", draft).said
    assert done["reply"]["approved_by"] == ["Ann", "Lee"]
    (left,) = team.replies()
    assert (left.by, left.approvers, left.draft, left.text) == ("dana", ("ann", "lee"), draft, TEXT)


def test_other_words_have_to_be_approved_anew_and_both_names_are_kept(team: Team) -> None:
    team.desk.put_policy(**BY_TWO)
    draft = team.draft()
    team.approve("ann", draft)
    assert team.edit("lee", draft).said["approved_by"] == []
    assert team.approve("lee", draft).said["reply"] is None
    done = team.approve("ann", draft).said
    assert (done["reply"]["text"], done["reply"]["by"], done["reply"]["edited_by"]) == (
        "Dear Kim, tomorrow.", "Dana Ozola", ["Lee"],
    )  # fmt: skip


def test_a_brand_may_want_somebody_else_to_approve_what_an_approver_has_changed(team: Team) -> None:
    draft = team.draft()
    team.edit("lee", draft)
    team.desk.put_policy(approvals={"number": 1, "edited_needs_another": True})
    assert team.approve("lee", draft).code == (403, "own_words")
    assert team.approve("liz", draft).status == 202


def test_what_was_changed_since_an_approver_looked_is_not_approved(team: Team) -> None:
    draft = team.draft()
    rev = team.one(draft).rev
    team.edit("dana", draft)
    assert team.approve("lee", draft, rev=rev).code == (409, "stale")
    assert team.replies() == []


def test_other_words_may_need_more_approvals_and_never_fewer(team: Team) -> None:
    when = [{"name": "about_law", "condition": '"legal" in tags', "number": 2}]
    team.desk.put_policy(approvals={"number": 1, "when": when})
    draft = team.draft()
    assert team.edit("dana", draft, "Ask our lawyer").said["number"] == 2
    assert team.edit("dana", draft, "Ask us").said["number"] == 2


# --- a newer word of the customer ---------------------------------------------------------------


def test_a_newer_message_makes_a_draft_stale_and_whoever_approves_confirms_it_with_that_in_view(team: Team) -> None:
    draft = team.draft()
    seen = team.case().talk
    team.customer()
    (shown,) = team.people["lee"].get(team.at("/drafts")).said["items"]
    assert shown["stale"] is True
    late = team.approve("lee", draft, seen=seen)
    assert late.code == (409, "talked")
    assert [message["text"] for message in late.said["new"]] == ["@acme and? 1"]
    assert team.replies() == []
    assert team.approve("lee", draft, seen=late.said["talk"]).status == 202


def test_an_approval_given_before_a_newer_message_counts_no_more(team: Team) -> None:
    team.desk.put_policy(**BY_TWO)
    draft = team.draft()
    team.approve("ann", draft)
    team.customer()
    assert team.approve("lee", draft).said["reply"] is None
    assert team.approve("ann", draft).said["reply"]["approved_by"] == ["Lee", "Ann"]


# --- several drafts -----------------------------------------------------------------------------


def test_a_second_draft_asks_what_becomes_of_the_first(team: Team) -> None:
    first = team.draft()
    asked = team.submit("eve")
    assert asked.code == (409, "drafted")
    assert [(one["id"], one["by"]) for one in asked.said["drafts"]] == [(first, "dana")]
    assert team.submit("eve", competing="replace").code == (409, "drafted"), "only one's own is replaced"
    second = team.draft("dana", "Better", competing="replace")
    assert (team.one(first).state, team.one(second).state) == ("superseded", "waiting")
    assert team.case().drafts == (second,)


def test_one_of_several_drafts_is_chosen_and_supersedes_the_others_in_one_step(team: Team) -> None:
    first = team.draft()
    second = team.draft("eve", "Better", competing="beside")
    third = team.draft("ann", "Worse", competing="beside")
    assert team.approve("lee", second).code == (409, "not_owner")
    done = team.approve("lee", second, assign=True)
    assert done.status == 202
    assert [team.one(one).state for one in (first, second, third)] == ["superseded", "approved", "superseded"]
    (left,) = team.replies()
    assert (left.by, left.text, team.case().owner) == ("eve", "Better", "eve")
    assert team.approve("lee", first).code == (409, "decided")
    assert team.case().drafts == () and team.people["lee"].get("approvals").said["items"] == []


def test_so_many_drafts_and_no_more(team: Team) -> None:
    for number in range(5):
        team.draft("dana", f"No. {number}", competing="beside")
    assert team.submit("eve", competing="beside").code == (409, "too_many_drafts")


# --- what becomes of the case -------------------------------------------------------------------


def test_a_draft_waits_beside_the_customers_clock_and_does_not_stop_it(team: Team) -> None:
    before = team.case()
    draft = team.draft()
    case, now = team.case(), time_text(team.desk.clock())
    assert (case.approval, case.drafts, case.owner) == ("waiting", (draft,), "dana")
    assert case.approval_due == after(now, 2 * 3600)
    assert (case.due_at, case.awaiting) == (before.due_at, "us")
    assert case.deadline == min(before.deadline, case.approval_due)


def test_an_approval_that_rings_first_is_what_the_workflow_waits_for(team: Team) -> None:
    team.desk.put_policy(approvals={"number": 1, "escalate_seconds": 60, "expires_seconds": 120})
    before = team.case()
    draft = team.draft()
    assert team.case().deadline == after(time_text(team.desk.clock()), 60)
    team.withdraw("dana", draft)
    assert (team.case().deadline, team.case().approval) == (before.deadline, "")


@pytest.mark.parametrize("deed", ["give_back", "withdraw", "approve"])
def test_once_nothing_waits_any_more_the_ordinary_clock_is_back(team: Team, deed: str) -> None:
    before = team.case()
    draft = team.draft()
    getattr(team, deed)("lee", draft)
    case = team.case()
    assert (case.approval, case.approval_due, case.drafts, case.deadline) == ("", "", (), before.deadline)
    assert team.people["lee"].get("approvals").said["items"] == []


def test_a_draft_that_is_sent_back_says_why_to_its_author_and_no_history_line_does(team: Team) -> None:
    draft = team.draft()
    assert team.give_back("lee", draft).said["state"] == "returned"
    (shown,) = team.people["dana"].get(team.at("/drafts")).said["items"]
    assert (shown["reason"], shown["ended_by"], shown["text"]) == ("Too curt.", "Lee", TEXT)
    history = wiring.actions().cases.history(BRAND, team.case().id)
    assert "Too curt" not in str(history) and TEXT not in str(history)


def test_a_case_is_not_closed_over_a_draft(team: Team) -> None:
    team.draft()
    closing = team.people["dana"].send("PATCH", team.at(), {"version": team.case().version, "state": "closed"})
    assert closing.code == (409, "draft_waits")


def test_an_approved_draft_is_sent_once_its_reply_is_out(team: Team) -> None:
    draft = team.draft()
    team.approve("lee", draft)

    def shown() -> Any:
        return team.people["dana"].get(team.at("/drafts")).said["items"][0]["state"]

    assert shown() == "approved"
    (left,) = team.replies()
    wiring.sending().proven(left, "2123706425275322999", "reply.sent")
    assert shown() == "sent"


# --- too late -----------------------------------------------------------------------------------


def bell(team: Team) -> dict[str, str]:
    """The workflow's wait is over, as far as the case says so."""
    said: dict[str, str] = team.desk.step("remind", team.case())
    return said


def test_the_leads_hear_of_a_draft_that_waits_once_and_then_it_goes_back(team: Team) -> None:
    draft = team.draft()
    waits = team.case().deadline
    assert bell(team) == {"next": "approval", "deadline": waits}
    team.desk.clock.forward(hours=2)
    while (said := bell(team))["deadline"] <= time_text(team.desk.clock()):
        assert said["next"] == "approval"
    assert team.lines().count("approval.escalated") == 1
    assert (team.one(draft).state, team.case().approval) == ("waiting", "waiting")
    team.desk.clock.forward(hours=2)
    assert bell(team)["next"] == "answer"
    bell(team)
    case = team.case()
    assert (team.one(draft).state, case.approval, case.drafts) == ("expired", "", ())
    assert (team.lines().count("draft.expired"), team.lines().count("approval.escalated")) == (1, 1)
    assert team.approve("lee", draft).code == (409, "decided")
    assert team.people["lee"].get("approvals").said["items"] == [] and team.replies() == []


def test_all_drafts_of_a_case_expire_together(team: Team) -> None:
    drafts = [team.draft(), team.draft("eve", competing="beside")]
    team.desk.clock.forward(hours=5)
    bell(team)
    assert [team.one(draft).state for draft in drafts] == ["expired", "expired"]


def test_whichever_is_first_of_the_last_bell_and_the_last_approval(team: Team) -> None:
    draft = team.draft()
    team.desk.clock.forward(hours=5)
    with between("TransactWriteItems", lambda: bell(team)):
        assert team.approve("lee", draft).code == (409, "decided")
    assert team.replies() == []


# --- the list -----------------------------------------------------------------------------------


def test_whoever_approves_pages_through_what_waits_the_oldest_first(team: Team) -> None:
    drafts = []
    for number in range(5):
        team.desk.clock.forward(seconds=1)
        drafts.append(team.draft("dana", f"No. {number}", competing="beside"))
    seen: list[str] = []
    query = "limit=2"
    while True:
        page = team.people["lee"].get("approvals", query).said
        assert all(item["may_approve"] for item in page["items"])
        seen += [item["draft"]["id"] for item in page["items"]]
        if not page["next"]:
            break
        query = f"limit=2&cursor={page['next']}"
    assert seen == drafts
    assert not any(i["may_approve"] for i in team.people["dana"].get("approvals").said["items"])
    assert team.people["lee"].get("approvals", "limit=0").code == (400, "invalid")
    assert team.people["liz"].get("approvals", query).code == (400, "bad_cursor")


def test_beside_each_draft_stands_the_newest_message_of_the_customer_in_full(team: Team) -> None:
    team.draft()
    (before,) = team.people["lee"].get("approvals").said["items"]
    assert before["message"]["id"] == POST and not before["message"]["own"] and not before["draft"]["stale"]
    long = "@acme " + "where is my parcel? " * 12
    thread = {"conversation_id": POST, "in_reply_to_tweet_id": POST, "created_at": "2026-11-20T09:14:09.000Z"}
    team.desk.take_in(mention(str(int(POST) + 9), long, **thread))
    (after,) = team.people["lee"].get("approvals").said["items"]
    assert after["message"]["text"].strip() == long.strip() and len(after["conversation"]["snippet"]) < len(long)
    assert after["draft"]["stale"] and after["message"]["id"] == str(int(POST) + 9)


# --- two at once, and crashes -------------------------------------------------------------------


def one_reply_at_most(team: Team, draft: str) -> None:
    left, now = team.replies(), team.one(draft)
    assert len(left) <= 1
    assert (now.state == "approved") == (len(left) == 1)
    if left:
        assert left[0].text == now.text and left[0].draft == draft
        assert len(set(left[0].approvers)) == now.number and left[0].by not in left[0].approvers


PAIRS = {
    "two approvers": (("lee", "approve"), ("liz", "approve")),
    "approver and author who takes it back": (("lee", "approve"), ("dana", "withdraw")),
    "author who takes it back and approver": (("dana", "withdraw"), ("lee", "approve")),
    "approver and author who edits": (("lee", "approve"), ("dana", "edit")),
    "author who edits and approver": (("dana", "edit"), ("lee", "approve")),
    "approver and one who sends it back": (("lee", "approve"), ("liz", "give_back")),
    "one who sends it back and approver": (("liz", "give_back"), ("lee", "approve")),
}


@pytest.mark.parametrize("pair", list(PAIRS))
def test_of_two_at_the_same_moment_one_is_first_and_the_other_one_looks_again(team: Team, pair: str) -> None:
    (late, does), (early, did) = PAIRS[pair]
    draft = team.draft()
    first: list[Answer] = []
    with between("TransactWriteItems", lambda: first.append(getattr(team, did)(early, draft))):
        second = getattr(team, does)(late, draft)
    assert first[0].status in (200, 202)
    assert second.status == 409 or second.code[0] == 409
    one_reply_at_most(team, draft)


def test_a_message_that_comes_while_somebody_approves_is_seen_first(team: Team) -> None:
    draft = team.draft()
    with between("TransactWriteItems", team.customer):
        answer = team.approve("lee", draft)
    assert answer.code == (409, "talked") and team.replies() == []


def test_two_who_approve_two_drafts_at_once_send_one(team: Team) -> None:
    one, other = team.draft(), team.draft("dana", "Better", competing="beside")
    with between("TransactWriteItems", lambda: team.approve("liz", other)):
        assert team.approve("lee", one).code == (409, "decided")
    assert [left.text for left in team.replies()] == ["Better"]


@pytest.mark.parametrize("deed", ["submit", "edit", "approve", "give_back", "withdraw"])
def test_whoever_dies_at_a_write_the_same_click_again_ends_it_once(team: Team, deed: str) -> None:
    endings = {"submit": "waiting", "edit": "waiting", "approve": "approved", "give_back": "returned",
               "withdraw": "withdrawn"}  # fmt: skip
    for operation in ("UpdateItem", "TransactWriteItems"):
        for kind in KINDS:
            draft = "" if deed == "submit" else team.draft()
            key = f"click-{operation}-{kind}".replace(" ", "-")
            with fault(operation, kind, times=1) as met, suppress(Crash):
                click(team, deed, draft, key)
            assert met.struck == 1
            again = click(team, deed, draft, key)
            assert again.status in (200, 201, 202), again.said
            done = draft or again.said["id"]
            assert team.one(done).state == endings[deed]
            assert len([left for left in team.replies() if left.draft == done]) == int(deed == "approve")
            clear(team, done)


def click(team: Team, deed: str, draft: str, key: str) -> Answer:
    """The same request each time."""
    if deed == "submit":
        return team.submit("dana", TEXT, key)
    who = "lee" if deed in ("approve", "give_back") else "dana"
    answer: Answer = getattr(team, deed)(who, draft, key=key, **({"rev": 1} if deed in ("edit", "approve") else {}))
    return answer


def clear(team: Team, draft: str) -> None:
    """The desk as it was, for the next draft."""
    if team.one(draft).state == "waiting":
        assert team.withdraw("dana", draft).status == 200
    for left in team.replies():
        if left.look_at:
            assert team.people["dana"].send(
                "DELETE", team.at(f"/replies/{left.id}"), "", content_type=""
            ).status == 200  # fmt: skip
    team.desk.clock.forward(seconds=11)


# --- in any order -------------------------------------------------------------------------------

DEEDS = st.sampled_from(["approve", "give_back", "edit", "withdraw", "submit", "reply", "customer", "bell", "hours"])
PEOPLE = st.sampled_from(["dana", "eve", "ann", "lee", "liz"])
STEPS = st.lists(st.tuples(DEEDS, PEOPLE, st.integers(0, 2)), min_size=2, max_size=7)


def test_no_path_sends_words_that_nobody_else_has_approved(team: Team) -> None:
    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(steps=STEPS, number=st.sampled_from([1, 2]))
    def play(steps: list[tuple[str, str, int]], number: int) -> None:
        desk = team.desk
        begin_again(desk)
        desk.put_policy(approvals={"number": number, "approvers": ["ann"]})
        for count, (deed, who, which) in enumerate(steps):
            desk.clock.forward(seconds=2)
            waiting = sorted(team.drafts(), key=lambda one: one.at)
            draft = waiting[which % len(waiting)].id if waiting else ""
            match deed:
                case "submit":
                    team.submit(who, f"Words {count}", competing=("", "replace", "beside")[which])
                case "reply":
                    assert reply(team, who, f"Words {count}").status == 409
                case "customer":
                    team.customer(count + 1)
                case "bell":
                    bell(team)
                case "hours":
                    desk.clock.forward(hours=2)
                case "edit" if draft:
                    team.edit(who, draft, f"Words {count}")
                case _ if draft:
                    getattr(team, deed)(who, draft)
            holds(team, number)

    play()


def begin_again(desk: Desk) -> None:
    """The desk with its one case as it was when it came in."""
    for item in desk.items():
        if not any(kept in item["pk"] for kept in ("~#ACCOUNTS", "~#SESSION", "#MEMBERS")):
            desk.table.delete(keys.Key(item["pk"], item["sk"]))
    desk.take_in(mention())


def holds(team: Team, number: int) -> None:
    """What is always so."""
    case, drafts = team.case(), {one.id: one for one in team.drafts()}
    left = team.replies()
    assert len({one.draft for one in left}) == len(left), "one reply of a draft"
    for one in left:
        draft = drafts[one.draft]
        assert (draft.state, draft.text) == ("approved", one.text)
        assert len(set(one.approvers)) == len(one.approvers) == draft.number >= number
        assert one.by == draft.by and one.by not in one.approvers
        assert {approval.seen for approval in draft.approvals} == {one.seen}
    waiting = {one.id for one in drafts.values() if one.state == "waiting"}
    assert waiting == set(case.drafts)
    assert (case.approval == "waiting") == bool(waiting) == bool(case.approval_due)
    assert not waiting or case.deadline <= case.approval_due
    listed, _ = wiring.approving().drafts.waiting(BRAND, None, 100)
    assert {one.id for one in listed} == waiting
