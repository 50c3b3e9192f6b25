"""The document itself, OpenAPI 3.1."""

from __future__ import annotations

import json
from typing import Any

from hark.domain.programs import TOKEN_PREFIX
from hark.web.gate import COOKIE, ID, IDEMPOTENCY_KEY
from hark.web.media_routes import NUMBER, PLATFORM_ID
from hark.web.satisfaction_routes import TOKEN
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

from infra.expand import ROOT
from infra.openapi.operations import Operation, operations
from infra.openapi.shapes import shapes
from infra.openapi.shapes.problems import TELLING

PAGE = ROOT / "docs" / "openapi.json"
REFERENCE = "#/components/schemas/{model}"
PROBLEM = "application/problem+json"
Json = dict[str, Any]

ABOUT = """The API behind Hark's desk. docs/api.md is the page for people.

A write needs `x-desk: 1` and the desk's own `Origin`, and mostly an `Idempotency-Key`: the same key with the same body
gives the first result again. What belongs to another brand is 404 like what never was. `x-roles` names who may call an
operation: agent, lead, operator, reader (who may only look). Without `x-roles` nobody need be signed in.

Programs ask with `Authorization: Bearer hark_…`, without `x-desk`, `Origin` and cookie. `x-scopes` names what their
token has to hold; operations without it are for people only."""

VARIABLES = {
    "message": PLATFORM_ID.pattern, "person": PLATFORM_ID.pattern, "number": NUMBER.pattern, "token": TOKEN.pattern,
    "generation": "[0-9]{1,6}", "digest": "[0-9a-f]{16}", "name": "[a-z0-9_./-]{1,100}",
}  # fmt: skip
"""Variables of a path that are no id of ours."""
ALIKE = ("signed_out", "mixed", "not_found", "too_large", "not_json", "no_body", "too_many", "failed")
"""Refusals that many operations share; each is alone with its status."""


class _Terse(GenerateJsonSchema):
    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def text() -> str:
    """The document as it is committed."""
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


def document() -> Json:
    """The whole document; what is not declared is not in it (`operations.undeclared`)."""
    schemas = _components("serialization", *shapes().values())
    paths: dict[str, Json] = {}
    for operation in operations():
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Hark's desk", "version": "1", "description": ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"session": []}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(_used(paths, schemas).items())),
            "responses": {code: _refusal((code,)) for code in ALIKE},
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
                "program": {"type": "http", "scheme": "bearer", "bearerFormat": f"{TOKEN_PREFIX}…"},
            },
        },
    }


def _components(mode: JsonSchemaMode, *models: type[BaseModel]) -> Json:
    _, found = models_json_schema(
        [(model, mode) for model in models], ref_template=REFERENCE, schema_generator=_Terse
    )  # fmt: skip
    defined: Json = found.get("$defs", {})
    return defined


def _operation(operation: Operation, schemas: Json) -> Json:
    contract = operation.contract
    said: Json = {"operationId": operation.name, "summary": contract.summary}
    said |= {"security": []} if operation.open else {"x-roles": list(operation.roles)}
    if scope := contract.scope:
        said |= {"security": [{"session": []}, {"program": [scope]}], "x-scopes": [scope]}
    if parameters := _parameters(operation):
        said["parameters"] = parameters
    if contract.body:
        said["requestBody"] = _body(operation, contract.body, schemas)
    if contract.form:
        content = {"application/x-www-form-urlencoded": {"schema": _reference(contract.form)}}
        said["requestBody"] = {"required": True, "content": content}
    responses = {str(status): _answer(status, kinds.split()) for status, kinds in contract.answers.items()}
    for status, codes in operation.refusals.items():
        whole = {"$ref": f"#/components/responses/{codes[0]}"}
        responses[str(status)] = whole if codes[0] in ALIKE and len(codes) == 1 else _refusal(codes)
    return {**said, "responses": responses}


def _parameters(operation: Operation) -> list[Json]:
    found = [
        _parameter("path", name, {"type": "string", "pattern": f"^{VARIABLES.get(name, ID.pattern)}$"})
        for name in operation.variables
    ]
    for name, kind in operation.contract.query.items():
        if isinstance(kind, range):
            schema: Json = {"type": "integer", "minimum": kind.start, "maximum": kind.stop - 1}
        else:
            schema = {"type": "string"} if isinstance(kind, str) else {"type": "string", "enum": list(kind)}
        found.append({**_parameter("query", name, schema), "required": False})
    if 304 in operation.contract.answers:
        found.append({**_parameter("header", "if-none-match", {"type": "string"}), "required": False})
    if not operation.open and not operation.reads:
        # A program's token needs neither of the two.
        people_only = not operation.contract.scope
        found.append({**_parameter("header", "x-desk", {"const": "1"}), "required": people_only})
        found.append({**_parameter("header", "origin", {"type": "string", "format": "uri"}), "required": people_only})
        if operation.contract.keyed:
            schema = {"type": "string", "pattern": f"^{IDEMPOTENCY_KEY.pattern}$"}
            found.append(_parameter("header", "idempotency-key", schema))
    return found


def _parameter(where: str, name: str, schema: Json) -> Json:
    return {"name": name, "in": where, "required": True, "schema": schema}


def _body(operation: Operation, form: type[BaseModel], schemas: Json) -> Json:
    schema = form.model_json_schema(ref_template=REFERENCE, schema_generator=_Terse)
    for name, part in schema.pop("$defs", {}).items():
        if schemas.setdefault(name, part) != part:
            raise ValueError(f"{name} of the body of {operation.name} means another thing elsewhere: rename it")
    # A request to take something away may say nothing.
    return {"required": operation.method != "DELETE", "content": {"application/json": {"schema": schema}}}


def _answer(status: int, kinds: list[str]) -> Json:
    said: Json = {"description": {304: "Nothing is new", 303: "Go on there"}.get(status, "Done")}
    names = [kind for kind in kinds if "/" not in kind]
    content: Json = {kind: {"schema": {"type": "string"}} if kind != "*/*" else {} for kind in kinds if "/" in kind}
    if names:
        content["application/json"] = {"schema": _one_of([_reference(name) for name in names])}
    return {**said, "content": content} if content else said


def _refusal(codes: tuple[str, ...]) -> Json:
    plain = [code for code in codes if code not in TELLING and "/" not in code]
    schemas = [_reference(TELLING[code].__name__) for code in codes if code in TELLING]
    if plain:
        schemas.insert(0, {**_reference("Problem"), "properties": {"code": {"enum": plain}}})
    content: Json = {code: {"schema": {"type": "string"}} for code in codes if "/" in code}
    if schemas:
        content[PROBLEM] = {"schema": _one_of(schemas)}
    return {"description": ", ".join(codes), "content": content}


def _one_of(schemas: list[Json]) -> Json:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _reference(name: str) -> Json:
    return {"$ref": REFERENCE.format(model=name)} if name in shapes() else {}


def _used(paths: Json, schemas: Json) -> Json:
    """The schemas that something refers to."""
    used: Json = {}
    ahead = [json.dumps(paths)]
    start = REFERENCE.format(model="")
    while ahead:
        for rest in ahead.pop().split(f'"{start}')[1:]:
            name = rest.partition('"')[0]
            if name not in used:
                used[name] = schemas[name]
                ahead.append(json.dumps(schemas[name]))
    return used
