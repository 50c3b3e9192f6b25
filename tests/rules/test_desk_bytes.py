"""What the desk weighs before it can be worked with, as the layer is packed (desk-ui.md, section 8)."""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.expand import ROOT

FRONTEND = ROOT / "frontend"
PACK: dict[str, Any] = runpy.run_path(str(FRONTEND / "pack.py"))
WITHOUT_COMMENTS: Callable[[str], str] = PACK["without_comments"]
KIB = 1024
IMPORT = re.compile(r'^(?:import|export)\b[^;]*?from "(\.[^"]+)";', re.MULTILINE)
BY_ITSELF = ("ui/toast-list.js",)
"""Loaded beside what `app.js` asks for once the list stands: keys, polling. Bands of accounts come when one is ill."""


def with_imports(*names: str) -> list[str]:
    """The modules and all that they import statically, directly or not."""
    found: list[str] = []
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name in found:
            continue
        found.append(name)
        file = FRONTEND / name
        addresses = IMPORT.findall(file.read_text(encoding="utf-8"))
        waiting += [(file.parent / address).resolve().relative_to(FRONTEND).as_posix() for address in addresses]
    return found


def brotli(*names: str) -> int:
    """Bytes on the wire of these files, each packed by itself."""
    return sum(len(PACK["packed"](FRONTEND, FRONTEND / name)[".br"]) for name in names)


def own_scripts() -> list[Path]:
    return [file for file in sorted(FRONTEND.rglob("*.js")) if "vendor" not in file.relative_to(FRONTEND).parts]


def test_the_page_preloads_just_the_modules_that_the_first_one_imports() -> None:
    page = (FRONTEND / "index.html").read_text(encoding="utf-8")
    named = re.findall(r'rel="modulepreload" href="/a/\{\{hash\}\}/([^"]+)"', page)
    assert sorted(named) == sorted(set(with_imports("app.js")) - {"app.js"})


def test_queue_and_conversation_are_at_most_40_kib_of_scripts_and_6_of_styles() -> None:
    scripts = brotli(*with_imports("app.js", "ui/conversation-pane.js"))
    styles = brotli("style.css")
    print(f"scripts {scripts / KIB:.1f} KiB, styles {styles / KIB:.1f} KiB")
    assert scripts <= 40 * KIB
    assert styles <= 6 * KIB


def test_all_that_loads_by_itself_is_at_most_50_kib_of_scripts() -> None:
    asked = re.findall(r'import\("\./([^"]+)"\)', (FRONTEND / "app.js").read_text(encoding="utf-8"))
    assert "core/commands.js" in asked
    scripts = brotli(*with_imports("app.js", "ui/conversation-pane.js", *asked, *BY_ITSELF))
    print(f"scripts {scripts / KIB:.1f} KiB")
    assert scripts <= 50 * KIB


def test_what_the_list_needs_before_it_is_seen_is_at_most_40_kib_in_every_language() -> None:
    code = brotli("index.html", "style.css", "icon.svg", *with_imports("app.js"))
    for words in sorted(FRONTEND.glob("i18n/*.json")):
        whole = code + brotli(words.relative_to(FRONTEND).as_posix())
        print(f"{words.stem}: {whole / KIB:.1f} KiB")
        assert whole <= 40 * KIB, words.stem


def test_a_script_without_comments_is_the_same_script_line_by_line() -> None:
    for file in own_scripts():
        script = file.read_text(encoding="utf-8")
        bare = WITHOUT_COMMENTS(script)
        assert bare.count("\n") == script.count("\n"), file
        assert WITHOUT_COMMENTS(bare) == bare, file
        for before, after in zip(script.splitlines(), bare.splitlines(), strict=True):
            assert after == before.rstrip() or "/" in before or before.lstrip().startswith("*") or not after, file


@pytest.mark.parametrize(
    ("script", "bare"),
    [
        ("a(); // said\nb();", "a();\nb();"),
        ("/** @type {X} */ (a).b", "(a).b"),
        ("/* two\n lines */\nc();", "\n\nc();"),
        ("d(\"// not a comment\", '/* nor */')", None),
        ("e = /[/*`\"']/.test(x) // y", "e = /[/*`\"']/.test(x)"),
        ("f = a / b / c; // d", "f = a / b / c;"),
        ("g = html`// ${h(/* i */ `/* ${j} // */`)} // k`", "g = html`// ${h(`/* ${j} // */`)} // k`"),
        ("l = `${{ m: {} }} // n`", None),
        (r"o = `\` // p`", None),
        (r"q = /\// // r", r"q = /\//"),
        ("return /s'/", None),
    ],
)
def test_only_comments_go(script: str, bare: str | None) -> None:
    assert WITHOUT_COMMENTS(script) == (script if bare is None else bare)


@pytest.mark.parametrize("script", ["a = `b", "/* c", 'd = "e', "f = `${g"])
def test_a_script_that_cannot_be_read_is_not_packed(script: str) -> None:
    with pytest.raises(ValueError, match=r"end|no "):
        WITHOUT_COMMENTS(script)
