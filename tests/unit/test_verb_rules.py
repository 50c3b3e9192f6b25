"""The rules of the verbs as data: whole, priced as listed, packed with the code."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import hark
import pytest
from hark.domain import verbs as interpreter
from hark.domain.failures import FAILINGS, PLATFORMS
from hark.domain.verb_table import ACTING, ANY, SAYING, Condition, Name, Table, rules, table
from pydantic import ValidationError

from infra.expand import ROOT

PRICES = {p["key"]: p["price_usd"] for p in json.loads((ROOT / "infra/costs/prices.json").read_text())["prices"]}


def test_every_rule_is_the_first_of_its_verb_somewhere() -> None:
    for rule in table().rule:
        assert rule.platform == ANY or all(rule in rules(rule.platform, surface) for surface in rule.surfaces)


def test_every_platform_with_rules_has_a_name_for_people() -> None:
    assert {rule.platform for rule in table().rule} == {*PLATFORMS, ANY}


def test_every_price_of_a_platform_is_that_of_the_price_list() -> None:
    priced = [rule.price for rule in table().rule if rule.price]
    assert priced
    for price in priced:
        assert PRICES[price.key] == price.usd
        assert (price.with_link_usd is None) == (price.with_link_key == "")
        assert price.with_link_usd is None or PRICES[price.with_link_key] == price.with_link_usd


def test_every_condition_can_be_told_and_the_interpreter_names_no_platform() -> None:
    assert set(interpreter._CONDITIONS) == set(get_args(Condition))
    source = Path(interpreter.__file__).read_text().partition("def verbs(")[2]
    assert source and not [platform for platform in PLATFORMS if f'"{platform}"' in source]


def test_verbs_either_say_something_or_act_or_are_for_people() -> None:
    assert set(get_args(Name)) == SAYING | ACTING | {"by_hand"} and not SAYING & ACTING


def raw(**other: Any) -> dict[str, Any]:
    """A table with one whole rule, changed by `other`."""
    dm = {
        "platform": "y", "surfaces": ["direct"], "verb": "dm", "limit": 9, "counting": "characters",
        "unless": {"never_wrote": "said"}, "clock": "last_inbound", "phases": [{"hours": 1}], "over": "said",
    }  # fmt: skip
    rule = {name: value for name, value in {**dm, **other}.items() if value is not None}
    return {
        "paused": "said", "paused_by_hand": "said", "everywhere": {"gone": "said"}, "rule": [rule],
        "sentences": {"said": "No."},
    }  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"limits": 3}, id="a field nobody knows"),
        pytest.param({"verb": "shout"}, id="a verb nobody knows"),
        pytest.param({"surfaces": ["wall"]}, id="a surface nobody knows"),
        pytest.param({"unless": {"full_moon": "said"}}, id="a condition nobody can tell"),
        pytest.param({"unless": {"never_wrote": "unsaid"}}, id="a code without a sentence"),
        pytest.param({"unless": None}, id="a window that nobody opened"),
        pytest.param({"limit": None}, id="no limit"),
        pytest.param({"counting": None}, id="no counting"),
        pytest.param({"counting": "pages"}, id="a counting nobody knows"),
        pytest.param({"verb": "hide"}, id="a limit for what has no text"),
        pytest.param({"clock": None}, id="phases without a clock"),
        pytest.param({"phases": None}, id="a clock without phases"),
        pytest.param({"over": None}, id="no code for the end"),
        pytest.param({"phases": [{}], "over": "said"}, id="a code for an end that does not come"),
        pytest.param({"phases": [{"hours": 2}, {"hours": 1}]}, id="phases out of order"),
        pytest.param({"phases": [{}, {"hours": 1}]}, id="a phase after one without an end"),
        pytest.param({"phases": [{"hours": 1, "feature": "f"}]}, id="a feature without a code"),
        pytest.param({"price": {"usd": -1, "key": "k"}}, id="a price below nothing"),
    ],
)
def test_a_table_that_is_not_whole_is_refused(wrong: Mapping[str, Any]) -> None:
    assert Table.model_validate(raw()).rule
    with pytest.raises(ValidationError):
        Table.model_validate(raw(**wrong))


def test_a_sentence_that_nothing_says_is_refused() -> None:
    unused = raw()
    unused["sentences"]["more"] = "Never."
    with pytest.raises(ValidationError, match="more"):
        Table.model_validate(unused)


def test_no_failure_has_a_second_sentence_here() -> None:
    assert not set(table().sentences) & set(FAILINGS)


def test_the_table_is_packed_into_the_layer(tmp_path: Path) -> None:
    layer = Path(hark.__file__).parent.parent
    made = subprocess.run(
        ["make", "-s", "-C", str(layer), "build-HarkLayer", f"ARTIFACTS_DIR={tmp_path}"],
        capture_output=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    code = "from hark.domain import verb_table; print(verb_table.__file__, len(verb_table.table().rule))"
    environment = {"PYTHONPATH": str(tmp_path / "python")}
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.split() == [str(tmp_path / "python/hark/domain/verb_table.py"), str(len(table().rule))]
