"""A provider that did not exist a moment ago: one folder among the others and one stanza of the template, no more."""

from __future__ import annotations

import difflib
import importlib
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hark.providers
import pytest
from hark.domain import verb_table, verbs
from hark.providers import contract
from samtranslator.yaml_helper import yaml_parse

from .browser import Browser
from .conftest import BRAND, ROOT, Desk

TOY = "pigeon"
SOURCES = Path(__file__).with_name("toy_provider")
SOURCE_CODE = (".py", ".toml", ".yaml", ".js", ".json")
STANZA = """\
        Pigeon:  # the stanza of provider pigeon
          Type: ScheduleV2
          Properties:
            ScheduleExpression: !Ref PollSchedule
            OmitName: true
            Input: '{"provider": "pigeon"}'
            RetryPolicy: {MaximumRetryAttempts: 0}
"""
NOTE = {"id": "n1", "from": "kim", "name": "Kim L", "text": "Where is my parcel?", "at": 1795165200}
LOFT = "loft1"


def forget_what_was_found() -> None:
    """Everything found by walking the folders is found anew, and the toy's modules are gone."""
    for name in [n for n in sys.modules if n.startswith(f"hark.providers.{TOY}")]:
        del sys.modules[name]
    for module in (contract, verb_table, verbs):
        for made in vars(module).values():
            if hasattr(made, "cache_clear"):
                made.cache_clear()
    importlib.invalidate_caches()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The toy's folder, where the real ones are looked for as well."""
    made = tmp_path / TOY
    shutil.copytree(SOURCES, made, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(hark.providers, "__path__", [*hark.providers.__path__, str(tmp_path)])
    monkeypatch.setattr(verb_table, "FOLDERS", (*verb_table.FOLDERS, tmp_path))
    monkeypatch.setattr(verb_table, "FOLDERS", (*verb_table.FOLDERS, tmp_path))
    forget_what_was_found()
    yield made
    monkeypatch.undo()
    forget_what_was_found()


@pytest.fixture
def fake(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    with contract.load(TOY, "fake").Fake() as loft:
        monkeypatch.setenv("PROVIDER_ENDPOINTS", f"{TOY}={loft.url}")
        yield loft


@pytest.fixture
def loft(desk: Desk, fake: Any) -> Desk:
    desk.connect(TOY)
    return desk


def deliver(desk: Desk, *notes: dict[str, Any], loft: str = LOFT) -> int:
    answer = desk.hand_in(TOY, {"loft": loft, "notes": list(notes)}, LOFT)
    desk.fold()
    return int(answer["statusCode"])


# --- what it touches ----------------------------------------------------------------------------


def test_a_provider_is_one_folder_and_it_is_found_there(folder: Path) -> None:
    assert TOY in contract.names()
    assert [path.name for path in folder.parent.iterdir()] == [TOY]
    for part in ("door", "inbound", "outbound", "text", "health", "media", "fake"):
        assert Path(str(contract.load(TOY, part).__file__)).is_relative_to(folder)


def test_nothing_else_in_the_product_has_heard_of_it() -> None:
    elsewhere = [ROOT / "template.yaml", ROOT / "samconfig.toml", ROOT / "Makefile", ROOT / "pyproject.toml"]
    for part in ("layers", "functions", "infra", "frontend"):
        elsewhere += [
            path for path in (ROOT / part).rglob("*") if path.suffix in (".py", ".toml", ".yaml", ".js", ".json")
        ]
    assert len(elsewhere) > 100
    assert [path for path in elsewhere if TOY in path.read_text(encoding="utf-8").lower()] == []


def test_its_stanza_is_one_block_that_adds_one_schedule_and_changes_nothing() -> None:
    before = (ROOT / "template.yaml").read_text(encoding="utf-8")
    after = with_stanza(before)
    changed = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]
    assert changed == [f"+ {line}" for line in STANZA.splitlines()], "one block, and no line taken away"
    old, new = yaml_parse(before), yaml_parse(after)
    schedules = new["Resources"]["PollFunction"]["Properties"]["Events"]
    assert json.loads(schedules.pop("Pigeon")["Properties"]["Input"]) == {"provider": TOY}
    assert new == old


def with_stanza(template: str) -> str:
    """The template with the toy's stanza in front of the first one."""
    lines = template.splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if "# the stanza of provider" in line)
    return "".join([*lines[:at], STANZA, *lines[at:]])


def test_every_real_provider_has_its_one_stanza_and_they_differ_in_their_names_only() -> None:
    events = yaml_parse((ROOT / "template.yaml").read_text(encoding="utf-8"))["Resources"]["PollFunction"]["Properties"]
    stanzas = list(events["Events"].values())
    polled = [json.loads(stanza["Properties"].pop("Input"))["provider"] for stanza in stanzas]
    assert sorted(polled) == sorted(contract.names())
    mine = yaml_parse("Events:\n" + STANZA)["Events"]["Pigeon"]
    del mine["Properties"]["Input"]
    assert all(stanza == mine for stanza in stanzas)


# --- that it works ------------------------------------------------------------------------------


def test_a_mention_comes_in_and_a_case_opens(loft: Desk) -> None:
    assert deliver(loft, NOTE) == 200
    case = loft.case()
    assert (case.provider, case.platform, case.account_id, case.customer_id) == (TOY, TOY, LOFT, "kim")
    assert (case.name, case.awaiting, case.snippet, case.asked_at) == (
        "Kim L", "us", "Where is my parcel?", "2026-11-20T09:00:00.000Z",
    )  # fmt: skip


def test_its_unproven_strange_and_broken_deliveries_are_treated_like_everybodys(loft: Desk) -> None:
    body = json.dumps({"loft": LOFT, "notes": [NOTE]}).encode()
    unsealed = {
        "rawPath": f"/webhooks/{TOY}", "headers": {}, "body": body.decode(), "isBase64Encoded": False,
        "pathParameters": {"provider": TOY}, "requestContext": {"http": {"method": "POST"}},
    }  # fmt: skip
    assert loft.call("webhook", unsealed)["statusCode"] == 401
    assert loft.hand_in(TOY, body[:20], LOFT)["statusCode"] == 200
    assert deliver(loft, {"id": "n2", "from": "kim"}) == 200
    assert len(loft.items("QUARANTINE")) == 1
    assert [item["reason"] for item in loft.items("RAW")] == ["pigeon.unknown_kind"]
    assert loft.cases() == []


def test_an_agent_sees_it_and_can_always_answer_by_hand(loft: Desk, sign_in: Callable[..., Browser]) -> None:
    deliver(loft, NOTE)
    shown = sign_in("dana").get(f"conversations/{loft.case().id}").said
    assert {v["verb"] for v in shown["verbs"]} >= {"by_hand"}
    assert [m["text"] for m in shown["messages"]] == [NOTE["text"]]


def test_what_staff_write_on_the_platform_is_ours_and_opens_no_case(loft: Desk) -> None:
    own = {"id": "n9", "from": LOFT, "to": "kim", "text": "It comes tomorrow.", "at": 1795165260, "on": "n1"}
    deliver(loft, NOTE, own)
    case = loft.case()
    assert (case.awaiting, case.unread) == ("them", 0)
    assert [m.own for m in sorted(loft.messages(), key=lambda m: m.at)] == [False, True]


def test_a_reply_written_on_the_desk_goes_out_once_by_the_rules_in_its_own_folder(
    loft: Desk, fake: Any, sign_in: Callable[..., Browser]
) -> None:
    deliver(loft, NOTE)
    dana, case = sign_in("dana"), loft.case()
    (verb,) = (v for v in dana.get(f"conversations/{case.id}").said["verbs"] if v["verb"] == "public_reply")
    assert (verb["allowed"], verb["limit"], verb["counting"]) == (True, 200, "characters")
    path = f"conversations/{case.id}/replies"
    assert dana.send("POST", path, {"text": "x" * 201, "seen": case.talk, "verb": "public_reply"}).status == 422
    written = dana.send("POST", path, {"text": "It comes tomorrow.", "seen": case.talk, "verb": "public_reply"})
    assert written.status == 202
    send(loft)
    send(loft)
    assert fake.notes == [{"id": "own1", "to": "kim", "on": "n1", "text": "It comes tomorrow."}]
    echo = {"id": "own1", "from": LOFT, "to": "kim", "text": "It comes tomorrow.", "at": 1795165260, "on": "n1"}
    deliver(loft, echo)
    case = loft.case()
    assert (case.awaiting, case.reply_state, case.owner) == ("them", "sent", "dana")
    (ours,) = (m for m in loft.messages() if m.own)
    assert (ours.id, ours.by) == ("own1", "dana")


def send(desk: Desk) -> None:
    """What the stream does: hand every reply to the sender."""
    replies = [{"pk": i["pk"], "sk": i["sk"]} for i in desk.items() if i["sk"].startswith("OUT#")]
    assert replies
    desk.call("send_reply", {"keys": replies})


def test_its_stanza_has_its_account_looked_after_by_the_real_function(loft: Desk) -> None:
    stanza = yaml_parse("Events:\n" + STANZA)["Events"]["Pigeon"]
    done = loft.call("poll", json.loads(stanza["Properties"]["Input"]))
    assert set(done) == {"poll", "health", "recheck"}
    (account,) = (item for item in loft.items() if item["pk"].endswith(f"#{TOY}") and item["sk"] == LOFT)
    assert account["brand"] == BRAND and account["checked_at"]
