"""Whether a real answer is one that its route promises. Every test that asks the desk something goes through this."""

from __future__ import annotations

import json

from pydantic import ValidationError

from infra.openapi.operations import DESCRIBE, Operation, operation_of
from infra.openapi.shapes import shapes
from infra.openapi.shapes.problems import TELLING, Problem

SAY_SO = "Say so in the contract above the route, then run: python -m infra.openapi"


def broken_promise(method: str, path: str, status: int, media_type: str, body: str) -> str:
    """What is wrong with an answer; empty when it is as promised, or when no route answers there."""
    operation = operation_of(method, path)
    if operation is None:
        return ""
    here = f"{method} {operation.path} ({operation.name})"
    media_type = media_type.partition(";")[0]
    if status in operation.refusals and status not in operation.contract.answers:
        wrong = _refused(operation.refusals[status], media_type, body)
    elif status in operation.contract.answers:
        wrong = _answered(operation, status, media_type, body)
    else:
        wrong = f"promises no {status}, and answered it with {body[:200]!r}. {SAY_SO}"
    return f"{here} {wrong}" if wrong else ""


def _refused(codes: tuple[str, ...], media_type: str, body: str) -> str:
    if media_type in codes:
        return ""
    if media_type != "application/problem+json":
        return f"refuses with {media_type}, which it does not promise. {SAY_SO}"
    code = json.loads(body).get("code", "")
    if code not in codes:
        return f"does not promise the code {code!r}. {SAY_SO}"
    return _unlike([TELLING.get(code, Problem).__name__], body)


def _answered(operation: Operation, status: int, media_type: str, body: str) -> str:
    kinds = operation.contract.answers[status].split()
    names = [kind for kind in kinds if "/" not in kind]
    if not kinds:
        return f"promises no words with {status}, and said {body[:200]!r}. {SAY_SO}" if body else ""
    if media_type == "application/json" and names:
        return _unlike(names, body)
    if media_type in kinds or "*/*" in kinds:
        return ""
    return f"answers {status} with {media_type}, and promises {' or '.join(kinds)}. {SAY_SO}"


def _unlike(names: list[str], body: str) -> str:
    """What does not fit the first of the shapes, when it fits none."""
    found = []
    if not all(name in shapes() for name in names):
        return f"promises {' or '.join(names)}, which is no shape: {DESCRIBE}"
    for name in names:
        try:
            shapes()[name].model_validate_json(body)
        except ValidationError as wrong:
            first = wrong.errors(include_url=False, include_input=False)[:3]
            found.append("; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in first))
        else:
            return ""
    return (
        f"answers something else than {names[0]}: {found[0]}. "
        "Change the shape in infra/openapi/shapes, then run: python -m infra.openapi"
    )
