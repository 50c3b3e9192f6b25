"""Who may import whom in the product's code, and what its files may be called."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from infra.lint.problem import Problem

HARK = Path("layers/hark/hark")
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "shared"}
"""Names that say nothing of what is inside."""

_STANDARD = set(sys.stdlib_module_names)
_SDK = {"boto3", "botocore", "mypy_boto3_dynamodb"}
_OUTSIDE = {"infra", "tests", "functions"}
_TEST_KIT = {"tests", "fake", "fixtures", "testkit"}
"""What only tests and the local cloud use: left out of the layer, and unknown to everything that is in it."""

PROVIDER_SDKS = {"x": {"tweepy", "requests", "requests_oauthlib", "urllib3", "twitter_text"}}
"""Third-party packages by provider: its SDK and what that is made of."""

_SHARED_BY_PROVIDERS = {"contract", "http", "signature", "strict_json", "clean_text"}


def check(root: Path) -> list[Problem]:
    """All problems of the code under a checkout."""
    problems: list[Problem] = []
    for file in sorted((root / HARK).rglob("*.py")):
        inside = file.relative_to(root / HARK)
        if _TEST_KIT.isdisjoint(inside.with_suffix("").parts):
            problems += [Problem("import", str(file.relative_to(root)), why) for why in _layer(file, inside.parts)]
    for file in sorted((root / "functions").rglob("*.py")):
        problems += [Problem("import", str(file.relative_to(root)), why) for why in _function(file, root)]
    return problems + list(_file_names(root))


def imported(file: Path) -> set[str]:
    """Dotted names a file imports, at its top or later; what stands under TYPE_CHECKING is left out."""
    found: set[str] = set()
    ahead: list[ast.AST] = [ast.parse(file.read_text())]
    while ahead:
        node = ahead.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            ahead.extend(node.orelse)
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        ahead.extend(ast.iter_child_nodes(node))
    return found


def _layer(file: Path, parts: tuple[str, ...]) -> Iterator[str]:
    package = parts[0]
    for name in sorted(imported(file)):
        top, *rest = name.split(".")
        if top in _OUTSIDE or (top == "hark" and not _TEST_KIT.isdisjoint(rest)):
            yield f"imports {name}: the product knows nothing of it"
        elif package == "domain" and not _allowed_in_domain(top, rest, parts[1:]):
            yield f"imports {name}: the domain knows only itself, the standard library and pydantic"
        elif package == "fetch" and not (top in _STANDARD or (top == "hark" and rest[:1] == ["fetch"])):
            yield f"imports {name}: the fetcher knows only itself and the standard library"
        elif package == "providers" and len(parts) > 2:
            yield from _provider(parts[1], name, top, rest)
        elif package == "store" and rest[:1] and rest[0] in ("desk", "providers", "web"):
            yield f"imports {name}: the store knows the domain only"
        elif package == "desk" and rest[:1] == ["providers"] and rest[1:2] and rest[1] not in _SHARED_BY_PROVIDERS:
            yield f"imports {name}: use-cases know the contract, not a provider"


PURE: dict[str, frozenset[str]] = {
    "holidays": frozenset({"calendar"}),  # what a year is made of
    "rule_engine": frozenset({"conditions"}),  # conditions that people write
    "phonenumbers": frozenset({"personal_search"}),  # what a telephone number looks like
    "stdnum": frozenset({"personal_search"}),  # check digits
    "regex": frozenset({"splitting"}),  # where a grapheme ends
}
"""Third-party rules without a network, a file or a clock, each with the modules of the domain that may ask it."""


def _allowed_in_domain(top: str, rest: list[str], file: tuple[str, ...]) -> bool:
    if top in PURE:
        return file[-1].removesuffix(".py") in PURE[top]
    return top in _STANDARD | {"pydantic"} or (top == "hark" and rest[:1] == ["domain"])


def _provider(provider: str, name: str, top: str, rest: list[str]) -> Iterator[str]:
    if top in _SDK:
        yield f"imports {name}: a provider does not use AWS"
    elif top == "hark":
        known = rest[:1] == ["domain"] or (
            rest[:1] == ["providers"] and (len(rest) < 2 or rest[1] in {provider, *_SHARED_BY_PROVIDERS})
        )
        if not known:
            yield f"imports {name}: a provider knows the domain, the contract and itself"
    elif top not in _STANDARD | {"pydantic"} | PROVIDER_SDKS.get(provider, set()):
        yield f"imports {name}: not of provider {provider}"


def _function(file: Path, root: Path) -> Iterator[str]:
    own = {sibling.stem for sibling in file.parent.glob("*.py")}
    others = {folder.name for folder in (root / "functions").iterdir() if folder != file.parent}
    for name in sorted(imported(file)):
        top, *rest = name.split(".")
        if top in _OUTSIDE or (top in others and top not in own):
            yield f"imports {name}: a function stands alone"
        elif top == "hark" and rest[:1] == ["providers"] and rest[1:2] and rest[1] not in _SHARED_BY_PROVIDERS:
            yield f"imports {name}: a function does not know a provider"


def _file_names(root: Path) -> Iterator[Problem]:
    for folder in ("layers/hark", "functions", "infra", "tests", "frontend"):
        for file in (root / folder).rglob("*"):
            if file.stem in BANNED_NAMES and "node_modules" not in file.parts and "vendor" not in file.parts:
                yield Problem("file-name", str(file.relative_to(root)), "says nothing of what is inside")
