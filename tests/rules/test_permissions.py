"""The comparison of what functions may do with what they did, in both directions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from infra.lint import permissions
from infra.lint.permissions import Used, allowed, functions, main, missing, unused, workflow


def everything() -> set[Used]:
    """Every permission."""
    return {(function, action, where) for function in functions() for action, where in allowed(function)}


def test_what_is_called_and_not_allowed_is_named() -> None:
    assert missing("relay", "dynamodb", "PutItem", {}) == ["relay: dynamodb:PutItem on table"]
    assert missing("triage", "dynamodb", "Query", {"IndexName": "work"}) == ["triage: dynamodb:Query on index:work"]
    assert missing("webhook", "dynamodb", "PutItem", {}) == []


def test_a_transaction_takes_what_its_parts_take() -> None:
    parts: dict[str, Any] = {"TransactItems": [{"ConditionCheck": {}}, {"Put": {}}, {"Delete": {}}]}
    assert missing("webhook", "dynamodb", "TransactWriteItems", parts) == [
        "webhook: dynamodb:ConditionCheckItem on table",
        "webhook: dynamodb:DeleteItem on table",
    ]


def test_what_is_allowed_and_never_called_is_named() -> None:
    used = everything()
    assert unused(used) == []
    gone = ("webhook", "dynamodb:PutItem", "table")
    assert [str(problem) for problem in unused(used - {gone})] == [
        "permission: webhook: may dynamodb:PutItem on table and never does"
    ]


def test_an_exception_for_what_is_not_allowed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permissions, "UNSEEN", {("webhook", "dynamodb:DeleteItem", "table"): "a planted one"})
    assert [str(problem) for problem in unused(everything())] == [
        "permission: webhook: dynamodb:DeleteItem on table is not allowed, so it is no exception"
    ]


def test_nothing_written_down_is_no_proof(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    (tmp_path / "1.json").write_text(json.dumps(sorted(everything())))
    assert main([str(tmp_path)]) == 0
    assert "each is used, or says why not" in capsys.readouterr().out


def test_the_workflow_may_call_what_its_definition_calls_and_nothing_else() -> None:
    assert workflow() == []
