"""The engine runs what our workflow is made of, and the workflow itself as it is written."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import yaml

from infra.expand import ROOT
from infra.local.stack import client
from infra.local.tests.conftest import Deploy, Execution, until

TABLE = "${DeskTable}"


def workflow() -> dict[str, Any]:
    definition: dict[str, Any] = yaml.safe_load((ROOT / "infra/workflow/case.asl.yaml").read_text())
    return definition


def machine(states: dict[str, Any], start: str) -> dict[str, Any]:
    return {"QueryLanguage": "JSONata", "StartAt": start, "States": states}


def waiting(table: str, **more: Any) -> dict[str, Any]:
    """A state that lays its token on an item, as the workflow's waits do."""
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken",
        "Arguments": {
            "TableName": table,
            "Key": {"pk": {"S": "a"}, "sk": {"S": "b"}},
            "UpdateExpression": "SET wf_token = :token, wf_wait = :wait",
            "ConditionExpression": "gen = :gen",
            "ExpressionAttributeValues": {
                ":token": {"S": "{% $states.context.Task.Token %}"},
                ":wait": {"S": "{% $states.context.State.Name %}"},
                ":gen": {"N": "{% $string($states.context.Execution.Input.gen) %}"},
            },
        },
        **more,
    }


def put(table: str, **attributes: dict[str, str]) -> None:
    client("dynamodb").put_item(TableName=table, Item={"pk": {"S": "a"}, "sk": {"S": "b"}, **attributes})


def token(table: str, wait: str) -> str:
    """The token on the item once the execution is in the wait of that name."""

    def look() -> str | None:
        item = client("dynamodb").get_item(TableName=table, Key={"pk": {"S": "a"}, "sk": {"S": "b"}})["Item"]
        found: str | None = item["wf_token"]["S"] if item.get("wf_wait") == {"S": wait} else None
        return found

    return until(look)


def iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def in_seconds(seconds: float) -> str:
    return iso(datetime.now(UTC) + timedelta(seconds=seconds))


def test_a_timeout_may_be_an_expression_over_a_variable_of_an_earlier_state(table: str) -> None:
    put(table, gen={"N": "1"})
    run = Execution(
        machine(
            {
                "First": {"Type": "Pass", "Assign": {"deadline": in_seconds(2)}, "Next": "Wait"},
                "Wait": waiting(
                    table,
                    TimeoutSeconds="{% $max([1, $ceil(($toMillis($deadline) - $millis()) / 1000)]) %}",
                    Catch=[{"ErrorEquals": ["States.Timeout"], "Next": "Rang"}],
                    End=True,
                ),
                "Rang": {"Type": "Succeed"},
            },
            "First",
        ),
        {"gen": 1},
    )
    assert run.result()["status"] == "SUCCEEDED"
    assert run.entered()[-1] == "Rang"


def test_a_wait_ends_with_what_is_sent_for_its_token_and_later_states_know_it(table: str) -> None:
    put(table, gen={"N": "1"})
    run = Execution(
        machine(
            {
                "Wait": waiting(table, TimeoutSeconds=30, Assign={"said": "{% $states.result.word %}"}, Next="Tell"),
                "Tell": {"Type": "Pass", "Output": {"word": "{% $said %}"}, "End": True},
            },
            "Wait",
        ),
        {"gen": 1},
    )
    client("stepfunctions").send_task_success(taskToken=token(table, "Wait"), output=json.dumps({"word": "hello"}))
    assert run.result()["output"] == {"word": "hello"}


def test_a_wait_whose_condition_fails_is_caught_as_a_failed_task(table: str) -> None:
    put(table, gen={"N": "2"})
    run = Execution(
        machine(
            {
                "Wait": waiting(
                    table,
                    TimeoutSeconds=30,
                    Catch=[
                        {"ErrorEquals": ["States.Timeout"], "Next": "Rang"},
                        {"ErrorEquals": ["States.TaskFailed"], "Next": "Refused"},
                    ],
                    End=True,
                ),
                "Rang": {"Type": "Succeed"},
                "Refused": {"Type": "Succeed"},
            },
            "Wait",
        ),
        {"gen": 1},
    )
    assert run.result()["status"] == "SUCCEEDED"
    assert run.entered()[-1] == "Refused"


def test_an_error_sent_for_a_token_is_caught_by_its_name_and_keeps_variables(table: str) -> None:
    put(table, gen={"N": "1"})
    run = Execution(
        machine(
            {
                "First": {"Type": "Pass", "Assign": {"word": "kept"}, "Next": "Wait"},
                "Wait": waiting(
                    table,
                    TimeoutSeconds=30,
                    Assign={"word": "{% $states.result.word %}"},
                    Catch=[{"ErrorEquals": ["CaseClosed"], "Next": "Tell"}],
                    End=True,
                ),
                "Tell": {"Type": "Pass", "Output": "{% $word %}", "End": True},
            },
            "First",
        ),
        {"gen": 1},
    )
    client("stepfunctions").send_task_failure(taskToken=token(table, "Wait"), error="CaseClosed", cause="by hand")
    assert run.result()["output"] == "kept"


def test_an_exception_of_a_function_is_caught_and_retried_by_its_class_name(deploy: Deploy) -> None:
    function = deploy(
        "seen = []\n"
        "class TryAgain(Exception): pass\n"
        "class Superseded(Exception): pass\n"
        "def handler(event, context):\n"
        "    seen.append(event)\n"
        "    if len(seen) == 1: raise TryAgain('a moment')\n"
        "    raise Superseded('by a later one')\n"
    )
    run = Execution(
        machine(
            {
                "Call": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::lambda:invoke",
                    "TimeoutSeconds": 20,
                    "Arguments": {"FunctionName": function, "Payload": "{% $states.context.Execution.Input %}"},
                    "Retry": [{"ErrorEquals": ["TryAgain"], "IntervalSeconds": 1, "MaxAttempts": 2}],
                    "Catch": [{"ErrorEquals": ["Superseded"], "Next": "Superseded"}],
                    "End": True,
                },
                "Superseded": {"Type": "Succeed"},
            },
            "Call",
        ),
        {"case": "c"},
    )
    assert run.result()["status"] == "SUCCEEDED"
    assert run.entered()[-1] == "Superseded"


HANDLER = """
from datetime import UTC, datetime, timedelta

def handler(event, context):
    reminding = "deadline" in event
    seconds = 60 if reminding else event["seconds"]  # long enough for the test to answer in
    deadline = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")
    return {"next": "answer", "key": {"pk": "a", "sk": "b"}, "deadline": deadline}
"""


def rendered(function: str, table: str) -> dict[str, Any]:
    """The workflow with its marks filled in, otherwise as written."""
    text = json.dumps(workflow())
    for mark in ("TriageFunction", "AssignFunction", "RemindFunction", "FollowUpFunction"):
        text = text.replace(f"${{{mark}}}", function)
    definition: dict[str, Any] = json.loads(text.replace(TABLE, table))
    return definition


def test_our_workflow_reminds_takes_the_answer_follows_up_and_closes(deploy: Deploy, table: str) -> None:
    put(table, gen={"N": "1"}, awaiting={"S": "us"}, status={"S": "open"})
    run = Execution(rendered(deploy(HANDLER), table), {"gen": 1, "seconds": 2})
    until(lambda: run.entered().count("AwaitAnswer") == 2)
    put(
        table, gen={"N": "1"}, awaiting={"S": "them"}, status={"S": "open"}, wf_token={"S": token(table, "AwaitAnswer")}
    )
    item = client("dynamodb").get_item(TableName=table, Key={"pk": {"S": "a"}, "sk": {"S": "b"}})["Item"]
    client("stepfunctions").send_task_success(
        taskToken=item["wf_token"]["S"], output=json.dumps({"deadline": in_seconds(2)})
    )
    assert run.result()["status"] == "SUCCEEDED"
    assert run.entered() == [
        "Triage",
        "Wanted",
        "Assign",
        "AwaitAnswer",
        "Remind",
        "WhatNow",
        "AwaitAnswer",
        "AwaitCustomer",
        "FollowUp",
        "AwaitSolved",
        "Close",
    ]


def test_our_workflow_ends_when_the_case_is_closed_while_it_waits(deploy: Deploy, table: str) -> None:
    put(table, gen={"N": "1"}, awaiting={"S": "us"}, status={"S": "open"})
    run = Execution(rendered(deploy(HANDLER), table), {"gen": 1, "seconds": 60})
    client("stepfunctions").send_task_failure(
        taskToken=token(table, "AwaitAnswer"), error="CaseClosed", cause="by hand"
    )
    assert run.result()["status"] == "SUCCEEDED"
    assert run.entered()[-1] == "Ended"
