"""docs/openapi.json against the routes it speaks of, and against the page for people."""

from __future__ import annotations

import json
import re

import pytest

from infra.expand import ROOT
from infra.openapi import document
from infra.openapi.answers import broken_promise
from infra.openapi.operations import operation_of, operations, undeclared

PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")


def test_every_route_says_what_it_promises() -> None:
    assert undeclared() == []


def test_the_document_is_what_the_routes_promise() -> None:
    written = json.loads(document.PAGE.read_text("utf-8"))
    promised = document.document()
    assert written["paths"].keys() == promised["paths"].keys(), "run: python -m infra.openapi"
    for path, said in promised["paths"].items():
        assert written["paths"][path] == said, f"{path} is not as written; run: python -m infra.openapi"
    assert document.PAGE.read_text("utf-8") == document.text(), "run: python -m infra.openapi"


def test_every_reference_in_the_document_leads_somewhere() -> None:
    whole = document.document()
    references = set(re.findall(r'"\$ref": "#/components/(\w+)/([^"]+)"', json.dumps(whole)))
    assert len(references) > 50
    for kind, name in references:
        assert name in whole["components"][kind], (kind, name)


def test_every_operation_has_its_own_name_and_a_summary() -> None:
    names = [operation.name for operation in operations()]
    assert len(names) == len(set(names))
    assert [o.name for o in operations() if not o.contract.summary or o.contract.summary.endswith(".")] == []


def test_the_page_for_people_names_every_operation() -> None:
    said = {(method, re.sub(r"{\w+}", "{}", path)) for method, path in re.findall(r"`([A-Z]+) (/[^ ?`]*)", PAGE)}
    lacking = [
        f"{operation.method} {operation.path}"
        for operation in operations()
        if operation.path.startswith("/api/") and (operation.method, re.sub(r"{\w+}", "{}", operation.path)) not in said
    ]
    assert lacking == [], "add a row to the table of docs/api.md"


@pytest.mark.parametrize(
    ("status", "kind", "body", "wrong"),
    [
        (200, "application/json", '{"link": "l"}', "promises no 200"),
        (201, "application/json", '{"link": "l"}', "answers something else than Survey: text: Field required"),
        (201, "application/json", '{"link": "l", "text": "t", "more": 1}', "more: Extra inputs are not permitted"),
        (201, "application/json", '{"link": 1, "text": "t"}', "link: Input should be a valid string"),
        (201, "text/html", "<p>", "answers 201 with text/html"),
        (409, "application/problem+json", '{"code": "closed"}', "does not promise the code 'closed'"),
        (409, "application/problem+json", '{"code": "rated"}', "answers something else than Problem"),
        (409, "application/json", '{"code": "rated"}', "refuses with application/json"),
        (500, "application/json", "{}", "promises no 500"),
        (201, "application/json", '{"link": "l", "text": "t"}', ""),
    ],
)
def test_an_answer_that_no_route_promises_is_told(status: int, kind: str, body: str, wrong: str) -> None:
    found = broken_promise("POST", "/api/v1/conversations/c1/survey", status, kind, body)
    assert wrong in found if wrong else found == ""


def test_a_path_without_variables_goes_first() -> None:
    found = operation_of("POST", "/api/v1/canned/candidates"), operation_of("PATCH", "/api/v1/canned/candidates")
    assert [operation.name for operation in found if operation] == ["canned.promote", "canned.change"]
    assert operation_of("GET", "/api/v1/nothing") is None
