"""Where MiniStack 1.5.33 differs from AWS in what Hark relies on, and what is done about it. Nowhere else.

Each gap names the engine's source (file: function). With a newer engine, `tests/integration/test_engine.py` tells
which of them may go. The product's code knows nothing of this file.
"""

from __future__ import annotations

import functools
import shutil
import threading
from collections import defaultdict
from typing import Any

from infra.local.http_api import expand_bodies

Template = dict[str, Any]

DROPPED_TYPES = {
    "AWS::Cognito::UserPoolUser": "services/cloudformation/provisioners.py has no handler; stands under a condition",
}
"""Resource types that the engine refuses ("Unrecognized resource types") and the local cloud does without."""

CONCURRENT_INVOCATIONS = 4
"""Processes of one function at a time. Further invocations wait; see `_limit_processes`."""


# --- while deploying ----------------------------------------------------------------------------


def adapt_template(template: Template) -> None:
    """Change the expanded template in place so that the engine creates what AWS would."""
    expand_bodies(template)  # services/cloudformation/provisioners.py, _apigwv2_api_create: `Body` is not read
    resources = template["Resources"]
    for name in [n for n, r in resources.items() if r["Type"] in DROPPED_TYPES]:
        del resources[name]


def complete_stack(template: Template, physical_ids: dict[str, str], clients: Any) -> None:
    """Set what the engine's CloudFormation leaves out of tables.

    services/cloudformation/provisioners.py, _ddb_create: TimeToLiveSpecification and
    PointInTimeRecoverySpecification are not read.

    Args:
        template: the adapted template, parameters resolved.
        physical_ids: physical by logical id.
        clients: gives a boto3 client by name of its service.
    """
    for name, resource in template["Resources"].items():
        if resource["Type"] != "AWS::DynamoDB::Table":
            continue
        properties, table = resource["Properties"], physical_ids[name]
        if "TimeToLiveSpecification" in properties:
            clients("dynamodb").update_time_to_live(
                TableName=table, TimeToLiveSpecification=properties["TimeToLiveSpecification"]
            )
        if "PointInTimeRecoverySpecification" in properties:
            clients("dynamodb").update_continuous_backups(
                TableName=table,
                PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
            )


def clean_up() -> None:
    """Remove the functions' unpacked code. services/lambda_svc.py, _PROVIDED_CODE_CACHE: it is left behind."""
    from ministack.services import lambda_svc

    shutil.rmtree(lambda_svc._PROVIDED_CODE_CACHE, ignore_errors=True)


# --- while running ------------------------------------------------------------------------------


def install() -> None:
    """Patch the engine in this process. Twice does no more than once."""
    from ministack.services import lambda_svc, stepfunctions

    if getattr(stepfunctions, "_hark_gaps", False):
        return
    stepfunctions._hark_gaps = True
    _evaluate_timeouts(stepfunctions)
    _limit_processes(lambda_svc)
    _name_cookies(lambda_svc)


class _Options(str):
    """The method OPTIONS that does not say so when asked by ==, and is OPTIONS everywhere else."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return False

    def __ne__(self, other: object) -> bool:
        return True


def route_method(method: str) -> str:
    """The method to hand to the HTTP API.

    services/apigateway.py, _handle_execute_in_scope: `method == "OPTIONS"` is answered 403 by an API without CORS
    settings. AWS sends it to the route like any other method; CORS settings alone make the gateway answer by itself.
    """
    return _Options(method) if method == "OPTIONS" else method


def _evaluate_timeouts(stepfunctions: Any) -> None:
    """`TimeoutSeconds: "{% … %}"` is evaluated.

    services/stepfunctions.py, _execute_task and _invoke_with_callback: `state_def["TimeoutSeconds"]` goes into
    Event.wait as it is, so an expression raises TypeError and the execution fails.
    """
    execute_task = stepfunctions._execute_task

    @functools.wraps(execute_task)
    def with_timeout(state: dict[str, Any], raw_input: Any, execution: Any, context: Any) -> Any:
        if isinstance(state.get("TimeoutSeconds"), str):
            seconds = stepfunctions._jsonata_state_field(state, "TimeoutSeconds", "number", raw_input, context)
            state = {**state, "TimeoutSeconds": seconds}
        return execute_task(state, raw_input, execution, context)

    stepfunctions._execute_task = with_timeout


def _limit_processes(lambda_svc: Any) -> None:
    """An invocation waits while `CONCURRENT_INVOCATIONS` others of its function run.

    core/lambda_runtime.py, _LOCAL_MAX_WORKERS = 0: a burst starts one process per invocation, dozens of Python
    interpreters on two cores; with a maximum set, the engine answers 429 instead of waiting.
    """
    execute = lambda_svc._execute_function_provided_warm
    slots: dict[str, threading.BoundedSemaphore] = defaultdict(
        lambda: threading.BoundedSemaphore(CONCURRENT_INVOCATIONS)
    )
    making = threading.Lock()

    @functools.wraps(execute)
    def with_slot(func: dict[str, Any], event: Any, request_id: str) -> Any:
        with making:
            slot = slots[(func.get("config") or func)["FunctionName"]]
        with slot:
            return execute(func, event, request_id)

    lambda_svc._execute_function_provided_warm = with_slot


def _name_cookies(lambda_svc: Any) -> None:
    """An HTTP API's event carries cookies as the list `cookies`, not as a header.

    services/apigateway.py, _invoke_lambda_proxy: the event (payload format 2.0) has no `cookies`.
    """
    execute = lambda_svc._execute_function_with_config_scope

    @functools.wraps(execute)
    def with_cookies(record: Any, event: Any, *rest: Any, **named: Any) -> Any:
        if isinstance(event, dict) and event.get("version") == "2.0" and "cookie" in event.get("headers", {}):
            headers = dict(event["headers"])
            cookies = [cookie.strip() for cookie in headers.pop("cookie").split(";") if cookie.strip()]
            event = {**event, "headers": headers, "cookies": cookies}
        return execute(record, event, *rest, **named)

    lambda_svc._execute_function_with_config_scope = with_cookies
