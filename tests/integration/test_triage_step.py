"""The step Triage through the real handler: what it leaves on the case, who chases is heard, and trees on trial."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hark import operator, wiring
from hark.domain.case import Case
from hark.domain.policy import Policy
from hark.domain.reading import Reading
from hark.domain.tree import shipped
from hark.domain.triage_choices import ShadowTree, TriageChoices
from hark.reading.builtin import Builtin
from hark.store.people import People

from .browser import Browser
from .conftest import BRAND, Desk
from .x_deliveries import KIM, deletion, mention

FIRST = 2123706425275322373
ANGRY = "@acme INC-20391 is a disgrace, my parcel came broken, mail me at kim@example.com"


class Scripted:
    """A reader that says what the test wants it to have understood."""

    def __init__(self, **fields: Any) -> None:
        said: dict[str, Any] = {"language": "en", "sentiment": "negative", "intent": "complaint", "urgency": "normal",
                "confidence": 0.9, "engine": "by hand"}  # fmt: skip
        self.reading = Reading(**(said | fields))

    def read(self, text: str, hint: str, expected: tuple[str, ...]) -> Reading:
        return self.reading


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch, desk: Desk) -> Callable[..., None]:
    def so(**fields: Any) -> None:
        monkeypatch.setattr(wiring, "reader", lambda: Scripted(**fields))

    return so


def triaged(desk: Desk, *texts: str, **more: Any) -> Case:
    desk.take_in(*(mention(str(FIRST + n), text, conversation_id=str(FIRST)) | more for n, text in enumerate(texts)))
    desk.step("triage", desk.case())
    return desk.case()


def codes(case: Case) -> list[str]:
    return [reason.code.removeprefix("triage.") for reason in case.reasons]


def test_the_case_says_what_triage_found_and_by_which_tree(desk: Desk, reads: Callable[..., None]) -> None:
    reads()
    case = triaged(desk, ANGRY)
    assert codes(case) == [
        "addressed", "complaint", "reference", "personal_data", "private.personal_data",
    ]  # fmt: skip
    assert (case.kind, case.sentiment, case.language, case.priority, case.lane) == (
        "complaint",
        "negative",
        "en",
        2,
        "",
    )
    assert (case.recommended, case.personal_data, case.reference, case.tree) == (
        "private",
        ("email",),
        "INC-20391",
        "2",
    )


def test_neither_history_nor_evidence_holds_words_of_the_customer(desk: Desk) -> None:
    case = triaged(desk, ANGRY)
    kept = json.dumps(
        [line["changes"] for line in wiring.triaging().cases.history(BRAND, case.id) if "changes" in line]
    )
    assert "INC-20391" not in kept and "kim@" not in kept and "disgrace" not in kept
    assert case.evidence, "the built-in reader says why"
    assert {e.field for e in case.evidence} <= {"language", "sentiment", "intent", "urgency"}
    assert all(0 <= e.start <= e.end <= len(ANGRY) for e in case.evidence)


def test_nothing_of_a_message_stays_when_it_is_taken_away(desk: Desk) -> None:
    before = triaged(desk, ANGRY)
    desk.take_in(deletion(str(FIRST)))
    after = desk.case()
    assert before.reference and not (after.reference or after.personal_data or after.evidence or after.snippet)


def test_the_desk_shows_why(desk: Desk, sign_in: Callable[..., Browser]) -> None:
    case = triaged(desk, ANGRY)
    shown = sign_in().get(f"conversations/{case.id}").said["case"]
    assert (shown["kind"], shown["lane"], shown["vip"]) == (case.kind, "", False)
    why = shown["triage"]
    assert (why["message"], why["tree"], why["reference"], why["recommended"]) == (
        str(FIRST), "2", "INC-20391", "private",
    )  # fmt: skip
    assert why["evidence"] and all(set(one) == {"field", "start", "end", "code"} for one in why["evidence"])


def test_reach_is_what_x_tells_of_followers_and_shares(desk: Desk, reads: Callable[..., None]) -> None:
    reads()
    body = mention(text="@acme never again", public_metrics={"retweet_count": 20, "quote_count": 5})
    body["data"]["includes"]["users"][1]["public_metrics"] = {"followers_count": 4_975}
    desk.take_in(body)
    desk.step("triage", desk.case())
    case = desk.case()
    assert (case.reach, "reach" in codes(case), case.priority) == (5_000, True, 1)


def test_a_listed_person_and_a_brand_with_its_own_threshold(desk: Desk, reads: Callable[..., None]) -> None:
    reads(intent="statement", sentiment="neutral")
    desk.put_policy(triage=TriageChoices(vips=(KIM,), references=("AA-0+",)))
    case = triaged(desk, "@acme my box is AB-77")
    assert codes(case) == ["addressed", "statement", "vip", "reference", "private.account"]
    assert (case.vip, case.priority, case.reference) == (True, 2, "AB-77")


def test_what_the_customer_wrote_before_triage_counts_as_contacts(desk: Desk, reads: Callable[..., None]) -> None:
    reads(intent="statement", sentiment="neutral")
    case = triaged(desk, "@acme hello", "@acme hello?", "@acme anybody?")
    assert (case.contacts, case.priority, "repeat" in codes(case)) == (3, 2, True)


def test_who_writes_again_after_triage_is_heard_too(desk: Desk, reads: Callable[..., None]) -> None:
    reads(intent="statement", sentiment="neutral")
    case = triaged(desk, "@acme hello there")
    assert (case.contacts, case.priority, case.lane) == (1, 3, "")
    said = []
    for n in range(1, 7):
        desk.take_in(mention(str(FIRST + n), f"@acme this is about my box number {n}", conversation_id=str(FIRST)))
        case = desk.case()
        said.append((case.contacts, case.priority, case.lane, codes(case)[3:]))
    assert said == [
        (2, 3, "", []), (3, 2, "", ["repeat"]), (4, 2, "", ["repeat"]), (5, 2, "", ["repeat"]),
        (6, 2, "long", ["repeat", "long"]), (7, 2, "long", ["repeat", "long"]),
    ]  # fmt: skip
    lines = [line["code"] for line in wiring.triaging().cases.history(BRAND, case.id)]
    assert (lines.count("triage.repeat"), lines.count("triage.long")) == (1, 1)


def trial(**changes: Any) -> Policy:
    """The shipped policy with a tree on trial in which complaints differ."""
    node = next(node for node in shipped().nodes if node.id == "complaint")
    return Policy(triage=TriageChoices(shadow=ShadowTree(version="trial", nodes=(node.model_copy(update=changes),))))


def test_a_tree_on_trial_agrees_or_not_and_decides_nothing(
    desk: Desk, reads: Callable[..., None], sign_in: Callable[..., Browser]
) -> None:
    reads()
    People(desk.table).save_policy(BRAND, trial(priority=3))
    case = triaged(desk, "@acme my parcel came broken")
    assert (case.priority, case.tree) == (2, "2")
    reads(intent="praise", sentiment="positive")
    desk.take_in(mention("2123706425275399999", "@acme lovely"))
    other = next(c for c in desk.cases() if c.id != case.id)
    desk.step("triage", other)
    desk.step("triage", other)  # a repeated step is not counted again
    told = sign_in("lena", role="lead").get("shadow").said
    assert told["triage"]["days"] == [{"day": "2026-11-20", "version": "trial", "agree": 1, "differ": 1}]
    (difference,) = told["triage"]["differences"]
    assert (difference["case"], difference["gen"], difference["version"]) == (case.id, 1, "trial")
    assert ("priority 2" in difference["real"], "priority 3" in difference["other"]) == (True, True)
    assert [c for c in difference["real"] if "." in c] == [c for c in difference["other"] if "." in c]
    assert told["assignment"] == {"days": [], "differences": []}


def test_only_leads_see_how_rules_on_trial_do(sign_in: Callable[..., Browser]) -> None:
    for role in ("agent", "reader"):
        assert sign_in(role, role=role).get("shadow").code == (403, "leads_only")
    assert sign_in("lena", role="lead").get("shadow").status == 200


def test_a_broken_tree_on_trial_holds_up_no_case(
    desk: Desk, reads: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    reads()
    stored = trial().model_dump(mode="json")
    stored["triage"]["shadow"]["nodes"][0]["when"] = "a name of an older version"
    broken = Policy.model_validate(stored, context={"stored": True})
    People(desk.table).save_policy(BRAND, broken)
    case = triaged(desk, "@acme my parcel came broken")
    assert (case.kind, [r.message for r in caplog.records if r.levelname == "ERROR"]) == (
        "complaint", ["triage.shadow_broken"],
    )  # fmt: skip
    assert wiring.shadows().told(BRAND)["triage"] == {"days": [], "differences": []}


def test_the_operator_tries_a_tree_on_the_cases_of_a_day(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    complaint, gone = "@acme where is my refund, this is a scandal, my parcel came broken", "@acme it is broken"
    desk.take_in(mention(text=complaint), mention(str(FIRST + 1), gone), mention(str(FIRST + 2), "@acme love you"))
    for case in desk.cases():
        desk.step("triage", case)
    desk.take_in(deletion(str(FIRST + 1)))
    kinds = {case.thread_id: case.kind for case in desk.cases()}
    before = desk.items()
    reading = Builtin().read(complaint, "en", Policy().languages)
    node = next(n for n in shipped().nodes if n.code == f"triage.{kinds[str(FIRST)]}")
    shadow = {"version": "trial", "nodes": [node.model_copy(update={"priority": 5, "yes": "vip"}).model_dump()]}

    def run(command: str, said: object, *more: str) -> dict[str, Any]:
        monkeypatch.setattr(operator, "_outputs", lambda stack: {"TableName": desk.table.name})
        monkeypatch.setattr(operator, "clock", desk.clock)
        monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(said)))
        capsys.readouterr()
        assert operator.main([command, "--stack", "hark", "--brand", BRAND, *more]) == 0
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        return told

    told = run("try-tree", shadow)
    assert (told["agree"], told["unread"], len(told["differences"])) == (1, 1, 1), (kinds, reading)
    assert "priority 5" in told["differences"][0]["other"] and "priority 5" not in told["differences"][0]["real"]
    assert desk.items() == before, "a dry run writes nothing"
    desk.clock.forward(days=3)
    assert run("try-tree", shadow, "--days", "2")["agree"] == 0, "older cases are left out"
    assert run("shadow", {}) == wiring.shadows().told(BRAND)


def test_a_tree_that_cannot_be_walked_is_refused_when_the_policy_is_saved(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = trial().model_dump(mode="json")
    wrong["triage"]["shadow"]["nodes"][0]["yes"] = "nowhere"
    monkeypatch.setattr(operator, "_outputs", lambda stack: {"TableName": desk.table.name})
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(wrong)))
    assert operator.main(["policy", "--stack", "hark", "--brand", BRAND]) == 1
    assert "complaint: leads to 'nowhere', which is nowhere" in capsys.readouterr().err
