"""`python pack.py <folder>`: puts a compressed form of each file beside it, when the layer is built.

There is still nothing to compile. The compressed form of our own scripts goes without their comments, a quarter of
their bytes; line breaks stay, so that a line number in an error is the source's.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

try:
    import brotli
except ImportError:
    brotli = None

PACKED = {".css", ".html", ".js", ".json", ".map", ".svg", ".txt", ".webmanifest"}
BEFORE_REGEX = set("(,=:[!&|?{};+-*%<>~^\n")
WORDS_BEFORE_REGEX = ("return", "typeof", "case", "of", "in")


def without_comments(script: str) -> str:
    """The same script without comments, with as many lines.

    Raises:
        ValueError: it could not be read to its end as strings, templates, expressions and comments.
    """
    kept: list[str] = []
    braces: list[int] = []  # open braces within each `${` that we are in
    at, in_template = 0, False
    while at < len(script):
        here, two = script[at], script[at : at + 2]
        if in_template:
            end = at + (2 if here == "\\" or two == "${" else 1)
            if here == "`" or two == "${":
                in_template = False
            if two == "${":
                braces.append(0)
        elif two == "//":
            at = _found(script, "\n", at, len(script))
            _trim(kept)
            continue
        elif two == "/*":
            end = _found(script, "*/", at) + 2
            lines = script.count("\n", at, end)
            if lines:
                _trim(kept)
                kept.append("\n" * lines)
            at = end + (script[end : end + 1] == " ")
            continue
        elif here in "\"'" or (here == "/" and _starts_regex(kept)):
            end = _end_of_literal(script, at)
        else:
            end = at + 1
            if here == "`":
                in_template = True
            elif here == "{" and braces:
                braces[-1] += 1
            elif here == "}" and braces:
                if braces[-1] == 0:
                    braces.pop()
                    in_template = True
                else:
                    braces[-1] -= 1
            elif here == "\n":
                _trim(kept)
        kept.append(script[at:end])
        at = end
    if in_template or braces:
        raise ValueError("a template does not end")
    return "".join(kept)


def _trim(kept: list[str]) -> None:
    while kept and kept[-1] in (" ", "\t"):
        kept.pop()


def _found(script: str, what: str, at: int, otherwise: int = -1) -> int:
    place = script.find(what, at)
    if place < 0 and otherwise < 0:
        raise ValueError(f"no {what} after {at}")
    return place if place >= 0 else otherwise


def _starts_regex(kept: list[str]) -> bool:
    before = "".join(kept[-40:]).rstrip(" ")
    return not before or before[-1] in BEFORE_REGEX or before.split()[-1] in WORDS_BEFORE_REGEX


def _end_of_literal(script: str, at: int) -> int:
    quote, in_class = script[at], False
    end = at + 1
    while end < len(script) and script[end] != "\n":
        here = script[end]
        if here == "\\":
            end += 1
        elif quote == "/" and here in "[]":
            in_class = here == "["
        elif here == quote and not in_class:
            return end + 1
        end += 1
    raise ValueError(f"what begins at {at} does not end on its line")


def packed(root: Path, file: Path) -> dict[str, bytes]:
    """The compressed forms by suffix, each only where it is shorter than the file."""
    plain = file.read_bytes()
    source = plain
    if file.suffix == ".js" and "vendor" not in file.relative_to(root).parts:
        source = without_comments(plain.decode()).encode()
    forms = {".gz": gzip.compress(source, 9, mtime=0)}
    if brotli:
        forms[".br"] = brotli.compress(source, quality=11)
    return {suffix: form for suffix, form in forms.items() if len(form) < len(plain)}


def main(folder: str) -> None:
    root = Path(folder)
    if brotli is None:
        print("no brotli here: the layer goes with gzip only")
    for file in sorted(root.rglob("*")):
        if file.is_file() and file.suffix in PACKED:
            for suffix, form in packed(root, file).items():
                file.with_name(file.name + suffix).write_bytes(form)


if __name__ == "__main__":
    main(sys.argv[1])
