"""The documents say what the code does: figures are computed, pictures drawn, names exist."""

from __future__ import annotations

import ast
import json
import re
import shlex
from pathlib import Path

import pytest
from hark import operator
from hark.domain.workflow_graph import edges, targets
from hark.store import keys

from infra import verbs_page
from infra.costs import data_page, idle, page
from infra.costs.capacity import Index, Item, change_units, item_bytes, read_units, write_units
from infra.costs.prices import prices
from infra.expand import ROOT, read
from infra.workflow import picture

DOCS = ROOT / "docs"
VERBS = sorted((ROOT / "layers/hark/hark/providers").glob("*/verbs.toml"))
CODE = sorted([*(ROOT / "layers/hark/hark").rglob("*.py"), *(ROOT / "functions").rglob("*.py")])
PRODUCT = [file for file in CODE if "tests" not in file.parts and "fake" not in file.parts]


# --- costs and data -----------------------------------------------------------------------------


@pytest.mark.parametrize("written", page.pages(), ids=lambda path: path.name)
def test_the_page_is_what_the_calculation_gives(written: Path) -> None:
    assert written.read_text() == page.pages()[written](), "run: python -m infra.costs"


@pytest.mark.parametrize("name", ["costs.md", "data.md"])
def test_no_figure_on_the_page_is_typed_by_hand(name: str) -> None:
    typed = page.without_marks(page.source(name))
    assert not re.findall(r"\d", typed)


def test_the_page_of_the_verbs_is_that_of_todays_rules() -> None:
    assert (DOCS / "verbs.md").read_text() == verbs_page.text(), "run: python -m infra.verbs_page"


def test_a_mark_nobody_computes_and_a_value_nobody_asks_for_are_refused() -> None:
    assert page.fill("a {{b}}", {"b": "c"}) == "a c"
    for values in ({}, {"b": "c", "d": "e"}):
        with pytest.raises(page.WrongMarks):
            page.fill("a {{b}}", values)


def test_every_kind_of_resource_of_the_template_is_known_to_the_calculation() -> None:
    assert not idle.unknown_types()


def test_a_kind_of_resource_the_calculation_does_not_know_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle, "resources", lambda: {"Gateway": {"Type": "AWS::EC2::NatGateway"}})
    assert idle.unknown_types() == {"AWS::EC2::NatGateway"}


def test_every_price_is_used_and_has_what_is_needed_to_judge_it() -> None:
    sources = "".join(file.read_text() for file in [*(ROOT / "infra/costs").glob("*.py"), *VERBS])
    for price in prices().values():
        assert f'"{price.key}"' in sources, price.key
        assert price.unit and price.region and price.date and price.price_usd >= 0


def test_every_function_that_builds_a_key_is_in_the_data_page() -> None:
    assert set(data_page.functions()) == {*data_page.KEYS, *data_page.LISTS, *data_page.IDS}


def test_no_code_of_the_product_scans_a_table() -> None:
    for file in PRODUCT:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Attribute):
                assert node.attr != "scan", f"{file.name}:{node.lineno}"
            if isinstance(node, ast.Constant):
                assert node.value not in ("scan", "Scan", "dynamodb:Scan"), f"{file.name}:{node.lineno}"
    allowed = re.findall(r"dynamodb:\w+", (ROOT / "template.yaml").read_text())
    assert "dynamodb:Query" in allowed and "dynamodb:Scan" not in allowed


# --- the rules the units are computed by --------------------------------------------------------


def test_sizes_and_units_follow_dynamodbs_rules() -> None:
    item: Item = {"pk": {"S": "ä"}, "n": {"N": "-12300"}, "l": {"L": [{"S": "ab"}]}, "m": {"M": {"k": {"BOOL": True}}}}
    # pk: 2 + 2; n: 1 + (three digits in two bytes, one byte, one for the sign); l: 1 + 3 + 1 + 2; m: 1 + 3 + 1 + 1 + 1
    assert item_bytes(item) == 4 + 5 + 7 + 7
    assert [write_units(size) for size in (0, 1024, 1025)] == [1, 1, 2]
    assert [read_units(size, consistent=False) for size in (0, 4096, 4097)] == [0.5, 0.5, 1.0]


def test_an_index_is_charged_for_what_changes_in_it() -> None:
    whole = Index("lists", ("list_pk", "list_sk"), whole=True)
    narrow = Index("work", ("work_pk", "work_sk"), whole=False)
    bare = {"pk": {"S": "a"}, "sk": {"S": "b"}}
    listed = {**bare, "list_pk": {"S": "x"}, "list_sk": {"S": "1"}}
    both = (whole, narrow)
    assert change_units({}, bare, both, transactional=False) == (1, 0)
    assert change_units(bare, listed, both, transactional=True) == (2, 1)
    assert change_units(listed, {**listed, "list_sk": {"S": "2"}}, both, transactional=False) == (1, 2), "out and in"
    assert change_units(listed, {**listed, "text": {"S": "t" * 2000}}, both, transactional=False) == (2, 2)
    due = {**bare, "work_pk": {"S": "w"}, "work_sk": {"S": "1"}}
    assert change_units(due, {**due, "text": {"S": "t"}}, both, transactional=False) == (1, 0), "keys only"
    assert change_units(listed, bare, both, transactional=False) == (1, 1)


# --- the walk -----------------------------------------------------------------------------------


def test_the_picture_has_the_states_of_the_definition_and_no_others() -> None:
    page_text = picture.PAGE.read_text()
    chart = page_text.partition(picture.BEGIN)[2].partition(picture.END)[0]
    drawn = set(re.findall(r"^    (\w+)(?:\[|\(|\{)", chart, re.MULTILINE)) - {"start", "finish"}
    assert drawn == set(picture.definition()["States"])
    named = set(re.findall(r"-->(?:\|[^|]*\|)? (\w+)$", chart, re.MULTILINE)) - {"finish"}
    assert named == drawn, "every state is reached"


def test_the_picture_on_the_page_is_that_of_today() -> None:
    assert picture.placed(picture.PAGE.read_text()) == picture.PAGE.read_text(), "run: python -m infra.workflow.picture"


def test_the_picture_shows_every_way_between_states() -> None:
    states = picture.definition()["States"]
    drawn = {(here, there) for here, there, _ in edges(states)}
    assert drawn == {(name, target) for name, state in states.items() for target in targets(state)}


@pytest.mark.parametrize(
    "name", ["walk.md", "runbook.md", "costs.md", "data.md", "adding-a-provider.md", "decisions.md", "media.md"]
)
def test_every_file_a_document_names_exists(name: str) -> None:
    text = (DOCS / name).read_text()
    named = set(re.findall(r"`((?:functions|layers|infra|frontend|tests|docs)/[\w./-]+)`", text))
    assert named or name == "costs.md"
    missing = [path for path in named if not (ROOT / path).exists()]
    assert not missing


# --- the runbook --------------------------------------------------------------------------------

RUNBOOK = (DOCS / "runbook.md").read_text()


def test_every_alarm_of_the_template_has_a_chapter() -> None:
    alarms = {n for n, r in read()["Resources"].items() if r["Type"] == "AWS::CloudWatch::Alarm"}
    assert alarms and alarms <= set(re.findall(r"^### (\w+)$", RUNBOOK, re.MULTILINE))


def test_what_each_alarm_costs_stands_in_the_runbook_and_at_the_parameter() -> None:
    parameters = read()["Parameters"]
    assert parameters["Alarms"]["Default"] == "off"
    each = usd_of(1)
    told = {
        name: (int(metrics), float(price))
        for name, metrics, price in re.findall(r"^\| (\w+Alarm) \|[^|]+\| (\d+) \| ([\d.]+) \|$", RUNBOOK, re.MULTILINE)
    }
    watched = {
        name: sum("MetricStat" in metric for metric in resource["Properties"].get("Metrics", [])) or 1
        for name, resource in read()["Resources"].items()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
    }
    assert told == {name: (metrics, round(each * metrics, 2)) for name, metrics in watched.items()}
    assert f"{idle.watched()} metrics, {usd_of(idle.watched()):.2f} USD a month" in parameters["Alarms"]["Description"]


def usd_of(metrics: int) -> float:
    """List price a month of alarms on that many metrics."""
    return float(prices()["cw_alarm"].usd(metrics))


def test_an_alarm_on_a_counter_of_ours_watches_every_provider_and_a_counter_that_exists() -> None:
    polled = read()["Resources"]["PollFunction"]["Properties"]["Events"].values()
    providers = {json.loads(event["Properties"]["Input"])["provider"] for event in polled}
    source = "".join(file.read_text() for file in PRODUCT)
    found = 0
    for name, resource in read()["Resources"].items():
        if resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in resource["Properties"]:
            metrics = [m["MetricStat"]["Metric"] for m in resource["Properties"]["Metrics"] if "MetricStat" in m]
            assert {m["Dimensions"][0]["Value"] for m in metrics} == providers, name
            (counter,) = {m["MetricName"] for m in metrics}
            assert f'"{counter}"' in source, name
            found += 1
    assert found >= 3


def test_every_resource_and_output_the_runbook_asks_for_exists() -> None:
    resources, outputs = set(idle.resources()), set(read()["Outputs"])
    asked = set(re.findall(r"\$\(id (\w+)\)", RUNBOOK)) | {f"{f}LogGroup" for f in re.findall(r"`logs (\w+)", RUNBOOK)}
    for functions in re.findall(r"^for f in ([\w ]+); do", RUNBOOK, re.MULTILINE):
        asked |= {f"{f}Function" for f in functions.split()}
    assert asked and asked <= resources, asked - resources
    wanted = set(re.findall(r"\$\(out (\w+)", RUNBOOK))
    assert wanted and wanted <= outputs, wanted - outputs


def test_every_log_line_code_and_counter_the_runbook_names_is_in_the_code() -> None:
    constants = {
        node.value
        for file in PRODUCT
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    first = {"webhook", "ingest", "intake", "sweep", "workflow", "account", "poll", "reply", "x"}
    named = {n for n in re.findall(r"`([a-z]+\.[a-z_]+)`", RUNBOOK) if n.split(".")[0] in first}
    named |= {n for n in ("poison", "webhook_missed", "sig_bad", "crc", "reply_valid_seconds") if f"`{n}`" in RUNBOOK}
    built = {f"reply.{state}" for state in ("human", "failed")}  # reply.{state}, by sending._ended
    fields = set(re.findall(r"^    (\w+):", (ROOT / "layers/hark/hark/domain/policy.py").read_text(), re.MULTILINE))
    assert named and named <= constants | built | fields, named - constants - built - fields


def test_every_operator_command_in_the_runbook_is_understood() -> None:
    commands = re.findall(r"^python -m hark\.operator (.+?)(?: < \S+)?$", RUNBOOK, re.MULTILINE)
    given = [operator._parser().parse_args(shlex.split(command)) for command in commands]
    assert {arguments.command for arguments in given} == {"connect", "invite", "remove", "policy", "ledger"}


def test_the_keys_in_the_runbooks_commands_are_those_of_the_table() -> None:
    assert keys.account("x", "5550001") == ("~#ACCOUNTS#x", "5550001") and '"~#ACCOUNTS#x"' in RUNBOOK
    assert keys.quarantine("x", b"").pk.startswith("~#QUARANTINE#") and '"~#QUARANTINE#"' in RUNBOOK
    assert keys.work(0) == "~#WORK#0" and '"~#WORK#0"' in RUNBOOK
    assert keys.REPLY_PREFIX == "OUT#" and '"OUT#"' in RUNBOOK


def test_no_token_stands_in_an_address_or_argument_of_a_command() -> None:
    for line in RUNBOOK.splitlines():
        if "curl" in line and "api.x.com" in line:
            assert re.search(r"--header @\S+\.header", line), line
    assert not re.search(r"[?&](access_)?token=", RUNBOOK) and "Bearer $" not in RUNBOOK
