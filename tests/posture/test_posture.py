"""Foreign tools look at what we ship and at planted mistakes: they name those, and nothing else without a reason.

Each tool runs once, over both. Their environment is made by `make posture`, which is part of `make lint`.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from infra.expand import ROOT, expand
from infra.posture import tools
from infra.posture.finding import Finding, judged
from infra.posture.policies import policies

PLANTED_TEMPLATE = ROOT / "tests" / "rules" / "planted.yaml"
PLANTED_CODE = ROOT / "tests" / "posture" / "planted_code.txt"
pytestmark = pytest.mark.timeout(300)  # half a minute of processor, on a busy machine too

LAMBDA = [ROOT / "layers/hark/hark", ROOT / "functions"]
"""What runs in Lambda; tests and fakes in it are left out by the tools."""


def planted_code(folder: Path) -> Path:
    """As a file of code, outside of the folders that the tools leave out."""
    copy = folder / "planted_code.py"
    copy.write_text(PLANTED_CODE.read_text())
    return copy


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[Finding]]:
    """What bandit and semgrep find in our code, and (under `planted`) what both find in the planted file."""
    planted = planted_code(tmp_path_factory.mktemp("code"))
    found = {"bandit": tools.bandit([*LAMBDA, planted]), "semgrep": tools.semgrep([*LAMBDA, ROOT / "infra", planted])}
    ours = {tool: [each for each in all_ if each.where != planted.name] for tool, all_ in found.items()}
    both = [each for all_ in found.values() for each in all_ if each.where == planted.name]
    return {**ours, "planted": both}


def test_our_code_makes_none_of_the_mistakes_our_own_rules_know_i20_i27_i28(code: Mapping[str, list[Finding]]) -> None:
    assert judged("semgrep", code["semgrep"]) == []


def test_bandit_finds_nothing_in_what_runs_in_lambda_without_a_written_reason(
    code: Mapping[str, list[Finding]],
) -> None:
    assert judged("bandit", code["bandit"]) == []


def test_every_planted_mistake_in_code_is_named_and_no_line_that_is_right(code: Mapping[str, list[Finding]]) -> None:
    lines = PLANTED_CODE.read_text().splitlines()
    planted = {
        (number, rule.strip())
        for number, line in enumerate(lines, 1)
        if "  # planted: " in line
        for rule in line.split("  # planted: ")[1].split(",")
    }
    assert {(each.line, each.rule) for each in code["planted"]} == planted


def test_every_rule_of_our_own_has_a_planted_mistake() -> None:
    rules = set(re.findall(r"^  - id: (\S+)$", tools.CODE_RULES.read_text(), re.MULTILINE))
    assert len(rules) >= 15
    assert rules <= set(re.findall(r"[a-z-]+", " ".join(re.findall(r"# planted: (.*)", PLANTED_CODE.read_text()))))


# --- template -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[Finding]]:
    """checkov's failed checks of the expanded template, and of the planted one."""
    templates = {"ours": expand(), "planted": expand(PLANTED_TEMPLATE)}
    return tools.checkov(templates, tmp_path_factory.mktemp("templates"))


def test_checkov_finds_nothing_in_the_expanded_template_without_a_written_reason(
    failed: Mapping[str, list[Finding]],
) -> None:
    assert judged("checkov", failed["ours"]) == []


@pytest.mark.parametrize(
    ("check", "resource"),
    [
        ("CKV_AWS_28", "CostlyTable"),  # no continuous backup
        ("CKV_AWS_53", "OpenBucket"),  # nothing forbids that it is public
        ("CKV_AWS_20", "OpenBucket"),
        ("CKV_AWS_66", "EndlessLogGroup"),
        ("CKV_AWS_111", "MightyFunctionRole"),
    ],
)
def test_checkov_names_a_planted_mistake(failed: Mapping[str, list[Finding]], check: str, resource: str) -> None:
    assert (check, resource) in {(each.rule, each.where) for each in failed["planted"]}


def test_the_policies_grant_actions_that_exist_on_resources_that_have_them(tmp_path: Path) -> None:
    assert len(list(policies(expand()))) >= 20
    assert judged("parliament", tools.parliament(expand(), tmp_path)) == []


def test_parliament_names_planted_mistakes_in_policies(tmp_path: Path) -> None:
    found = {(each.rule, each.where) for each in tools.parliament(expand(PLANTED_TEMPLATE), tmp_path)}
    assert {("RESOURCE_STAR", "MightyFunctionRole"), ("UNKNOWN_ACTION", "MistakenFunctionRole")} <= found
    assert ("RESOURCE_MISMATCH", "MistakenFunctionRole") in found


# --- secrets ------------------------------------------------------------------------------------

NOT_SEARCHED = {
    ".png": "a picture",
    ".bin": "weights",
    ".lock": "hashes of packages",
    "layers/vendor/requirements.txt": "hashes of packages",
    "infra/posture/exceptions.toml": "words of lines that are searched where they stand",
    "docs/openapi.json": "written from the routes, which are searched",
    "frontend/vendor/": "published libraries, held by their checksums",
    "layers/hark/hark/reading/weights/": "figures",
    "tests/golden/": "sentences to read",
    "frontend/i18n/": "the desk's words in six languages, held by their own test",
}
"""Endings and beginnings of tracked paths that no secret can be in, each with the reason."""

MADE_UP = re.compile(r"(^|/)(tests|fake|fixtures|testkit)/|\.md$|\.json$")
"""Where made-up secrets and words of the desk are: searched for what has a form of its own, not for looks."""


@cache
def tracked() -> tuple[list[Path], list[Path]]:
    """Files under version control: those searched for all, and those with made-up secrets."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    searched = [
        name
        for name in listed
        if not name.endswith(tuple(NOT_SEARCHED))
        and not name.startswith(tuple(NOT_SEARCHED))
        and (ROOT / name).is_file()
    ]
    made_up = [name for name in searched if MADE_UP.search(name)]
    return [ROOT / name for name in searched if name not in set(made_up)], [ROOT / name for name in made_up]


def test_no_file_holds_a_secret_i28() -> None:
    plain, made_up = tracked()
    assert len(plain) > 300
    assert len(made_up) > 300
    assert judged("secrets", tools.secrets(plain) + tools.secrets(made_up, without=tools.GUESSING)) == []


def test_a_planted_secret_is_found_of_each_form(tmp_path: Path) -> None:
    # Put together here, so that no file of ours has the form of a secret.
    planted = {
        "AWS Access Key": "AKIA" + "Q3EGDT5JPLW7XHMZ",
        "GitHub Token": "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
        "JSON Web Token": "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiJkYW5hIn0" + ".c2lnbmF0dXJlLW9mLW5vYm9keQ",
        "Private Key": "-----BEGIN " + "RSA PRIVATE KEY-----",
        "Slack Token": "xox" + "b-1234567890-abcdefghijklmnop",
        "Secret Keyword": 'client_secret = "pT4' + 'mN8vQ2xZ"',
    }
    files = []
    for number, text in enumerate(planted.values()):
        files.append(tmp_path / f"planted{number}.py")
        files[-1].write_text(f"{text}\n" if "=" in text else f'given = "{text}"\n')
    found = Counter(each.rule for each in tools.secrets(files))
    assert set(planted) <= set(found)
    blind = Counter(each.rule for each in tools.secrets(files, without=tools.GUESSING))
    assert set(planted) - {"Secret Keyword"} <= set(blind)
