"""Every code the desk writes has a sentence for people, and no sentence is for a code that nobody writes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

import hark
import pytest
from hark.domain.policy import Level
from hark.domain.reasons import SENTENCES, sentence
from hark.domain.triage import tree
from hark.domain.verb_table import table

SOURCE = Path(hark.__file__).parent
CODE = re.compile(rf"({'|'.join(sorted({code.split('.')[0] for code in SENTENCES}))})\.[a-z_.]+")


def words(nodes: Sequence[ast.expr]) -> list[str]:
    """Those of the expressions that are plain strings."""
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


class Codes(ast.NodeVisitor):
    """Dotted codes in a module, without those of log lines and those that carry a sentence of their own."""

    def __init__(self) -> None:
        self.found: set[str] = set()
        self.ends: set[str] = set()
        self.states: set[str] = set()

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Attribute):
            if isinstance(node.func.value, ast.Name) and node.func.value.id == "log":
                return
            if node.func.attr == "_ended":  # (reply, state, code with its own sentence, sentence)
                self.states.update(s.attr for s in node.args[1:2] if isinstance(s, ast.Attribute))
                return
            if node.func.attr == "closed":
                self.ends.update(words(node.args[1:2]))
        self.ends.update(words([keyword.value for keyword in node.keywords if keyword.arg == "end"]))
        self.generic_visit(node)

    def visit_Tuple(self, node: ast.Tuple) -> None:
        match node.elts:
            case [ast.Attribute(value=ast.Name(id="State"), attr=state), ast.Constant(), ast.Constant()]:
                self.states.add(state)  # (state, code with its own sentence, sentence)
            case [ast.Name(), ast.Constant(), ast.JoinedStr()]:
                return  # the same, with a state and a sentence that depend on what is sent
            case _:
                self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and CODE.fullmatch(node.value):
            self.found.add(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self.found.update(f"{head}*" for head in words(node.values[:1]) if CODE.fullmatch(f"{head}x"))


def written() -> Iterator[str]:
    codes = Codes()
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).parts
        if parts[0] in ("domain", "desk", "store") and parts[-1] != "reasons.py":
            codes.visit(ast.parse(path.read_text()))
    endings = {
        "case.closed.": {end for end in codes.ends if end},
        "remind.": set(get_args(Level)),
        "reply.": {state.lower() for state in codes.states},
        # Occasions on which the desk says something by itself (`desk.automatic`): they name a reply and are no codes.
        "follow_up.": set[str](),
        "incident.": set[str](),
    }
    yield from tree().codes
    yield from (f"case.closed.{end}" for end in tree().ends)
    for code in codes.found:
        if code.endswith("*"):
            yield from (code[:-1] + ending for ending in endings[code[:-1]])
        else:
            yield code


def test_codes_are_found_in_the_source() -> None:
    found = set(written())
    known = {"case.opened", "case.closed.thanks", "case.closed.silence", "case.closed.agent", "triage.urgent"}
    assert known | {"remind.lead", "reply.human", "message.own_outside"} <= found
    assert "reply.pushed" not in found, "a word of the log"


def test_every_code_written_has_a_sentence() -> None:
    # What the verb table forbids has its sentence there.
    assert set(written()) - set(SENTENCES) - set(table().sentences) == set()


def test_every_sentence_is_for_a_code_that_is_written() -> None:
    assert set(SENTENCES) - set(written()) == set()


def test_sentences_are_sentences() -> None:
    for code, said in SENTENCES.items():
        assert said[0].isupper() and said.endswith("."), code
        assert len(set(SENTENCES.values())) == len(SENTENCES)


def test_an_unknown_code_is_an_error_and_no_empty_line() -> None:
    with pytest.raises(KeyError):
        sentence("case.unheard_of")
