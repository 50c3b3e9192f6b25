"""What holds for every route of the document: who may ask it, and what is refused whatever it is for.

Rows H30-H32, H34, H35, H37-H40 and H48 of the invariants, section 5B.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hark import wiring
from hark.domain.programs import SCOPES
from hark.web.app import HEADERS
from hark.web.contract import CURSOR

from infra.openapi.document import document
from infra.openapi.operations import Operation, operations

from .browser import Answer
from .conftest import BRAND, Clock, a_desk
from .whole_desk import ALL_SCOPES, PLAIN, QUERIES, ROLES, WholeDesk, bodies, furnish, written

KEPT_OUT = {(403, "read_only"), (403, "leads_only"), (403, "operators_only")}
ALIKE_FOR_ALL = {"media.of_person": 204, "session.revoke": 204}
"""Says for every person that there is no picture, known or not; what is no session of one's own has ended for one."""
NOT_ITS_OWN = {("held.withdraw", (403, "not_yours")), ("held.change", (403, "not_yours"))}
"""A program takes back what it wrote itself; the reply that is held here is a person's."""
ADD = "is in no row of `bodies` (tests/integration/whole_desk.py): say there what to ask it"


@pytest.fixture(scope="module")
def whole() -> Iterator[WholeDesk]:
    """One for all tests here; what one of them does is forgotten before the next."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "clock", clock := Clock())
        with a_desk(clock, patch) as desk:
            yield furnish(desk)


def closed() -> Iterator[Operation]:
    """Operations for who is signed in."""
    return (operation for operation in operations() if not operation.open)


def test_every_operation_can_be_asked(whole: WholeDesk) -> None:
    known = bodies(whole)
    lacking = [f"{o.method} {o.path} ({o.name}) {ADD}" for o in closed() if not o.reads and o.name not in known]
    lacking += [
        f"{o.path} has the variable {variable}, for which there is nothing in `WholeDesk.ids`"
        for o in operations()
        for variable in o.variables
        if variable not in whole.ids and f"{o.name}.{variable}" not in whole.ids
    ]
    assert not lacking, "\n".join(lacking)


def test_every_role_may_do_what_the_document_says_and_nothing_else(whole: WholeDesk) -> None:
    known, paths, wrong = bodies(whole), document()["paths"], []
    for operation in closed():
        roles = paths[operation.path][operation.method.lower()]["x-roles"]
        path, body = whole.path(operation), known.get(operation.name)
        assert whole.ask(whole.people["nobody"], operation, path, body).code == (401, "signed_out"), path
        for role, who in ROLES.items():
            if role in roles:
                with whole.as_if_nothing_had_happened(unless=operation.reads):
                    answer = whole.ask(whole.people[who], operation, path, body)
                right = answer.status // 100 == 2
            else:
                answer = whole.ask(whole.people[who], operation, path, body)
                right = answer.status == 403 and answer.code in KEPT_OUT
            if not right:
                wrong.append((operation.method, path, role, answer.status, answer.body[:150]))
    assert not wrong, "\n".join(map(str, wrong))


def test_h32_a_token_opens_what_its_scopes_say_and_nothing_else(whole: WholeDesk) -> None:
    known, paths, wrong = bodies(whole), document()["paths"], []
    known["change"] = {"version": whole.case(PLAIN).version, "assignee": "dana"}
    lea, tokens = whole.people["lea"], dict[str, str]()
    for scope in SCOPES:
        for name, scopes in ((scope, [scope]), (f"all but {scope}", [one for one in SCOPES if one != scope])):
            made = lea.send("POST", "programs", ALL_SCOPES | {"name": name, "scopes": scopes})
            tokens[name] = made.said["token"]
    for operation, path in asked(whole):
        wanted = operation.contract.scope
        assert paths[operation.path][operation.method.lower()].get("x-scopes", []) == ([wanted] if wanted else [])
        shut = tokens[f"all but {wanted}"] if wanted else whole.program
        before = whole.kept()
        answer = as_program(whole, shut, operation, path, known.get(operation.name))
        if answer.code != (403, "no_scope") or whole.kept() != before:
            wrong.append((operation.method, path, wanted, answer.status, answer.body[:150]))
        if wanted:
            with whole.as_if_nothing_had_happened(unless=operation.reads):
                answer = as_program(whole, tokens[wanted], operation, path, known.get(operation.name))
            if answer.status // 100 != 2 and (operation.name, answer.code) not in NOT_ITS_OWN:
                wrong.append((operation.method, path, wanted, answer.status, answer.body[:150]))
    assert not wrong, "\n".join(map(str, wrong))


def as_program(whole: WholeDesk, token: str, operation: Operation, path: str, body: Any) -> Answer:
    """Asks as a program does: a token, and nothing that only the page sends."""
    headers = {"authorization": f"Bearer {token}", "x-desk": "", "origin": ""}
    if operation.reads:
        return whole.people["nobody"].ask("GET", path, QUERIES.get(operation.name, ""), headers)
    kind = "application/json" if body is not None else ""
    short = path.removeprefix("/api/v1/")
    return whole.people["nobody"].send(operation.method, short, body or "", content_type=kind, **headers)


def test_h34_what_is_another_brands_is_as_what_never_was(whole: WholeDesk) -> None:
    known, wrong, before = bodies(whole), [], whole.kept()
    for operation in closed():
        if not operation.variables:
            continue
        theirs = whole.path(operation)
        never = whole.path(operation, **{name: never_was(whole, operation, name) for name in operation.variables})
        whole.desk.clock.forward(seconds=10)
        for role, who in ROLES.items():
            asker, body = whole.people[f"other_{who}"], known.get(operation.name)
            answers = [whole.ask(asker, operation, path, body) for path in (theirs, never)]
            expected = ALIKE_FOR_ALL.get(operation.name, 404) if role in operation.roles else 403
            if operation.name == "team.change" and role == "agent":
                expected = 403  # of others, whoever they are
            same = [(a.status, a.body, json.dumps(a.headers, sort_keys=True)) for a in answers]
            if same[0] != same[1] or answers[0].status != expected:
                wrong.append((operation.method, theirs, role, [(a.status, a.body[:100]) for a in answers]))
    assert not wrong, "\n".join(map(str, wrong))
    assert whole.kept() == before


def test_h34_lists_hold_nothing_of_another_brand(whole: WholeDesk) -> None:
    secrets = (
        {case.id for case in whole.desk.cases()} | {case.reply_to for case in whole.desk.cases()} | set(ROLES.values())
    )
    secrets |= {whole.ids[name] for name in ("entry_id", "incident_id", "broadcast_id")} | {f"Hours of {BRAND}"}
    told = []
    for operation in closed():
        if operation.reads and not operation.variables:
            for who in ROLES.values():
                answer = whole.ask(whole.people[f"other_{who}"], operation, operation.path, None)
                said = answer.body.replace(f"other_{who}", "")
                told += [(operation.path, secret) for secret in secrets if f'"{secret}"' in said]
    assert told == []


def test_who_is_signed_in_meets_no_other_door_at_what_is_open_to_all(whole: WholeDesk) -> None:
    for operation in operations():
        if operation.open and operation.name != "sign_in.sign_out":
            answers = [
                whole.ask(whole.people[who], operation, whole.path(operation), None) for who in ("nobody", "rita")
            ]
            assert answers[0].status == answers[1].status, operation.path
            assert answers[0].status not in (401, 403), operation.path


def test_h44_every_route_protects_who_reads_it_and_allows_no_other_origin(whole: WholeDesk) -> None:
    wrong: list[object] = []
    for operation in operations():
        for who in ("nobody", "lea") if operation.reads else ("nobody",):
            with whole.as_if_nothing_had_happened(unless=operation.reads):
                asked = {"origin": "https://evil.example", "access-control-request-method": "POST"}
                path = whole.path(operation)
                answer = whole.people[who].ask(operation.method, path, QUERIES.get(operation.name, ""), asked)
            policy = answer.headers.get("content-security-policy", "")
            allows = [name for name in answer.headers if name.startswith("access-control")]
            other = [name for name in HEADERS if name not in answer.headers]
            if allows or other or not ("default-src 'none'" in policy or policy == "sandbox"):
                wrong.append((operation.method, path, who, answer.status, policy, allows, other))
            if "set-cookie" in answer.headers or answer.headers["x-content-type-options"] != "nosniff":
                wrong.append((operation.method, path, who, answer.status, answer.headers))
    assert not wrong, "\n".join(map(str, wrong))


# --- what is refused everywhere -----------------------------------------------------------------


def test_h30_h31_no_token_of_any_kind_opens_what_a_session_opens(whole: WholeDesk) -> None:
    unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJsZWEiLCJjdXN0b206cm9sZSI6ImxlYWQifQ."
    session = whole.people["lea"].cookies[0].partition("=")[2]
    for said in (f"Bearer {unsigned}", f"Bearer {session}", session, "Basic bGVhOmxlYQ=="):
        for operation in closed():
            if operation.reads:
                answer = whole.people["nobody"].ask("GET", whole.path(operation), "", {"authorization": said})
                assert answer.code == (401, "signed_out"), (operation.path, said)


def test_h35_a_field_that_is_not_on_the_list_is_refused_everywhere(whole: WholeDesk) -> None:
    known, before = bodies(whole), whole.kept()
    for operation, path in asked(whole):
        if operation.contract.body:
            for field in ("brand", "__proto__"):
                body = {**(known[operation.name] or {}), field: "other"}
                answer = whole.ask(whole.people["lea"], operation, path, body)
                assert answer.code == (400, "invalid"), (operation.name, field)
    assert whole.kept() == before


def test_h37_every_write_wants_a_key_and_the_same_click_is_done_once(whole: WholeDesk) -> None:
    known, lea = bodies(whole), whole.people["lea"]
    for operation, path in asked(whole):
        if operation.reads or not operation.contract.keyed:
            continue
        body, short = known[operation.name], path.removeprefix("/api/v1/")
        kind = {} if body is not None else {"content_type": ""}
        said = "" if body is None else body
        assert lea.send(operation.method, short, said, idempotency_key="", **kind).code == (400, "no_key"), path
        with whole.as_if_nothing_had_happened():
            first = lea.send(operation.method, short, said, "the-very-same-click", **kind)
            after = whole.kept()
            again = lea.send(operation.method, short, said, "the-very-same-click", **kind)
            if operation.name == "program.make":  # nobody has the token any more, we least of all
                assert again.code == (409, "shown_once")
            else:
                assert (again.status, again.body) == (first.status, first.body), operation.name
            assert whole.kept() == after, operation.name


def test_h38_an_odd_id_is_no_id_anywhere(whole: WholeDesk) -> None:
    known = bodies(whole)
    for operation, _ in asked(whole):
        for variable in operation.variables:
            for odd in ("x;y%00", "%2e%2e%2f", "x" * 1500):
                path = whole.path(operation, **{variable: odd})
                answer = whole.ask(whole.people["lea"], operation, path, known.get(operation.name))
                assert answer.code == (404, "not_found"), (operation.name, variable, odd)


def test_h39_h40_what_is_asked_for_comes_from_a_list_everywhere(whole: WholeDesk) -> None:
    for operation, path in asked(whole):
        if not operation.reads:
            continue
        wrong = {"sort=owner": "unknown_parameter", "brand=other": "unknown_parameter"}
        for name, kind in operation.contract.query.items():
            if kind == CURSOR:
                wrong |= {f"{name}=eyJhIjoxfQ.{'0' * 64}": "bad_cursor", f"{name}=": "bad_cursor"}
            elif not isinstance(kind, str):
                wrong |= {f"{name}={value}": "invalid" for value in ("-1", "0.5", "1e9", "x")}
        usual = QUERIES.get(operation.name, "")
        for query, code in wrong.items():
            answer = whole.people["lea"].ask("GET", path, f"{usual}&{query}".strip("&"))
            assert answer.code == (400, code), (operation.name, query)


def test_h48_another_content_type_and_a_question_with_a_body_are_refused_everywhere(whole: WholeDesk) -> None:
    lea = whole.people["lea"]
    for operation, path in asked(whole):
        if operation.reads:
            assert lea.ask("GET", path, QUERIES.get(operation.name, ""), {}, "{}").code == (415, "no_body"), path
        else:
            answer = lea.send(operation.method, path.removeprefix("/api/v1/"), "<a/>", content_type="text/xml")
            assert answer.code == (415, "not_json"), path


def asked(whole: WholeDesk) -> Iterator[tuple[Operation, str]]:
    """Each operation for who is signed in, with its path; slowly enough for H45."""
    for operation in closed():
        whole.desk.clock.forward(seconds=10)
        yield operation, whole.path(operation)


def never_was(whole: WholeDesk, operation: Operation, variable: str) -> str:
    """An id of the same form that nobody has ever had."""
    value = whole.value(operation, variable)
    if variable in ("generation", "number", "platform"):
        return value
    if variable in ("person", "message"):
        return written("99900099900099900")
    return value[: len(value) // 2] + "zz" + value[len(value) // 2 + 2 :]
