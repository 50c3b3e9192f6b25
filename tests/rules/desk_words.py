"""The words of the desk and where its modules ask for them: read from the files, without a browser."""

from __future__ import annotations

import json
import re
import runpy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from infra.expand import ROOT

FRONTEND = ROOT / "frontend"
FORMS = {
    "en": ("one", "other"),
    "lv": ("zero", "one", "other"),
    "ru": ("one", "few", "many", "other"),
    "ms": ("other",),
    "he": ("one", "two", "other"),
    "ar": ("zero", "one", "two", "few", "many", "other"),
}
"""Plural forms that `Intl.PluralRules` asks for in each language of the desk."""
SAYS_ITS_NUMBER = {
    "en": ("one",), "lv": (), "ru": (), "ms": (), "he": ("one", "two"), "ar": ("zero", "one", "two"),
}  # fmt: skip
"""Forms that stand for one number alone, so that their words may say it instead of `{n}`."""
FIRST = ("app.js", "ui/conversation-pane.js", "core/changes.js", "core/replies.js")
"""What these modules and all that they import say stands in `i18n/`; everything else may stand in `i18n/later/`."""
LABELS = ("core/keys.js",)
"""Names keys of words for others to show; says nothing itself."""
ELSEWHERE = {
    "core/health.js": (r"reason\..+", r"problem\..+"),
}
"""Keys that a module puts together from a code of the server, piece by piece."""
NAMES = {
    "core/health.js": {"kind": "reason|problem"},
    "ui/bubbles.js": {"kind": r"human|human\.act", "audience": "public|private"},
    "ui/chips.js": {"audience": "public|private"},
    "ui/mode-choice.js": {"audience": "public|note"},
}
"""What a name that begins a key may stand for, by module."""

Entry = str | dict[str, str]
IMPORT = re.compile(r'^(?:import|export)\b[^;]*?from "(\.[^"]+)";', re.MULTILINE)
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'')
without_comments: Callable[[str], str] = runpy.run_path(str(FRONTEND / "pack.py"))["without_comments"]


@dataclass(frozen=True)
class Asked:
    """One call of `t` or `tNodes`: patterns of the keys it may ask for, and the names it gives, if it tells them."""

    patterns: tuple[str, ...]
    given: frozenset[str] | None


def words(language: str, folder: str = "") -> dict[str, Entry]:
    """The words of one file.

    Raises:
        ValueError: a key stands twice.
    """

    def once(pairs: list[tuple[str, Entry]]) -> dict[str, Entry]:
        read = dict(pairs)
        if len(read) < len(pairs):
            names = [key for key, _ in pairs]
            raise ValueError(f"twice in {folder}{language}: {sorted({key for key in names if names.count(key) > 1})}")
        return read

    read: dict[str, Entry] = json.loads(
        (FRONTEND / "i18n" / folder / f"{language}.json").read_text(encoding="utf-8"), object_pairs_hook=once
    )
    return read


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@cache
def source(module: str) -> str:
    return without_comments((FRONTEND / module).read_text(encoding="utf-8"))


def modules() -> list[str]:
    names = (file.relative_to(FRONTEND) for file in sorted(FRONTEND.rglob("*.js")))
    return [name.as_posix() for name in names if "vendor" not in name.parts]


def with_imports(*names: str) -> list[str]:
    """The modules and all that they import statically, directly or not."""
    found: list[str] = []
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name in found:
            continue
        found.append(name)
        folder = (FRONTEND / name).parent
        addresses = [] if "vendor" in Path(name).parts else IMPORT.findall(source(name))
        waiting += [(folder / address).resolve().relative_to(FRONTEND).as_posix() for address in addresses]
    return found


def literals(module: str) -> set[str]:
    """All plain strings of a module, inside templates too."""
    return {first or second for first, second in LITERAL.findall(source(module))}


@cache
def asked(module: str) -> list[Asked]:
    """Every key that the module asks for by a string or a template; one it was given by others is not seen."""
    found = []
    text = source(module)
    for call in re.finditer(r"(?<![\w.])(t|tNodes)\(", text):
        arguments = list(_arguments(text, call.end()))
        given = _names(arguments[1]) if len(arguments) > 1 else frozenset[str]()
        found.append(Asked(tuple(_patterns(arguments[0], NAMES.get(module, {}))), given))
    return found


def _arguments(text: str, start: int) -> Iterator[str]:
    """The arguments of the call that begins at `start`."""
    depth, begun, at = 0, start, start
    while at < len(text):
        here = text[at]
        if here in "\"'`":
            at = _past_string(text, at)
            continue
        if here in "([{":
            depth += 1
        elif here in ")]}":
            if depth == 0:
                yield text[begun:at]
                return
            depth -= 1
        elif here == "," and depth == 0:
            yield text[begun:at]
            begun = at + 1
        at += 1


def _past_string(text: str, at: int) -> int:
    quote = text[at]
    at += 1
    while text[at] != quote:
        if text[at] == "\\":
            at += 1
        elif quote == "`" and text.startswith("${", at):
            at = _past_expression(text, at + 2)
            continue
        at += 1
    return at + 1


def _past_expression(text: str, at: int) -> int:
    depth = 0
    while text[at] != "}" or depth:
        if text[at] in "\"'`":
            at = _past_string(text, at)
            continue
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return at + 1


def _patterns(argument: str, names: dict[str, str]) -> Iterator[str]:
    """Patterns of the keys that an expression can come to: its strings but those compared or given to another call."""
    at, inside = 0, 0
    while at < len(argument):
        if argument[at] not in "\"'`":
            inside += {"(": 1, ")": -1}.get(argument[at], 0)
            at += 1
            continue
        end = _past_string(argument, at)
        compared = re.search(r"[=!]==\s*$", argument[:at]) or re.match(r"\s*[=!]==", argument[end:])
        if not compared and not inside:
            inner = argument[at + 1 : end - 1]
            yield _pattern(inner, names) if argument[at] == "`" else re.escape(inner)
        at = end


def _pattern(template: str, names: dict[str, str]) -> str:
    pattern, at = "", 0
    while at < len(template):
        if template.startswith("${", at):
            end = _past_expression(template, at + 2)
            known = names.get(template[at + 2 : end - 1])
            pattern += f"(?:{known})" if known else ".*" if end == len(template) else ".+"
            at = end
            continue
        pattern += re.escape(template[at])
        at += 1
    return pattern


def _names(argument: str) -> frozenset[str] | None:
    """The names in an object literal; None for anything else."""
    inner = argument.strip()
    if not (inner.startswith("{") and inner.endswith("}")) or "..." in inner:
        return None
    parts = [part.strip() for part in _arguments(inner[1:-1] + ")", 0)]
    return frozenset(part.split(":")[0].strip() for part in parts if part)
