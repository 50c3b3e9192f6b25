"""Two at the same item, in every order of their calls (F7): claim, assignment, answer, the renewal of an access."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hark import aws, wiring
from hark.desk.actions import Talked, Wish
from hark.desk.clicks import Click
from hark.desk.health import Health
from hark.domain.account import Account
from hark.domain.case import Case, Refused
from hark.domain.people import Member
from hark.domain.reply import Reply
from hark.providers.contract import CallFailed, Connection, Renewed, Report
from hark.store.cases import Stale
from hark.store.keys import Key

from .conftest import BRAND, Desk
from .orders import Orders, give_way, marks
from .x_deliveries import ACME, mention

Enrol = Callable[..., Member]
NEXT = mention("2123710858654654475", "@acme stop!", conversation_id="2123706425275322373",
               in_reply_to_tweet_id="2123706425275322373")  # fmt: skip


class Meeting:
    """A case on the desk, two agents, and what they do at once."""

    def __init__(self, desk: Desk, enrol: Enrol, begin: Callable[[], None]) -> None:
        self.desk, self.begin = desk, begin
        self.dana, self.eve = enrol("dana"), enrol("eve", "Eve Liepa")
        desk.take_in(mention())
        self.case = desk.case()

    def orders(self, *writers: Callable[[], object]) -> Orders:
        return Orders(self.desk.dynamodb, writers, self.begin)

    def claims(self, member: Member) -> Callable[[], Case]:
        click = Click.of(member, f"claim-{member.id}", "claim", "")
        wish = Wish(assignee=member.id)
        return lambda: wiring.actions().change(click, self.case.id, self.case.version, wish)

    def answers(self, member: Member, key: str = "answer") -> Callable[[], Reply]:
        text = f"Hello from {member.id}"
        click = Click.of(member, f"{key}-{member.id}", "reply", text)
        return lambda: wiring.actions().reply(click, self.case.id, text, self.case.talk)

    def assigns(self) -> object:
        return wiring.assigning().assign(BRAND, self.case.id, self.case.gen)

    def lines(self, *codes: str) -> list[str]:
        """Codes of the history, and that it tells how the case became what it is, one version after the other."""
        told = wiring.actions().cases.history(BRAND, self.case.id)
        assert sorted({line["number"] for line in told}) == list(range(1, self.desk.case().version + 1))
        return [line["code"] for line in told if line["code"].startswith(codes)]

    def intents(self) -> list[Reply]:
        return list(wiring.actions().replies.of_case(BRAND, self.case.id))


@pytest.fixture
def meeting(desk: Desk, enrol: Enrol, monkeypatch: pytest.MonkeyPatch) -> Meeting:
    return Meeting(desk, enrol, marks(monkeypatch))


def test_f7_two_claims_in_every_order_one_owns_and_the_other_is_told(meeting: Meeting) -> None:
    winners = []
    for outcome in meeting.orders(meeting.claims(meeting.dana), meeting.claims(meeting.eve)):
        won = [one for one in outcome if isinstance(one, Case)]
        assert [type(one) for one in outcome if not isinstance(one, Case)] == [Stale]
        assert meeting.desk.case() == won[0] and meeting.lines("case.claimed") == ["case.claimed"]
        winners.append(won[0].owner)
    assert set(winners) == {"dana", "eve"}


def test_f7_the_same_click_twice_in_every_order_is_done_once(meeting: Meeting) -> None:
    ends = []
    for outcome in meeting.orders(meeting.claims(meeting.dana), meeting.claims(meeting.dana)):
        assert {type(one) for one in outcome} <= {Case, Stale} and any(isinstance(one, Case) for one in outcome)
        assert meeting.desk.case().owner == "dana" and meeting.lines("case.claimed") == ["case.claimed"]
        ends.append(len(outcome))
    assert len(ends) > 2


def test_f7_a_claim_and_the_workflows_assignment_in_every_order_agree_on_one_owner(meeting: Meeting) -> None:
    owners = set()
    for claimed, assigned in meeting.orders(meeting.claims(meeting.dana), meeting.assigns):
        case = meeting.desk.case()
        assert isinstance(assigned, dict), assigned
        assert isinstance(claimed, Case | Stale), claimed
        assert case.assigned == case.gen and case.owner in ("dana", "eve")
        assert case.owner == "dana" or isinstance(claimed, Stale), "who was told that it is theirs has it"
        meeting.lines()
        owners.add((case.owner, type(claimed)))
    assert ("dana", Case) in owners


def test_f7_the_assignment_twice_in_every_order_is_one_owner_one_line_and_one_seat(meeting: Meeting) -> None:
    ends = set()
    for outcome in meeting.orders(meeting.assigns, meeting.assigns):
        assert outcome[0] == outcome[1], "both runs say the same to the workflow"
        assert len(meeting.lines("assign.least", "assign.kept")) == 1
        assert wiring.actions().cases.open_of(BRAND, meeting.desk.case().owner) == 1
        ends.add(meeting.desk.case().owner)
    assert len(ends) == 1


def test_f7_two_answers_in_every_order_one_intent_and_the_other_is_told(meeting: Meeting) -> None:
    winners = set()
    for outcome in meeting.orders(meeting.answers(meeting.dana), meeting.answers(meeting.eve)):
        (intent,) = meeting.intents()
        assert [one for one in outcome if isinstance(one, Reply)] == [intent]
        (told,) = (one for one in outcome if not isinstance(one, Reply))
        assert isinstance(told, Refused) and told.code == "owned", told
        case = meeting.desk.case()
        assert (case.owner, case.reply_state) == (intent.by, "pending")
        assert meeting.lines("reply.", "case.claimed") == ["case.claimed", "reply.asked"]
        winners.add(intent.by)
    assert winners == {"dana", "eve"}


def test_f7_an_answer_and_the_customers_next_message_in_every_order(meeting: Meeting) -> None:
    """Either the answer was asked for before the message came, or its author is shown the message first."""
    desk, ends = meeting.desk, set()
    assert desk.deliver(NEXT) == 200
    (entry,) = (item for item in desk.items("RAW") if item["state"] == "received")

    def folds() -> object:
        return wiring.intake().fold(Key(entry["pk"], entry["sk"]))

    for answered, folded in meeting.orders(meeting.answers(meeting.dana), folds):
        assert folded == "folded"
        assert len(desk.messages()) == 2 and desk.case().talk == meeting.case.talk + 1
        if isinstance(answered, Talked):
            assert meeting.intents() == [] and desk.case().owner == ""
        else:
            assert [reply.id for reply in meeting.intents()] == [answered.id] and desk.case().owner == "dana"
        meeting.lines()
        ends.add(type(answered))
    assert ends == {Reply, Talked}


class OneTime:
    """A platform whose access is good for one renewal; the old one is dead from then on."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.begin()

    def begin(self) -> None:
        """The account's access ends in three days."""
        self.good, self.ends, self.renewals = "first", self.clock() + timedelta(days=3), 0
        values = json.dumps({"access_token": self.good})
        aws.ssm().put_parameter(Name=f"/hark/test/x/accounts/{ACME}", Value=values, Type="SecureString", Overwrite=True)

    EVERY = timedelta(minutes=15)

    def check(self, connection: Connection, now: datetime) -> Report:
        give_way("is asked")
        self._let_in(connection)
        return Report(expires=self.ends, renewable=True)

    def renew(self, connection: Connection, now: datetime) -> Renewed:
        give_way("renews")
        self._let_in(connection)
        self.renewals += 1
        self.good, self.ends = f"renewed {self.renewals}", now + timedelta(days=60)
        return Renewed({"access_token": self.good}, self.ends)

    def _let_in(self, connection: Connection) -> None:
        if connection.credentials["access_token"] != self.good:
            raise CallFailed("token_refused")


def test_f7_an_access_renewed_by_two_in_every_order_is_renewed_once_and_never_lost(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget, platform = marks(monkeypatch), OneTime(desk.clock)
    counted: list[int] = []

    def begin() -> None:
        forget()
        platform.begin()

    def run() -> object:
        """A process of its own: it knows no secret but what it reads."""
        wiring.secrets.cache_clear()
        wiring.connecting.cache_clear()
        own = wiring.health()
        alone = Health(own.accounts, wiring.secrets(), wiring.connecting(), lambda _: platform, own.daily, own.clock)
        return alone.run("x")

    wiring.health().accounts.note("x", ACME, daily=BRAND)  # its other daily work is begun
    for outcome in Orders(desk.dynamodb, (run, run), begin):
        assert all(isinstance(one, dict) for one in outcome), outcome
        assert platform.renewals == 1
        kept = aws.ssm().get_parameter(Name=f"/hark/test/x/accounts/{ACME}", WithDecryption=True)
        assert json.loads(kept["Parameter"]["Value"])["access_token"] == platform.good
        account = Account.model_validate(wiring.health().accounts.find("x", ACME))
        assert (account.state, account.problems) == ("ok", ())
        counted.append(1)
    assert len(counted) > 10
