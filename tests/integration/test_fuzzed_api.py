"""Whatever is sent to the API, made from its own document: no answer of ours is an accident, and none is undeclared.

schemathesis makes the requests, such as the document allows and such as it does not, and holds each answer against it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
import schemathesis
from hark import wiring
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode, Response
from schemathesis.checks import not_a_server_error
from schemathesis.core import NOT_SET
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from infra.openapi.document import document
from infra.openapi.operations import Operation, operations

from .browser import Answer
from .conftest import Clock, a_desk
from .whole_desk import WholeDesk, bodies, furnish

SCHEMA = schemathesis.openapi.from_dict(document())
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 2
"""Of each kind for each operation; more of them find more, and the gate has only so much time."""
CLOSED = {operation.name: operation for operation in operations() if not operation.open}


@pytest.fixture(scope="module")
def whole() -> Iterator[WholeDesk]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "clock", clock := Clock())
        with a_desk(clock, patch) as desk:
            yield furnish(desk)


@pytest.fixture(scope="module")
def known(whole: WholeDesk) -> dict[str, Any]:
    return bodies(whole)


@pytest.mark.parametrize("name", CLOSED)
def test_no_request_meets_an_accident_or_an_undeclared_answer(
    whole: WholeDesk, known: dict[str, Any], name: str
) -> None:
    operation = CLOSED[name]
    made = SCHEMA[operation.path][operation.method]
    here = {variable: whole.value(operation, variable) for variable in operation.variables}
    kinds = [
        made.as_strategy(),
        made.as_strategy(path_parameters=here),
        *([made.as_strategy(GenerationMode.NEGATIVE, path_parameters=here)] if operation.contract.body else []),
    ]

    @settings(
        max_examples=EXAMPLES * len(kinds), deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    @given(case=st.one_of(kinds), half=st.booleans(), honest=st.integers(0, 4))
    def asked(case: Case, half: bool, honest: int) -> None:
        whole.desk.clock.forward(seconds=10)
        said = case.body
        if half and isinstance(said, dict) and isinstance(known.get(name), dict):
            said = known[name] | {field: said[field] for field in list(said)[:1]}
        answer = sent(whole, operation, case, said, as_the_page=honest > 0)
        headers = {field: [value] for field, value in answer.headers.items()}
        request = requests.Request(operation.method, "https://desk.example.com" + case.formatted_path).prepare()
        case.validate_response(
            Response(answer.status, headers, answer.body.encode(), request, elapsed=0.1, verify=True), checks=CHECKS
        )

    with whole.as_if_nothing_had_happened():
        asked()


def sent(whole: WholeDesk, operation: Operation, case: Case, said: Any, *, as_the_page: bool) -> Answer:
    """What a lead is answered; `as_the_page`: with the headers that the desk's own page sends."""
    lead = whole.people["lea"]
    nothing = said is NOT_SET
    text = "" if nothing else said if isinstance(said, bytes) else json.dumps(said)
    if operation.reads or not as_the_page:
        query = urlencode(case.query or {}, doseq=True)
        headers = {str(field).lower(): str(value) for field, value in (case.headers or {}).items()}
        return lead.ask(operation.method, case.formatted_path, query, headers, text)
    return lead.send(
        operation.method, case.formatted_path.removeprefix("/api/v1/"), text,
        content_type="" if nothing else "application/json",
    )  # fmt: skip
